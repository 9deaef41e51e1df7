import ConfigSyntax
import LoadBalancing
import NetTypes
import VRRP

/// What must hold among all `virtual_server`s.
enum ServiceIdentityChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        checkDuplicates(draft, &reader)
        checkAddresses(draft, &reader)
    }

    private struct Place {
        var service: Span
        var member: Span
    }

    /// One finding a service, however many members it shares with others.
    private static func checkDuplicates(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        var seen: [ServiceIdentity: Place] = [:]
        for service in draft.virtualServers {
            var isReported = false
            for header in service.headers {
                guard let identity = service.identity(of: header.value) else { continue }
                let place = Place(service: service.origin.header, member: header.span)
                guard let first = seen[identity] else {
                    seen[identity] = place
                    continue
                }
                if !isReported { report(service, identity, place, first, &reader) }
                isReported = true
            }
        }
    }

    private static func report(
        _ service: VirtualServerDraft, _ identity: ServiceIdentity, _ place: Place, _ first: Place,
        _ reader: inout SchemaReader
    ) {
        // Two services of one group have its lines in common.
        let isSameLine = first.member == place.member && first.service != place.service
        let isMember = service.members != nil && !isSameLine
        reader.report(
            .duplicateVirtualServer,
            "\(isMember ? identity.description : service.origin.title) is configured twice",
            at: isMember ? place.member : place.service,
            related: [
                Label(isSameLine || service.members == nil ? first.service : first.member, "first here")
            ],
            notes: ["the kernel has one such service; the two would overwrite each other"])
    }

    /// A virtual address that no instance holds is perhaps a typing error; where nothing elects, it comes
    /// from elsewhere.
    private static func checkAddresses(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        // An instance whose addresses are missing or could not be read was reported as such.
        guard !draft.instances.isEmpty, draft.origin.isAbsent("vrrp_instance"),
            draft.origin.isAbsent("static_ipaddress"),
            draft.instances.allSatisfy({ instance in
                !(instance.addresses.isEmpty && instance.excluded.isEmpty)
                    && instance.origin.isAbsent("virtual_ipaddress")
                    && instance.origin.isAbsent("virtual_ipaddress_excluded")
            })
        else { return }
        let lines = draft.instances.flatMap { $0.addresses + $0.excluded } + draft.statics.addresses
        let held = Set(lines.map(\.value.prefix.address))
        var said: Set<Span> = []
        let refused = refusedAddresses(draft)
        for service in draft.virtualServers {
            for header in service.headers {
                guard case .address(let address, _) = header.value,
                    !held.contains(address) || refused[address] != nil
                else { continue }
                let place = service.members == nil ? service.origin.header : header.span
                // A line of a group is said once, with the first of its addresses.
                guard said.insert(place).inserted else { continue }
                if let why = refused[address] {
                    reader.report(
                        .refusedService, "with no_accept nothing reaches a service on \(address)", at: place,
                        related: [Label(why, "asked for here")],
                        notes: ["it is dropped before it is balanced, as keepalived does"])
                    continue
                }
                reader.report(
                    .addressWithoutInstance, "no vrrp_instance holds \(address)", at: place,
                    notes: ["packets reach this service only if something else brings them here"])
            }
        }
    }

    /// The addresses that `no_accept` makes a master leave without an answer, with the place of the word.
    private static func refusedAddresses(_ draft: ConfigurationDraft) -> [IPAddress: Span] {
        var refused: [IPAddress: Span] = [:]
        for instance in draft.instances where instance.effectivePriority < 255 {
            guard let word = instance.extras.refusesTraffic, word.value else { continue }
            for line in instance.addresses + instance.excluded {
                refused[line.value.prefix.address] = word.span
            }
        }
        return refused
    }
}
