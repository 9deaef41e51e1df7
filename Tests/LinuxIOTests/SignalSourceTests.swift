import Glibc
import LinuxIO
import Testing
import Timekeeping

@Suite struct SignalSourceTests {
    @Test func `numbers and names are Linux's`() {
        #expect(
            Signal.allCases.map(\.name) == [
                "SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGPIPE", "SIGTERM",
                "SIGCHLD", "SIGCONT",
                "SIGSTOP", "SIGRTMIN+2", "SIGRTMAX-1",
            ])
        #expect(Signal.realTime2.rawValue == __libc_current_sigrtmin() + 2)
        #expect(Signal.realTimeLast1.rawValue == __libc_current_sigrtmax() - 1)
        #expect(Signal(rawValue: 15) == .terminate)
        #expect(Signal(rawValue: 64) == nil)
    }

    // Blocking a signal is a matter of one thread and this process has many: the test owns a process.
    @Test func `a blocked signal becomes an event`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            let source = try SignalSource([.hangup, .user1])
            let loop = try EventLoop<Int>()
            _ = try loop.register(source.descriptor, .read, 1)
            guard try source.drain().isEmpty else { exitProcess(1) }
            try sendToThisThread(.user1)
            try sendToThisThread(.hangup)
            try sendToThisThread(.hangup)
            guard try loop.wait(until: Clock.now() + .seconds(60)).count == 1 else { exitProcess(2) }
            let signals = try source.drain()
            exitProcess(signals.count == 2 && Set(signals) == [.hangup, .user1] ? 42 : 3)
        }
    }
}
