import ConfigSyntax
import VRRP

/// What instances and groups track.
enum TrackingChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        let defined = Tracked.Kind.own.reduce(into: [:]) { $0[$1] = DefinedNames($1, draft) }
        for kind in Tracked.Kind.own {
            guard let names = draft.tracked.names(kind) else { continue }
            reader.reportDuplicates(
                among: names.filter { !$0.value.isEmpty }, by: \.value, at: \.span, .duplicateTracked,
                { "a second \(kind.block) is named \($0.value)" })
            let readers = kind == .file ? draft.checks.filter { $0.kind == .file } : []
            let read = readers.compactMap(\.file.name)
            if let names = defined[kind] { for name in read { check(name, kind, names, &reader) } }
            let lines = (draft.instances.map(\.tracking) + draft.syncGroups.map(\.tracking)).flatMap(\.items)
            let used = Set(lines.filter { $0.kind == kind }.map(\.name.value) + read.map(\.value))
            let known = Set(names.map(\.value))
            // Where a line could not be read or names nothing, it may have meant any of them.
            let origins = draft.instances.map(\.origin) + draft.syncGroups.map(\.origin)
            guard origins.allSatisfy({ $0.isAbsent(kind.rawValue) }), read.count == readers.count,
                draft.origin.isAbsent("vrrp_instance"), draft.origin.isAbsent("vrrp_sync_group"),
                used.isSubset(of: known)
            else { continue }
            for name in names where !name.value.isEmpty && !used.contains(name.value) {
                reader.report(
                    .neverTracked,
                    "\(kind.block) \(name.value) is tracked by no instance"
                        + (kind == .file ? ", no group and no FILE_CHECK" : " and no group"),
                    at: name.span, notes: ["it is not watched"])
            }
        }
        for script in draft.tracked.scripts {
            let interval = script.interval?.value ?? TrackScript(name: "", command: []).interval
            guard let timeout = script.timeout, timeout.value > interval,
                script.origin.isAbsent("interval")
            else { continue }
            reader.report(
                .timeoutAboveInterval, "timeout is longer than the interval", at: timeout.span,
                related: script.interval.map { [Label($0.span, "the interval")] } ?? [])
        }
        for instance in draft.instances {
            check(instance.tracking, defined, &reader)
            checkOwner(instance, draft.tracked, &reader)
            checkReach(instance, draft, &reader)
        }
        for group in draft.syncGroups { check(group.tracking, defined, &reader) }
    }

    /// The names of one kind that lines can track.
    private struct DefinedNames {
        let list: [String]
        let set: Set<String>

        /// nil where one of them could not be read: it may be the one that is meant.
        init?(_ kind: Tracked.Kind, _ draft: ConfigurationDraft) {
            guard let names = draft.tracked.names(kind), draft.origin.isAbsent(kind.block) else { return nil }
            list = names.map(\.value)
            set = Set(list)
        }
    }

    private static func check(
        _ tracking: TrackingDraft, _ defined: [Tracked.Kind: DefinedNames], _ reader: inout SchemaReader
    ) {
        for kind in Tracked.Kind.own {
            let lines = tracking.items.filter { $0.kind == kind }
            reader.reportDuplicates(
                among: lines, by: \.name.value, at: \.name.span, .trackedTwice,
                { "\($0.name.value) is tracked twice; the last line counts" })
            guard let names = defined[kind] else { continue }
            for line in lines { check(line.name, kind, names, &reader) }
        }
    }

    /// What is tracked by this name has to be there.
    private static func check(
        _ name: Located<String>, _ kind: Tracked.Kind, _ names: DefinedNames, _ reader: inout SchemaReader
    ) {
        guard !names.set.contains(name.value) else { return }
        reader.report(
            .unknownTracked, "there is no \(kind.block) \(name.value)", at: name.span,
            notes: ["what is not watched can never fail", choice(of: names.list, as: kind)],
            suggestion: Suggestion.nearest(to: name.value, among: names.list))
    }

    /// What there is to choose from; the first ten of many.
    private static func choice(of names: [String], as kind: Tracked.Kind) -> String {
        guard !names.isEmpty else { return "no \(kind.block) is defined" }
        return "defined: " + names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", ..." : "")
    }

    /// Directors are seldom so close that such a weight makes the other one master.
    private static let narrow = 10

    private static func checkReach(
        _ instance: InstanceDraft, _ draft: ConfigurationDraft, _ reader: inout SchemaReader
    ) {
        guard instance.origin.isAbsent("priority"), let place = instance.firstWeight(in: draft),
            let reach = instance.reach(from: instance.priority?.value ?? 100, in: draft),
            (2..<narrow + 1).contains(reach.count)
        else { return }
        reader.report(
            .narrowWeight, "what is tracked changes the priority by \(reach.count - 1) at most", at: place,
            notes: ["a director whose priority differs by more is not affected"])
    }

    /// The priority of an owner is fixed: only a fault can make it yield.
    private static func checkOwner(
        _ instance: InstanceDraft, _ objects: TrackedObjectsDraft, _ reader: inout SchemaReader
    ) {
        guard instance.effectivePriority == 255, instance.origin.isAbsent("priority") else { return }
        for line in instance.tracking.items where line.weight(objects) != 0 {
            let place = instance.priority?.span ?? instance.startsAsMaster?.span
            reader.report(
                .weightWithoutEffect, "a weight cannot change priority 255", at: line.place,
                related: place.map { [Label($0, "the owner of the addresses")] } ?? [],
                help: ["write weight 0, which makes the loss a fault, or a priority below 255"])
        }
    }
}

/// Groups of instances.
enum SyncGroupChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        reader.reportDuplicates(
            among: draft.syncGroups.filter { !$0.name.value.isEmpty }, by: \.name.value, at: \.name.span,
            .duplicateGroup, { "a second vrrp_sync_group is named \($0.name.value)" })
        let names = draft.instances.map(\.name.value)
        let places = Dictionary(draft.instances.indices.map { (names[$0], $0) }) { first, _ in first }
        // One whose name could not be read may be the one that is meant.
        let isComplete = draft.origin.isAbsent("vrrp_instance")
        var groups: [String: Located<String>] = [:]
        for group in draft.syncGroups {
            for member in group.members {
                if places[member.value] == nil {
                    guard isComplete else { continue }
                    reader.reportUnknownMember(member, of: group.origin, among: names)
                } else if let other = groups[member.value] {
                    reader.report(
                        .memberOfTwoGroups, "\(member.value) is in group \(other.value) already",
                        at: member.span, related: [Label(other.span, "first here")],
                        notes: ["it could follow only one of them"])
                } else {
                    groups[member.value] = Located(group.name.value, at: member.span)
                }
            }
            if group.members.count == 1, group.origin.isAbsent("group"), let only = group.members.first {
                reader.report(
                    .groupOfOne, "group \(group.name.value) has one instance alone", at: only.span,
                    notes: ["a group keeps instances together; one alone is as without it"])
            }
            let members = group.members.compactMap { places[$0.value] }.map { draft.instances[$0] }
            checkWeights(group, members, draft.tracked, &reader)
        }
    }

    private static func checkWeights(
        _ group: SyncGroupDraft, _ members: [InstanceDraft], _ objects: TrackedObjectsDraft,
        _ reader: inout SchemaReader
    ) {
        guard group.keepsMemberWeights == nil else { return }
        for instance in members {
            for line in instance.tracking.items where line.weight(objects) != 0 {
                reader.report(
                    .memberWeightIgnored,
                    "the weight has no effect in an instance of group \(group.name.value)", at: line.place,
                    related: [Label(group.origin.header, "this group")],
                    notes: ["the instances of a group with different priorities would fight"],
                    help: ["track it in the group, or give the group sync_group_tracking_weight"])
            }
        }
    }
}

extension TrackedDraft {
    /// The weight in force.
    func weight(_ objects: TrackedObjectsDraft) -> Int {
        weight?.value ?? objects.weight(kind, name.value).value
    }

    /// The weight where it is written, else the name.
    var place: Span { weight?.span ?? name.span }
}

extension Tracked.Kind {
    /// The keyword of the block that names such a thing.
    fileprivate var block: String {
        switch self {
        case .interface: "interface"
        case .script: "vrrp_script"
        case .process: "vrrp_track_process"
        case .file: "track_file"
        case .statics: "track_group"
        }
    }
}
