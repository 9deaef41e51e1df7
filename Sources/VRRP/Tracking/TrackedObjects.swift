import Timekeeping

/// `vrrp_script`: a program that is run again and again.
package struct TrackScript: Hashable, Sendable, Codable {
    /// What `track_script` calls it, unique.
    package var name: String
    /// `script`: the program and its arguments.
    package var command: [String]
    /// `interval`: from one start to the next, default 1 s.
    package var interval: Interval = .seconds(1)
    /// `timeout`: a run that takes longer is ended and has failed; default the interval.
    package var timeout: Interval = .seconds(1)
    /// `weight`, where the tracking block gives none: -253...253.
    package var weight = 0
    /// `weight ... reverse`.
    package var isReversed = false
    /// `rise`: so many successes in a row make it good, at least 1.
    package var rise = 1
    /// `fall`: so many failures in a row make it bad, at least 1.
    package var fall = 1
    /// `user`; nil for `script_user`.
    package var user: String?
    /// The group after `user`; nil for the user's own groups.
    package var group: String?
    /// `init_fail`: bad until it has succeeded.
    package var startsFailed = false

    /// A script with keepalived's defaults.
    package init(name: String, command: [String]) {
        self.name = name
        self.command = command
    }
}

/// `vrrp_track_process`: how many processes of one kind run.
package struct TrackProcess: Hashable, Sendable, Codable {
    /// How the parameters of a process are compared; the raw value is that of `param_match`, which alone
    /// means that there must be none.
    package enum ParameterMatch: String, Hashable, Sendable, Codable {
        /// All of them, when any are configured: without `param_match`.
        case exact
        /// Its first ones, the last of them by its beginning.
        case initial
        /// Its first ones.
        case partial
    }

    /// What `track_process` calls it, unique.
    package var name: String
    /// `process`: the program.
    package var process: String
    /// The words after the program.
    package var parameters: [String]
    /// `param_match`.
    package var match = ParameterMatch.exact
    /// `weight`, where the tracking block gives none: -254...254.
    package var weight = 0
    /// `weight ... reverse`.
    package var isReversed = false
    /// `quorum`: at least so many must run.
    package var quorum = 1
    /// `quorum_max`: at most so many may run; nil for any number.
    package var quorumMaximum: Int?
    /// `fork_delay`: how long enough of them must run before that counts.
    package var forkDelay = Interval.zero
    /// `terminate_delay`: how long too few must run before that counts.
    package var terminateDelay = Interval.zero
    /// `full_command`: the command line is compared instead of the program's name.
    package var comparesCommandLine = false

    /// A process with keepalived's defaults.
    package init(name: String, process: String, parameters: [String] = []) {
        self.name = name
        self.process = process
        self.parameters = parameters
    }
}

/// `track_file`: a file that holds a number.
package struct TrackFile: Hashable, Sendable, Codable {
    /// What is written into it at start.
    package struct InitialValue: Hashable, Sendable, Codable {
        /// The number.
        package var value: Int32
        /// A file that is there is written, too.
        package var overwrites: Bool

        /// An initial value.
        package init(value: Int32 = 0, overwrites: Bool = false) {
            self.value = value
            self.overwrites = overwrites
        }
    }

    /// What `track_file` calls it, unique.
    package var name: String
    /// `file`: its absolute path.
    package var path: String
    /// `weight`, where the tracking block gives none; the number is multiplied by it.
    package var weight = 1
    /// `weight ... reverse`.
    package var isReversed = false
    /// `init_file`.
    package var initialValue: InitialValue?

    /// A file with keepalived's defaults.
    package init(name: String, path: String) {
        self.name = name
        self.path = path
    }
}

/// All that instances and groups can track by name.
package struct TrackedObjects: Hashable, Sendable, Codable {
    /// Every `vrrp_script`, in order.
    package var scripts: [TrackScript] = []
    /// Every `vrrp_track_process`, in order.
    package var processes: [TrackProcess] = []
    /// Every `track_file`, in order.
    package var files: [TrackFile] = []

    /// None.
    package init() {}
}

/// `vrrp_sync_group`: instances that are master together or not at all.
package struct SyncGroup: Hashable, Sendable, Codable {
    /// The group's name, unique.
    package var name: String
    /// The names of its instances, in configured order.
    package var members: [String]
    /// What every member tracks.
    package var tracked: [Tracked] = []
    /// `sync_group_tracking_weight`: weights of members' own tracking count.
    package var keepsMemberWeights = false

    /// A group.
    package init(name: String, members: [String]) {
        self.name = name
        self.members = members
    }
}
