import ConfigSyntax
import LoadBalancing
import LoopGuard
import NetTypes
import VRRP

/// A configuration against the host it is to run on: what the files alone cannot show.
enum HostChecks {
    /// Reads the control connections of FTP, for address translation.
    static let ftpModule = "ip_vs_ftp"
    /// Lets rules of iptables match what IPVS does, for FULLNAT.
    static let matchModule = "xt_ipvs"

    /// The setting that keeps `interface` from answering ARP for addresses of other interfaces.
    static func ignoring(on interface: String) -> String { "net/ipv4/conf/\(interface)/arp_ignore" }
    /// The setting that has the kernel tell neighbours on `interface` of a shorter way than through itself.
    static func redirecting(on interface: String) -> String { "net/ipv4/conf/\(interface)/send_redirects" }
    /// The setting by which packets on `interface` are dropped when the way back is another one.
    static func reverseFilter(on interface: String) -> String { "net/ipv4/conf/\(interface)/rp_filter" }

    /// What is wrong with `draft` on `host`.
    static func run(_ draft: ConfigurationDraft, on host: HostDescription) -> Diagnostics {
        var check = HostCheck(draft: draft, host: host)
        check.checkInterfaces()
        check.checkAddresses()
        check.checkRealServers()
        check.checkKernel()
        check.checkUsers()
        check.checkPrograms()
        return check.found
    }

    /// Guesses of the files alone that a look at the interfaces answers.
    static func isAnswered(_ code: DiagnosticCode, by host: HostDescription) -> Bool {
        host.interfaces != nil && (code == .claimsOwnership || code == .foreignNetwork)
    }
}

/// Collects the findings of one host.
struct HostCheck {
    let draft: ConfigurationDraft
    let host: HostDescription
    private(set) var found = Diagnostics()

    init(draft: ConfigurationDraft, host: HostDescription) {
        self.draft = draft
        self.host = host
    }

    mutating func report(
        _ code: DiagnosticCode, _ message: @autoclosure () -> String, at span: Span,
        related: @autoclosure () -> [Label] = [], notes: @autoclosure () -> [String] = [],
        help: @autoclosure () -> [String] = [], suggestion: @autoclosure () -> String? = nil
    ) {
        guard found.hasRoom(for: code) else { return }
        found.report(
            Diagnostic(
                code, message(), at: Label(span), related: related(), notes: notes(), help: help(),
                suggestion: suggestion()))
    }

    // MARK: Interfaces

    /// Every interface that is named, with the places.
    private var namedInterfaces: [(name: String, places: [Span])] {
        var places: [String: [Span]] = [:]
        var order: [String] = []
        func add(_ name: String, _ span: Span) {
            if places[name] == nil { order.append(name) }
            places[name, default: []].append(span)
        }
        if let daemon = draft.global.syncDaemon { add(daemon.value.interface, daemon.span) }
        for peer in draft.loopGuard?.peers ?? [] {
            if case .address(_, let interface?) = peer.value { add(interface, peer.span) }
        }
        for instance in draft.instances {
            if let interface = instance.interface { add(interface.value, interface.span) }
            for address in instance.addresses + instance.excluded {
                if let name = address.value.interface { add(name, address.span) }
            }
        }
        for address in draft.statics.addresses {
            add(draft.statics.interface(of: address.value, draft.global), address.span)
        }
        for check in draft.probes {
            if let interface = check.sourceInterface { add(interface.value, interface.span) }
        }
        // What use_vmac makes is there when it is needed.
        let made = Set(draft.instances.compactMap { $0.extras.virtualMAC?.value.name })
        return order.filter { !made.contains($0) }.map { ($0, places[$0] ?? []) }
    }

    fileprivate mutating func checkInterfaces() {
        guard let interfaces = host.interfaces else { return }
        for (name, places) in namedInterfaces where host.interface(name) == nil && !isDynamic {
            guard let first = places.first else { continue }
            report(
                .missingInterface, "this host has no interface \(name)", at: first,
                related: places.dropFirst().prefix(3).map { Label($0, "here, too") },
                notes: ["what needs it waits until it is there; keepalived would not start"],
                help: ["one of \(interfaces.map(\.name).joined(separator: ", "))"],
                suggestion: Suggestion.nearest(to: name, among: interfaces.map(\.name)))
        }
        for instance in draft.instances {
            guard let place = instance.interface, let interface = host.interface(place.value) else {
                continue
            }
            let family = instance.addresses.first?.value.prefix.address.family ?? .inet
            if interface.isLoopback {
                report(
                    .unsuitableInterface, "\(place.value) is heard by this host alone", at: place.span,
                    notes: ["no other director would ever hear an advert"],
                    help: ["write the interface that the other director is on"])
            } else if !isDynamic, !interface.addresses.contains(where: { $0.address.family == family }),
                !isStatic(family, on: place.value)
            {
                report(
                    .unsuitableInterface, "\(place.value) has no address to send adverts from",
                    at: place.span, notes: ["the instance waits until it has one"],
                    help: ["give it an address of its own, beside the virtual ones"])
            }
        }
    }

    /// The interface is to get an address of this family from the file.
    private func isStatic(_ family: AddressFamily, on interface: String) -> Bool {
        draft.statics.addresses.contains {
            $0.value.prefix.address.family == family
                && draft.statics.interface(of: $0.value, draft.global) == interface
        }
    }

    private var isDynamic: Bool { draft.global.dynamicInterfaces?.value == true }

    // MARK: Addresses

    fileprivate mutating func checkAddresses() {
        guard host.interfaces != nil else { return }
        for instance in draft.instances {
            let addresses = instance.addresses + instance.excluded
            checkOwnership(instance, addresses)
            for address in addresses { checkPlace(of: address, in: instance) }
        }
        for peer in draft.loopGuard?.peers ?? [] {
            guard case .address(let address, _) = peer.value, let own = host.interfaces(with: address).first
            else { continue }
            report(
                .guardPeerIsOwn, "\(address) is this director itself, on \(own.name)", at: peer.span,
                notes: ["the guard would wait for its Ethernet address for ever"],
                help: ["write the other director's address"])
        }
    }

    private mutating func checkOwnership(_ instance: InstanceDraft, _ addresses: [Located<VirtualAddress>]) {
        guard let priority = instance.priority, priority.value == 255 else { return }
        for address in addresses {
            let name = instance.base(of: address.value)
            guard let interface = host.interface(name),
                !interface.addresses.contains(where: { $0.address == address.value.prefix.address })
            else { continue }
            report(
                .notOwner,
                "priority 255 is for the owner of the addresses, and \(name) does not have this one",
                at: priority.span, related: [Label(address.span, "not on \(name)")],
                notes: ["an owner takes over at once and never yields"], help: ["write 1...254"])
            return
        }
    }

    private mutating func checkPlace(of address: Located<VirtualAddress>, in instance: InstanceDraft) {
        let (ip, name) = (address.value.prefix.address, instance.base(of: address.value))
        let made = instance.interface(of: address.value)
        for other in host.interfaces(with: ip) where other.name != name && other.name != made {
            if !other.isLoopback {
                report(
                    .addressElsewhere, "\(ip) is on \(other.name) already, and not for \(name)",
                    at: address.span,
                    notes: ["this host answers to it whoever is master"],
                    help: [
                        "remove it from \(other.name), or write: \(address.value.prefix) dev \(other.name)"
                    ])
            } else if answersARP(on: name) {
                report(
                    .answersARP, "\(ip) is on \(other.name), and \(name) answers ARP for it as backup, too",
                    at: address.span, notes: ["clients then reach whoever answers first"],
                    help: ["sysctl net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2"])
            }
        }
    }

    /// The kernel takes the larger of the two settings.
    private func answersARP(on interface: String) -> Bool {
        ["all", interface].allSatisfy { host.settings[HostChecks.ignoring(on: $0)] == "0" }
    }

    // MARK: Real servers

    fileprivate mutating func checkRealServers() {
        checkSources()
        guard let interfaces = host.interfaces else { return }
        // What the file gives the host counts as well: a master reaches the networks of its addresses.
        let networks =
            interfaces.filter { !$0.isLoopback }.flatMap(\.addresses) + draft.heldAddresses.map(\.prefix)
        let virtual = Set(
            draft.instances.flatMap { ($0.addresses + $0.excluded).map(\.value.prefix.address) })
        let own = Set(draft.statics.addresses.map(\.value.prefix.address))
            .union(interfaces.flatMap(\.addresses).map(\.address))
        for service in draft.virtualServers {
            let places = [service.realServers, service.sorryServers].flatMap { servers in
                servers.indices.map { (servers[$0].address, servers[$0].forwarding ?? service.forwarding) }
            }
            for (address, forwarding) in places where forwarding?.value == .directRouting {
                guard let place = address, !virtual.contains(place.value) else { continue }
                if own.contains(place.value) {
                    checkOwn(place, of: service)
                } else if !networks.contains(where: { $0.contains(place.value) }) {
                    report(
                        .unreachableServer, "\(place.value) is in no network of this host", at: place.span,
                        notes: ["direct routing reaches only what is on the same segment"],
                        help: ["use lb_kind TUN or NAT, or give the director an address in that network"])
                }
            }
        }
    }

    private mutating func checkSources() {
        let held = Set(draft.heldAddresses.map(\.prefix.address))
        for check in draft.probes {
            guard let source = check.sourceAddress, host.interfaces != nil, !held.contains(source.value),
                host.interfaces(with: source.value).isEmpty
            else { continue }
            report(
                .foreignSource, "this host does not have \(source.value)", at: source.span,
                notes: ["the probe cannot be sent from it"],
                help: ["write an address of this host, or leave bindto out"])
        }
    }

    private mutating func checkOwn(_ place: Located<IPAddress>, of service: VirtualServerDraft) {
        guard service.isKnown, !service.isMarked, service.loopGuard == nil,
            service.origin.isAbsent("loop_guard")
        else { return }
        report(
            .ownRealServer, "\(place.value) is this director itself, and the service has no loop_guard",
            at: place.span,
            notes: ["as backup it would balance again what the master forwarded to it"],
            help: ["add to \(service.origin.title): loop_guard"])
    }
}

extension ConfigurationDraft {
    /// Every address that the host has by this file, now or as master.
    fileprivate var heldAddresses: [VirtualAddress] {
        (instances.flatMap { $0.addresses + $0.excluded } + statics.addresses).map(\.value)
    }

    /// Every block that says where from it connects: checks, and the hosts in them.
    fileprivate var probes: [CheckDraft] { checks.flatMap { [$0] + $0.hosts } }
}
