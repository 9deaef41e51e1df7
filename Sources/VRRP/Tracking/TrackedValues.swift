/// What is known of the scripts, processes and files that are tracked, by name; of what is missing nothing is
/// known yet.
package struct TrackedValues: Hashable, Sendable, Codable {
    /// Whether each `vrrp_script` is good.
    package var scripts: [String: Bool] = [:]
    /// Whether of each `vrrp_track_process` as many run as should.
    package var processes: [String: Bool] = [:]
    /// The number in each `track_file`.
    package var files: [String: Int32] = [:]
    /// The `track_group`s of which a static line cannot be kept: the vrrp role's own knowledge.
    package var lostGroups: Set<String> = []

    /// Nothing is known.
    package init() {}
}

/// How something tracked is.
enum TrackedValue: Hashable {
    case good
    case bad
    case number(Int32)

    init(_ isGood: Bool) { self = isGood ? .good : .bad }
}

extension TrackedValues {
    /// What is known of one line; `isUp` says whether an interface of this name is usable.
    func value(of item: Tracked, isUp: (String) -> Bool) -> TrackedValue? {
        switch item.kind {
        case .interface: TrackedValue(isUp(item.name))
        case .script: scripts[item.name].map(TrackedValue.init)
        case .process: processes[item.name].map(TrackedValue.init)
        case .file: files[item.name].map(TrackedValue.number)
        case .statics: TrackedValue(!lostGroups.contains(item.name))
        }
    }
}
