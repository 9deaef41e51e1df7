/// What the priority of an instance and its fitness to be master depend on, beside the protocol.
package struct Tracking: Hashable, Sendable, Codable {
    /// `dont_track_primary`: the instance goes on when its own interface is down.
    package var ignoresOwnInterface = false

    /// Nothing but the instance's own interface.
    package init() {}
}
