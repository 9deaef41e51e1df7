import Timekeeping
import VRRP

extension Tracking {
    /// The keywords of one instance with every default applied.
    init(_ draft: TrackingDraft, _ objects: TrackedObjectsDraft) {
        self.init()
        ignoresOwnInterface = draft.ignoresOwnInterface?.value ?? false
        items = Tracked.list(draft, objects)
    }
}

extension Tracked {
    /// The lines of all blocks, kind by kind; of two for the same thing the last one counts.
    static func list(_ draft: TrackingDraft, _ objects: TrackedObjectsDraft) -> [Tracked] {
        var list: [Tracked] = []
        for kind in Kind.own {
            var places: [String: Int] = [:]
            for line in draft.items where line.kind == kind {
                let item = Tracked(line, objects.weight(kind, line.name.value))
                if let place = places[item.name] {
                    list[place] = item
                } else {
                    places[item.name] = list.count
                    list.append(item)
                }
            }
        }
        return list
    }

    private init(_ line: TrackedDraft, _ inherited: WeightDraft) {
        self.init(
            line.kind, line.name.value, weight: line.weight?.value ?? inherited.value,
            isReversed: line.isReversed ?? inherited.isReversed)
    }
}

extension TrackedObjectsDraft {
    /// What a line that says no weight counts for.
    func weight(_ kind: Tracked.Kind, _ name: String) -> WeightDraft {
        weights[kind]?[name] ?? WeightDraft(value: kind == .file ? 1 : 0, isReversed: false)
    }
}

extension TrackedObjects {
    /// Every block with every default applied; nil when something required is not there.
    init?(_ draft: TrackedObjectsDraft) {
        self.init()
        scripts = draft.scripts.compactMap(TrackScript.init)
        processes = draft.processes.compactMap(TrackProcess.init)
        files = draft.files.compactMap(TrackFile.init)
        guard scripts.count == draft.scripts.count, processes.count == draft.processes.count,
            files.count == draft.files.count
        else { return nil }
    }
}

extension TrackScript {
    init?(_ draft: TrackScriptDraft) {
        guard let command = draft.command else { return nil }
        self.init(name: draft.name.value, command: command.value)
        interval = draft.interval?.value ?? interval
        timeout = draft.timeout?.value ?? interval
        weight = draft.weight?.value.value ?? weight
        isReversed = draft.weight?.value.isReversed ?? false
        rise = draft.rise?.value ?? rise
        fall = draft.fall?.value ?? fall
        user = draft.user?.value.name
        group = draft.user?.value.group
        startsFailed = draft.startsFailed?.value ?? false
    }
}

extension TrackProcess {
    init?(_ draft: TrackProcessDraft) {
        guard let words = draft.command?.value, let program = words.first else { return nil }
        self.init(name: draft.name.value, process: program, parameters: Array(words.dropFirst()))
        match = draft.match?.value ?? match
        weight = draft.weight?.value.value ?? weight
        isReversed = draft.weight?.value.isReversed ?? false
        quorumMaximum = draft.quorumMaximum?.value
        // None may run: then none need.
        quorum = draft.quorum?.value ?? (quorumMaximum == 0 ? 0 : quorum)
        forkDelay = draft.forkDelay?.value ?? draft.delay?.value ?? forkDelay
        terminateDelay = draft.terminateDelay?.value ?? draft.delay?.value ?? terminateDelay
        comparesCommandLine = draft.comparesCommandLine?.value ?? false
    }
}

extension TrackFile {
    init?(_ draft: TrackFileDraft) {
        guard let path = draft.path else { return nil }
        self.init(name: draft.name.value, path: path.value)
        weight = draft.weight?.value.value ?? weight
        isReversed = draft.weight?.value.isReversed ?? false
        initialValue = draft.initialValue?.value
    }
}

extension SyncGroup {
    init(_ draft: SyncGroupDraft, _ objects: TrackedObjectsDraft) {
        self.init(name: draft.name.value, members: draft.members.map(\.value))
        tracked = Tracked.list(draft.tracking, objects)
        keepsMemberWeights = draft.keepsMemberWeights?.value ?? false
    }
}
