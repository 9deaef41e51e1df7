import ConfigModel
import LinuxIO
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

@testable import Director

@Suite struct NotificationPipesTests {
    private let directory: ScratchDirectory
    private let pipes: NotificationPipes<NotifyPipe.Kind>

    init() throws {
        directory = try ScratchDirectory()
        pipes = NotificationPipes(in: try EventLoop(), log: quietLog()) { $0 }
    }

    private func path(_ name: String) -> String { "\(directory.path)/\(name)" }

    private func instance(_ transition: Notification.Transition) -> Notification {
        Notification(instance: "VI_1", transition, priority: 100, telling: TransitionScripts())
    }

    private func service(_ isUp: Bool) -> Notification {
        Notification(
            service: .address(.tcp, endpoint("192.0.2.100", 80)), isUp: isUp, telling: ServiceNotifications())
    }

    /// What waits in a FIFO: another end of it reads.
    private func waiting(_ name: String) throws -> String {
        let completion = try Program(
            "/usr/bin/timeout", ["0.2", "/bin/cat", path(name)], environment: ["PATH": "/usr/bin:/bin"]
        ).run(timeout: .seconds(10))
        return completion.output.text
    }

    @Test func `each FIFO gets the lines that are for it`() throws {
        let wanted = [
            NotifyPipe.Kind.all: NotifyPipe(path: path("all")), .vrrp: NotifyPipe(path: path("vrrp")),
            .services: NotifyPipe(path: path("lvs")),
        ]
        pipes.configure(wanted, ScriptAccounts(), at: at(0))
        pipes.write(instance(.master))
        pipes.write(service(true))
        pipes.write(instance(.stop))
        let (vrrp, lvs) = (
            "INSTANCE \"VI_1\" MASTER 100\n", "VS [192.0.2.100]:tcp:80 UP\n"
        )
        let stop = "INSTANCE \"VI_1\" STOP 100\n"
        #expect(try waiting("all") == vrrp + lvs + stop)
        #expect(try waiting("vrrp") == vrrp + stop)
        #expect(try waiting("lvs") == lvs)
        pipes.finish(at: at(0))
        #expect(wanted.values.allSatisfy { !Files.exists($0.path) })
        #expect(pipes.isIdle)
    }

    @Test func `a reload opens what is new and leaves alone what stays`() throws {
        pipes.configure([.all: NotifyPipe(path: path("a"))], ScriptAccounts(), at: at(0))
        pipes.write(instance(.backup))
        let wanted = [
            NotifyPipe.Kind.all: NotifyPipe(path: path("a")), .vrrp: NotifyPipe(path: path("b")),
        ]
        pipes.configure(wanted, ScriptAccounts(), at: at(1))
        pipes.write(instance(.master))
        #expect(try waiting("a").split(separator: "\n").count == 2)
        #expect(try waiting("b") == "INSTANCE \"VI_1\" MASTER 100\n")
        pipes.configure([.vrrp: NotifyPipe(path: path("b"))], ScriptAccounts(), at: at(2))
        #expect(!Files.exists(path("a")) && Files.exists(path("b")))
    }

    @Test func `a FIFO that nobody reads takes what it can hold, and nothing waits`() throws {
        pipes.configure([.all: NotifyPipe(path: path("a"))], ScriptAccounts(), at: at(0))
        for _ in 1...10_000 { pipes.write(instance(.master)) }
        let lines = try waiting("a").split(separator: "\n", omittingEmptySubsequences: false)
        #expect((100..<10_000).contains(lines.count))
        #expect(lines.dropLast().allSatisfy { $0 == "INSTANCE \"VI_1\" MASTER 100" }, "only whole lines")
        pipes.write(instance(.backup))
        #expect(try waiting("a") == "INSTANCE \"VI_1\" BACKUP 100\n")
    }

    @Test func `what is no FIFO is not written to`() throws {
        let file = try directory.write("file", "precious")
        pipes.configure([.all: NotifyPipe(path: file)], ScriptAccounts(), at: at(0))
        pipes.write(instance(.master))
        pipes.finish(at: at(0))
        #expect(try directory.read("file") == "precious")
    }

    @Test func `a reader is to be started at once, and one without a user never`() throws {
        let pipe = NotifyPipe(path: path("a"), reader: NotifyScript(["/bin/cat"], as: ScriptUser("ghost")))
        pipes.configure([.all: pipe], ScriptAccounts(), at: at(5))
        #expect(pipes.nextDeadline == at(5))
        pipes.advance(to: at(5), ScriptAccounts())
        #expect(pipes.nextDeadline == nil)
        #expect(pipes.isIdle)
    }

    @Test func `what has no line is written nowhere`() throws {
        pipes.configure([.all: NotifyPipe(path: path("a"))], ScriptAccounts(), at: at(0))
        var silent = instance(.master)
        silent.line = nil
        pipes.write(silent)
        #expect(try waiting("a") == "")
    }
}
