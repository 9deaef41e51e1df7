import ConfigSyntax
import LoadBalancing
import LoopGuard
import NetTypes
import VRRP

/// The loop guard: peers, the services that use it, and their marks.
enum LoopGuardChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        let guarded = draft.virtualServers.filter { $0.loopGuard != nil }
        let isMissing = reader.diagnostics.all.contains { $0.code == .directorWithoutGuard }
        checkPeers(draft, guarded, isMissing: isMissing, &reader)
        checkMarks(draft, &reader)
        checkSync(draft, guarded, &reader)
    }

    /// What can be said about one service, beside `directors`.
    static func run(
        _ service: VirtualServerDraft, beside directors: [IPAddress: Span], _ reader: inout SchemaReader
    ) {
        checkGuard(service, &reader)
        checkDirectors(service, directors, &reader)
    }

    private static func checkGuard(_ service: VirtualServerDraft, _ reader: inout SchemaReader) {
        guard let loopGuard = service.loopGuard else {
            if let mark = service.guardMark, service.origin.isAbsent("loop_guard") {
                reader.report(
                    .guardMarkWithoutGuard, "loop_guard_mark without loop_guard", at: mark.span,
                    help: ["add: loop_guard"])
            }
            return
        }
        if let place = service.headers.first(where: { if case .mark = $0.value { true } else { false } }) {
            reader.report(
                .guardOnMark, "a service by mark cannot have the loop guard", at: loopGuard.span,
                related: [
                    Label(
                        service.members == nil ? service.origin.header : place.span,
                        "this mark is set by rules of your own")
                ],
                notes: ["the guard works by setting the mark itself"],
                help: ["name the service by address and port, or keep the peer's MAC out of your rules"])
            return
        }
        let servers = service.realServers + (service.sorryServer.map { [$0] } ?? [])
        if let bad = servers.first(where: { service.forwarding(to: $0) != .directRouting }),
            service.origin.isAbsent("lb_kind"), bad.origin.isAbsent("lb_kind")
        {
            let isTunnel = service.forwarding(to: bad) == .tunnel
            let method = (bad.forwarding ?? service.forwarding)?.span ?? service.origin.header
            reader.report(
                .guardForwarding, "the loop guard is for lb_kind DR alone", at: loopGuard.span,
                related: [Label(method, "this is \(isTunnel ? "TUN" : "NAT")")],
                notes: [
                    isTunnel
                        ? "what leaves a tunnel has no sender's MAC; net.ipv4.vs.ignore_tunneled is the cure"
                        : "with NAT the virtual address is on one director alone, and nothing loops"
                ])
        }
    }

    /// The own addresses of directors, as far as the file tells, and where they are written.
    static func knownDirectors(_ draft: ConfigurationDraft) -> [IPAddress: Span] {
        var known: [IPAddress: Span] = [:]
        for instance in draft.instances {
            for peer in instance.transport.peers { known[peer.value.address] = peer.span }
            if let source = instance.transport.source { known[source.value] = source.span }
        }
        for peer in draft.loopGuard?.peers ?? [] {
            if case .address(let address, _) = peer.value { known[address] = peer.span }
        }
        return known
    }

    /// A real server that is a director forwards again what it was forwarded, unless the guard keeps it from
    /// that.
    private static func checkDirectors(
        _ service: VirtualServerDraft, _ directors: [IPAddress: Span], _ reader: inout SchemaReader
    ) {
        guard service.isKnown, !service.isMarked, service.loopGuard == nil, !directors.isEmpty,
            service.origin.isAbsent("loop_guard")
        else { return }
        let servers = service.realServers + (service.sorryServer.map { [$0] } ?? [])
        for server in servers where service.forwarding(to: server) == .directRouting {
            guard let place = server.address, let known = directors[place.value] else { continue }
            reader.report(
                .directorWithoutGuard, "\(place.value) is a director, and this service has no loop_guard",
                at: place.span, related: [Label(known, "named as a director here")],
                notes: ["two directors that forward to each other pass one packet round for ever"],
                help: ["add to \(service.origin.title): loop_guard"])
            return
        }
    }

    private static func checkPeers(
        _ draft: ConfigurationDraft, _ guarded: [VirtualServerDraft], isMissing: Bool,
        _ reader: inout SchemaReader
    ) {
        let block = draft.loopGuard
        if let block, block.peers.isEmpty, block.origin.isWhole {
            reader.report(
                .guardWithoutPeer, "loop_guard names no peer", at: block.origin.header,
                help: ["add: peer ADDRESS, or peer_mac MAC, of the other director"])
        } else if block == nil, let first = guarded.first?.loopGuard, draft.origin.isAbsent("loop_guard") {
            reader.report(
                .guardWithoutPeer, "the loop guard does not know any other director", at: first.span,
                help: ["add outside every block: loop_guard { peer ADDRESS }"])
        }
        if let block, guarded.isEmpty, !isMissing, draft.origin.isAbsent("virtual_server"),
            draft.virtualServers.allSatisfy({ $0.origin.isAbsent("loop_guard") })
        {
            reader.report(
                .guardUnused, "no virtual_server asks for the loop guard", at: block.origin.header,
                help: ["add loop_guard to the virtual_server whose real servers are directors"])
        }
        let virtual = Set(
            draft.instances.flatMap { ($0.addresses + $0.excluded).map(\.value.prefix.address) })
        for peer in block?.peers ?? [] {
            guard case .address(let address, _) = peer.value, virtual.contains(address) else { continue }
            reader.report(
                .guardPeerIsVirtual, "\(address) is a virtual address, which moves", at: peer.span,
                help: ["write the peer's own address"])
        }
    }

    private struct MarkKey: Hashable {
        var family: AddressFamily
        var mark: FirewallMark
    }

    private static func checkMarks(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        // Services by mark first: the others are the ones that can be given another mark.
        var seen: [MarkKey: VirtualServerDraft] = [:]
        for service in draft.virtualServers {
            for header in service.headers {
                guard case .mark(let family, let mark)? = service.identity(of: header.value) else { continue }
                seen[MarkKey(family: family, mark: mark)] = service
            }
        }
        for service in draft.virtualServers {
            guard let mark = service.mark else { continue }
            let key = MarkKey(family: service.family, mark: mark)
            guard let first = seen[key], first.identity != service.identity else {
                seen[key] = service
                continue
            }
            reader.report(
                .guardMarkCollision, "\(first.origin.title) has the mark \(mark), too",
                at: service.guardMark?.span ?? service.origin.header,
                related: [Label(first.guardMark?.span ?? first.origin.header, "the same mark")],
                notes: ["the kernel could not tell the two services apart"],
                help: ["choose another with loop_guard_mark, the same on every director"])
        }
    }

    private static func checkSync(
        _ draft: ConfigurationDraft, _ guarded: [VirtualServerDraft], _ reader: inout SchemaReader
    ) {
        guard let first = guarded.first?.loopGuard, !guarded.allSatisfy(\.isMarked),
            draft.global.origin.isAbsent("lvs_sync_daemon")
        else { return }
        let daemon = draft.global.syncDaemon
        guard daemon?.value.instance == nil else { return }
        reader.report(
            .guardWithoutSync, "stale connection entries stay uncovered by the loop guard", at: first.span,
            related: daemon.map { [Label($0.span, "no instance decides its role")] } ?? [],
            notes: [
                "a packet that hits a connection entry from before a failover follows the entry"
            ], help: ["add to global_defs: lvs_sync_daemon INTERFACE INSTANCE"])
    }
}

extension VirtualServerDraft {
    /// The mark the loop guard gives the service, all members of a group the same one; nil without it.
    var mark: FirewallMark? {
        guard loopGuard != nil, !isMarked, let identity else { return nil }
        return guardMark?.value ?? GuardMark.mark(for: identity)
    }
}
