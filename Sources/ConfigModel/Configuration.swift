import HealthChecks
import LoadBalancing
import LoopGuard
import Timekeeping
import VRRP

/// `global_defs`, defaults resolved where they do not depend on the host.
package struct GlobalDefinitions: Hashable, Sendable, Codable {
    /// `router_id`; nil means the short host name.
    package var routerID: String?
    /// `script_user USER [GROUP]`; nil means `keepalived_script` when that user exists, else nobody.
    package var scriptUser: ScriptUser?
    /// `enable_script_security`: a script that somebody other than root could have changed is not run.
    package var checksScriptOwnership = false
    /// `checker_failure_guard`; nil for none.
    package var failureGuard: FailureGuard.Setting?
    /// `lvs_sync_daemon`.
    package var syncDaemon: SyncDaemonConfiguration?
    /// `loop_guard_backend`.
    package var guardBackend = LoopGuardBackend.iptables
    /// `lvs_timeouts`, in seconds; what is not there stays as the kernel has it.
    package var timeouts: [IPVSTimeout: UInt32] = [:]
    /// `lvs_sync_threshold`, `lvs_conntrack` and so on, each as the kernel writes it; what is not there stays
    /// as the kernel has it.
    package var settings: [IPVSSetting: String] = [:]
    /// `lvs_flush`: foreign services are removed at start too.
    package var flushesAtStart = false
    /// `lvs_flush_on_stop` without `VS`: foreign services are removed at the end too.
    package var flushesAtStop = false
    /// `dynamic_interfaces`: interfaces that are missing do not keep a reload from being carried out.
    package var allowsMissingInterfaces = false
    /// `control_admin_group`: whose members may act on the control socket, besides root.
    package var controlAdminGroup: String?
    /// `control_reader_group`: whose members may look.
    package var controlReaderGroup: String?
    /// `state_dump_file`, `stats_dump_file` and `json_dump_file`: what a signal has written there, a file or,
    /// with "/" at its end, a directory; nil for the daemon's own directory.
    package var dumps = DumpFiles()

    /// `vrrp_startup_delay`: elections wait so long after the daemon has started.
    package var startupDelay = Interval.zero
    /// `vrrp_delay_after_boot`: and so long after the machine has.
    package var delayAfterBoot = Interval.zero
    /// `vrrp_garp_interval`: the time between two gratuitous ARP packets on an interface.
    package var announcementGap = Interval.zero
    /// `vrrp_gna_interval`: the same of unsolicited neighbour advertisements.
    package var neighbourGap = Interval.zero

    /// All defaults.
    package init() {}

    /// When the elections of a daemon that starts at `now` may begin; `now` counts from the machine's start
    /// (CLOCK_BOOTTIME).
    package func firstElection(startingAt now: Instant) -> Instant {
        max(now + startupDelay, Instant(nanoseconds: 0) + delayAfterBoot)
    }
}

/// Where keepalived's dump files go; absolute paths.
package struct DumpFiles: Hashable, Sendable, Codable {
    /// `state_dump_file`.
    package var state: String?
    /// `stats_dump_file`.
    package var statistics: String?
    /// `json_dump_file`.
    package var json: String?

    /// Nothing is said.
    package init() {}
}

/// A whole configuration: what one daemon is to do. A value; reload compares two of them.
package struct Configuration: Hashable, Sendable, Codable {
    /// `global_defs`.
    package var global: GlobalDefinitions
    /// Every `vrrp_instance`, in order.
    package var instances: [RouterConfiguration]
    /// Every `virtual_server`, in order.
    package var virtualServers: [VirtualServer]
    /// `loop_guard`; nil when there is none.
    package var loopGuard: LoopGuardConfiguration?
    /// The keywords `notify*`, wherever they stand.
    package var notifications = Notifications()
    /// What instances and groups track by name.
    package var tracked = TrackedObjects()
    /// Every `vrrp_sync_group`, in order.
    package var syncGroups: [SyncGroup] = []
    /// `interface_up_down_delays`, one of each interface, short enough for every instance on it.
    package var linkDelays: [LinkDelay] = []
    /// `static_ipaddress`, `static_routes` and `static_rules`.
    package var statics = Statics()
    /// Every `track_group`, in order.
    package var trackGroups: [TrackGroup] = []

    /// A configuration.
    package init(
        global: GlobalDefinitions = GlobalDefinitions(), instances: [RouterConfiguration] = [],
        virtualServers: [VirtualServer] = [], loopGuard: LoopGuardConfiguration? = nil
    ) {
        self.global = global
        self.instances = instances
        self.virtualServers = virtualServers
        self.loopGuard = loopGuard
    }
}
