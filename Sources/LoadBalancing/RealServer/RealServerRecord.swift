import NetTypes

/// What was done to a host to make it a real server, so that it can be undone.
package struct RealServerRecord: Hashable, Sendable {
    /// Each address that was asked for, and whether it was added; false when it was there before.
    package var addresses: [RealServerAddress: Bool] = [:]
    /// Where packets to an address come in GUE: at each port that was ever asked for with it.
    package var ports: [RealServerAddress: Set<GUEPort>] = [:]
    /// Values of settings before they were changed, by their path below /proc/sys.
    package var settings: [String: String] = [:]
    /// What was switched on.
    package var switchedOn: Set<RealServerDevice> = []
    /// What was made.
    package var made: Set<RealServerDevice> = []
    /// Where GUE is received since.
    package var receiving: Set<GUEPort> = []
    /// Other addresses that were on the same interfaces before: settings are put back though they stay.
    package var beside: Set<RealServerAddress> = []

    /// Nothing was done.
    package init() {}

    /// Nothing is to be undone.
    package var isEmpty: Bool {
        addresses.isEmpty && settings.isEmpty && switchedOn.isEmpty && made.isEmpty && receiving.isEmpty
    }

    /// Both: an address that either has added is ours; of a setting that is in both, what this one says.
    package func joined(with other: RealServerRecord) -> RealServerRecord {
        var sum = self
        sum.addresses.merge(other.addresses) { $0 || $1 }
        sum.ports.merge(other.ports) { $0.union($1) }
        sum.settings.merge(other.settings) { own, _ in own }
        sum.switchedOn.formUnion(other.switchedOn)
        sum.made.formUnion(other.made)
        sum.receiving.formUnion(other.receiving)
        sum.beside.formUnion(other.beside)
        return sum
    }

    /// One line for each: `added 192.0.2.100 lo`, `found ...`, both with the ports where it comes in GUE,
    /// `set net/ipv4/conf/all/arp_ignore 0`, `on lo`, `made tunl0`, `gue inet 6080`, `beside 192.0.2.5 lo`.
    package var text: String {
        var lines: [String] = []
        for (one, isAdded) in addresses.sorted(by: { $0.key < $1.key }) {
            let numbers = ports[one, default: []].sorted().map { " \($0.port)" }.joined()
            lines.append("\(isAdded ? "added" : "found") \(one.address) \(one.device.name)\(numbers)")
        }
        for (path, value) in settings.sorted(by: { $0.key < $1.key }) { lines.append("set \(path) \(value)") }
        for device in switchedOn.sorted() { lines.append("on \(device.name)") }
        for device in made.sorted() { lines.append("made \(device.name)") }
        for one in receiving.sorted() { lines.append("gue \(one.family.rawValue) \(one.port)") }
        for one in beside.sorted() { lines.append("beside \(one.address) \(one.device.name)") }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Reads what `text` wrote; nil when a line is none of it.
    package init?(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            switch (words.first, words.count) {
            case ("added", 3...), ("found", 3...), ("beside", 3):
                guard let address = IPAddress(words[1]), let device = RealServerDevice(rawValue: words[2])
                else { return nil }
                let one = RealServerAddress(address, on: device)
                if words[0] == "beside" { beside.insert(one) } else { addresses[one] = words[0] == "added" }
                for word in words[3...] {
                    guard let port = UInt16(word), port > 0, let family = device.outerFamily
                    else { return nil }
                    ports[one, default: []].insert(GUEPort(family, port))
                }
            case ("set", 3):
                // Nothing but what this program sets is ever set back.
                guard words[1].hasPrefix("net/ipv4/conf/"), !words[1].contains("..") else { return nil }
                settings[words[1]] = words[2]
            case ("on", 2):
                guard let device = RealServerDevice(rawValue: words[1]) else { return nil }
                switchedOn.insert(device)
            case ("gue", 3):
                guard let family = AddressFamily(rawValue: words[1]), let port = UInt16(words[2]), port > 0
                else { return nil }
                receiving.insert(GUEPort(family, port))
            case ("made", 2):
                guard let device = RealServerDevice(rawValue: words[1]) else { return nil }
                made.insert(device)
            default: return nil
            }
        }
        // Written before ports were told by address: any of a device may be any address's.
        guard ports.isEmpty else { return }
        for port in receiving {
            for one in addresses.keys where port.devices.contains(one.device) {
                ports[one, default: []].insert(port)
            }
        }
    }
}
