import ControlProtocol
import IPVSAdmin
import KernelNet
import LinuxIO
import LoadBalancing

/// `holdfast ipvs`: carries out one command line of ipvsadm(8) on the IPVS table of this thread's network
/// namespace.
package final class IPVSShell {
    /// Where things come from and go to.
    package struct Streams {
        /// The standard input, for `-R`; nil when it cannot be read.
        package var input: () -> [UInt8]?
        /// The standard output.
        package var output: (String) -> Void
        /// A line of the error output.
        package var error: (String) -> Void

        /// These streams.
        package init(
            input: @escaping () -> [UInt8]?, output: @escaping (String) -> Void,
            error: @escaping (String) -> Void
        ) {
            self.input = input
            self.output = output
            self.error = error
        }
    }

    /// Exit statuses, which are ipvsadm's.
    private enum Status {
        static let done: Int32 = 0
        static let listingFailed: Int32 = 1
        static let unusable: Int32 = 2
        static let refused: Int32 = 255
    }

    private let program: String
    private let streams: Streams
    private let names: NameLookup

    /// A shell that calls itself `program` in its messages.
    package init(program: String, streams: Streams, names: NameLookup) {
        self.program = program
        self.streams = streams
        self.names = names
    }

    /// The longest input that `-R` takes: a table of a million servers.
    private static let inputLimit = 128 << 20

    /// A shell on this process's own streams that asks this host's resolver for names.
    package static func standard(program: String) -> IPVSShell {
        let streams = Streams(
            input: { StandardStream.input(limit: inputLimit) }, output: { StandardStream.show($0) },
            error: { StandardStream.note($0) })
        return IPVSShell(program: program, streams: streams, names: .host())
    }

    /// Carries out `words`, the program's own name not among them; what to exit with.
    package func run(_ words: [String]) -> Int32 {
        let command: AdminCommand
        do throws(CommandError) {
            command = try AdminCommand.parse(words, names: names)
        } catch {
            complain("\(error) (\(program) -h tells what there is)")
            return error.status
        }
        switch command {
        case .help:
            streams.output(UsageText.text(program: program))
            return Status.done
        case .restore: return restore()
        default: break
        }
        guard let kernel = open() else { return Status.unusable }
        if command == .version {
            streams.output("\(version) (IPVS v\(kernel.information))\n")
            return Status.done
        }
        return carryOut(command, kernel)
    }

    /// A program called ipvsadm says that first, since scripts look for it.
    private var version: String {
        program == "ipvsadm"
            ? "ipvsadm v1.31 by holdfast \(LabVersion.text)"
            : "holdfast \(LabVersion.text), with the options of ipvsadm v1.31"
    }

    private func complain(_ sentence: String) { streams.error("\(program): \(sentence)") }

    // MARK: The kernel

    private struct Kernel {
        let client: IPVSClient
        let information: IPVSInformation
    }

    /// One socket for everything; nil, and a word about it, when there is no IPVS or not for this user.
    private func open() -> Kernel? {
        do throws(IPVSError) {
            let client = try IPVSClient.open()
            return Kernel(client: client, information: try client.information())
        } catch {
            complain(text(error, AdminCommand.list(ListRequest())))
            return nil
        }
    }

    /// Why `command` could not be carried out.
    private func text(_ error: IPVSError, _ command: AdminCommand) -> String {
        guard case .failed(let failure) = error, let meaning = command.meaning(of: failure.errno.name) else {
            return "\(error)"
        }
        return "cannot \(command.purpose): \(meaning) (\(failure.errno.name))"
    }

    /// Carries out what needs the kernel.
    private func carryOut(_ command: AdminCommand, _ kernel: Kernel, isRestoring: Bool = false) -> Int32 {
        let client = kernel.client
        do throws(IPVSError) {
            switch command {
            case .change(let change):
                guard let failure = try client.attempt(change) else { return Status.done }
                complain("cannot \(command.purpose): \(failure.reason)")
                return Status.refused
            case .clear: try client.flush()
            case .zero(let identity): try client.zero(identity)
            case .setTimeouts(let timeouts): try client.set(timeouts)
            case .sync(let change):
                if isRestoring, try isInEffect(change, client) { break }
                try client.attempt(change)
            case .list(let request): return list(request, kernel)
            case .save(let isNumeric):
                streams.output(
                    SaveText.text(
                        try client.records(), timeouts: try client.timeouts(),
                        daemons: try client.syncDaemon(), names: isNumeric ? nil : names))
            case .help, .version, .restore: break
            }
            return Status.done
        } catch {
            complain(text(error, command))
            return Status.refused
        }
    }

    /// What a saved table says of sync threads may be so already: clearing a table leaves them.
    private func isInEffect(_ change: SyncDaemonChange, _ client: IPVSClient) throws(IPVSError) -> Bool {
        guard case .start(let thread, let wanted) = change, let running = try client.syncDaemon()[thread]
        else { return false }
        return wanted.isSatisfied(by: running)
    }

    // MARK: Restoring

    /// Reads every line before the first is carried out, so that a mistake leaves the table as it is. What
    /// the kernel refuses does not stop the rest, and is not forgotten at the end.
    private func restore() -> Int32 {
        guard let octets = streams.input() else {
            complain("cannot read the standard input, or it is too long")
            return Status.unusable
        }
        let input = RestoreInput(String(decoding: octets, as: UTF8.self), names: names)
        if let first = input.mistakes.first {
            for mistake in input.mistakes { complain("\(mistake)") }
            complain("nothing has been changed")
            return first.error.status
        }
        guard let kernel = open() else { return Status.unusable }
        var status = Status.done
        for line in input.lines {
            let result = carryOut(line.command, kernel, isRestoring: true)
            if result != Status.done {
                complain("that was line \(line.number)")
                status = result
            }
        }
        return status
    }

    // MARK: Listing

    private func list(_ request: ListRequest, _ kernel: Kernel) -> Int32 {
        let command = AdminCommand.list(request)
        do {
            switch request.subject {
            case .services(let identity): try listServices(identity, request, kernel)
            case .connections: try listConnections(request)
            case .timeouts:
                let timeouts = try kernel.client.timeouts()
                streams.output(
                    request.isJSON
                        ? JSONWriter.text(ListingJSON.timeouts(timeouts)) : DaemonText.text(timeouts))
            case .daemons:
                let state = try kernel.client.syncDaemon()
                streams.output(
                    request.isJSON ? JSONWriter.text(ListingJSON.daemons(state)) : DaemonText.text(state))
            }
            return Status.done
        } catch let error as IPVSError {
            complain(text(error, command))
        } catch {
            complain("\(error)")
        }
        return Status.listingFailed
    }

    private func listServices(
        _ identity: ServiceIdentity?, _ request: ListRequest, _ kernel: Kernel
    ) throws(IPVSError) {
        var records: [ServiceRecord] = []
        if let identity {
            records.append(try kernel.client.record(of: identity))
        } else {
            records = try kernel.client.records()
        }
        let (version, size) = (kernel.information.description, kernel.information.connectionTableSize)
        guard !request.isJSON else {
            streams.output(
                JSONWriter.text(ListingJSON.table(records, version: version, connectionTableSize: size)))
            return
        }
        let title = identity == nil ? TableText.title(version: version, connectionTableSize: size) : ""
        streams.output(title + TableText(request, names: names).text(records))
    }

    /// A table of a million connections is not held in memory: lines go out as they come in.
    private func listConnections(_ request: ListRequest) throws(SystemError) {
        let text = ConnectionText(request, names: names)
        var lines = LineReader(limit: 4096)
        var separator = "[\n"
        if !request.isJSON { streams.output(text.head) }
        try Files.readPieces("/proc/thread-self/net/ip_vs_conn") { octets in
            var rows = ""
            for line in lines.take(octets) {
                guard let entry = ConnectionEntry(line: String(decoding: line, as: UTF8.self)) else {
                    continue  // the head
                }
                if request.isJSON {
                    rows += separator + JSONWriter.line(ListingJSON.connection(entry))
                    separator = ",\n"
                } else {
                    rows += text.row(entry)
                }
            }
            if !rows.isEmpty { streams.output(rows) }
        }
        if request.isJSON { streams.output(separator == "[\n" ? "[]\n" : "\n]\n") }
    }
}
