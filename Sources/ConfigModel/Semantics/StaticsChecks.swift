import ConfigSyntax
import NetTypes
import VRRP

/// Static addresses, routes and rules, the groups that care about them, and delays of links.
enum StaticsChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        checkGroups(draft, &reader)
        // nil where one of them could not be read: it may be the one that is meant.
        let names = draft.origin.isAbsent("track_group") ? Set(draft.trackGroups.map(\.name.value)) : nil
        let statics = draft.statics
        for line in statics.addresses { check(line, names, &reader) }
        for line in statics.routes { check(line, names, &reader) }
        for line in statics.rules { check(line, names, &reader) }
        checkAddresses(draft, &reader)
        checkDelays(draft, &reader)
    }

    private static func checkDelays(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        reader.reportDuplicates(
            among: draft.linkDelays, by: \.value.interface, at: \.span, .givenTwice,
            { "\($0.value.interface) has delays already; the last ones count" })
        for line in draft.linkDelays {
            let (name, longest) = (line.value.interface, max(line.value.down, line.value.up))
            guard let limit = draft.delayLimit(on: name), longest > limit else { continue }
            reader.report(
                .delayCut, "the delay is cut to \(ConfigurationDump.seconds(limit)) s", at: line.span,
                notes: ["an instance on \(name) that hears nothing is master soon after"])
        }
    }

    private static func check(
        _ line: Located<some TrackableLine & Sendable>, _ names: Set<String>?, _ reader: inout SchemaReader
    ) {
        guard let names, let name = line.value.trackGroup, !names.contains(name) else { return }
        reader.report(
            .unknownTracked, "there is no track_group \(name)", at: line.span,
            notes: ["no instance would care about the line"],
            suggestion: Suggestion.nearest(to: name, among: names.sorted()))
    }

    private static func checkGroups(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        reader.reportDuplicates(
            among: draft.trackGroups.filter { !$0.name.value.isEmpty }, by: \.name.value, at: \.name.span,
            .duplicateTracked, { "a second track_group is named \($0.name.value)" })
        guard draft.origin.isAbsent("vrrp_instance") else { return }
        let names = draft.instances.map(\.name.value)
        let known = Set(names)
        for group in draft.trackGroups {
            for member in group.members where !known.contains(member.value) {
                reader.reportUnknownMember(member, of: group.origin, among: names)
            }
        }
    }

    private static func checkAddresses(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        guard !draft.statics.addresses.isEmpty else { return }
        let own = draft.statics.addresses.map { line in
            let interface = draft.statics.interface(of: line.value, draft.global)
            return Located(
                AddressPlace(interface: interface, address: line.value.prefix.address), at: line.span)
        }
        reader.reportDuplicates(
            among: own, by: \.value, at: \.span, .repeatedAddress,
            { "\($0.value.address) is a static address already" })
        var virtual: [AddressPlace: Span] = [:]
        for place in draft.instances.flatMap(\.places) { virtual[place.value] = place.span }
        for line in own {
            guard let other = virtual[line.value] else { continue }
            reader.report(
                .duplicateVirtualAddress, "\(line.value.address) is a virtual address, too", at: line.span,
                related: [Label(other, "virtual here")],
                notes: ["this director would hold it whoever is master"])
        }
    }
}
