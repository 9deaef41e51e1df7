import NetTypes

/// One change to a host.
package enum RealServerStep: Hashable, Sendable, CustomStringConvertible {
    /// Have the kernel make the device, and load its module.
    case make(RealServerDevice)
    /// Set what is at `path` below /proc/sys; `from` is what is there, nil when unknown.
    case set(path: String, from: String?, to: String)
    /// Switch a device on.
    case switchOn(RealServerDevice)
    /// Switch it off.
    case switchOff(RealServerDevice)
    /// Have the kernel remove the device, which was made.
    case unmake(RealServerDevice)
    /// The kernel does not remove it: it came with the module, and goes with that.
    case keep(RealServerDevice)
    /// Have the kernel take packets out of GUE, which it does in its module fou.
    case receive(GUEPort)
    /// Have it stop that.
    case ignore(GUEPort)
    /// Add an address; IPv6 without duplicate detection, and for answers alone (deprecated).
    case add(RealServerAddress)
    /// Remove an address.
    case remove(RealServerAddress)

    /// As it is shown: `set net.ipv4.conf.all.arp_ignore from 0 to 1`.
    package var description: String {
        switch self {
        case .make(let device): "make interface \(device.name) (module \(device.kind ?? "none"))"
        case .set(let path, let from, let value):
            "set \(path.map { $0 == "/" ? "." : String($0) }.joined())"
                + (from.map { " from \($0)" } ?? "") + " to \(value)"
        case .switchOn(let device): "switch \(device.name) on"
        case .switchOff(let device): "switch \(device.name) off"
        case .unmake(let device): "remove interface \(device.name)"
        case .keep(let device): "leave interface \(device.name), which is the kernel's own, switched off"
        case .receive(let port): "receive \(port)"
        case .ignore(let port): "stop receiving \(port)"
        case .add(let one): "add \(one)"
        case .remove(let one): "remove \(one)"
        }
    }
}

/// The way from what a host is to a real server for some virtual addresses, or back again. Nothing is left to
/// do when there are neither steps nor obstacles.
package struct RealServerPlan: Hashable, Sendable {
    /// In this order: an address comes last and goes first, so that nobody ever answers ARP for it.
    package private(set) var steps: [RealServerStep] = []
    /// What is to be remembered when all is done.
    package private(set) var record: RealServerRecord
    /// Sentences: why this cannot be done. Nothing is to be done then.
    package private(set) var obstacles: [String] = []
    /// Sentences: what stays as it is, and why.
    package private(set) var remarks: [String] = []

    /// What is missing of `wanted`, whose packets come in GUE where `guePort` says at which port.
    package init(
        applying wanted: Set<RealServerAddress>, inGUE guePort: UInt16? = nil, to facts: RealServerFacts,
        _ record: RealServerRecord
    ) {
        self.record = record
        let wanted = wanted.sorted()
        obstacles = wanted.flatMap { Self.obstacles(to: $0, facts) }
        guard obstacles.isEmpty else { return }
        let devices = Set(wanted.map(\.device)).sorted()
        for device in devices where facts.devices[device] == nil {
            steps.append(.make(device))
            self.record.made.insert(device)
        }
        for device in devices where !record.addresses.keys.contains(where: { $0.device == device }) {
            self.record.beside.formUnion(facts.routable(on: device).subtracting(wanted))
        }
        var seen: Set<String> = []
        for setting in wanted.flatMap({ Self.settings(of: $0, facts) }) where !setting.isMet {
            guard seen.insert(setting.path).inserted else { continue }
            let present = facts.settings[setting.path]
            steps.append(.set(path: setting.path, from: present, to: setting.value))
            if let present, self.record.settings[setting.path] == nil {
                self.record.settings[setting.path] = present
            }
        }
        for device in devices where facts.devices[device] != true {
            steps.append(.switchOn(device))
            self.record.switchedOn.insert(device)
        }
        let families = Set(wanted.compactMap(\.device.outerFamily))
        let ports = guePort.map { port in families.map { GUEPort($0, port) }.sorted() } ?? []
        for port in ports where !facts.receiving.contains(port) {
            steps.append(.receive(port))
            self.record.receiving.insert(port)
        }
        for one in wanted {
            let isThere = facts.has(one)
            if !isThere { steps.append(.add(one)) }
            // One that we added stays ours, and one that was lost meanwhile becomes ours.
            self.record.addresses[one] = !isThere || record.addresses[one] == true
            if let guePort, let family = one.device.outerFamily {
                self.record.ports[one, default: []].insert(GUEPort(family, guePort))
            }
        }
    }

    /// What `record` says was done for `addresses` and for nothing else that it names, or that somebody has
    /// added since.
    package init(
        removing addresses: Set<IPAddress>, from facts: RealServerFacts, _ record: RealServerRecord
    ) {
        self.record = record
        for address in addresses.sorted() {
            for one in RealServerDevice.allCases.map({ RealServerAddress(address, on: $0) })
            where facts.has(one) && record.addresses[one] != true {
                remarks.append("\(one) was not put there by this command, and stays")
                // One that was found is no stranger; one that came after is.
                if record.addresses[one] == false { self.record.beside.insert(one) }
            }
        }
        for (one, isAdded) in record.addresses.sorted(by: { $0.key < $1.key })
        where addresses.contains(one.address) {
            if isAdded, facts.has(one) { steps.append(.remove(one)) }
            (self.record.addresses[one], self.record.ports[one]) = (nil, nil)
        }
        let others = strangers(besides: record, facts)
        putBack(whileNeededBy: Set(self.record.addresses.keys).union(others), facts)
        if self.record.isEmpty {
            self.record = RealServerRecord()
        } else {
            remarks += others.sorted().map {
                "\($0), which somebody else has added, needs what is set for it: that stays until it is gone "
                    + "and this is said again"
            }
        }
    }

    /// Addresses on devices of ours that somebody has put there since.
    private func strangers(
        besides former: RealServerRecord, _ facts: RealServerFacts
    ) -> Set<RealServerAddress> {
        RealServerDevice.allCases.reduce(into: Set()) { $0.formUnion(facts.routable(on: $1)) }
            .subtracting(record.beside).subtracting(former.addresses.keys)
    }

    /// Undoes for devices and settings what no address in `rest` needs.
    private mutating func putBack(whileNeededBy rest: Set<RealServerAddress>, _ facts: RealServerFacts) {
        let devices = Set(rest.map(\.device))
        // What somebody else has added may come in at any port.
        let others = Set(rest.filter { record.addresses[$0] == nil }.map(\.device))
        let ports = record.ports.values.reduce(into: Set()) { $0.formUnion($1) }
        for port in record.receiving.sorted()
        where !ports.contains(port) && others.isDisjoint(with: port.devices) {
            if facts.receiving.contains(port) { steps.append(.ignore(port)) }
            record.receiving.remove(port)
        }
        for device in record.switchedOn.sorted() where !devices.contains(device) {
            if facts.devices[device] == true { steps.append(.switchOff(device)) }
            record.switchedOn.remove(device)
        }
        let paths = Set(rest.flatMap { Self.settings(of: $0, facts) }.map(\.path))
        for (path, before) in record.settings.sorted(by: { $0.key < $1.key }) where !paths.contains(path) {
            // What is said of a device that is gone is what a new one would have.
            let isThere = RealServerDevice.allCases.allSatisfy {
                facts.devices[$0] != nil || !path.hasPrefix("net/ipv4/conf/\($0.name)/")
            }
            if isThere, let present = facts.settings[path], present != before {
                steps.append(.set(path: path, from: present, to: before))
            }
            record.settings[path] = nil
        }
        // One that is the kernel's own stays, and with it its settings.
        for device in record.made.sorted() where !devices.contains(device) {
            if facts.devices[device] != nil { steps.append(.unmake(device)) }
            record.made.remove(device)
        }
    }

    /// Every setting that a plan may read: the adapter finds them out.
    package static var paths: [String] {
        (["all"] + RealServerDevice.allCases.map(\.name)).flatMap { name in
            ["arp_ignore", "arp_announce", "rp_filter"].map { path(name, $0) }
        }
    }

    private static func path(_ interface: String, _ name: String) -> String {
        "net/ipv4/conf/\(interface)/\(name)"
    }

    /// The address is there already, in another way.
    private static func obstacles(to one: RealServerAddress, _ facts: RealServerFacts) -> [String] {
        facts.addresses.filter { $0.prefix.address == one.address }
            .filter { $0.interface != one.device.name || $0.prefix != Prefix(host: one.address) }
            .map { "this host has \($0.prefix) on \($0.interface); as a real server it has \(one) alone" }
            .sorted()
    }

    private struct Setting {
        let path: String
        let value: String
        let isMet: Bool
    }

    /// What keeps a host silent about an address (ip-sysctl: arp_ignore, arp_announce), and lets in what
    /// comes out of a tunnel though answers go another way (rp_filter). IPv6 asks each interface for its own
    /// addresses alone.
    private static func settings(of one: RealServerAddress, _ facts: RealServerFacts) -> [Setting] {
        guard one.address.family == .inet else { return [] }
        func setting(_ interface: String, _ name: String, _ value: String, met: Set<String>) -> Setting {
            let path = path(interface, name)
            return Setting(
                path: path, value: value, isMet: facts.settings[path].map(met.contains) ?? false)
        }
        var settings = ["all", one.device.name].flatMap { name in
            [
                // 3 answers for what is on lo, unless it has the scope of a host.
                setting(name, "arp_ignore", "1", met: ["1", "2", "8"]),
                setting(name, "arp_announce", "2", met: ["2"]),
            ]
        }
        if one.device != .loopback {
            // The larger number counts, and 2 is more than the strict 1.
            let all = facts.settings[path("all", "rp_filter")]
            let own = all == "0" ? ["0", "2"] : all == "2" ? ["0", "1", "2"] : ["2"]
            settings.append(setting(one.device.name, "rp_filter", "2", met: Set(own)))
        }
        return settings
    }
}

extension RealServerFacts {
    /// The addresses on a device that are not the host's own in any case (127.0.0.0/8, ::1, fe80::/10, and
    /// those of RFC 4291 2.5.5.1, ::/96, which the kernel gives sit0).
    fileprivate func routable(on device: RealServerDevice) -> Set<RealServerAddress> {
        let own = addresses.filter { $0.interface == device.name }.map(\.prefix.address).filter { address in
            switch address {
            case .v4(let number): number.rawValue >> 24 != 127
            case .v6(let number): !number.isLinkLocal && (number.high != 0 || number.low >> 32 != 0)
            }
        }
        return Set(own.map { RealServerAddress($0, on: device) })
    }

    /// The address is there as it should be.
    fileprivate func has(_ one: RealServerAddress) -> Bool {
        addresses.contains(Held(Prefix(host: one.address), on: one.device.name))
    }
}

/// Behind NAT: what a real server must be, which nothing here changes.
package enum RealServerGateway {
    /// What is wrong: answers to `client` must go by `gateway`, an address of the directors, and none of
    /// `addresses` may be on this host. `actual` is where they go: nil when there is no such route, or the
    /// client is on a link of this host.
    package static func faults(
        client: IPAddress, gateway: IPAddress, actual: IPAddress?, addresses: Set<IPAddress>,
        _ facts: RealServerFacts
    ) -> [String] {
        var faults: [String] = []
        if actual != gateway {
            let way = actual.map { "by \($0)" } ?? "without a gateway, or nowhere"
            faults.append(
                "answers to \(client) go \(way), not by \(gateway): the director would not see them")
        }
        for held in facts.addresses.sorted(by: { ($0.interface, $0.prefix) < ($1.interface, $1.prefix) })
        where addresses.contains(held.prefix.address) {
            faults.append("this host has \(held.prefix) on \(held.interface), which the directors alone have")
        }
        return faults
    }
}
