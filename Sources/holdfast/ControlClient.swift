import ArgumentParser
import ControlProtocol
import Lab
import LinuxIO
import Timekeeping

/// Where the daemon is.
struct SocketOptions: ParsableArguments {
    @Option(
        help: "The daemon's control socket; by default that of the daemon in this network namespace.",
        completion: .file())
    var socket: String?

    /// How long an answer is waited for. A daemon that reads a long file, or runs on a machine that is
    /// overloaded, is slow and not gone; it cuts off whoever waits for more than a minute.
    private static let patience = Interval.seconds(45)

    /// Asks the daemon; every line of its answer but the last, and the last. Ends this process with a
    /// sentence on standard error when there is no daemon, or no whole answer in time.
    func ask(_ request: ControlRequest) throws -> (lines: [JSONValue], end: ControlEnd) {
        let client = try ControlClient(socket)
        var lines: [JSONValue] = []
        let end = try client.ask(request, until: Clock.now() + Self.patience) { lines.append($0) }
        return (lines, end)
    }
}

/// What `holdfast` exits with beside what a `ControlEnd` says (sysexits.h, LSB).
enum Exit {
    /// No daemon runs.
    static let notRunning = ExitCode(3)
    /// The daemon cannot be reached, or did not answer.
    static let unavailable = ExitCode(69)
    /// This user may not.
    static let permission = ExitCode(77)

    /// Says why on standard error.
    static func because(_ sentence: String, _ code: ExitCode) -> ExitCode {
        StandardStream.note("holdfast: \(sentence)")
        return code
    }

    /// Tells how an answer ended, unless all went well.
    static func unless(_ end: ControlEnd) throws {
        for finding in end.findings { StandardStream.note(finding) }
        if let message = end.message { StandardStream.note("holdfast: \(message)") }
        if end.outcome != .done { throw ExitCode(end.outcome.exitStatus) }
    }
}

/// A connection to the daemon.
final class ControlClient {
    private enum Wake { case socket }

    private let socket: StreamSocket
    private let loop: EventLoop<Wake>
    private let registration: Registration
    private var reader = LineReader(limit: ControlNumbers.lineLimit)

    /// Connects to `path`, or to the daemon of this network namespace.
    init(_ path: String?) throws {
        let place = try path ?? ControlNumbers.socketPath(namespace: HostFacts.networkNamespace())
        do throws(SystemError) {
            socket = try StreamSocket(connectingTo: place)
        } catch {
            switch error.errno {
            case .accessDenied: throw Exit.because("this user may not ask the daemon", Exit.permission)
            case .notFound, .connectionRefused:
                throw Exit.because("no holdfastd runs here (\(error))", Exit.notRunning)
            default: throw Exit.because("\(error)", Exit.unavailable)
            }
        }
        loop = try EventLoop()
        registration = try loop.register(socket.descriptor, .read, .socket)
    }

    /// After so long somebody at a terminal is told that there is no answer yet.
    private static let silence = Interval.seconds(3)

    /// Sends the request and hands `body` every line of the answer but the last; nil waits for ever.
    func ask(
        _ request: ControlRequest, until deadline: Instant?, _ body: (JSONValue) throws -> Void
    ) throws -> ControlEnd {
        // A new connection has room for a request, which is short.
        _ = try? socket.write(Array((request.line + "\n").utf8)[...])
        var noteAt: Instant? = Descriptor.standardError.isTerminal ? Clock.now() + Self.silence : nil
        while true {
            let ready = try loop.wait(until: Instant?.earlier(noteAt, deadline))
            if let due = noteAt, ready.isEmpty, due <= Clock.now() {
                StandardStream.note("holdfast: the daemon has not answered yet; waiting")
                noteAt = nil
            }
            if let deadline, deadline <= Clock.now() {
                throw Exit.because("the daemon did not answer in time", Exit.unavailable)
            }
            switch try socket.read() {
            case .wouldBlock: continue
            case .ended: throw Exit.because("the daemon ended the connection", Exit.unavailable)
            case .octets(let octets):
                for line in reader.take(octets) {
                    let value = try JSONReader.read(line)
                    if let end = ControlEnd(json: value) { return end }
                    try body(value)
                }
                guard !reader.hasOverflowed else {
                    throw Exit.because("the answer is too long", Exit.unavailable)
                }
            }
        }
    }
}
