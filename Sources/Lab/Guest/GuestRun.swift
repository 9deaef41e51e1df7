import FoundationEssentials
import LinuxIO
import Timekeeping

/// Boots a guest for one job, passes the command's output on as it comes, and ends with the command's exit
/// status.
package final class GuestRun {
    /// How a run ended.
    package enum Outcome: Hashable, Sendable {
        /// The command ended with this status, 0...255.
        case exited(Int32)
        /// The job's time was up; the guest was ended.
        case timedOut
        /// The guest's kernel ended before its first process ran, as it may on a busy host; nothing of the
        /// job has happened. The boot log is kept.
        case neverStarted
        /// This process was told to stop by the signal; the guest was ended.
        case interrupted(Signal)
    }

    private enum Event { case output, error, machine, signal }

    private let folder: String
    private let machine: ChildProcess
    private let signals: SignalSource
    private let loop: EventLoop<Event>
    private let pipes: [OutputPipe]
    private var registrations: [Event: Registration] = [:]
    private let deadline: Instant
    private let timeout: Interval

    /// The guest's boot log; kept when the run fails.
    package var console: String { "\(folder)/console.log" }

    /// Starts the guest. MUST be the first user of the signals INT, TERM and HUP in this process.
    package init(_ job: GuestJob, kernel: GuestKernel, cache: GuestCache) throws {
        let qemu = try HostPrograms.require("qemu-system-x86_64", package: "qemu-system-x86")
        folder = try Self.makeFolder(cache)
        let nonce = Self.nonce()
        let files = "\(folder)/initramfs"
        try Data(kernel.initialFiles(for: job, nonce: nonce)).write(to: URL(filePath: files))
        signals = try SignalSource([.interrupt, .terminate, .hangup])
        Signal.pipe.ignore()
        loop = try EventLoop()
        var output = try OwnedFD.pipe()
        var error = try OwnedFD.pipe()
        let outputEnd = output.takeSecond()
        let errorEnd = error.takeSecond()
        try outputEnd.setBlocking(true)
        try errorEnd.setBlocking(true)
        pipes = [
            OutputPipe(output.takeFirst(), to: .standardOutput, nonce: nonce),
            OutputPipe(error.takeFirst(), to: .standardError, nonce: nonce),
        ]
        let arguments = job.machineArguments(
            kernel: kernel.image, initialFiles: files, modules: kernel.modules,
            console: "\(folder)/console.log")
        machine = try ChildProcess(
            Program(qemu, arguments, environment: HostPrograms.environment),
            ChildStreams(
                output: .descriptor(.standardError),
                inherited: [3: outputEnd.descriptor, 4: errorEnd.descriptor]))
        timeout = job.timeout
        deadline = Clock.now() + job.timeout
        registrations[.output] = try loop.register(pipes[0].descriptor, .read, .output)
        registrations[.error] = try loop.register(pipes[1].descriptor, .read, .error)
        registrations[.machine] = try loop.register(machine.descriptor, .read, .machine)
        registrations[.signal] = try loop.register(signals.descriptor, .read, .signal)
    }

    /// Follows the guest to its end. A guest that ends without the command's status is an error that names
    /// the boot log.
    package func follow() throws -> Outcome {
        var machineEnded = false
        while true {
            for ready in try loop.wait(until: deadline) where loop.isCurrent(ready.registration) {
                switch ready.token {
                case .output: try drain(0, .output)
                case .error: try drain(1, .error)
                case .signal:
                    guard let signal = try signals.drain().first else { continue }
                    end()
                    return .interrupted(signal)
                case .machine: machineEnded = true
                }
            }
            if let status = pipes[0].status, pipes[1].status != nil {
                end()
                return .exited(status)
            }
            if machineEnded {
                try drain(0, .output)
                try drain(1, .error)
                if let status = pipes[0].status { end(); return .exited(status) }
                let how = try machine.reap(endingGroup: true).map { "\($0)" } ?? "unknown status"
                for pipe in pipes { try pipe.flush() }
                guard Self.hasStarted(bootLog: FileManager.default.contents(atPath: console) ?? Data()) else {
                    return .neverStarted
                }
                throw LabError("the guest ended before the command did (QEMU: \(how)); boot log: \(console)")
            }
            if Clock.now() >= deadline {
                for pipe in pipes { try pipe.flush() }
                end()
                return .timedOut
            }
        }
    }

    /// True when the guest's process 1 has written its first line.
    static func hasStarted(bootLog: some Sequence<UInt8>) -> Bool {
        String(decoding: Array(bootLog), as: UTF8.self).split(whereSeparator: \.isNewline)
            .contains { $0.hasSuffix(GuestScripts.started) }
    }

    private func drain(_ index: Int, _ event: Event) throws {
        guard let registration = registrations[event] else { return }
        if try pipes[index].passOn() {
            loop.unregister(registration)
            registrations[event] = nil
        }
    }

    /// Ends the guest and waits for that, so that nothing of it is left when this returns; removes its
    /// folder.
    private func end() {
        machine.sendToGroup(.kill)
        let patience = Clock.now() + .seconds(5)
        if let registration = registrations[.machine] {
            for event in registrations.keys where event != .machine {
                if let other = registrations[event] { loop.unregister(other) }
            }
            while loop.isCurrent(registration), Clock.now() < patience,
                (try? machine.reap(endingGroup: true)) == .some(nil)
            {
                _ = try? loop.wait(until: patience)
            }
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A folder of this run; those that failed runs of ended processes left are removed after a day.
    private static func makeFolder(_ cache: GuestCache) throws -> String {
        let files = FileManager.default
        let runs = "\(cache.folder)/runs"
        for name in (try? files.contentsOfDirectory(atPath: runs)) ?? [] {
            let facts = try? files.attributesOfItem(atPath: "\(runs)/\(name)")
            guard let date = facts?[.modificationDate] as? Date, date.timeIntervalSinceNow < -86_400,
                !files.fileExists(atPath: "/proc/\(name.prefix { $0 != "-" })")
            else { continue }
            try? files.removeItem(atPath: "\(runs)/\(name)")
        }
        let folder = "\(runs)/\(ProcessInfo.processInfo.processIdentifier)-\(nonce().prefix(8))"
        try files.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return folder
    }

    private static func nonce() -> String {
        (0..<4).map { _ in String(UInt64.random(in: (1 << 60)...UInt64.max), radix: 16) }.joined()
    }
}

/// One stream of the command: from QEMU's pipe to a descriptor of this process.
private final class OutputPipe {
    private let source: OwnedFD
    private let target: Descriptor
    private var trailer: OutputTrailer

    init(_ source: consuming OwnedFD, to target: Descriptor, nonce: String) {
        self.source = source
        self.target = target
        trailer = OutputTrailer(nonce: nonce)
    }

    var descriptor: Descriptor { source.descriptor }
    var status: Int32? { trailer.status }

    /// Passes on what has come; true at the end of the stream.
    func passOn() throws -> Bool {
        while status == nil {
            switch try source.read(limit: 65_536) {
            case .octets(let octets): StandardStream.write(trailer.pass(octets), to: target)
            case .wouldBlock: return false
            case .ended: return true
            }
        }
        return false
    }

    /// Passes on what looked like the beginning of a trailer and was none.
    func flush() throws { StandardStream.write(trailer.remainder(), to: target) }
}
