import ConfigSyntax
import NetTypes
import VRRP

/// Static addresses, routes and rules, and the groups that care about them.
enum StaticsChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        checkGroups(draft, &reader)
        let names = draft.trackGroups.map(\.name.value)
        let statics = draft.statics
        for line in statics.addresses { check(line, names, &reader) }
        for line in statics.routes { check(line, names, &reader) }
        for line in statics.rules { check(line, names, &reader) }
        checkAddresses(draft, &reader)
    }

    private static func check(
        _ line: Located<some TrackableLine & Sendable>, _ names: [String], _ reader: inout SchemaReader
    ) {
        guard let name = line.value.trackGroup, !names.contains(name) else { return }
        reader.report(
            .unknownTracked, "there is no track_group \(name)", at: line.span,
            notes: ["no instance would care about the line"],
            suggestion: Suggestion.nearest(to: name, among: names))
    }

    private static func checkGroups(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        reader.reportDuplicates(
            among: draft.trackGroups.filter { !$0.name.value.isEmpty }, by: \.name.value, at: \.name.span,
            .duplicateTracked, { "a second track_group is named \($0.name.value)" })
        let names = draft.instances.map(\.name.value)
        for group in draft.trackGroups {
            for member in group.members where !names.contains(member.value) {
                reader.report(
                    .unknownMember, "there is no vrrp_instance \(member.value)", at: member.span,
                    related: [Label(group.origin.header, "in this group")],
                    suggestion: Suggestion.nearest(to: member.value, among: names))
            }
        }
    }

    private struct Place: Hashable {
        var interface: String
        var address: IPAddress
    }

    private static func checkAddresses(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        guard !draft.statics.addresses.isEmpty else { return }
        let own = draft.statics.addresses.map { line in
            let interface = draft.statics.interface(of: line.value, draft.global)
            return Located(Place(interface: interface, address: line.value.prefix.address), at: line.span)
        }
        reader.reportDuplicates(
            among: own, by: \.value, at: \.span, .repeatedAddress,
            { "\($0.value.address) is a static address already" })
        var virtual: [Place: Span] = [:]
        for instance in draft.instances {
            for line in instance.addresses + instance.excluded {
                let interface = instance.interface(of: line.value)
                virtual[Place(interface: interface, address: line.value.prefix.address)] = line.span
            }
        }
        for line in own {
            guard let other = virtual[line.value] else { continue }
            reader.report(
                .duplicateVirtualAddress, "\(line.value.address) is a virtual address, too", at: line.span,
                related: [Label(other, "virtual here")],
                notes: ["this director would hold it whoever is master"])
        }
    }
}
