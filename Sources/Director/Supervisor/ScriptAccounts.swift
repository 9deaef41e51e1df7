import ConfigModel
import HealthChecks
import LinuxIO
import LoadBalancing
import VRRP

/// Whom scripts run as. Names are looked up once at start and at each reload, since a name service may
/// take its time; nothing is looked up when a script is due.
struct ScriptAccounts {
    /// What a look-up brought: an account, or why there is none.
    enum Found: Hashable {
        case account(UserAccount)
        case refused(String)
    }

    /// `enable_script_security`: scripts that somebody other than root can change are not run.
    private(set) var rootsOwn = false
    private var found: [ScriptUser?: Found] = [:]

    /// Nobody yet.
    init() {}

    /// Looks up all users that the scripts of `configuration` need.
    init(
        _ configuration: Configuration,
        find: (ScriptUser) throws -> UserAccount? = { try UserAccount.find($0.name, group: $0.group) }
    ) {
        rootsOwn = configuration.global.checksScriptOwnership
        for check in configuration.virtualServers.flatMap(\.realServers).flatMap(\.checks) {
            guard case .script(let script) = check.kind else { continue }
            look(for: script.account ?? configuration.global.scriptUser, as: script.account, find: find)
        }
        for script in configuration.tracked.scripts {
            let user = script.account ?? configuration.global.scriptUser
            look(for: user, as: script.account, find: find)
        }
        for script in configuration.notifications.scripts {
            let user = script.account ?? configuration.global.scriptUser
            look(for: user, as: script.account, find: find)
        }
        for case let owner? in configuration.notifications.pipes.values.map(\.owner) {
            look(for: owner, as: owner, find: find)
        }
    }

    private mutating func look(
        for user: ScriptUser?, as key: ScriptUser?, find: (ScriptUser) throws -> UserAccount?
    ) {
        if found[key] == nil { found[key] = Self.look(for: user, find: find) }
    }

    /// What is known of the script's user.
    func account(of script: ScriptCheck) -> Found { account(of: script.account) }

    /// What is known of a user; nil for the one of scripts that name none.
    func account(of user: ScriptUser?) -> Found {
        found[user] ?? .refused("its user has not been looked up")
    }

    /// Why some cannot be used, one line each.
    var refusals: [String] {
        found.values.compactMap { if case .refused(let why) = $0 { why } else { nil } }.sorted()
    }

    private static func look(
        for user: ScriptUser?, find: (ScriptUser) throws -> UserAccount?
    ) -> Found {
        do {
            let nobody = UserAccount(name: "nobody", user: 65_534, group: 65_534)
            let account =
                try user.map { try find($0) }
                ?? (try find(ScriptUser("keepalived_script")) ?? (try find(ScriptUser("nobody")) ?? nobody))
            guard let account else { return .refused(Self.absence(of: user)) }
            guard !RoleAccount.users.contains(account.user) else {
                return .refused("user \(account.name) has the user id \(account.user) of a role of holdfastd")
            }
            return .account(account)
        } catch {
            return .refused("\(error)")
        }
    }

    private static func absence(of user: ScriptUser?) -> String {
        let name = user?.name ?? ""
        guard let group = user?.group else { return "there is no user \(name)" }
        return "there is no user \(name), or no group \(group)"
    }
}

extension ScriptCheck {
    /// Whom it runs as; nil for the default script user.
    var account: ScriptUser? { user.map { ScriptUser($0, group: group) } }
}

extension TrackScript {
    /// Whom it runs as; nil for `script_user`.
    var account: ScriptUser? { user.map { ScriptUser($0, group: group) } }
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
