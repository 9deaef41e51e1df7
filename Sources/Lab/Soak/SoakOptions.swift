import Timekeeping

/// What `holdfast lab soak` was asked to do.
package struct SoakOptions: Hashable, Sendable, Codable {
    /// How long faults are made.
    package var duration: Interval
    /// Which.
    package var seed: UInt64
    /// The daemon's executable; nil for the `holdfastd` beside this program.
    package var daemon: String?

    /// Options.
    package init(duration: Interval, seed: UInt64, daemon: String? = nil) {
        self.duration = duration
        self.seed = seed
        self.daemon = daemon
    }
}
