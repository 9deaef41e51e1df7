import CNetlink
import LinuxIO
import LoadBalancing
import NetTypes

/// The kernel's IPVS table and sync threads, by generic netlink. The one writer of this network namespace's
/// table: a dump that runs beside somebody else's writes misses or repeats entries and the kernel does not
/// say so, hence the table is read until two readings agree, or one with what it is believed to be.
///
/// Needs CAP_NET_ADMIN in the initial user namespace, for reading too.
package final class IPVSClient {
    private let transport: any IPVSTransport
    /// The number that the kernel gave IPVS's family of generic netlink.
    package let family: UInt16
    private var sequence: UInt32 = 0
    /// Called after each part of a long reading or writing: whoever waits for its end may be told.
    package var progress: () -> Void = {}

    /// Messages in one system call: few enough that the kernel's answers fit the socket, many enough that the
    /// system call does not count.
    package static let batch = 256
    /// Readings of the table before giving up on two that agree.
    package static let readings = 8
    /// IPVS_GENL_VERSION.
    private static let version: UInt8 = 1

    /// Connects to IPVS in the network namespace of this thread, loading module ip_vs when it is not there
    /// yet.
    package static func open() throws(IPVSError) -> IPVSClient {
        let socket: GenericNetlinkSocket?
        do throws(Errno) {
            socket = try GenericNetlinkSocket(family: "IPVS")
        } catch {
            throw .failed("open a generic netlink socket", error)
        }
        guard let socket else { throw .unavailable }
        return IPVSClient(transport: socket, family: socket.family)
    }

    /// A client that speaks through `transport` to the family numbered `family`.
    package init(transport: any IPVSTransport, family: UInt16) {
        self.transport = transport
        self.family = family
    }

    // MARK: Reading

    /// The whole table, sorted. Services and destinations that cannot be Holdfast's (other protocols, other
    /// forwarding methods) are left out.
    package func observe() throws(IPVSError) -> [IPVSService] {
        try observe(believing: nil).values.sorted { $0.identity < $1.identity }
    }

    /// The same by identity. One reading is enough where it is as `believed`: nothing will be changed for it.
    package func observe(
        believing believed: [ServiceIdentity: IPVSService]?
    ) throws(IPVSError) -> [ServiceIdentity: IPVSService] {
        var last = try table()
        if last == believed { return last }
        for _ in 1..<Self.readings {
            let next = try table()
            if next == last { return next }
            last = next
        }
        throw .unstable
    }

    private func table() throws(IPVSError) -> [ServiceIdentity: IPVSService] {
        var table: [ServiceIdentity: IPVSService] = [:]
        try ask(.services, "read the IPVS services") { object in
            guard let service = IPVSService(attributes: object) else { return }
            table[service.identity] = service
        }
        for identity in table.keys {
            let found = try destinations(of: identity)
            progress()
            table[identity]?.destinations = Dictionary(found.map { ($0.endpoint, $0) }) { $1 }
        }
        return table
    }

    /// The destinations of one service, each as `decode` reads it from its attributes and the service's
    /// family, in the kernel's order; those of which it makes nothing are left out.
    func destinations<Destination>(
        of identity: ServiceIdentity, as decode: (ArraySlice<UInt8>, AddressFamily) -> Destination?
    ) throws(IPVSError) -> [Destination] {
        var found: [Destination] = []
        try ask(.destinations(of: identity), "read the servers of \(identity)") { object in
            if let one = decode(object, identity.family) { found.append(one) }
        }
        return found
    }

    /// The destinations of one service: one question, whatever else is in the table. ESRCH when there is no
    /// such service.
    package func destinations(of identity: ServiceIdentity) throws(IPVSError) -> [IPVSDestination] {
        try destinations(of: identity, as: IPVSDestination.init(attributes:family:))
    }

    /// The sync threads that run, with every default filled in by the kernel and no instance.
    package func syncDaemon() throws(IPVSError) -> SyncDaemonState {
        var state = SyncDaemonState()
        try ask(.syncDaemons, "read the sync threads") { state.add(attributes: $0) }
        return state
    }

    /// IPVS's version and the size of its connection table.
    package func information() throws(IPVSError) -> IPVSInformation {
        let operation = "ask for the version of IPVS"
        var information: IPVSInformation?
        try ask(.information, operation) { information = IPVSInformation(attributes: $0) }
        guard let information else { throw .failed(operation, .badMessage) }
        return information
    }

    /// How long idle connections are kept, in seconds.
    package func timeouts() throws(IPVSError) -> [IPVSTimeout: UInt32] {
        var values: [IPVSTimeout: UInt32] = [:]
        try ask(.timeouts, "read the timeouts of IPVS") { values = IPVSTimeout.values(attributes: $0) }
        return values
    }

    /// Sets these timeouts, in seconds, and leaves the others alone.
    package func set(_ timeouts: [IPVSTimeout: UInt32]) throws(IPVSError) {
        try ask(.set(timeouts), "set the timeouts of IPVS")
    }

    /// `IPVSTransport.ask` of IPVS.
    func ask(
        _ request: GenericRequest, _ operation: @autoclosure () -> String,
        _ body: (ArraySlice<UInt8>) -> Void = { _ in }
    ) throws(IPVSError) {
        do throws(Errno) {
            sequence &+= 1
            try transport.ask(
                request, family: family, version: Self.version, sequence: sequence, body)
        } catch {
            throw .failed(operation(), error)
        }
    }

    // MARK: Writing

    /// Makes `changes`, in order, many in one system call. A refused one does not stop the others; what was
    /// refused is returned with the kernel's number. An object that is already there is edited, one that is
    /// already gone needs no removal. Throws when the kernel could not be told at all; what was done by then
    /// stays done.
    package func apply(_ changes: [ServiceChange]) throws(IPVSError) -> [ServiceChangeFailure] {
        var failures: [ServiceChangeFailure] = []
        var rest = changes[...]
        while !rest.isEmpty {
            let chunk = Array(rest.prefix(Self.batch))
            rest = rest.dropFirst(Self.batch)
            var again: [ServiceChange] = []
            for failure in try transact(chunk) {
                switch Remedy(for: failure) {
                case .none: failures.append(failure)
                case .tolerate: break
                case .instead(let change): again.append(change)
                }
            }
            if !again.isEmpty { failures += try transact(again) }
            progress()
        }
        return Remedy.rootCauses(of: failures)
    }

    /// Makes one change as it is told, for a command somebody gave: nothing else is tried in its place. The
    /// refusal, nil when it is done.
    package func attempt(_ change: ServiceChange) throws(IPVSError) -> ServiceChangeFailure? {
        try transact([change]).first
    }

    /// Starts or stops a sync thread; stopping one that does not run fails with ESRCH.
    package func attempt(_ change: SyncDaemonChange) throws(IPVSError) {
        switch change {
        case .start(let thread, let configuration):
            try ask(.start(thread, configuration), change.description)
        case .stop(let thread): try ask(.stop(thread), change.description)
        }
    }

    /// Starts or stops a sync thread. Stopping one that does not run is no error.
    package func apply(_ change: SyncDaemonChange) throws(IPVSError) {
        do {
            try attempt(change)
        } catch .failed(let error) where error.errno == .noProcess {
            if case .start = change { throw .failed(error) }
        }
    }

    /// Removes every service, whoever added it.
    package func flush() throws(IPVSError) { try ask(.flush, "clear the IPVS table") }

    /// Sets the counters of a service to zero, or those of all of them; ESRCH when there is no such service.
    package func zero(_ identity: ServiceIdentity? = nil) throws(IPVSError) {
        try ask(.zero(identity), "set the counters of \(identity?.description ?? "all services") to zero")
    }

    /// Sends one batch and collects what was refused. Only the last message asks for an acknowledgement: it
    /// means that all before it are done, since the kernel carries them out in order.
    private func transact(_ changes: [ServiceChange]) throws(IPVSError) -> [ServiceChangeFailure] {
        let first = sequence &+ 1
        var datagram: [UInt8] = []
        for (index, change) in changes.enumerated() {
            var request = GenericRequest.change(change)
            if index == changes.count - 1 { request.flags.insert(.acknowledge) }
            sequence &+= 1
            request.append(to: &datagram, family: family, version: Self.version, sequence: sequence)
        }
        do throws(Errno) {
            try transport.send(datagram)
            return try refusals(of: changes, from: first)
        } catch .noBuffers {
            return try unmade(changes)
        } catch {
            throw .failed("write the IPVS table", error)
        }
    }

    private func refusals(
        of changes: [ServiceChange], from first: UInt32
    ) throws(Errno) -> [ServiceChangeFailure] {
        var failures: [ServiceChangeFailure] = []
        while true {
            for reply in NetlinkReply.messages(in: try transport.receive()) {
                let index = Int(reply.sequence &- first)
                guard case .result(let number) = reply.content, changes.indices.contains(index) else {
                    continue
                }
                if number != 0 {
                    failures.append(
                        ServiceChangeFailure(change: changes[index], errno: Errno(rawValue: number)))
                }
                if index == changes.count - 1 { return failures }
            }
        }
    }

    /// Answers were lost, not requests: asking the table is right, sending again is not.
    private func unmade(_ changes: [ServiceChange]) throws(IPVSError) -> [ServiceChangeFailure] {
        var table: [ServiceIdentity: IPVSService] = [:]
        for service in try observe() { table[service.identity] = service }
        return changes.filter { !$0.isInEffect(in: table) }
            .map { ServiceChangeFailure(change: $0, errno: .noBuffers) }
    }
}

/// What to do about a refusal when the table is not as it was when the changes were planned.
enum Remedy: Hashable {
    /// It is a failure.
    case none
    /// What was wanted is so already.
    case tolerate
    /// Make this change in its place.
    case instead(ServiceChange)

    init(for failure: ServiceChangeFailure) {
        switch (failure.change, failure.errno) {
        case (.addService(let service), .exists):
            self = .instead(.editService(from: service, to: service))
        case (.addDestination(let destination, let identity), .exists):
            self = .instead(.editDestination(from: destination, to: destination, of: identity))
        case (.editService(_, let service), .noProcess):
            self = .instead(.addService(service))
        case (.editDestination(_, let destination, let identity), .notFound):
            self = .instead(.addDestination(destination, to: identity))
        case (.deleteService, .noProcess), (.deleteDestination, .noProcess), (.deleteDestination, .notFound):
            self = .tolerate
        default:
            self = .none
        }
    }

    /// `failures` without those that only follow from another: servers of a service that could not be added.
    static func rootCauses(of failures: [ServiceChangeFailure]) -> [ServiceChangeFailure] {
        var missing: Set<ServiceIdentity> = []
        for failure in failures {
            if case .addService(let service) = failure.change { missing.insert(service.identity) }
        }
        return failures.filter { failure in
            switch failure.change {
            case .addDestination(_, let identity), .editDestination(_, _, let identity):
                failure.errno != .noProcess || !missing.contains(identity)
            default: true
            }
        }
    }
}
