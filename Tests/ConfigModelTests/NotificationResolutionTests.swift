import ConfigModel
import Testing

@Suite struct NotificationResolutionTests {
    private func scripts(_ lines: String, global: String = "") -> TransitionScripts? {
        Sample.load("global_defs {\n\(global)\n}\n" + Sample.instance(lines: lines)).configuration?
            .notifications.instances["VI_1"]
    }

    @Test func `each keyword is kept as what it is`() {
        let lines = """
            notify_master "/m 1"
            notify_backup /b
            notify_fault /f
            notify_stop /s
            notify /n
            notify_deleted /d
            """
        var expected = TransitionScripts()
        expected.master = NotifyScript(["/m", "1"])
        expected.backup = NotifyScript(["/b"])
        expected.fault = NotifyScript(["/f"])
        expected.stop = NotifyScript(["/s"])
        expected.any = NotifyScript(["/n"])
        expected.reportsDeletion = true
        expected.deleted = NotifyScript(["/d"])
        #expect(scripts(lines) == expected)
    }

    @Test func `without a user a script runs as script_user, whichever comes first`() {
        let user = ScriptUser("www")
        #expect(scripts("notify /n", global: "script_user www")?.any?.account == user)
        #expect(scripts("notify /n", global: "")?.any?.account == nil)
        let own = scripts("notify /n root adm", global: "script_user www")?.any?.account
        #expect(own == ScriptUser("root", group: "adm"))
    }

    @Test func `an instance without a script is told to nobody`() {
        #expect(scripts("") == nil)
        #expect(scripts("notify_deleted")?.reportsDeletion == true)
        #expect(scripts("notify_deleted")?.deleted == nil)
    }
}
