// The ledger: what is ours is written down before the kernel is told. Lines of text, appended, never edited:
// from the moment a line is there, an object of that name in this boot and network namespace is ours to adopt
// or to remove; whatever is not written down is foreign. A claim ends with a line `unclaim CLAIM`,
// written when the object is gone and nothing configures it any more: what somebody makes by that name later
// is theirs. Claims are a set, so the file grows with what was configured and not with time; it is written
// anew at every start.

import LoadBalancing
import NetTypes

/// Something in the kernel that is ours.
package enum Claim: Hashable, Sendable, Codable {
    /// A virtual address on an interface.
    case address(interface: String, Prefix)
    /// The macvlan of this name and Ethernet address (`use_vmac`).
    case interface(name: String, MACAddress)
    /// A setting of `net.ipv4.conf.INTERFACE` was this before we changed it.
    case setting(InterfaceSetting, interface: String, before: UInt8)
    /// An IPVS service with all its destinations.
    case service(ServiceIdentity)
    /// A thread of the sync daemon.
    case syncThread(SyncThread)
    /// The guard's chain in the mangle table of a family, and the jump to it.
    case chain(AddressFamily)
    /// The guard's table of nftables, of a family.
    case table(AddressFamily)
    /// The chain of FULLNAT in the nat table of a family, and the jump to it.
    case sources(AddressFamily)
    /// The chain of FULLNAT in the mangle table of a family, and the jump to it.
    case answers(AddressFamily)
    /// The chain of `no_accept` in the mangle table of a family, and the jump to it.
    case refusal(AddressFamily)
    /// This timeout of IPVS was so many seconds before we set it.
    case timeout(IPVSTimeout, before: UInt32)
    /// This setting of IPVS was so before we changed it.
    case sysctl(IPVSSetting, before: String)
}

extension Claim: CustomStringConvertible {
    /// The claim's line: `address eth0 192.0.2.100/24`, `interface vrrp.51 00:00:5e:00:01:33`,
    /// `setting arp_ignore eth0 0`, `service tcp 192.0.2.100 80`, `service mark inet 3`,
    /// `sync master`, `chain inet`, `table inet`, `sources inet`,
    /// `timeout tcp 900`, `sysctl sync_threshold 3 50`.
    package var description: String {
        switch self {
        case .address(let interface, let prefix): "address \(interface) \(prefix)"
        case .interface(let name, let mac): "interface \(name) \(mac)"
        case .setting(let setting, let interface, let before):
            "setting \(setting.rawValue) \(interface) \(before)"
        case .service(.address(let transport, let endpoint)):
            "service \(transport) \(endpoint.address) \(endpoint.port)"
        case .service(.mark(let family, let mark)): "service mark \(family.rawValue) \(mark)"
        case .syncThread(let thread): "sync \(thread)"
        case .chain(let family): "chain \(family.rawValue)"
        case .table(let family): "table \(family.rawValue)"
        case .sources(let family): "sources \(family.rawValue)"
        case .answers(let family): "answers \(family.rawValue)"
        case .refusal(let family): "refusal \(family.rawValue)"
        case .timeout(let timeout, let before): "timeout \(timeout) \(before)"
        case .sysctl(let setting, let before): "sysctl \(setting.rawValue) \(before)"
        }
    }

    /// Reads a line; nil for anything that is no claim.
    package init?(line: some StringProtocol) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        switch (words.first, words.count) {
        case ("address", 3):
            guard let prefix = Prefix(words[2]), !words[1].isEmpty else { return nil }
            self = .address(interface: String(words[1]), prefix)
        case ("interface", 3):
            guard let mac = MACAddress(words[2]), !words[1].isEmpty else { return nil }
            self = .interface(name: String(words[1]), mac)
        case ("setting", 4):
            guard let setting = InterfaceSetting(rawValue: String(words[1])), !words[2].isEmpty,
                let before = UInt8(words[3])
            else { return nil }
            self = .setting(setting, interface: String(words[2]), before: before)
        case ("service", 4):
            guard let identity = Self.identity(words) else { return nil }
            self = .service(identity)
        case ("sync", 2):
            guard let thread = SyncThread.allCases.first(where: { "\($0)" == words[1] }) else { return nil }
            self = .syncThread(thread)
        case ("chain", 2):
            guard let family = AddressFamily(rawValue: String(words[1])) else { return nil }
            self = .chain(family)
        case ("table", 2):
            guard let family = AddressFamily(rawValue: String(words[1])) else { return nil }
            self = .table(family)
        case ("sources", 2):
            guard let family = AddressFamily(rawValue: String(words[1])) else { return nil }
            self = .sources(family)
        case ("answers", 2):
            guard let family = AddressFamily(rawValue: String(words[1])) else { return nil }
            self = .answers(family)
        case ("refusal", 2):
            guard let family = AddressFamily(rawValue: String(words[1])) else { return nil }
            self = .refusal(family)
        case ("timeout", 3):
            guard let timeout = IPVSTimeout(rawValue: String(words[1])), let before = UInt32(words[2]),
                IPVSTimeout.range.contains(before)
            else { return nil }
            self = .timeout(timeout, before: before)
        case ("sysctl", 3...4):
            let before = words[2...].joined(separator: " ")
            guard let setting = IPVSSetting(rawValue: String(words[1])),
                IPVSSetting.value(in: before) == before
            else { return nil }
            self = .sysctl(setting, before: before)
        default: return nil
        }
    }

    private static func identity(_ words: [some StringProtocol]) -> ServiceIdentity? {
        if words[1] == "mark" {
            guard let family = AddressFamily(rawValue: String(words[2])), let number = UInt32(words[3]),
                let mark = FirewallMark(number)
            else { return nil }
            return .mark(family, mark)
        }
        guard let transport = TransportProtocol.allCases.first(where: { "\($0)" == words[1] }),
            let address = IPAddress(words[2]), let port = UInt16(words[3])
        else { return nil }
        return .address(transport, Endpoint(address, port: port))
    }
}

/// The text of a ledger.
package enum LedgerText {
    /// Lines a ledger may have; a longer one is not believed.
    package static let lineLimit = 400_000

    /// Before a claim that holds no longer.
    static let unclaim = "unclaim "

    /// The first line: claims hold in this boot and namespace only.
    package static func header(bootID: String, namespace: String) -> String {
        "holdfast-ledger 1 boot \(bootID) net \(namespace)"
    }

    /// A whole ledger.
    package static func render(_ claims: some Sequence<Claim>, bootID: String, namespace: String) -> String {
        ([header(bootID: bootID, namespace: namespace)] + claims.map(\.description)).map { $0 + "\n" }
            .joined()
    }

    /// The claims that hold here, in order and without repetition; none when the ledger is of another boot or
    /// namespace. A last line without its end was cut off by a crash before the kernel was told.
    package static func claims(in text: String, bootID: String, namespace: String) -> [Claim] {
        var lines = text.split(separator: "\n", maxSplits: lineLimit, omittingEmptySubsequences: false)
        guard lines.popLast() != nil,
            lines.first.map(String.init) == header(bootID: bootID, namespace: namespace)
        else { return [] }
        // By the place of the line that made it hold, so that the order is that of the file.
        var places: [Claim: Int] = [:]
        for (place, line) in lines.enumerated().dropFirst() {
            if line.hasPrefix(unclaim) {
                if let claim = Claim(line: line.dropFirst(unclaim.count)) { places[claim] = nil }
            } else if let claim = Claim(line: line), places[claim] == nil {
                places[claim] = place
            }
        }
        return places.sorted { $0.value < $1.value }.map(\.key)
    }
}
