import ConfigModel
import HealthChecks
import LoadBalancing
import NetTypes
import Testing

@testable import Director

@Suite struct ServiceWatchTests {
    private static let first = tcpCheck("192.0.2.21")
    private static let second = tcpCheck("192.0.2.22")

    /// One service over two servers of which each change is told.
    private static func configuration(
        quorum: UInt32 = 1, end: Bool = false, firstState: Bool = false
    ) -> Configuration {
        var service = virtualServer()
        service.quorum = quorum
        var configuration = pair(servers: [service])
        var scripts = ServiceNotifications()
        scripts.quorumUp = NotifyScript(["/quorum", "up"])
        scripts.quorumDown = NotifyScript(["/quorum", "down"])
        scripts.tellsEnd = end
        for (number, server) in service.realServers.enumerated() {
            var names = ServerScripts()
            names.up = NotifyScript(["/server", "\(number)", "up"])
            names.down = NotifyScript(["/server", "\(number)", "down"])
            scripts.servers[server.endpoint] = names
        }
        configuration.notifications.services[service.identity] = scripts
        configuration.notifications.tellsFirstState = firstState
        return configuration
    }

    private func told(_ notifications: [Notification]) -> [String] {
        notifications.flatMap(\.scripts).map { $0.command.joined(separator: " ") }
    }

    @Test func `a quorum is told at the start, servers are not`() {
        var watch = ServiceWatch()
        #expect(told(watch.configure(Self.configuration(), knowing: [:])) == ["/quorum up"])
    }

    @Test func `each change is told once, the server before the service`() {
        var watch = ServiceWatch()
        _ = watch.configure(Self.configuration(), knowing: [:])
        #expect(told(watch.update([Self.first], knowing: [Self.first: .down])) == ["/server 0 down"])
        #expect(told(watch.update([Self.first], knowing: [Self.first: .down])) == [])
        let both: [CheckSpecification: Verdict] = [Self.first: .down, Self.second: .down]
        #expect(told(watch.update([Self.second], knowing: both)) == ["/server 1 down", "/quorum down"])
        let one: [CheckSpecification: Verdict] = [Self.first: .up, Self.second: .down]
        #expect(told(watch.update([Self.first], knowing: one)) == ["/server 0 up", "/quorum up"])
    }

    @Test func `a quorum is told on the side of the hysteresis that the plan is on`() {
        var configuration = Self.configuration(quorum: 2)
        configuration.virtualServers[0].hysteresis = 1
        var watch = ServiceWatch()
        _ = watch.configure(configuration, knowing: [:])
        #expect(told(watch.update([Self.first], knowing: [Self.first: .down])) == ["/server 0 down"])
        let none: [CheckSpecification: Verdict] = [Self.first: .down, Self.second: .down]
        #expect(told(watch.update([Self.second], knowing: none)) == ["/server 1 down", "/quorum down"])
        let one: [CheckSpecification: Verdict] = [Self.first: .down, Self.second: .up]
        #expect(told(watch.update([Self.second], knowing: one)) == ["/server 1 up"], "not enough yet")
    }

    @Test func `an operator's order is news of the quorum alone`() {
        var watch = ServiceWatch()
        let configuration = Self.configuration(quorum: 2)
        let identity = configuration.virtualServers[0].identity
        let first = ServerName(service: identity, server: endpoint("192.0.2.21", 80))
        _ = watch.configure(configuration, knowing: [:])
        #expect(
            told(watch.update([identity], under: [first: .maintenance], knowing: [:])) == ["/quorum down"])
        #expect(told(watch.update([identity], under: [first: .drain], knowing: [:])) == [])
        #expect(told(watch.update([Self.second], knowing: [Self.second: .up])) == [], "it is remembered")
        let other = virtualServer(port: 99).identity
        #expect(told(watch.update([other], under: [:], knowing: [:])) == [], "not about this service")
        #expect(told(watch.update([identity], under: [:], knowing: [:])) == ["/quorum up"])
        var late = ServiceWatch()
        #expect(told(late.configure(configuration, knowing: [:], orders: [first: .drain])) == [])
    }

    @Test func `a group is called as keepalived calls it`() throws {
        var configuration = Self.configuration()
        configuration.virtualServers[0].group = ServiceGroup(
            name: "web", transport: .tcp, family: .inet,
            lines: [.addresses(try #require(AddressRange("192.0.2.100-101")), port: 80)])
        var watch = ServiceWatch()
        #expect(watch.configure(configuration, knowing: [:]).map(\.line) == ["VS [web]:0 UP"])
        #expect(
            watch.update([Self.first], knowing: [Self.first: .down]).map(\.line)
                == ["RS [192.0.2.21]:tcp:80 [web]:0 DOWN"])
    }

    @Test func `a first verdict that is what was taken for granted is no news, unless it is asked for`() {
        var watch = ServiceWatch()
        _ = watch.configure(Self.configuration(), knowing: [:])
        #expect(told(watch.update([Self.first], knowing: [Self.first: .up])) == [])
        var eager = ServiceWatch()
        _ = eager.configure(Self.configuration(firstState: true), knowing: [:])
        #expect(told(eager.update([Self.first], knowing: [Self.first: .up])) == ["/server 0 up"])
        #expect(told(eager.update([Self.first], knowing: [Self.first: .up])) == [])
        #expect(
            told(eager.update([Self.second], knowing: [Self.first: .up, Self.second: .down]))
                == ["/server 1 down"])
    }

    @Test func `a server that starts as down is told when it comes up, and so is the quorum`() {
        var configuration = Self.configuration()
        for index in [0, 1] {
            configuration.virtualServers[0].realServers[index].checks[0].schedule.startsDown = true
        }
        let check = configuration.virtualServers[0].realServers[0].checks[0]
        var watch = ServiceWatch()
        #expect(told(watch.configure(configuration, knowing: [:])) == [])
        #expect(told(watch.update([check], knowing: [check: .up])) == ["/server 0 up", "/quorum up"])
    }

    @Test func `a reload tells only what it changes`() {
        var watch = ServiceWatch()
        let down: [CheckSpecification: Verdict] = [Self.first: .down]
        _ = watch.configure(Self.configuration(), knowing: [:])
        _ = watch.update([Self.first], knowing: down)
        #expect(told(watch.configure(Self.configuration(), knowing: down)) == [])
        #expect(told(watch.configure(Self.configuration(quorum: 2), knowing: down)) == ["/quorum down"])
        #expect(
            told(watch.configure(Self.configuration(quorum: 2), knowing: [:])) == [
                "/server 0 up", "/quorum up",
            ])
    }

    @Test func `at the end only omega tells, what was up`() {
        var quiet = ServiceWatch()
        _ = quiet.configure(Self.configuration(), knowing: [:])
        #expect(told(quiet.finish()) == [])
        var watch = ServiceWatch()
        _ = watch.configure(Self.configuration(end: true), knowing: [:])
        _ = watch.update([Self.first], knowing: [Self.first: .down])
        #expect(told(watch.finish()) == ["/server 1 down", "/quorum down"])
        #expect(told(watch.finish()) == [], "not twice")
    }

    @Test func `a service that a reload removes ends like that`() {
        var watch = ServiceWatch()
        _ = watch.configure(Self.configuration(end: true), knowing: [:])
        let empty = watch.configure(pair(servers: []), knowing: [:])
        #expect(told(empty) == ["/server 0 down", "/server 1 down", "/quorum down"])
    }

    @Test func `who is not asked watches nothing`() {
        var watch = ServiceWatch()
        var configuration = pair()
        #expect(watch.configure(configuration, knowing: [:]) == [])
        #expect(watch.update([Self.first], knowing: [Self.first: .down]) == [])
        configuration.notifications.pipes = [.services: NotifyPipe(path: "/f")]
        var piped = ServiceWatch()
        #expect(piped.configure(configuration, knowing: [:]).map(\.line) == ["VS [192.0.2.100]:tcp:80 UP"])
        #expect(
            piped.update([Self.first], knowing: [Self.first: .down]).map(\.line)
                == ["RS [192.0.2.21]:tcp:80 [192.0.2.100]:tcp:80 DOWN"])
    }
}
