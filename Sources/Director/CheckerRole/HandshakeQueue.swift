import HealthChecks
import Timekeeping

/// The TLS handshakes under way, and the probes that wait for theirs. A handshake costs far more than what
/// comes before and after it, so only so many are begun at once; and servers that do not end theirs must not
/// keep the others from having one.
struct HandshakeQueue {
    /// Handshakes under way at once.
    static let limit = 128
    /// Of these, those of probes that are expected to hang.
    static let suspectLimit = limit / 2

    private struct Wait {
        var isSuspect: Bool
        var until: Instant
    }

    /// True for a suspect.
    private var underWay: [ProbeID: Bool] = [:]
    private var suspects = 0
    private var waits: [ProbeID: Wait] = [:]
    private var ordinaryQueue: ArraySlice<ProbeID> = []
    private var suspectQueue: ArraySlice<ProbeID> = []

    /// When the first of those that wait gives up; nil when nobody waits.
    var nextDeadline: Instant? { waits.values.reduce(nil) { Instant?.earlier($0, $1.until) } }

    /// `probe` needs a handshake, and gives up at `until`; `isSuspect` when its server's last one hung.
    mutating func want(_ probe: ProbeID, isSuspect: Bool, until: Instant) {
        end(probe)
        waits[probe] = Wait(isSuspect: isSuspect, until: until)
        if isSuspect { suspectQueue.append(probe) } else { ordinaryQueue.append(probe) }
    }

    /// The next to begin its handshake; nil when all others have to wait.
    mutating func begin() -> ProbeID? {
        while underWay.count < Self.limit, let probe = ordinaryQueue.popFirst() {
            if take(probe) { return probe }
        }
        while underWay.count < Self.limit, suspects < Self.suspectLimit, let probe = suspectQueue.popFirst() {
            if take(probe) { return probe }
        }
        return nil
    }

    /// False for a probe that waits no more.
    private mutating func take(_ probe: ProbeID) -> Bool {
        guard let wait = waits.removeValue(forKey: probe) else { return false }
        underWay[probe] = wait.isSuspect
        suspects += wait.isSuspect ? 1 : 0
        return true
    }

    /// Those that have waited for too long; they wait no more. What this host was too busy for says nothing
    /// of a server.
    mutating func due(at now: Instant) -> [ProbeID] {
        guard let first = nextDeadline, first <= now else { return [] }
        let due = waits.filter { $0.value.until <= now }.map(\.key)
        for probe in due { waits[probe] = nil }
        return due
    }

    /// The handshake is over, or not wanted any more. Harmless when repeated.
    mutating func end(_ probe: ProbeID) {
        // As with every probe that speaks no TLS.
        guard !waits.isEmpty || !underWay.isEmpty else { return }
        waits[probe] = nil
        if underWay.removeValue(forKey: probe) == true { suspects -= 1 }
    }
}
