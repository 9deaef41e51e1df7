import ConfigSyntax
import LoadBalancing
import NetTypes
import VRRP

/// `lb_kind FULLNAT`: where its packets come from, and what that needs.
enum FullNATChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        // Once for all services: there may be ten thousand of both.
        let asks = draft.virtualServers.contains { $0.translatesSource != nil && $0.sourceAddress != nil }
        let held = asks && draft.knowsItsAddresses ? draft.heldAddresses : nil
        for service in draft.virtualServers {
            guard let word = service.translatesSource else {
                guard let source = service.sourceAddress, service.origin.isAbsent("lb_kind") else { continue }
                reader.report(
                    .keywordWithoutEffect, "fullnat_source has no effect without lb_kind FULLNAT",
                    at: source.span, related: service.forwarding.map { [Label($0.span)] } ?? [],
                    help: ["write: lb_kind FULLNAT, or leave it out"])
                continue
            }
            checkServers(service, word.span, &reader)
            checkTraffic(service, word.span, &reader)
            checkSource(service, word.span, &reader)
            guard let source = service.sourceAddress, let held, !held.contains(source.value) else { continue }
            reader.report(
                .sourceWithoutInstance, "no vrrp_instance holds \(source.value)", at: source.span,
                notes: ["servers answer to it, so it must be where the service is"],
                help: ["add it to virtual_ipaddress_excluded of the service's instance"])
        }
        checkConntrack(draft, &reader)
    }

    private static func checkServers(
        _ service: VirtualServerDraft, _ word: Span, _ reader: inout SchemaReader
    ) {
        for server in service.realServers + (service.sorryServer.map { [$0] } ?? []) {
            guard let method = server.forwarding, method.value == .masquerade else { continue }
            reader.report(
                .natBesideFullNAT, "lb_kind NAT of a server, in a service with FULLNAT", at: method.span,
                related: [Label(word, "asked for here")],
                help: ["leave it out: the service's word holds for each server"])
        }
    }

    private static func checkTraffic(
        _ service: VirtualServerDraft, _ word: Span, _ reader: inout SchemaReader
    ) {
        if let flag = service.flags.first(where: { $0.value == .ops }), service.isOf(.ops) {
            reader.report(
                .fullNATOfOnePacket, "FULLNAT and ops exclude each other", at: flag.span,
                related: [Label(word, "asked for here")], help: ["leave out ops"])
        }
        guard service.isFTP else { return }
        reader.report(
            .fullNATOfFTP, "FTP does not work with FULLNAT", at: word,
            related: [Label(service.origin.header, "port 21")], help: ["balance it with lb_kind NAT or DR"])
    }

    private static func checkSource(
        _ service: VirtualServerDraft, _ word: Span, _ reader: inout SchemaReader
    ) {
        guard let source = service.sourceAddress else {
            guard service.origin.isAbsent("fullnat_source") else { return }
            reader.report(
                .masqueradedSource, "\(service.origin.title) has no fullnat_source", at: word,
                notes: ["servers see each director's own address, and connections end with a failover"],
                help: ["add: fullnat_source ADDRESS, an address that an instance holds beside the servers"])
            return
        }
        guard source.value.family != service.family, service.isKnown else { return }
        reader.report(
            .mixedFamilies,
            "\(source.value) is not of the service's address family, \(service.family.rawValue)",
            at: source.span, related: [Label(service.origin.header, "the service")])
    }

    private static func checkConntrack(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        guard let setting = draft.global.settings[.conntrack], setting.value == "0",
            let word = draft.virtualServers.lazy.compactMap(\.translatesSource).first
        else { return }
        reader.report(
            .fullNATWithoutConntrack, "FULLNAT needs lvs_conntrack", at: setting.span,
            related: [Label(word.span, "asked for here")],
            help: ["leave it out: it is switched on where it is needed"])
    }
}

extension ConfigurationDraft {
    /// There are instances, and all that they hold could be read.
    fileprivate var knowsItsAddresses: Bool {
        !instances.isEmpty && origin.isAbsent("vrrp_instance")
            && instances.allSatisfy {
                $0.origin.isAbsent("virtual_ipaddress") && $0.origin.isAbsent("virtual_ipaddress_excluded")
            }
    }

    /// Every address that moves.
    fileprivate var heldAddresses: Set<IPAddress> {
        Set(instances.flatMap { $0.addresses + $0.excluded }.map(\.value.prefix.address))
    }
}
