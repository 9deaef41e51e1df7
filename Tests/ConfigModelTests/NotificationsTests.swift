import ConfigModel
import LoadBalancing
import NetTypes
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
        #expect(!notifications.watchesServices)
        var service = ServiceNotifications()
        service.quorumUp = named[0]
        service.quorumDown = named[1]
        var server = ServerScripts()
        server.up = named[2]
        server.down = named[3]
        service.servers = [Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 80): server]
        #expect(service.all == Array(named[0...3]))
        notifications.instances = [:]
        notifications.services = [.address(.tcp, Endpoint(.v4(IPv4Address(192, 0, 2, 9)), port: 80)): service]
        #expect(notifications.watchesServices)
        notifications.pipes = [.vrrp: NotifyPipe(path: "/f", reader: named[4])]
        #expect(notifications.scripts == Array(named[0...4]))
        notifications.services = [:]
        #expect(!notifications.watchesServices)
        notifications.pipes[.services] = NotifyPipe(path: "/g")
        #expect(notifications.watchesServices)
    }
}
