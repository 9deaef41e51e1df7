import ConfigSyntax
import NetTypes

/// The blocks `virtual_server_group`, and the services that name one.
enum ServiceGroupChecks {
    /// Gives a service that names a group its members, and reports what keeps it from having them. `draft`
    /// has all of the file but services.
    static func attach(
        to service: inout VirtualServerDraft, in draft: inout ConfigurationDraft, _ reader: inout SchemaReader
    ) {
        guard case .group(let name) = service.header?.value else { return }
        draft.usedGroups.insert(name)
        let places =
            draft.groupPlaces
            ?? Dictionary(draft.groups.enumerated().map { ($1.name.value, $0) }) { first, _ in first }
        draft.groupPlaces = places
        guard let group = places[name].map({ draft.groups[$0] }) else {
            // One whose name could not be read may be the one that is meant.
            guard draft.origin.isAbsent("virtual_server_group") else { return }
            reportUnknown(name, service, draft.groups.map(\.name.value), &reader)
            return
        }
        let count = group.lines.reduce(0) { sum, line in
            min(sum, ServiceMembers.limit) + min(line.value.count, ServiceMembers.limit + 1)
        }
        guard count <= draft.roomForMembers else {
            reader.report(
                .tooManyMembers, "\(group.origin.title) has too many members", at: group.origin.header,
                notes: ["all groups together may have \(ServiceMembers.limit), each a service of the kernel"])
            return
        }
        draft.roomForMembers -= count
        service.members = ServiceMembers(group)
    }

    /// What is said of the groups themselves, once their services are known.
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        reader.reportDuplicates(
            among: draft.groups, by: \.name.value, at: \.origin.header, .duplicateServiceGroup,
            { "\($0.origin.title) is there already" }, notes: ["the first one is used"])
        let isWhole = draft.origin.isAbsent("virtual_server_group")
        for group in draft.groups { check(group, mayBeEmpty: !isWhole, &reader) }
        for group in draft.groups
        where !draft.usedGroups.contains(group.name.value) && draft.origin.isAbsent("virtual_server")
            && draft.origin.isAbsent("virtual_server_group")
        {
            reader.report(
                .unusedServiceGroup, "no virtual_server names \(group.origin.title)",
                at: group.origin.header,
                help: ["add: virtual_server group \(group.name.value) { ... }, or leave it out"])
        }
    }

    private static func reportUnknown(
        _ name: String, _ service: VirtualServerDraft, _ names: [String], _ reader: inout SchemaReader
    ) {
        let near = Suggestion.nearest(to: name, among: names.sorted())
        reader.report(
            .unknownServiceGroup, "there is no virtual_server_group \(name)",
            at: service.header?.span ?? service.origin.header,
            notes: ["the service has no address: keepalived would leave it out"],
            help: near == nil ? ["add: virtual_server_group \(name) { IP PORT }"] : [], suggestion: near)
    }

    private static func check(
        _ group: ServiceGroupDraft, mayBeEmpty: Bool, _ reader: inout SchemaReader
    ) {
        if group.lines.isEmpty, !mayBeEmpty, group.origin.isWhole {
            reader.report(
                .emptyServiceGroup, "\(group.origin.title) has no member", at: group.origin.header,
                help: ["add: IP PORT, or fwmark MARK"])
        }
        guard let first = group.lines.first(where: { $0.value.family != nil }),
            let other = group.lines.first(where: {
                $0.value.family != nil && $0.value.family != first.value.family
            })
        else { return }
        reader.report(
            .mixedFamilies, "\(group.origin.title) has addresses of both families", at: other.span,
            related: [Label(first.span, "of the other one")],
            help: ["write a group for each family, and a virtual_server for each group"])
    }
}
