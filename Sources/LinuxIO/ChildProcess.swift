// Children by posix_spawn: never fork without exec. A child leads its own process group, starts with default
// signals and an empty mask, and has exactly the descriptors it is given: everything else is closed in it,
// even what some library forgot to mark close-on-exec. It is reaped through its pidfd, which the event loop
// watches, so there is no SIGCHLD and no race with a reused process id.

import CLinux
import Glibc
import Timekeeping

/// How a child ended.
package enum Termination: Hashable, Sendable, CustomStringConvertible {
    /// It called exit with this code, 0...255.
    case exited(Int32)
    /// This signal killed it.
    case signalled(Int32)

    /// True for exit code 0.
    package var isSuccess: Bool { self == .exited(0) }

    /// `exit status 1` or `killed by SIGKILL`.
    package var description: String {
        switch self {
        case .exited(let code): "exit status \(code)"
        case .signalled(let number): "killed by \(Signal(rawValue: number)?.name ?? "signal \(number)")"
        }
    }
}

/// What a process took, its own reaped children included.
package struct ResourceUsage: Hashable, Sendable {
    /// Processor time, of user and kernel.
    package var processorTime: Interval
    /// The most memory that was resident at a time, in octets; no less than what this process had resident
    /// when it started the other, since the kernel counts from then on.
    package var peakMemory: Int
}

/// Where one of a child's standard streams leads.
package enum ChildStream: Hashable, Sendable {
    /// /dev/null.
    case null
    /// The same as this process's.
    case inherit
    /// A new pipe, whose other end the `ChildProcess` keeps.
    case pipe
    /// This open descriptor.
    case descriptor(Descriptor)
}

/// The descriptors a child gets.
package struct ChildStreams: Hashable, Sendable {
    /// Descriptor 0.
    package var input: ChildStream
    /// Descriptor 1.
    package var output: ChildStream
    /// Descriptor 2.
    package var error: ChildStream
    /// Further descriptors by the number (3 and above) they have in the child.
    package var inherited: [Int32: Descriptor]

    /// By default no input, and output and error go where this process's go.
    package init(
        input: ChildStream = .null, output: ChildStream = .inherit, error: ChildStream = .inherit,
        inherited: [Int32: Descriptor] = [:]
    ) {
        self.input = input
        self.output = output
        self.error = error
        self.inherited = inherited
    }
}

/// What one standard stream of a child amounts to: what the child gets, and the end of a pipe that stays
/// here.
private struct StreamEnd: ~Copyable {
    let given: CInt
    private var childEnd: OwnedFD?
    private var kept: OwnedFD?

    init(_ stream: ChildStream, standard: Descriptor, null: borrowing OwnedFD, childReads: Bool) throws(Errno)
    {
        switch stream {
        case .null: given = null.descriptor.rawValue
        case .inherit: given = standard.rawValue
        case .descriptor(let descriptor): given = descriptor.rawValue
        case .pipe:
            var pipe = try OwnedFD.pipe()
            let reading = pipe.takeFirst()
            let writing = pipe.takeSecond()
            if childReads {
                try reading.setBlocking(true)
                given = reading.descriptor.rawValue
                childEnd = consume reading
                kept = consume writing
            } else {
                try writing.setBlocking(true)
                given = writing.descriptor.rawValue
                childEnd = consume writing
                kept = consume reading
            }
        }
    }

    mutating func takeKept() -> OwnedFD? { kept.take() }
}

/// A running child. Whoever holds it MUST reap it; dropping it without leaves a zombie until this process
/// ends.
package final class ChildProcess {
    /// The process id, which is also the id of its process group.
    package let pid: Int32
    /// The program that was started.
    package let program: Program
    private let pidfd: OwnedFD
    private var status: Termination?
    /// What it took, once `reap` has said how it ended.
    package private(set) var usage: ResourceUsage?
    private var input: OwnedFD?
    private var output: OwnedFD?
    private var error: OwnedFD?

    /// Starts `program` with `streams`; with `inNewSession` without a terminal that could end it.
    package init(
        _ program: Program, _ streams: ChildStreams = ChildStreams(), inNewSession: Bool = false
    ) throws(SystemError) {
        do throws(Errno) {
            let null = try Self.openNull()
            var input = try StreamEnd(streams.input, standard: .standardInput, null: null, childReads: true)
            var output = try StreamEnd(
                streams.output, standard: .standardOutput, null: null, childReads: false)
            var error = try StreamEnd(streams.error, standard: .standardError, null: null, childReads: false)
            var descriptors: [(source: CInt, target: CInt)] = [
                (input.given, 0), (output.given, 1), (error.given, 2),
            ]
            for (target, descriptor) in streams.inherited.sorted(by: { $0.key < $1.key }) {
                guard target > 2, target < 1024 else { throw .invalid }
                descriptors.append((descriptor.rawValue, target))
            }
            var handle: CInt = -1
            let result = try unsafe program.withProgram(
                descriptors: descriptors, newGroup: true, newSession: inNewSession
            ) { unsafe hf_spawn(&$0, &handle) }
            pid = try Errno.check(result)
            pidfd = OwnedFD(adopting: handle)
            self.program = program
            self.input = input.takeKept()
            self.output = output.takeKept()
            self.error = error.takeKept()
        } catch {
            throw SystemError("start \(program.path)", error)
        }
    }

    private static func openNull() throws(Errno) -> OwnedFD {
        OwnedFD(adopting: try Errno.check(unsafe hf_open("/dev/null", CInt(HF_OPEN_BOTH), 0, 0)))
    }

    /// For the event loop: readable when the child has ended.
    package var descriptor: Descriptor { pidfd.descriptor }

    /// How it ended, once `reap` has said so.
    package var exitStatus: Termination? { status }

    /// How the child ended; nil while it runs. With `endingGroup`, what is left of its process group
    /// (children it started and did not wait for) is killed before the group's number can be reused.
    package func reap(endingGroup: Bool = false) throws(Errno) -> Termination? {
        if let status { return status }
        var signalled: CInt = 0
        var value: CInt = 0
        var taken = hf_usage()
        let handle = pidfd.descriptor.rawValue
        if endingGroup {
            guard try Errno.check(unsafe hf_pidfd_status(handle, 1, &signalled, &value, &taken)) == 1 else {
                return nil
            }
            _ = hf_kill(-pid, Signal.kill.rawValue)
        }
        guard try Errno.check(unsafe hf_pidfd_status(handle, 0, &signalled, &value, &taken)) == 1 else {
            return nil
        }
        usage = ResourceUsage(
            processorTime: Interval(nanoseconds: taken.processor_time), peakMemory: Int(taken.peak_memory))
        status = signalled == 0 ? .exited(value) : .signalled(value)
        return status
    }

    /// Sends `signal` to the child alone; nothing happens when it has ended.
    package func send(_ signal: Signal) {
        guard status == nil else { return }
        _ = hf_pidfd_signal(pidfd.descriptor.rawValue, signal.rawValue)
    }

    /// Sends `signal` to the child and everything it started in its group; nothing happens after `reap`.
    package func sendToGroup(_ signal: Signal) {
        guard status == nil else { return }
        _ = hf_kill(-pid, signal.rawValue)
    }

    /// The writing end of the input pipe, for the event loop; nil when there is none or it was closed.
    package var inputDescriptor: Descriptor? { input?.descriptor }
    /// The reading end of the output pipe, for the event loop; nil when there is none or it has ended.
    package var outputDescriptor: Descriptor? { output?.descriptor }
    /// The reading end of the error pipe, for the event loop; nil when there is none or it has ended.
    package var errorDescriptor: Descriptor? { error?.descriptor }

    /// Writes as much as the input pipe takes now; nil when it takes nothing. EPIPE when the child reads no
    /// more, EBADF without a pipe.
    package func writeInput(_ octets: ArraySlice<UInt8>) throws(Errno) -> Int? {
        guard input != nil else { throw Errno(rawValue: EBADF) }
        return try input?.write(octets)
    }

    /// Ends the child's input. Unregister the descriptor first.
    package func closeInput() { input = nil }

    /// Reads what the child has written to its output; `.ended` without a pipe.
    package func readOutput(limit: Int = 65_536) throws(Errno) -> ReadResult {
        try output?.read(limit: limit) ?? .ended
    }

    /// Reads what the child has written to its error output; `.ended` without a pipe.
    package func readError(limit: Int = 65_536) throws(Errno) -> ReadResult {
        try error?.read(limit: limit) ?? .ended
    }

    /// Stops reading the child's output. Unregister the descriptor first.
    package func closeOutput() { output = nil }

    /// Stops reading the child's error output. Unregister the descriptor first.
    package func closeError() { error = nil }
}
