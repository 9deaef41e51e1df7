import NetTypes
import Timekeeping
import VRRP

/// One machine of a run: the daemon with its router, and the kernel, which outlives the daemon.
struct SimulatedDirector: Sendable {
    var address: IPAddress
    var configuration: RouterConfiguration
    /// nil while the daemon is dead or was stopped.
    var router: Router?
    /// The kernel's addresses: only the daemon, its supervisor and a power failure change them.
    var kernelAddresses: [IPAddress] = []
    var hostUp = true
    var interfaceUp = true
    /// How many faults hold it frozen; it runs at zero.
    var freezes = 0
    /// The machine sleeps: not even its sockets queue.
    var isAsleep = false
    /// How many faults hold the interface down.
    var unplugs = 0
    /// Grows with every end of the daemon, so that what was planned for an earlier life does not happen to
    /// a later one.
    var life = 0
    /// When the daemon died, nil while it lives.
    var diedAt: Instant?
    /// It was told to stop, and somebody starts it again then; it may be handing over still.
    var stopsUntil: Instant?
    /// Whether it died as master, and when it had last sent: what a supervisor writes down for adoption.
    var lastMasterSend: Instant?
    /// The last number of its adverts that its supervisor has written down.
    var lastSequence: UInt32 = 0
    /// What the sockets queued while the daemon did not run.
    var inbox: [(datagram: ReceivedDatagram, corrupted: Bool)] = []
    /// When the loop will wake for the router's deadline, the scheduler's delay included.
    var wakeAt: Instant?
    var armedFor: Instant?

    init(node: Int, configuration: RouterConfiguration) {
        address = Scenario.address(of: node, configuration.family)
        self.configuration = configuration
    }

    var runs: Bool { router != nil && freezes == 0 }
    var isMaster: Bool { router?.state.name == .master }
    /// Master, or on the way down from it: the kernel is to hold the addresses.
    var isToHold: Bool { isMaster || router?.isHandingOver ?? false }

    /// The deadline as the loop sees it: nothing happens in a frozen process.
    var nextWake: Instant? { freezes == 0 ? wakeAt : nil }

    /// Plans the wake-up for the router's present deadline; `lateness` is drawn anew for each deadline.
    mutating func arm(lateness: () -> Interval) {
        let deadline = router?.nextDeadline
        guard deadline != armedFor else { return }
        armedFor = deadline
        wakeAt = deadline.map { $0 + lateness() }
    }

    /// The daemon ends without a word.
    mutating func die(at now: Instant) {
        router = nil
        life += 1
        diedAt = now
        stopsUntil = nil
        inbox = []
        (wakeAt, armedFor) = (nil, nil)
    }
}
