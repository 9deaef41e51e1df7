import HealthChecks

/// The runs of scripts that the supervisor was asked for, each by a number that is never used again.
struct ScriptRuns {
    private var probes: [UInt64: ProbeID] = [:]
    private var numbers: [ProbeID: UInt64] = [:]
    private var last: UInt64 = 0

    /// The number of the run that is asked for now.
    mutating func begin(for probe: ProbeID) -> UInt64 {
        last += 1
        probes[last] = probe
        numbers[probe] = last
        return last
    }

    /// The run has ended: whose it was; nil when nobody waits for it any more.
    mutating func ended(_ number: UInt64) -> ProbeID? {
        guard let probe = probes.removeValue(forKey: number) else { return nil }
        numbers[probe] = nil
        return probe
    }

    /// The probe does not wait any more: the number of its run, which is to be ended; nil for none.
    mutating func abandon(_ probe: ProbeID) -> UInt64? {
        guard let number = numbers.removeValue(forKey: probe) else { return nil }
        probes[number] = nil
        return number
    }
}
