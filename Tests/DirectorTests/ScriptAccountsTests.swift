import ConfigModel
import HealthChecks
import LinuxIO
import Testing

@testable import Director

@Suite struct ScriptAccountsTests {
    private func accounts(
        users: [String?], global: String? = nil, known: [String: UInt32]
    ) -> (accounts: ScriptAccounts, asked: [String]) {
        let checks = users.enumerated().map { scriptCheck(["/bin/check", "\($0.offset)"], user: $0.element) }
        var configuration = pair(servers: [virtualServer(servers: [realServer("192.0.2.21", checks: checks)])]
        )
        configuration.global.scriptUser = global.map { ScriptUser($0) }
        var asked: [String] = []
        let accounts = ScriptAccounts(configuration) { user in
            asked.append(user.name)
            return known[user.name].map { UserAccount(name: user.name, user: $0, group: $0) }
        }
        return (accounts, asked)
    }

    private func user(of accounts: ScriptAccounts, _ name: String?) -> UInt32? {
        guard case .script(let script) = scriptCheck(user: name).kind,
            case .account(let account) = accounts.account(of: script)
        else { return nil }
        return account.user
    }

    @Test func `each user is looked up once, and the default only where it is needed`() {
        let (accounts, asked) = accounts(users: ["www", "www"], known: ["www": 33])
        #expect(asked == ["www"])
        #expect(user(of: accounts, "www") == 33)
        #expect(user(of: accounts, nil) == nil)
        #expect(accounts.refusals.isEmpty)
    }

    @Test func `the default is script_user, keepalived_script, nobody, and nobody's number`() {
        let known: [String: UInt32] = ["checker": 7, "keepalived_script": 8, "nobody": 9]
        #expect(user(of: accounts(users: [nil], global: "checker", known: known).accounts, nil) == 7)
        #expect(user(of: accounts(users: [nil], known: known).accounts, nil) == 8)
        #expect(user(of: accounts(users: [nil], known: ["nobody": 9]).accounts, nil) == 9)
        #expect(user(of: accounts(users: [nil], known: [:]).accounts, nil) == 65_534)
    }

    @Test func `a check's group is looked up with its user`() {
        guard case .script(var script) = scriptCheck(user: "www").kind else { return }
        script.group = "adm"
        let check = CheckSpecification(kind: .script(script), schedule: CheckSchedule())
        let server = realServer("192.0.2.21", checks: [check])
        let configuration = pair(servers: [virtualServer(servers: [server])])
        let accounts = ScriptAccounts(configuration) { user in
            user == ScriptUser("www", group: "adm") ? UserAccount(name: "www", user: 33, group: 4) : nil
        }
        #expect(accounts.account(of: script) == .account(UserAccount(name: "www", user: 33, group: 4)))
        script.group = nil
        #expect(accounts.account(of: script) != .account(UserAccount(name: "www", user: 33, group: 4)))
    }

    @Test func `an unknown user is refused by name`() {
        let accounts = accounts(users: ["ghost"], known: [:]).accounts
        #expect(user(of: accounts, "ghost") == nil)
        #expect(accounts.refusals == ["there is no user ghost"])
    }

    @Test(arguments: RoleName.allCases) func `no script runs as a role`(_ role: RoleName) {
        let number = RoleAccount.of(role).user
        let accounts = accounts(users: ["spy"], known: ["spy": number]).accounts
        #expect(user(of: accounts, "spy") == nil)
        #expect(accounts.refusals == ["user spy has the user id \(number) of a role of holdfastd"])
    }

    @Test func `without scripts nobody is looked up`() {
        #expect(accounts(users: [], known: [:]).asked.isEmpty)
    }
}

@Suite struct RoleAccountTests {
    @Test func `each role has numbers that nobody else has`() {
        #expect(RoleAccount.users.count == RoleName.allCases.count)
        #expect(RoleAccount.users.allSatisfy { (65_520...65_533).contains($0) })
        #expect(RoleName.allCases.allSatisfy { RoleAccount.of($0).groups == [RoleAccount.of($0).user] })
    }
}
