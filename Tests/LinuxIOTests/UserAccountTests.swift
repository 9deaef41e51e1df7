import LinuxIO
import Testing

@Suite struct UserAccountTests {
    @Test func `root is found with its numbers`() throws {
        let root = try #require(try UserAccount.find("root"))
        #expect(root.user == 0 && root.group == 0 && root.groups.contains(0))
        #expect(root.description == "root (uid 0, gid 0)")
    }

    @Test func `a group that is named replaces all of the user's`() throws {
        let account = try #require(try UserAccount.find("root", group: "daemon"))
        #expect(account.user == 0 && account.group != 0 && account.groups == [account.group])
    }

    @Test func `a user or group that is not there is nil`() throws {
        #expect(try UserAccount.find("no-such-user-here") == nil)
        #expect(try UserAccount.find("root", group: "no-such-group-here") == nil)
    }

    @Test func `a group is found by its name`() throws {
        #expect(try UserAccount.group("root") == 0)
        #expect(try UserAccount.group("no-such-group-here") == nil)
    }

    @Test func `an account can be made of numbers`() {
        let account = UserAccount(name: "1000", user: 1000, group: 100)
        #expect(account.groups == [100])
    }
}
