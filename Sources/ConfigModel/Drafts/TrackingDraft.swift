import ConfigSyntax
import Timekeeping
import VRRP

/// One line of a `track_...` block as written.
struct TrackedDraft: Sendable {
    var kind: Tracked.Kind
    var name: Located<String>
    var weight: Located<Int>?
    var isReversed: Bool?
}

/// The tracking keywords of an instance or a group as written.
struct TrackingDraft: Sendable {
    var ignoresOwnInterface: Located<Bool>?
    var items: [TrackedDraft] = []
}

/// `weight N [reverse]`.
struct WeightDraft: Sendable, Equatable {
    var value: Int
    var isReversed: Bool
}

/// `vrrp_script` as written.
struct TrackScriptDraft: Draft {
    var origin: Origin
    var name: Located<String>
    var command: Located<[String]>?
    var interval: Located<Interval>?
    var timeout: Located<Interval>?
    var weight: Located<WeightDraft>?
    var rise: Located<Int>?
    var fall: Located<Int>?
    var user: Located<ScriptUser>?
    var startsFailed: Located<Bool>?
}

/// `vrrp_track_process` as written.
struct TrackProcessDraft: Draft {
    var origin: Origin
    var name: Located<String>
    var command: Located<[String]>?
    var match: Located<TrackProcess.ParameterMatch>?
    var weight: Located<WeightDraft>?
    var quorum: Located<Int>?
    var quorumMaximum: Located<Int>?
    var delay: Located<Interval>?
    var forkDelay: Located<Interval>?
    var terminateDelay: Located<Interval>?
    var comparesCommandLine: Located<Bool>?
}

/// `track_file` outside of every block as written.
struct TrackFileDraft: Draft {
    var origin: Origin
    var name: Located<String>
    var path: Located<String>?
    var weight: Located<WeightDraft>?
    var initialValue: Located<TrackFile.InitialValue>?
}

/// Everything that can be tracked by name, as written.
struct TrackedObjectsDraft: Sendable {
    var scripts: [TrackScriptDraft] = []
    var processes: [TrackProcessDraft] = []
    var files: [TrackFileDraft] = []
    /// The weights that are written, of the first block of each name, once all are read: an instance may
    /// track thousands.
    private(set) var weights: [Tracked.Kind: [String: WeightDraft]] = [:]

    /// Takes note of the weights of all blocks.
    mutating func indexWeights() {
        func index(_ blocks: [(name: String, weight: Located<WeightDraft>?)]) -> [String: WeightDraft] {
            var (seen, found) = (Set<String>(), [String: WeightDraft]())
            for block in blocks where seen.insert(block.name).inserted {
                found[block.name] = block.weight?.value
            }
            return found
        }
        weights = [
            .script: index(scripts.map { ($0.name.value, $0.weight) }),
            .process: index(processes.map { ($0.name.value, $0.weight) }),
            .file: index(files.map { ($0.name.value, $0.weight) }),
        ]
    }

    /// The names of one kind; nil for interfaces, which the host has, and what is no object.
    func names(_ kind: Tracked.Kind) -> [Located<String>]? {
        switch kind {
        case .interface, .statics: nil
        case .script: scripts.map(\.name)
        case .process: processes.map(\.name)
        case .file: files.map(\.name)
        }
    }
}

/// `vrrp_sync_group` as written.
struct SyncGroupDraft: NotifyingDraft {
    var origin: Origin
    var name: Located<String>
    var members: [Located<String>] = []
    var tracking = TrackingDraft()
    var keepsMemberWeights: Located<Bool>?
    var notifications = TransitionDraft()
}
