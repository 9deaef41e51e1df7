import LinuxIO

/// `net.ipv4.vs.backup_only`, which only root can write: set for lvs, and put back to what it was. What it
/// was is written down before it is changed, so that a successor can put it back as well.
final class BackupOnlySwitch {
    /// The setting of this process's network namespace; absent without IPVS.
    static let path = "/proc/sys/net/ipv4/vs/backup_only"

    private let path: String
    private let directory: RunDirectory
    private var before: UInt8?
    private var hasSet = false
    /// How often somebody else had changed it.
    private(set) var repairs = 0

    init(in directory: RunDirectory, path: String = BackupOnlySwitch.path) throws {
        self.directory = directory
        self.path = path
        for case .backupOnly(let value) in try directory.claims("supervisor") { before = value }
    }

    /// Sets it (again, when somebody has changed it), or puts it back; what was done, nil for nothing.
    func set(_ wanted: Bool) throws -> String? {
        if wanted {
            let present = try read()
            if before == nil {
                try directory.rewrite("supervisor", [.backupOnly(before: present)])
                before = present
            }
            let isRepair = hasSet
            hasSet = true
            guard present != 1 else { return nil }
            try Files.set(path, to: "1")
            if isRepair { repairs += 1 }
            return (isRepair ? "repaired: " : "") + "net.ipv4.vs.backup_only set to 1"
        }
        guard let before else { return nil }
        // Without the file IPVS is gone from the kernel, and the setting with it.
        let changes = try Files.exists(path) && read() != before
        if changes { try Files.set(path, to: "\(before)") }
        try directory.removeLedger("supervisor")
        self.before = nil
        hasSet = false
        return changes ? "net.ipv4.vs.backup_only put back to \(before)" : nil
    }

    private func read() throws -> UInt8 {
        let text = String(decoding: try Files.read(path, limit: 64), as: UTF8.self)
        guard let value = UInt8(text.prefix { $0.isNumber }) else {
            throw SystemError("read \(path)", .badMessage)
        }
        return value
    }
}
