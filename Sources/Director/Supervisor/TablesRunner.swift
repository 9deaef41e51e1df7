import ConfigModel
import LinuxIO
import LoopGuard
import NetTypes
import Timekeeping

/// Which program does what: iptables, any variant of it (legacy, nft) that is installed, or nft itself.
enum TablesProgram {
    /// A run that takes longer is killed; the programs themselves wait at most 5 s for the lock of the
    /// tables.
    static let timeout = Interval.seconds(15)

    /// `iptables-save`, `ip6tables-restore`, `nft`, and so on.
    static func name(for request: TablesRequest) -> String {
        let base = request.family == .inet ? "iptables" : "ip6tables"
        return switch request {
        case .save: "\(base)-save"
        case .restore: "\(base)-restore"
        case .list, .load: "nft"
        }
    }

    /// The package that has it.
    static func package(for request: TablesRequest) -> String {
        switch request {
        case .save, .restore: "iptables"
        case .list, .load: "nftables"
        }
    }

    /// What a program that has failed in `how` and written `error` answers. A table that is not there is no
    /// failure of nft to list it.
    static func answer(to request: TablesRequest, _ how: Termination, error: String) -> TablesAnswer {
        if case .list = request, error.contains("No such file or directory") { return .done("") }
        let words = error.split(whereSeparator: \.isNewline).prefix(3).joined(separator: "; ")
        return .failed("\(name(for: request)): \(how)" + (words.isEmpty ? "" : ": \(words)"))
    }

    /// What `name` answers that has written `output` and succeeded. Where native rules are in the table that
    /// iptables has no words for, the nft variant of a save writes a comment instead, "# Table `nat' is
    /// incompatible, use 'nft' tool.": nothing is known of what is there.
    static func answer(of name: String, _ output: String) -> TablesAnswer {
        let first = output.split(maxSplits: 4, whereSeparator: \.isNewline)
        guard first.contains(where: { $0.hasPrefix("# Table `") && $0.contains("' is incompatible") })
        else { return .done(output) }
        return .failed(
            "\(name) cannot show the table: nft has rules in it that iptables has no words for; keep those "
                + "in a table of another name")
    }

    /// The program for `request`, and its input; nil when it is not installed.
    static func find(
        for request: TablesRequest, isInstalled: (String) -> Bool
    ) -> (program: Program, input: [UInt8])? {
        let name = name(for: request)
        guard let path = ProgramSearch.directories.map({ "\($0)/\(name)" }).first(where: isInstalled) else {
            return nil
        }
        let (arguments, input): ([String], String) =
            switch request {
            case .save(_, let table): (["-t", table.rawValue], "")
            case .restore(_, let text): (["--wait", "5", "--noflush"], text)
            case .list(let family):
                (["list", "table", NativeMarkRules.family(family), NativeMarkRules.table], "")
            case .load(_, let text): (["-f", "-"], text)
            }
        return (
            Program(path, arguments, environment: ExecRole.environment, directory: "/"), Array(input.utf8)
        )
    }
}

/// What can happen to a running program.
enum TablesEvent: Hashable, CaseIterable { case ended, input, output, error }

/// Runs one of these programs at a time without waiting for it.
final class TablesRunner<Token> {
    private struct Run {
        let request: TablesRequest
        let child: ChildProcess
        let deadline: Instant
        var input: ArraySlice<UInt8>
        var output = BoundedCapture(limit: 32 << 20)
        var error = BoundedCapture(limit: 2000)
        var registrations: [TablesEvent: Registration] = [:]
    }

    private let loop: EventLoop<Token>
    private let token: (TablesEvent) -> Token
    private var current: Run?

    init(in loop: EventLoop<Token>, token: @escaping (TablesEvent) -> Token) {
        self.loop = loop
        self.token = token
    }

    /// When `advance` kills the child.
    var nextDeadline: Instant? { current?.deadline }

    /// Starts what `request` asks for; the answer when there is nothing to wait for.
    func run(_ request: TablesRequest, at now: Instant) -> TablesAnswer? {
        guard current == nil else { return .failed("another run of iptables has not ended") }
        guard let (program, input) = TablesProgram.find(for: request, isInstalled: Files.exists) else {
            return .failed(
                "\(TablesProgram.name(for: request)) is not installed: it is in the package "
                    + TablesProgram.package(for: request))
        }
        do {
            let child = try ChildProcess(
                program, ChildStreams(input: .pipe, output: .pipe, error: .pipe))
            var run = Run(
                request: request, child: child, deadline: now + TablesProgram.timeout, input: input[...])
            if input.isEmpty { child.closeInput() }
            let wanted: [(TablesEvent, Descriptor?, Interest)] = [
                (.ended, child.descriptor, .read), (.input, child.inputDescriptor, .write),
                (.output, child.outputDescriptor, .read), (.error, child.errorDescriptor, .read),
            ]
            for (event, descriptor, interest) in wanted {
                guard let descriptor else { continue }
                run.registrations[event] = try loop.register(descriptor, interest, token(event))
            }
            current = run
            return nil
        } catch {
            return .failed("\(error)")
        }
    }

    /// Kills a run whose time is up; its end is reported as usual.
    func advance(to now: Instant) {
        if let current, current.deadline <= now { current.child.sendToGroup(.kill) }
    }

    /// Serves the child; the answer once it has ended.
    func handle(_ event: TablesEvent) -> TablesAnswer? {
        guard current != nil else { return nil }
        do {
            switch event {
            case .input: try feed()
            case .output: if try collect(.output) { finish(.output) }
            case .error: if try collect(.error) { finish(.error) }
            case .ended: return try conclude()
            }
        } catch {
            finish(event)
        }
        return nil
    }

    private func feed() throws {
        guard let run = current else { return }
        let written = try run.child.writeInput(run.input) ?? 0
        current?.input = run.input.dropFirst(written)
        if current?.input.isEmpty ?? true { finish(.input) }
    }

    /// Reads once; true at the end of the stream.
    private func collect(_ event: TablesEvent) throws -> Bool {
        guard let child = current?.child else { return true }
        switch event == .output ? try child.readOutput() : try child.readError() {
        case .octets(let octets):
            if event == .output { current?.output.append(octets) } else { current?.error.append(octets) }
        case .wouldBlock: break
        case .ended: return true
        }
        return false
    }

    private func finish(_ event: TablesEvent) {
        guard let registration = current?.registrations.removeValue(forKey: event) else { return }
        loop.unregister(registration)
        switch event {
        case .input: current?.child.closeInput()
        case .output: current?.child.closeOutput()
        case .error: current?.child.closeError()
        case .ended: break
        }
    }

    private func conclude() throws -> TablesAnswer? {
        guard let how = try current?.child.reap(endingGroup: true) else { return nil }
        for event in [TablesEvent.output, .error] where current?.registrations[event] != nil {
            for _ in 0..<1024 where current?.registrations[event] != nil {
                let before = (current?.output.octets.count ?? 0) + (current?.error.octets.count ?? 0)
                if try collect(event) { finish(event) }
                let after = (current?.output.octets.count ?? 0) + (current?.error.octets.count ?? 0)
                if before == after { break }
            }
        }
        guard let run = current else { return nil }
        for event in TablesEvent.allCases { finish(event) }
        current = nil
        if how.isSuccess, run.output.dropped == 0 {
            return TablesProgram.answer(of: TablesProgram.name(for: run.request), run.output.text)
        }
        return TablesProgram.answer(to: run.request, how, error: run.error.text)
    }
}
