import Testing

@testable import Director

@Suite struct GuiseTests {
    @Test(arguments: [
        ("keepalived", Guise.keepalived), ("/usr/sbin/keepalived", .keepalived),
        ("./keepalived", .keepalived),
        ("holdfastd", .holdfastd), ("/usr/sbin/holdfastd", .holdfastd), ("", .holdfastd), ("/", .holdfastd),
        ("/opt/keepalived/bin/x", .holdfastd), ("keepalived.old", .holdfastd),
    ])
    func `the name decides, wherever it is`(program: String, guise: Guise) {
        #expect(Guise(program: program) == guise)
    }

    @Test func `keepalived's name stands for its files, unless others are named`() {
        var named = Options()
        (named.file, named.pidFile, named.guise) = ("/a", "/b", .keepalived)
        #expect(Guise.keepalived.completed(named) == named)
        let completed = Guise.keepalived.completed(Options())
        #expect(completed.file == "/etc/keepalived/keepalived.conf")
        #expect(completed.pidFile == "/run/keepalived.pid")
        #expect(Guise.holdfastd.completed(Options()) == Options())
    }

    @Test func `lines of keepalived are marked as its filters expect`() {
        let roles = [nil] + RoleName.allCases.map(Optional.init)
        #expect(
            roles.map(Guise.keepalived.ident) == [
                "Keepalived", "Keepalived_vrrp", "Keepalived_healthcheckers", "Keepalived_healthcheckers",
            ])
        #expect(
            roles.map(Guise.holdfastd.ident) == [
                "holdfastd", "holdfastd-vrrp", "holdfastd-lvs", "holdfastd-checker",
            ])
    }

    @Test func `its callers find a version in the first line`() throws {
        let line = try #require(Guise.keepalived.version.split(separator: "\n").first)
        #expect(line == "Keepalived v2.2.7 (\(Entry.version) in its place)")
        #expect(Guise.keepalived.speaksOnStandardError)
        #expect(Guise.holdfastd.version == "\(Entry.version)\n" && !Guise.holdfastd.speaksOnStandardError)
    }
}
