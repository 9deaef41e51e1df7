import ConfigModel
import HealthChecks
import LinuxIO
import LoadBalancing

/// Whom check scripts run as. Names are looked up once at start and at each reload, since a name service may
/// take its time; nothing is looked up when a script is due.
struct ScriptAccounts {
    /// What a look-up brought: an account, or why there is none.
    enum Found: Hashable {
        case account(UserAccount)
        case refused(String)
    }

    private var found: [String?: Found] = [:]

    /// Nobody yet.
    init() {}

    /// Looks up all users that the scripts of `configuration` need.
    init(
        _ configuration: Configuration, find: (String) throws -> UserAccount? = { try UserAccount.find($0) }
    ) {
        for check in configuration.virtualServers.flatMap(\.realServers).flatMap(\.checks) {
            guard case .script(let script) = check.kind else { continue }
            let user = script.user ?? configuration.global.scriptUser
            guard found[script.user] == nil else { continue }
            found[script.user] = Self.look(for: user, find: find)
        }
    }

    /// What is known of the script's user.
    func account(of script: ScriptCheck) -> Found {
        found[script.user] ?? .refused("its user has not been looked up")
    }

    /// Why some cannot be used, one line each.
    var refusals: [String] {
        found.values.compactMap { if case .refused(let why) = $0 { why } else { nil } }.sorted()
    }

    private static func look(for user: String?, find: (String) throws -> UserAccount?) -> Found {
        do {
            let nobody = UserAccount(name: "nobody", user: 65_534, group: 65_534)
            let account =
                try user.map { try find($0) }
                ?? (try find("keepalived_script") ?? (try find("nobody") ?? nobody))
            guard let account else { return .refused("there is no user \(user ?? "")") }
            guard !RoleAccount.users.contains(account.user) else {
                return .refused("user \(account.name) has the user id \(account.user) of a role of holdfastd")
            }
            return .account(account)
        } catch {
            return .refused("\(error)")
        }
    }
}

/// Whom the roles run as: users of their own, so that no other process may signal or trace them, not even a
/// check script, and by number, so that no name service is asked. The numbers are in 65520...65533, which
/// neither distributions, systemd nor containers give to anybody, and which exist where only 65536 ids are
/// mapped.
enum RoleAccount {
    static func of(_ role: RoleName) -> UserAccount {
        let number: UInt32 =
            switch role {
            case .vrrp: 65_521
            case .lvs: 65_522
            case .checker: 65_523
            }
        return UserAccount(name: "holdfastd-\(role)", user: number, group: number)
    }

    static let users = Set(RoleName.allCases.map { of($0).user })
}
