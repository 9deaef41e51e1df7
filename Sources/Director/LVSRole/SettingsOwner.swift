import LinuxIO
import LoadBalancing

/// The one writer of the settings of IPVS (`net.ipv4.vs.*`), for which CAP_NET_ADMIN is enough: sets what is
/// wanted, again when somebody has changed it, and puts back what is wanted no longer. What was there is
/// written down before it is changed, so that a successor can put it back as well.
final class SettingsOwner {
    /// What became of a wish.
    struct Outcome: Hashable {
        /// These had another value.
        var changed: Set<IPVSSetting> = []
        /// All are as they should be.
        var isComplete = true
    }

    /// The settings of this process's network namespace; absent without IPVS.
    static let root = "/proc/sys/net/ipv4/vs"

    private let root: String
    private let ledger: LedgerWriter
    private let log: Log
    /// What this process has seen in force.
    private var inForce: [IPVSSetting: String] = [:]
    /// Why one cannot be set, until it can.
    private var said: [IPVSSetting: String] = [:]

    init(ledger: LedgerWriter, log: Log, root: String = SettingsOwner.root) {
        self.ledger = ledger
        self.log = log
        self.root = root
    }

    /// Makes the settings what is wanted.
    func set(_ wanted: [IPVSSetting: String]) -> Outcome {
        var before: [IPVSSetting: String] = [:]
        for case .sysctl(let setting, let value) in ledger.claims { before[setting] = value }
        var outcome = Outcome()
        for setting in IPVSSetting.allCases where wanted[setting] != nil || before[setting] != nil {
            do {
                let isNew =
                    if let value = wanted[setting] {
                        try set(setting, to: value, before: before[setting])
                    } else {
                        try putBack(setting, before[setting])
                    }
                if isNew { outcome.changed.insert(setting) }
                said[setting] = nil
            } catch {
                outcome.isComplete = false
                // An audit follows every other second.
                if said.updateValue("\(error)", forKey: setting) != "\(error)" { log.error("\(error)") }
            }
        }
        return outcome
    }

    /// True when it had another value.
    private func set(_ setting: IPVSSetting, to value: String, before: String?) throws -> Bool {
        let present = try read(setting)
        if before == nil { try ledger.claim([.sysctl(setting, before: present)]) }
        // A predecessor had set what it wrote down.
        let isRepair = inForce[setting].map { $0 == value } ?? (before != nil)
        if present != value { try Files.set(path(of: setting), to: value) }
        inForce[setting] = value
        guard present != value else { return false }
        if isRepair {
            log.warning("repaired: \(setting) set to \(value)")
        } else {
            log.notice("\(setting) set to \(value)")
        }
        return true
    }

    /// True when it had another value.
    private func putBack(_ setting: IPVSSetting, _ before: String?) throws -> Bool {
        guard let before else { return false }
        // Without the file IPVS is gone from the kernel, and the setting with it.
        let changes = try Files.exists(path(of: setting)) && read(setting) != before
        if changes { try Files.set(path(of: setting), to: before) }
        try ledger.unclaim([.sysctl(setting, before: before)])
        inForce[setting] = nil
        if changes { log.notice("\(setting) put back to \(before)") }
        return changes
    }

    private func path(of setting: IPVSSetting) -> String { "\(root)/\(setting.rawValue)" }

    private func read(_ setting: IPVSSetting) throws -> String {
        let text = String(decoding: try Files.read(path(of: setting), limit: 64), as: UTF8.self)
        guard let value = IPVSSetting.value(in: text) else {
            throw SystemError("read \(path(of: setting))", .badMessage)
        }
        return value
    }
}
