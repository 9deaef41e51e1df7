import ConfigSyntax
import LoadBalancing
import NetTypes

/// One `virtual_server` on its own, its real servers aside.
enum ServiceChecks {
    static func run(_ service: VirtualServerDraft, _ reader: inout SchemaReader) {
        guard service.isKnown else { return }
        checkProtocol(service, &reader)
        checkDefaults(service, &reader)
        checkPersistence(service, &reader)
        ProbeChecks.checkWords(service.schedule, &reader)
        checkQuorum(service, &reader)
        checkHysteresis(service, &reader)
        checkFlags(service, &reader)
        checkFamily(service, &reader)
        if let suspends = service.suspends, service.isMarked {
            reader.report(
                .keywordWithoutEffect, "ha_suspend has no effect for a service by mark", at: suspends.span,
                related: [Label(service.origin.header, "no address here")],
                notes: ["there is no address whose presence could be looked at"])
        }
        checkSorryServer(service, &reader)
        if service.realServers.isEmpty, service.origin.isAbsent("real_server") {
            reader.report(
                .noRealServer, "\(service.origin.title) has no real server", at: service.origin.header,
                notes: ["keepalived would leave the service out"], help: ["add: real_server IP PORT { ... }"])
        }
    }

    private static func checkProtocol(_ service: VirtualServerDraft, _ reader: inout SchemaReader) {
        if !service.isMarked, service.transport == nil, service.origin.isAbsent("protocol") {
            reader.report(
                .protocolMissing, "\(service.origin.title) has no protocol", at: service.origin.header,
                notes: ["keepalived would take it for UDP"], help: ["add: protocol TCP"])
        } else if service.isMarked, let transport = service.transport {
            reader.report(
                .protocolIgnored, "a service by mark takes every protocol; this has no effect",
                at: transport.span)
        }
    }

    private static func checkDefaults(_ service: VirtualServerDraft, _ reader: inout SchemaReader) {
        if service.scheduler == nil, service.origin.isAbsent("lb_algo") {
            reader.report(
                .defaultScheduler, "\(service.origin.title) has no lb_algo: wlc is used",
                at: service.origin.header)
        }
        if service.forwarding == nil, service.origin.isAbsent("lb_kind") {
            reader.report(
                .defaultForwarding, "\(service.origin.title) has no lb_kind: NAT is used",
                at: service.origin.header)
        }
    }

    private static func checkPersistence(_ service: VirtualServerDraft, _ reader: inout SchemaReader) {
        if let granularity = service.persistenceGranularity, granularity.value > service.family.bits {
            reader.report(
                .outOfRange, "\(granularity.value) is outside 1...\(service.family.bits)",
                at: granularity.span)
        }
        guard service.ports.contains(0), service.persistenceTimeout == nil,
            service.persistenceGranularity == nil, service.persistenceEngine == nil,
            service.origin.isAbsent("persistence_timeout")
        else { return }
        let member = service.members?.ports.first { $0.value == 0 }
        reader.report(
            .impliedPersistence,
            member == nil
                ? "a service without a port is persistent: 360 s are used"
                : "a member without a port makes the whole group persistent: 360 s are used",
            at: service.origin.header, related: member.map { [Label($0.span, "no port here")] } ?? [],
            notes: ["the kernel refuses it otherwise"], help: ["write the port, or persistence_timeout"])
    }

    private static func checkHysteresis(_ service: VirtualServerDraft, _ reader: inout SchemaReader) {
        guard let hysteresis = service.hysteresis, service.origin.isAbsent("quorum") else { return }
        let quorum = service.quorum?.value ?? 1
        guard hysteresis.value >= quorum else { return }
        reader.report(
            .hysteresisAboveQuorum, "hysteresis \(hysteresis.value) is not below the quorum, \(quorum)",
            at: hysteresis.span, related: service.quorum.map { [Label($0.span)] } ?? [],
            notes: ["it is lowered to \(quorum - 1), as keepalived does"],
            help: [quorum == 1 ? "leave it out, or write a higher quorum" : "write \(quorum - 1) or less"])
    }

    private static func checkFlags(_ service: VirtualServerDraft, _ reader: inout SchemaReader) {
        for flag in service.flags where !service.isOf(flag.value) {
            let (what, other) =
                flag.value == .ops
                ? ("the protocol UDP", service.transport?.span)
                : ("the scheduler \(flag.value.scheduler ?? "")", service.scheduler?.span)
            guard service.origin.isAbsent("lb_algo"), service.origin.isAbsent("protocol") else { continue }
            reader.report(
                .flagWithoutEffect, "\(flag.value.rawValue) is for \(what), and has no effect here",
                at: flag.span, related: other.map { [Label($0)] } ?? [], help: ["leave it out"])
        }
    }

    private static func checkFamily(_ service: VirtualServerDraft, _ reader: inout SchemaReader) {
        guard let family = service.ipFamily, family.value != service.family else { return }
        reader.report(
            .contradictingFamily,
            "ip_family says \(family.value.rawValue), the service \(service.family.rawValue)",
            at: family.span, related: [Label(service.origin.header, "here")],
            notes: ["only a service by mark needs the keyword"], help: ["leave it out"])
    }

    private static func checkSorryServer(_ service: VirtualServerDraft, _ reader: inout SchemaReader) {
        guard service.sorryServer == nil, service.origin.isAbsent("sorry_server") else { return }
        let options = [
            ("sorry_server_inhibit", service.sorryServerInhibit?.span),
            ("sorry_server_lvs_method", service.sorryServerForwarding?.span),
        ]
        for case (let name, let span?) in options {
            reader.report(
                .noSorryServer, "\(name) has no effect without sorry_server", at: span,
                related: [Label(service.origin.header, "in this service")],
                help: ["add: sorry_server IP PORT"])
        }
    }

    private static func checkQuorum(_ service: VirtualServerDraft, _ reader: inout SchemaReader) {
        guard service.origin.isAbsent("real_server"),
            service.realServers.allSatisfy({ $0.origin.isAbsent("weight") }),
            service.origin.isAbsent("weight")
        else { return }
        let total = service.totalWeight
        if total == 0, service.quorum == nil, let weight = service.realServers.first?.weight {
            reader.report(
                .noWeight, "every real server of \(service.origin.title) has weight 0", at: weight.span,
                notes: ["none of them gets a new connection, and the quorum of 1 is never reached"],
                help: ["give at least one server a weight of 1 or more"])
        }
        guard let quorum = service.quorum, UInt64(quorum.value) > total else { return }
        reader.report(
            .quorumAboveWeight, "quorum \(quorum.value) is above the weight of all servers, \(total)",
            at: quorum.span,
            notes: [total == 0 ? "it cannot be reached" : "it is lowered to \(total), as keepalived does"])
    }
}

extension VirtualServerDraft {
    /// The weight of all real servers together.
    var totalWeight: UInt64 { realServers.reduce(0) { $0 + UInt64(weight(of: $1)) } }
}
