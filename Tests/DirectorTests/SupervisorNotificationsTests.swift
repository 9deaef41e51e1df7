import ConfigModel
import HealthChecks
import LoadBalancing
import NetTypes
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
        play.feed(.advertised(["VI_1": play.now]))
        play.feed(.roleEnded(.vrrp, how: "killed by SIGKILL"))
        play.feed(report(.master))
        #expect(told(play.take()) == ["INSTANCE VI_1 MASTER 100"])
        play.feed(report(.backup))
        #expect(told(play.take()) == ["INSTANCE VI_1 BACKUP 100"])
    }

    @Test func `addresses that the supervisor takes away are a fault`() {
        var play = Play.running(Self.configuration)
        play.feed(report(.master))
        play.feed(.advertised(["VI_1": play.now]))
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
        play.feed(.advertised(["VI_1": play.now]))
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

    private static let services: Configuration = {
        var configuration = pair()
        var scripts = ServiceNotifications()
        scripts.quorumUp = NotifyScript(["/q", "up"])
        scripts.quorumDown = NotifyScript(["/q", "down"])
        scripts.tellsEnd = true
        configuration.notifications.services[configuration.virtualServers[0].identity] = scripts
        return configuration
    }()

    private func verdicts(_ verdict: Verdict, generation: UInt64 = 1) -> Supervisor.Event {
        let news = [0, 1].map { IndexedVerdict(index: $0, verdict: verdict, report: nil) }
        return .reported(.checker(.verdicts(generation: generation, news)))
    }

    @Test func `a quorum is told once the services stand, and at each change`() {
        var play = Play(Self.services)
        #expect(told(play.take()) == [])
        play.feed(.reported(.lvs(.ready)))
        #expect(told(play.take()) == ["up"])
        play.feed(verdicts(.down))
        #expect(told(play.take()) == ["down"])
        play.feed(.roleEnded(.lvs, how: "killed by SIGKILL"))
        play.feed(.reported(.lvs(.ready)))
        #expect(told(play.take()) == [], "a restart is no news")
        play.feed(verdicts(.up))
        #expect(told(play.take()) == ["up"])
        play.feed(.configured(Self.services))
        #expect(told(play.take()) == [], "nor is a reload")
    }

    @Test func `a verdict that comes before the services stand is told with them`() {
        var play = Play(Self.services)
        play.feed(verdicts(.down))
        play.feed(.reported(.lvs(.ready)))
        #expect(told(play.take()) == [])
        play.feed(verdicts(.up))
        #expect(told(play.take()) == ["up"])
    }

    @Test func `omega tells the end, after the addresses have gone`() {
        var play = Play.running(Self.services)
        play.feed(.stopRequested)
        #expect(told(play.take()) == [])
        play.feed(.reported(.vrrp(.stopped)))
        play.feed(.roleEnded(.vrrp, how: "exit status 0"))
        #expect(told(play.take()) == ["down"])
    }

    /// Everything that FIFOs get and no script does.
    private func lines(_ actions: [Supervisor.Action]) -> [String] {
        actions.compactMap { action in
            if case .notify(let notification) = action, notification.scripts.isEmpty {
                notification.line
            } else {
                nil
            }
        }
    }

    private func report(priority: UInt8, _ name: String = "VI_1") -> Supervisor.Event {
        .reported(.vrrp(.priority(instance: name, priority)))
    }

    @Test func `another priority is told where that is asked for, but never what is so from the start`() {
        var configuration = Self.configuration
        configuration.notifications.pipes = [.all: NotifyPipe(path: "/f")]
        configuration.notifications.instances["VI_1"]?.tellsPriorities = true
        var play = Play.running(configuration)
        play.feed(report(priority: 110))
        for name in ["VI_1", "VI_2"] { play.feed(report(.backup, name)) }
        play.feed(report(priority: 110))
        play.feed(report(priority: 9, "VI_2"))
        play.feed(report(priority: 9, "VI_9"))
        #expect(lines(play.take()) == [])
        play.feed(report(priority: 120))
        play.feed(report(.fault))
        play.feed(report(priority: 130))
        play.feed(report(.backup))
        play.feed(report(.master))
        play.feed(report(priority: 140))
        let told = ["BACKUP_PRIORITY 120", "BACKUP_PRIORITY 130", "MASTER_PRIORITY 140"]
        #expect(lines(play.take()) == told.map { "INSTANCE \"VI_1\" \($0)" })
        play.feed(.stopRequested)
        play.feed(report(.initialize))
        play.feed(report(priority: 1))
        #expect(lines(play.take()) == [], "at the end nothing is claimed")
    }

    @Test func `another priority in the file is no news`() {
        var configuration = Self.configuration
        configuration.notifications.pipes = [.all: NotifyPipe(path: "/f")]
        configuration.notifications.instances["VI_1"]?.tellsPriorities = true
        var play = Play.running(configuration)
        play.feed(report(.master))
        play.feed(report(priority: 110))
        configuration.instances[1].priority = 8
        play.feed(.configured(configuration))
        _ = play.take()
        play.feed(report(priority: 110))
        #expect(lines(play.take()) == [], "the other's")
        configuration.instances[0].priority -= 20
        play.feed(.configured(configuration))
        _ = play.take()
        play.feed(report(priority: 90))
        #expect(lines(play.take()) == [], "what is tracked counts as before")
    }

    @Test func `a reload repeats the states where that is asked for`() {
        var configuration = Self.configuration
        configuration.notifications.repeatsStatesOnReload = true
        configuration.notifications.pipes = [.vrrp: NotifyPipe(path: "/f")]
        var play = Play.running(configuration)
        play.feed(report(.master))
        _ = play.take()
        play.feed(.configured(configuration))
        let lines = play.take().compactMap { action in
            if case .notify(let notification) = action, notification.scripts.isEmpty {
                notification.line
            } else {
                nil
            }
        }
        #expect(lines == ["INSTANCE \"VI_1\" MASTER 100"], "VI_2 is not anything yet")
        play.feed(.configured(Self.configuration))
        #expect(!play.take().contains { if case .notify = $0 { true } else { false } })
    }

    private func mails(_ actions: [Supervisor.Action]) -> [String] {
        actions.commands.compactMap { command in
            if case .checker(.mail(let mail)) = command { mail.subject } else { nil }
        }
    }

    /// An instance whose transitions are mailed, without any check.
    private static func mailing(faults: Bool = true) -> Configuration {
        var configuration = Configuration(instances: [router()])
        configuration.notifications.mail = MailSettings(
            server: endpoint("192.0.2.25", 25), recipients: ["a@example.com"], tellsFaults: faults)
        var scripts = TransitionScripts()
        scripts.mails = true
        configuration.notifications.instances = ["VI_1": scripts]
        return configuration
    }

    @Test func `mails go by the checker, which runs for them alone if need be`() throws {
        var play = Play(Self.mailing())
        let actions = play.take()
        #expect(actions.starts == [.checker, .vrrp])
        #expect(try #require(actions.checkerAssignment).mail == Self.mailing().notifications.mail)
        play.feed(report(.master))
        play.feed(report(.fault))
        #expect(
            mails(play.take()) == [
                "VRRP Instance VI_1 - Entering MASTER state", "VRRP Instance VI_1 - Entering FAULT state",
            ])
    }

    @Test func `no_email_faults keeps faults out of the mail`() {
        var play = Play(Self.mailing(faults: false))
        play.feed(report(.fault))
        play.feed(report(.backup))
        #expect(mails(play.take()) == ["VRRP Instance VI_1 - Entering BACKUP state"])
    }

    @Test func `without mail nothing is said to the checker`() {
        var configuration = Self.mailing()
        configuration.notifications.mail = nil
        var play = Play(configuration)
        play.feed(report(.master))
        #expect(mails(play.take()) == [])
    }

    // MARK: Groups

    private static let grouped: Configuration = {
        var grouped = configuration
        grouped.syncGroups = [SyncGroup(name: "G", members: ["VI_1", "VI_2"])]
        for place in grouped.instances.indices { grouped.instances[place].group = "G" }
        var scripts = TransitionScripts()
        scripts.any = NotifyScript(["/g"])
        grouped.notifications.groups["G"] = scripts
        return grouped
    }()

    @Test func `a group is told when the last of its members has followed`() {
        var play = Play.running(Self.grouped)
        play.feed(report(.backup))
        #expect(told(play.take()) == ["INSTANCE VI_1 BACKUP 100"])
        play.feed(report(.backup, "VI_2"))
        #expect(told(play.take()) == ["INSTANCE VI_2 BACKUP 7", "GROUP G BACKUP 0"])
        for state in [Router.StateName.fault, .backup] {
            for name in ["VI_2", "VI_1"] { play.feed(report(state, name)) }
        }
        #expect(
            told(play.take()) == [
                "INSTANCE VI_2 FAULT 7", "INSTANCE VI_1 FAULT 100", "GROUP G FAULT 0",
                "INSTANCE VI_2 BACKUP 7", "INSTANCE VI_1 BACKUP 100", "GROUP G BACKUP 0",
            ])
    }

    @Test func `members that disagree for a moment are no news of the group`() {
        var play = Play.running(Self.grouped)
        for name in ["VI_1", "VI_2"] { play.feed(report(.backup, name)) }
        _ = play.take()
        play.feed(report(.master))
        play.feed(report(.backup))
        #expect(told(play.take()) == ["INSTANCE VI_1 MASTER 100", "INSTANCE VI_1 BACKUP 100"])
    }

    @Test func `the end of a group comes after its members'`() {
        var play = Play.running(Self.grouped)
        for name in ["VI_1", "VI_2"] { play.feed(report(.master, name)) }
        _ = play.take()
        play.feed(.stopRequested)
        for name in ["VI_1", "VI_2"] { play.feed(report(.initialize, name)) }
        #expect(
            told(play.take()) == ["INSTANCE VI_1 STOP 100", "INSTANCE VI_2 STOP 7", "GROUP G STOP 0"])
    }

    @Test func `a reload repeats the state of a group for FIFOs, too`() {
        var configuration = Self.grouped
        configuration.notifications.pipes[.vrrp] = NotifyPipe(path: "/run/x")
        configuration.notifications.repeatsStatesOnReload = true
        var play = Play.running(configuration)
        for name in ["VI_1", "VI_2"] { play.feed(report(.master, name)) }
        _ = play.take()
        play.feed(.configured(configuration))
        let lines = play.take().compactMap { action in
            if case .notify(let notification) = action { notification.line } else { nil }
        }
        #expect(
            lines == [
                "INSTANCE \"VI_1\" MASTER 100", "INSTANCE \"VI_2\" MASTER 7", "GROUP \"G\" MASTER 0",
            ])
    }
}
