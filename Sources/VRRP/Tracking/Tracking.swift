/// What the priority of an instance and its fitness to be master depend on, beside the protocol.
package struct Tracking: Hashable, Sendable, Codable {
    /// `dont_track_primary`: the instance goes on when its own interface is down.
    package var ignoresOwnInterface = false
    /// `track_interface`, `track_script`, `track_process`, `track_file`, and the `track_group`s it is in.
    package var items: [Tracked] = []

    /// Nothing but the instance's own interface.
    package init() {}
}

/// One line of a `track_...` block.
package struct Tracked: Hashable, Sendable, Codable {
    /// What is tracked; the raw value is the keyword of the block.
    package enum Kind: String, Hashable, Sendable, Codable {
        case interface = "track_interface"
        case script = "track_script"
        case process = "track_process"
        case file = "track_file"
        case statics = "track_group"

        /// Those that a block of the instance itself names.
        package static let own: [Kind] = [.interface, .script, .process, .file]
    }

    /// What is tracked.
    package var kind: Kind
    /// The interface, or the name of the script, process, file or `track_group`.
    package var name: String
    /// -254...254, of a file any number: what it counts for; 0 makes its loss a fault.
    package var weight: Int
    /// `reverse`: good and bad change places.
    package var isReversed: Bool

    /// Something tracked.
    package init(_ kind: Kind, _ name: String, weight: Int = 0, isReversed: Bool = false) {
        self.kind = kind
        self.name = name
        self.weight = weight
        self.isReversed = isReversed
    }
}
