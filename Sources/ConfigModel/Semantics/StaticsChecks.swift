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
        checkUse(draft, &reader)
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

    /// What is about static lines, and none of them is concerned.
    private static func checkUse(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        let statics = draft.statics
        let blocks = ["static_ipaddress", "static_routes", "static_rules"]
        guard (blocks + ["track_group"]).allSatisfy(draft.origin.isAbsent) else { return }
        if let place = draft.global.defaultInterface,
            statics.addresses.allSatisfy({ $0.value.interface != nil })
        {
            reader.report(
                .keywordWithoutEffect, "default_interface has no effect: no static address is without dev",
                at: place.span)
        }
        let used = Set(
            statics.addresses.map(\.value.trackGroup) + statics.routes.map(\.value.trackGroup)
                + statics.rules.map(\.value.trackGroup))
        // A line that names none of them was perhaps to name this one.
        guard used.isSubset(of: Set(draft.trackGroups.map(\.name.value) + [nil])) else { return }
        for group in draft.trackGroups
        where group.origin.isWhole && !group.members.isEmpty && !used.contains(group.name.value) {
            reader.report(
                .neverTracked, "no static line names track_group \(group.name.value)", at: group.name.span,
                notes: ["its instances care about nothing by it"],
                help: ["add to a static line: track_group \(group.name.value), or leave the group out"])
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
