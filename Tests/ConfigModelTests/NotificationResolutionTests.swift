import ConfigModel
import LoadBalancing
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

    @Test(arguments: [
        ("", "", "", false), ("on", "", "", true), ("", "on", "", true), ("", "", "on", true),
        ("off", "on", "on", false), ("on", "off", "off", true), ("", "off", "on", false),
    ])
    func `the nearest word about priorities counts`(
        own: String, group: String, global: String, expected: Bool
    ) throws {
        func line(_ name: String, _ word: String) -> String { word.isEmpty ? "" : "\(name) \(word)" }
        let text = """
            global_defs {
                \(line("vrrp_notify_priority_changes", global))
            }
            vrrp_sync_group G {
                group {
                    VI_1
                }
                \(line("notify_priority_changes", group))
            }
            \(Sample.instance(lines: line("notify_priority_changes", own)))
            """
        let notifications = try #require(Sample.load(text).configuration).notifications
        #expect((notifications.instances["VI_1"]?.tellsPriorities ?? false) == expected)
        #expect(notifications.groups.isEmpty)
    }

    @Test func `an instance without a script is told to nobody`() {
        #expect(scripts("") == nil)
        #expect(scripts("notify_deleted")?.reportsDeletion == true)
        #expect(scripts("notify_deleted")?.deleted == nil)
    }

    @Test func `a service's scripts are found by its name, a server's by its endpoint`() throws {
        let server = Sample.server("192.0.2.21", "notify_up /up\nnotify_down /down www\nTCP_CHECK {\n}")
        let text = Sample.service(
            lines: "protocol TCP\nquorum_up /qu\nquorum_down /qd\nomega", servers: server)
        let configuration = try #require(Sample.load(text).configuration)
        let service = try #require(configuration.virtualServers.first)
        let found = try #require(configuration.notifications.services[service.identity])
        #expect(found.quorumUp == NotifyScript(["/qu"]))
        #expect(found.quorumDown == NotifyScript(["/qd"]))
        #expect(found.tellsEnd)
        let scripts = try #require(found.servers[service.realServers[0].endpoint])
        #expect(scripts.up == NotifyScript(["/up"]))
        #expect(scripts.down == NotifyScript(["/down"], as: ScriptUser("www")))
        #expect(configuration.notifications.watchesServices)
        #expect(Sample.load(Sample.service()).configuration?.notifications == Notifications())
    }

    @Test func `a FIFO belongs to script_user unless another owner is named`() throws {
        func pipes(_ lines: String) -> [NotifyPipe.Kind: NotifyPipe]? {
            Sample.load("global_defs {\n\(lines)\n}\n" + Sample.instance()).configuration?
                .notifications.pipes
        }
        #expect(pipes("notify_fifo /a") == [.all: NotifyPipe(path: "/a")])
        let www = ScriptUser("www")
        #expect(
            pipes("vrrp_notify_fifo_script /r\nvrrp_notify_fifo /a\nscript_user www")
                == [.vrrp: NotifyPipe(path: "/a", owner: www, reader: NotifyScript(["/r"], as: www))])
        #expect(
            pipes("script_user www\nlvs_notify_fifo /a root adm")
                == [.services: NotifyPipe(path: "/a", owner: ScriptUser("root", group: "adm"))])
        #expect(pipes("lvs_notify_fifo_script /r") == [:])
    }
}
