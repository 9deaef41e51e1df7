import LinuxIO
import LoadBalancing
import Timekeeping

/// /run/holdfast/net-INODE: the lock, the process id, the ledgers and the overrides of the one daemon of a
/// network namespace.
final class RunDirectory {
    /// The control socket.
    var socketPath: String { "\(path)/control.sock" }

    /// Where all of it lives.
    static let root = "/run/holdfast"
    /// A ledger above this size is not read.
    private static let ledgerLimit = 64 << 20

    let path: String
    private let bootID: String
    /// Names the network namespace: its inode, which may be used again when it is gone, and its cookie.
    private let namespace: String
    private let lock: FileLock
    private var pidPath: String?

    /// Why there is no run directory for us.
    enum Refusal: Error, CustomStringConvertible {
        case taken(String)

        var description: String {
            switch self {
            case .taken(let path):
                "another holdfastd runs in this network namespace (\(path) is locked)"
            }
        }
    }

    /// Makes the directory of this namespace and takes its lock.
    init(root: String = RunDirectory.root) throws {
        bootID = try HostFacts.bootID()
        let inode = try HostFacts.networkNamespace()
        namespace = "\(inode)" + (HostFacts.networkNamespaceCookie().map { " cookie \($0)" } ?? "")
        path = "\(root)/net-\(inode)"
        try Files.createDirectory(root, mode: 0o755)
        lock = try Self.lock(path)
        Self.removeOthers(in: root, but: path)
    }

    /// Takes the lock of a directory, made when absent. Whoever ends may just be removing it, and whoever
    /// begins may just be looking whether it is in use: both take no time.
    private static func lock(_ path: String) throws -> FileLock {
        for attempt in 1...Self.attempts {
            try Files.createDirectory(path, mode: 0o755)
            do throws(SystemError) {
                if let held = try FileLock.take("\(path)/lock"), held.isOn("\(path)/lock") { return held }
            } catch {
                guard error.errno == .notFound else { throw error }
            }
            if attempt < Self.attempts { Scheduling.sleep(.milliseconds(20)) }
        }
        throw Refusal.taken("\(path)/lock")
    }

    private static let attempts = 4
    /// What is worth nothing without its daemon.
    private static let passing: Set<String> = [".", "..", "lock", "holdfastd.pid", "control.sock"]

    /// Directories of other namespaces in which no daemon runs, and nothing is to be remembered: mostly of
    /// namespaces that are gone, where nobody would look again.
    private static func removeOthers(in root: String, but own: String) {
        for name in (try? Files.names(in: root)) ?? [] where name.hasPrefix("net-") {
            let path = "\(root)/\(name)"
            guard path != own, let held = (try? FileLock.take("\(path)/lock")) ?? nil,
                held.isOn("\(path)/lock")
            else { continue }
            withExtendedLifetime(held) { removeIfPassing(path) }
        }
    }

    /// The caller holds its lock.
    private static func removeIfPassing(_ path: String) {
        guard let names = try? Files.names(in: path), passing.isSuperset(of: names) else { return }
        // The lock last: until then nobody begins here.
        for name in ["holdfastd.pid", "control.sock", "lock"] { try? Files.remove("\(path)/\(name)") }
        try? Files.removeEmptyDirectory(path)
    }

    /// At the end: removes the process id file, and the directory where nothing is to be remembered.
    func leave() throws {
        try removeProcessID()
        Self.removeIfPassing(path)
    }

    /// Whether a daemon of this namespace, running or not, has a ledger. Makes nothing.
    static func hasLedgers(root: String = RunDirectory.root) -> Bool {
        guard let inode = try? HostFacts.networkNamespace() else { return false }
        let names = RoleName.allCases.map(\.rawValue) + [RefusalRules.ledger]
        return names.contains { Files.exists("\(root)/net-\(inode)/\($0).ledger") }
    }

    /// Writes the process id to `file`, or to `holdfastd.pid` in here.
    func writeProcessID(to file: String?) throws {
        let pidPath = file ?? "\(path)/holdfastd.pid"
        try Files.replace(pidPath, with: Array("\(HostFacts.process)\n".utf8))
        self.pidPath = pidPath
    }

    private func removeProcessID() throws { if let pidPath { try Files.remove(pidPath) } }

    private func ledgerPath(_ name: String) -> String { "\(path)/\(name).ledger" }

    /// What the ledger `name` claims in this boot and namespace; nothing when there is none.
    func claims(_ name: String) throws -> [Claim] {
        guard Files.exists(ledgerPath(name)) else { return [] }
        let octets = try Files.read(ledgerPath(name), limit: Self.ledgerLimit, following: false)
        return LedgerText.claims(
            in: String(decoding: octets, as: UTF8.self), bootID: bootID, namespace: namespace)
    }

    /// Writes the ledger anew: claims of other boots and repetitions go, `claims` stay.
    func rewrite(_ name: String, _ claims: [Claim]) throws {
        let text = LedgerText.render(claims, bootID: bootID, namespace: namespace)
        try Files.replace(ledgerPath(name), with: Array(text.utf8), mode: 0o600)
    }

    /// Writes the ledger of a daemon that was killed anew, if there is one with anything in it.
    func compactLedger(_ name: String) throws {
        let claims = try claims(name)
        if claims.isEmpty { try removeLedger(name) } else { try rewrite(name, claims) }
    }

    /// True when there is a ledger whose last line has its end.
    func hasWholeLedger(_ name: String) throws -> Bool {
        try Files.exists(ledgerPath(name))
            && Files.read(ledgerPath(name), limit: Self.ledgerLimit, following: false).last
                == UInt8(ascii: "\n")
    }

    /// The ledger, open for a role to append to. A last line that a killed role left without its end goes,
    /// and with it the file that others have open.
    func openLedger(_ name: String) throws -> OwnedFD {
        if try !hasWholeLedger(name) { try rewrite(name, claims(name)) }
        return try Files.openForAppending(ledgerPath(name))
    }

    private var overridesPath: String { "\(path)/overrides.json" }

    /// What operators wanted of servers; nothing when there is no file, or one of another namespace.
    func overrides(_ times: ReportTimes) throws -> [ServerOverride] {
        guard Files.exists(overridesPath) else { return [] }
        let octets = try Files.read(overridesPath, limit: OverrideFile.limit, following: false)
        return try OverrideFile.overrides(in: octets, namespace: namespace, times)
    }

    /// Writes that down; nothing stays of none.
    func remember(_ overrides: [ServerOverride], _ times: ReportTimes) throws {
        guard !overrides.isEmpty else { return try Files.remove(overridesPath) }
        let text = OverrideFile.text(overrides, namespace: namespace, times)
        try Files.replace(overridesPath, with: Array(text.utf8), mode: 0o600)
    }

    /// Forgets all claims of `name`: nothing of it is left in the kernel.
    func removeLedger(_ name: String) throws { try Files.remove(ledgerPath(name)) }
}
