import ConfigModel
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct SupervisorNotificationsTests {
    /// Two instances of which each transition is told by `notify`.
    private static let configuration: Configuration = {
        var configuration = pair(instances: [router(), router("VI_2", id: 52, priority: 7)])
        var scripts = TransitionScripts()
        scripts.any = NotifyScript(["/n"])
        configuration.notifications.instances = ["VI_1": scripts, "VI_2": scripts]
        return configuration
    }()

    /// The arguments of what is run.
    private func told(_ actions: [Supervisor.Action]) -> [String] {
        actions.flatMap { action -> [NotifyScript] in
            if case .notify(let notification) = action { notification.scripts } else { [] }
        }.map { $0.command.dropFirst().joined(separator: " ") }
    }

    private func report(_ state: Router.StateName, _ name: String = "VI_1") -> Supervisor.Event {
        .reported(.vrrp(.state(instance: name, state)))
    }

    @Test func `each new state is told once, with the instance's priority`() {
        var play = Play.running(Self.configuration)
        for state in [Router.StateName.backup, .master, .master, .fault, .backup] { play.feed(report(state)) }
        play.feed(report(.master, "VI_2"))
        #expect(
            told(play.take()) == [
                "INSTANCE VI_1 BACKUP 100", "INSTANCE VI_1 MASTER 100", "INSTANCE VI_1 FAULT 100",
                "INSTANCE VI_1 BACKUP 100", "INSTANCE VI_2 MASTER 7",
            ])
    }

    @Test func `lvs hears of a state before any script`() throws {
        var play = Play.running(Self.configuration)
        play.feed(report(.master))
        let actions = play.take()
        #expect(actions.count == 2)
        #expect(actions.first == .send(.lvs(.state(instance: "VI_1", .master))))
    }

    @Test func `a role that goes on as master after a restart is no news, one that does not is`() {
        var play = Play.running(Self.configuration)
        play.feed(report(.master))
        play.feed(.reported(.vrrp(.advertised(["VI_1": play.now]))))
        play.feed(.roleEnded(.vrrp, how: "killed by SIGKILL"))
        play.feed(report(.master))
        #expect(told(play.take()) == ["INSTANCE VI_1 MASTER 100"])
        play.feed(report(.backup))
        #expect(told(play.take()) == ["INSTANCE VI_1 BACKUP 100"])
    }

    @Test func `addresses that the supervisor takes away are a fault`() {
        var play = Play.running(Self.configuration)
        play.feed(report(.master))
        play.feed(.reported(.vrrp(.advertised(["VI_1": play.now]))))
        _ = play.take()
        play.broken = [.vrrp]
        play.feed(.roleEnded(.vrrp, how: "killed by SIGKILL"))
        #expect(told(play.take()) == [])
        for _ in 1...100 { play.pass(.milliseconds(100)) }
        #expect(told(play.take()) == ["INSTANCE VI_1 FAULT 100"])
    }

    @Test func `a stop is told when the role has let go`() {
        var play = Play.running(Self.configuration)
        play.feed(report(.master))
        play.feed(report(.backup, "VI_2"))
        _ = play.take()
        play.feed(.stopRequested)
        #expect(told(play.take()) == [])
        play.feed(report(.initialize))
        play.feed(report(.initialize, "VI_2"))
        #expect(told(play.take()) == ["INSTANCE VI_1 STOP 100", "INSTANCE VI_2 STOP 7"])
        play.feed(.reported(.vrrp(.stopped)))
        play.feed(.roleEnded(.vrrp, how: "exit status 0"))
        #expect(told(play.take()) == [], "not twice")
    }

    @Test func `a stop is told even when the role is dead`() {
        var play = Play.running(Self.configuration)
        play.feed(report(.master))
        play.feed(.reported(.vrrp(.advertised(["VI_1": play.now]))))
        play.broken = [.vrrp]
        play.feed(.roleEnded(.vrrp, how: "killed by SIGKILL"))
        _ = play.take()
        play.feed(.stopRequested)
        #expect(told(play.take()) == ["INSTANCE VI_1 STOP 100"], "VI_2 never was anything")
    }

    @Test func `an instance that a reload removes is told of when it has ended`() {
        var play = Play.running(Self.configuration)
        play.feed(report(.master))
        play.feed(report(.master, "VI_2"))
        _ = play.take()
        var smaller = Self.configuration
        smaller.instances.removeLast()
        smaller.notifications.instances["VI_2"] = nil
        play.feed(.configured(smaller))
        #expect(told(play.take()) == [])
        play.feed(report(.initialize, "VI_2"))
        #expect(told(play.take()) == ["INSTANCE VI_2 FAULT 7"])
        play.feed(report(.initialize, "VI_2"))
        #expect(told(play.take()) == [])
    }

    @Test func `an instance that comes back before it has ended is not told of as removed`() {
        var play = Play.running(Self.configuration)
        play.feed(report(.backup, "VI_2"))
        var smaller = Self.configuration
        smaller.instances.removeLast()
        play.feed(.configured(smaller))
        play.feed(.configured(Self.configuration))
        _ = play.take()
        play.feed(report(.backup, "VI_2"))
        #expect(told(play.take()) == ["INSTANCE VI_2 BACKUP 7"])
    }

    @Test func `an instance that becomes another router of its name has ended, then begins`() {
        var play = Play.running(Self.configuration)
        play.feed(report(.master))
        var changed = Self.configuration
        changed.instances[0].interface = "eth1"
        changed.notifications.instances["VI_1"]?.reportsDeletion = true
        play.feed(.configured(changed))
        _ = play.take()
        play.feed(report(.initialize))
        play.feed(report(.backup))
        #expect(told(play.take()) == ["INSTANCE VI_1 DELETED 100", "INSTANCE VI_1 BACKUP 100"])
    }
}
