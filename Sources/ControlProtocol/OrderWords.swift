/// What the commands of operators are written with.
package enum OrderWords {
    /// The seconds of `90`, `90s`, `30m`, `2h` or `3d`: 1 s to 30 days; nil for anything else.
    package static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(digits)
        else { return nil }
        let seconds = number * (unit ?? 1)
        return (1...ControlOrder.longest).contains(seconds) ? seconds : nil
    }

    /// How many connections are open, by an answer to `status`, to those servers that `isMeant` says by
    /// their address, `192.0.2.21:80`, and their service, `192.0.2.100:80/tcp`.
    package static func connections(
        in lines: [JSONValue], where isMeant: (_ address: String, _ service: String) -> Bool
    ) -> Int {
        lines.filter { line in
            guard line["kind"] == "server", let address = line["address"]?.text,
                let service = line["service"]?.text
            else { return false }
            return isMeant(address, service)
        }.reduce(0) { sum, line in
            // The kernel counts with 32 bits: what is larger is no count.
            sum + min(max(line["active"]?.integer ?? 0, 0), Int(UInt32.max))
        }
    }

    /// What is still missing of `admin` by an answer to `status`, as a sentence, for those servers that
    /// `isMeant` says; nil when it shows. What takes servers out shows when no connection is open any more,
    /// what brings them in when all of them are up and in the kernel's table.
    package static func missing(
        of admin: ControlOrder.Admin, in lines: [JSONValue],
        where isMeant: (_ address: String, _ service: String) -> Bool
    ) -> String? {
        switch admin {
        case .drain, .maint, .weight(0):
            let left = connections(in: lines, where: isMeant)
            return left == 0 ? nil : "\(left) connections are open"
        case .ready, .weight:
            for line in lines where line["kind"] == "server" {
                guard let address = line["address"]?.text, let service = line["service"]?.text,
                    isMeant(address, service)
                else { continue }
                guard line["state"] == "up" else { return "\(address) is down" }
                guard line["weight"]?.integer != nil else { return "\(address) is not in the kernel's table" }
            }
            return nil
        }
    }
}
