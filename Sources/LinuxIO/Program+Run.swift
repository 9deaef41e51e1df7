import Glibc
import Timekeeping

/// How a program that was run to its end did.
package struct Completion: Hashable, Sendable {
    /// How it ended.
    package var status: Termination
    /// True when it was killed because the time was up.
    package var timedOut: Bool
    /// What it wrote to its output, bounded.
    package var output: BoundedCapture
    /// What it wrote to its error output, bounded.
    package var error: BoundedCapture
    /// What it took.
    package var usage: ResourceUsage
}

/// Watches one child until it ends: feeds its input, collects its output.
private final class Attendance {
    enum Event: CaseIterable { case ended, input, output, error }

    let child: ChildProcess
    let loop: EventLoop<Event>
    var input: ArraySlice<UInt8>
    var output: BoundedCapture
    var error: BoundedCapture
    private var registrations: [Event: Registration] = [:]

    init(_ child: ChildProcess, input: [UInt8], outputLimit: Int) throws(SystemError) {
        self.child = child
        self.input = input[...]
        output = BoundedCapture(limit: outputLimit)
        error = BoundedCapture(limit: outputLimit)
        loop = try EventLoop()
    }

    func start() throws(Errno) {
        if input.isEmpty { child.closeInput() }
        let wanted: [(Event, Descriptor?, Interest)] = [
            (.ended, child.descriptor, .read), (.input, child.inputDescriptor, .write),
            (.output, child.outputDescriptor, .read), (.error, child.errorDescriptor, .read),
        ]
        for (event, descriptor, interest) in wanted {
            guard let descriptor else { continue }
            registrations[event] = try loop.register(descriptor, interest, event)
        }
    }

    private func finish(_ event: Event) {
        if let registration = registrations.removeValue(forKey: event) { loop.unregister(registration) }
        switch event {
        case .input: child.closeInput()
        case .output: child.closeOutput()
        case .error: child.closeError()
        case .ended: break
        }
    }

    /// The exit status once the child has ended.
    func handle(_ event: Event) throws(Errno) -> Termination? {
        switch event {
        case .ended: return try child.reap(endingGroup: true)
        case .input: try feed()
        case .output: if try collect(child.readOutput, into: &output) { finish(.output) }
        case .error: if try collect(child.readError, into: &error) { finish(.error) }
        }
        return nil
    }

    private func feed() throws(Errno) {
        do {
            input = input.dropFirst(try child.writeInput(input) ?? 0)
        } catch .brokenPipe {
            input = []  // a child need not read all it is offered
        }
        if input.isEmpty { finish(.input) }
    }

    /// True at the end of the stream.
    private func collect(
        _ read: (Int) throws(Errno) -> ReadResult, into capture: inout BoundedCapture
    ) throws(Errno) -> Bool {
        switch try read(65_536) {
        case .octets(let octets): capture.append(octets)
        case .wouldBlock: break
        case .ended: return true
        }
        return false
    }

    /// What is still in the pipes after the child has ended; a stray grandchild does not make us wait.
    func drain() throws(Errno) {
        for event in [Event.output, .error] where registrations[event] != nil {
            for _ in 0..<64 {
                let result = event == .output ? try child.readOutput() : try child.readError()
                guard case .octets(let octets) = result else { break }
                if event == .output { output.append(octets) } else { error.append(octets) }
            }
        }
    }
}

extension Program {
    /// Runs the program to its end, waiting for it: for tools and for short commands of the supervisor, never
    /// for the VRRP role. Its input is `input`; at most `outputLimit` octets each of output and error output
    /// are kept. After `timeout` its whole process group is killed.
    package func run(
        input: [UInt8] = [], inherited: [Int32: Descriptor] = [:], outputLimit: Int = 1 << 20,
        timeout: Interval
    ) throws(SystemError) -> Completion {
        let child = try ChildProcess(
            self, ChildStreams(input: .pipe, output: .pipe, error: .pipe, inherited: inherited))
        let attendance = try Attendance(child, input: input, outputLimit: outputLimit)
        var deadline: Instant? = Clock.now() + timeout
        var timedOut = false
        do {
            try attendance.start()
            while true {
                for ready in try attendance.loop.wait(until: deadline)
                where attendance.loop.isCurrent(ready.registration) {
                    guard let status = try attendance.handle(ready.token), let usage = child.usage else {
                        continue
                    }
                    try attendance.drain()
                    return Completion(
                        status: status, timedOut: timedOut, output: attendance.output,
                        error: attendance.error, usage: usage)
                }
                if let limit = deadline, Clock.now() >= limit {
                    timedOut = true
                    deadline = nil
                    child.sendToGroup(.kill)
                }
            }
        } catch {
            child.sendToGroup(.kill)
            throw error as? SystemError ?? SystemError("run \(path)", error as? Errno ?? .invalid)
        }
    }
}
