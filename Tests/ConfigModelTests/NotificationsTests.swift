import ConfigModel
import Testing

@Suite struct NotificationsTests {
    @Test func `every script is listed, so that its user can be looked up`() {
        var scripts = TransitionScripts()
        #expect(scripts.all == [])
        let named = (1...6).map { NotifyScript(["/\($0)"], as: ScriptUser("user\($0)")) }
        scripts.master = named[0]
        scripts.backup = named[1]
        scripts.fault = named[2]
        scripts.stop = named[3]
        scripts.any = named[4]
        scripts.deleted = named[5]
        #expect(scripts.all == named)
        var notifications = Notifications()
        #expect(notifications.scripts == [])
        notifications.instances = ["VI_1": scripts]
        #expect(notifications.scripts == named)
    }
}
