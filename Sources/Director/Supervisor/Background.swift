import LinuxIO

/// Without `-n` the daemon goes on in the background, as keepalived does, so that a start script or a service
/// manager's `Type=forking` comes back. Nothing is forked: this binary is started again as with `-n`, in a
/// session of its own, and this process waits until the daemon is ready, or has ended.
enum Background {
    private enum Wake: Hashable { case told, ended, signals }

    /// What is started.
    static func program(
        _ arguments: [String], as guise: Guise = .holdfastd, environment: [String: String]
    ) -> Program {
        var program = Program(
            HostFacts.ownExecutable, ["--dont-fork", "--tell-starter"] + arguments, environment: environment)
        program.arguments[0] = guise.rawValue
        return program
    }

    /// Starts `program`, whose errors are seen here when `showsErrors`; 0 once it is ready, its exit status
    /// when it ends before. `signals` that come meanwhile are for it.
    static func run(_ program: Program, showsErrors: Bool, signals: SignalSource) throws -> Int32 {
        var pipe = try OwnedFD.pipe()
        let reading = pipe.takeFirst()
        let child = try start(program, telling: pipe.takeSecond(), showsErrors: showsErrors)
        let loop = try EventLoop<Wake>()
        let told = try loop.register(reading.descriptor, .read, .told)
        _ = try loop.register(child.descriptor, .read, .ended)
        _ = try loop.register(signals.descriptor, .read, .signals)
        while true {
            for event in try loop.wait(until: nil) where loop.isCurrent(event.registration) {
                switch event.token {
                case .told:
                    if case .octets = try reading.read(limit: 1) { return 0 }
                    loop.unregister(told)
                case .ended:
                    guard let how = try child.reap() else { continue }
                    StandardStream.write("holdfastd: did not start; the log says why\n", to: .standardError)
                    return if case .exited(let status) = how { status } else { Entry.Status.fatal }
                case .signals: for signal in try signals.drain() { child.send(signal) }
                }
            }
        }
    }

    private static func start(
        _ program: Program, telling pipe: consuming OwnedFD, showsErrors: Bool
    ) throws -> ChildProcess {
        try ChildProcess(
            program,
            ChildStreams(
                input: .null, output: .null, error: showsErrors ? .inherit : .null,
                inherited: [Inheritance.starter: pipe.descriptor]), inNewSession: true)
    }
}

/// The process that started this one in the background.
final class Starter {
    private let pipe = OwnedFD(adopting: Inheritance.starter)

    /// Says that the daemon runs.
    func tell() { _ = try? pipe.write([1]) }
}
