// Reads and changes links, addresses and neighbours: one request, one answer, at once. The kernel answers in
// microseconds; the time limit is there so that even a broken kernel or a full socket cannot hold the VRRP
// loop.

import CNetlink
import LinuxIO
import NetTypes
import Timekeeping

/// The requesting side of rtnetlink for the network namespace it was opened in.
package final class RouteSocket {
    private let socket: NetlinkSocket
    private let timeout: Interval
    private var sequence: UInt32 = 0
    /// How many requests the kernel refused, but for those that found things as they were to be already.
    package private(set) var refusals: UInt64 = 0

    /// How often a dump is repeated when the kernel says that it changed meanwhile (NLM_F_DUMP_INTR).
    private static var dumpAttempts: Int { 4 }
    /// The most messages one answer may have: a million links is no machine.
    private static var answerLimit: Int { 1 << 20 }

    /// Opens the socket. A request that is not answered within `timeout` fails with ETIMEDOUT.
    package init(timeout: Interval = .seconds(1)) throws(RouteError) {
        self.timeout = timeout
        do throws(Errno) {
            socket = try NetlinkSocket(timeout: timeout, receiveBuffer: 1 << 20)
        } catch {
            throw RouteError("open a netlink socket", error)
        }
    }

    /// Every interface, in the order of their indices.
    package func links() throws(RouteError) -> [Link] {
        // Older kernels list them by a hash of the index.
        try dump("list interfaces", RTM_GETLINK, Link.dumpRequest, answers: RTM_NEWLINK) { Link(payload: $0) }
            .sorted { $0.index < $1.index }
    }

    /// Makes a macvlan in VEPA mode with the Ethernet address `mac` on the interface `lower`, down. EEXIST
    /// when there is an interface of that name; EPERM without CAP_NET_ADMIN.
    package func addMACVLAN(named name: String, on lower: Int32, at mac: MACAddress) throws(RouteError) {
        try change(
            "make interface \(name)", RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
            LinkRequest.macvlan(named: name, on: lower, at: mac))
    }

    /// Has the kernel make the tunnel of this kind that takes from everybody, such as `tunl0` of `ipip`,
    /// which also loads its module. One that is there already, or comes with the module, is fine.
    /// EOPNOTSUPP when the kernel has no such module; EPERM without CAP_NET_ADMIN.
    package func addTunnel(named name: String, kind: String) throws(RouteError) {
        do {
            try change(
                "make interface \(name) (kind \(kind))", RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
                LinkRequest.plain(named: name, kind: kind), settled: [.exists])
        } catch  where error.errno == .exists {}
    }

    /// Switches an interface on or off. EBUSY when another one on the same interface has its Ethernet
    /// address; ENODEV when it is gone.
    package func set(_ link: Link, up isUp: Bool) throws(RouteError) {
        try change(
            "set \(link.name) \(isUp ? "up" : "down")", RTM_NEWLINK, 0, LinkRequest.up(isUp, link.index),
            settled: [.noDevice])
    }

    /// Removes an interface with all its addresses. ENODEV when it is gone.
    package func remove(_ link: Link) throws(RouteError) {
        try change(
            "remove interface \(link.name)", RTM_DELLINK, 0, LinkRequest.one(link.index),
            settled: [.noDevice])
    }

    /// Every IPv4 and IPv6 address of every interface.
    package func addresses() throws(RouteError) -> [InterfaceAddress] {
        try dump("list addresses", RTM_GETADDR, [UInt8](repeating: 0, count: 8), answers: RTM_NEWADDR) {
            InterfaceAddress(payload: $0)
        }
    }

    /// Every IPv4 and IPv6 neighbour of every interface.
    package func neighbours() throws(RouteError) -> [Neighbour] {
        try dump("list neighbours", RTM_GETNEIGH, [UInt8](repeating: 0, count: 12), answers: RTM_NEWNEIGH) {
            Neighbour(payload: $0)
        }
    }

    /// Adds an address. EEXIST when the interface has it already, whoever configured it; ENODEV when there is
    /// no such interface; EPERM without CAP_NET_ADMIN.
    package func add(_ address: InterfaceAddress) throws(RouteError) {
        try change(
            "add \(address)", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, address.payload(), settled: [.exists])
    }

    /// Removes an address by interface, address and prefix length. EADDRNOTAVAIL when it is not there. An
    /// IPv4 primary address takes its secondaries along unless net.ipv4.conf.*.promote_secondaries is set.
    package func remove(_ address: InterfaceAddress) throws(RouteError) {
        try change(
            "remove \(address)", RTM_DELADDR, 0, address.payload(removing: true),
            settled: [.addressNotAvailable, .noDevice])
    }

    /// The routes of both families that `origin` made, in all tables, as far as `Route` reads them.
    package func routes(of origin: AddressProtocol) throws(RouteError) -> [Route] {
        var found: [Route] = []
        for family in AddressFamily.allCases {
            let request = Route.dumpRequest(family, origin: origin.rawValue)
            found += try dump("list routes", RTM_GETROUTE, request, answers: RTM_NEWROUTE) { payload in
                Route(payload: payload).flatMap {
                    $0.origin == origin.rawValue && $0.identity.destination.address.family == family
                        ? $0 : nil
                }
            }
        }
        return found
    }

    /// Adds a route, or writes it anew in place of the one of its identity. EEXIST when there is one of that
    /// identity, whoever made it; ENETUNREACH when a gateway is on no link; ENETDOWN when the link is down.
    package func add(_ route: Route, replacing: Bool = false) throws(RouteError) {
        try change(
            "add \(route)", RTM_NEWROUTE, NLM_F_CREATE | (replacing ? NLM_F_REPLACE : NLM_F_EXCL),
            route.payload())
    }

    /// Removes the route of that identity, kind and origin. ESRCH when it is not there.
    package func remove(_ route: Route) throws(RouteError) {
        try change(
            "remove \(route)", RTM_DELROUTE, 0, route.payload(removing: true), settled: [.noProcess])
    }

    /// The gateway by which this host reaches `address`; nil when that is on a link or on this host itself,
    /// or when there is no route.
    package func gateway(to address: IPAddress) throws(RouteError) -> IPAddress? {
        try route(to: address, Route.gateway)
    }

    /// The interface, by its index, by which this host reaches `address`; nil when there is no route.
    package func interface(to address: IPAddress) throws(RouteError) -> Int32? {
        try route(to: address, Route.interface)
    }

    private func route<Value>(
        to address: IPAddress, _ read: ([UInt8]) -> Value?
    ) throws(RouteError) -> Value? {
        do {
            return try request(
                "look up the route to \(address)", RTM_GETROUTE, NLM_F_ACK, Route.lookup(of: address),
                settled: [Self.networkUnreachable, Self.hostUnreachable]
            )
            .messages.filter { $0.type == UInt16(RTM_NEWROUTE) }.compactMap { read($0.payload) }.first
        } catch  where [Self.networkUnreachable, Self.hostUnreachable].contains(error.errno) {
            return nil
        }
    }

    private static var networkUnreachable: Errno { Errno(rawValue: 101) }
    private static var hostUnreachable: Errno { Errno(rawValue: 113) }

    /// The rules of both families that `origin` made, or all where it is nil; none in a kernel that has no
    /// rules.
    package func rules(of origin: AddressProtocol? = nil) throws(RouteError) -> [RoutingRule] {
        try rules(of: origin, in: [2, 10])
    }

    func rules(of origin: AddressProtocol?, in families: [UInt8]) throws(RouteError) -> [RoutingRule] {
        // EOPNOTSUPP: built without CONFIG_IP_MULTIPLE_TABLES. EAFNOSUPPORT: without this family.
        let none = [Errno(rawValue: 95), Errno(rawValue: 97)]
        var found: [RoutingRule] = []
        for family in families {
            let request = [family] + [UInt8](repeating: 0, count: 11)
            do throws(RouteError) {
                found += try dump(
                    "list rules", RTM_GETRULE, request, answers: RTM_NEWRULE, settled: none
                ) { payload in
                    RoutingRule(payload: payload).flatMap {
                        payload.first == family && $0.origin == origin?.rawValue ?? $0.origin ? $0 : nil
                    }
                }
            } catch {
                guard none.contains(error.errno) else { throw error }
            }
        }
        return found
    }

    /// Adds a rule. EEXIST when there is the same one, whoever made it.
    package func add(_ rule: RoutingRule) throws(RouteError) {
        try change("add \(rule)", RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, rule.payload)
    }

    /// Removes a rule. ENOENT when it is not there.
    package func remove(_ rule: RoutingRule) throws(RouteError) {
        try change("remove \(rule)", RTM_DELRULE, 0, rule.payload, settled: [.notFound])
    }

    /// What the kernel knows of a neighbour; nil when it knows nothing.
    package func neighbour(of address: IPAddress, on interface: Int32) throws(RouteError) -> Neighbour? {
        let operation = "look up neighbour \(address) on interface \(interface)"
        do {
            return try request(
                operation, RTM_GETNEIGH, NLM_F_ACK, Neighbour.request(address, on: interface),
                settled: [.notFound]
            )
            .messages.filter { $0.type == UInt16(RTM_NEWNEIGH) }
            .lazy.compactMap { Neighbour(payload: $0.payload) }.first
        } catch  where error.errno == .notFound {
            return nil
        }
    }

    /// Lets the kernel find out a neighbour's hardware address as if a packet were to be sent to it
    /// (NTF_USE): an ARP request goes out unless it is known; the answer appears in `neighbour` and as an
    /// event of `RouteMonitor`.
    package func solicit(_ address: IPAddress, on interface: Int32) throws(RouteError) {
        try change(
            "solicit \(address) on interface \(interface)", RTM_NEWNEIGH, NLM_F_CREATE,
            Neighbour.request(address, on: interface, flags: UInt8(NTF_USE)))
    }

    private func change(
        _ operation: String, _ type: some BinaryInteger, _ flags: Int32, _ payload: [UInt8],
        settled: [Errno] = []
    ) throws(RouteError) {
        _ = try request(operation, type, flags | NLM_F_ACK, payload, settled: settled)
    }

    private func dump<Value>(
        _ operation: String, _ type: some BinaryInteger, _ payload: [UInt8], answers: some BinaryInteger,
        settled: [Errno] = [], _ decode: ([UInt8]) -> Value?
    ) throws(RouteError) -> [Value] {
        for _ in 0..<Self.dumpAttempts {
            let answer = try request(operation, type, NLM_F_DUMP, payload, settled: settled)
            if answer.isInterrupted { continue }
            return answer.messages.filter { $0.type == UInt16(answers) }.compactMap { decode($0.payload) }
        }
        // EAGAIN: it kept changing under our eyes.
        throw RouteError(operation, .wouldBlock)
    }

    /// Sends one request and collects its answers up to the acknowledgement or the end of the dump. The
    /// errors in `settled` say that there is nothing to do: they are thrown, and not counted as refusals.
    private func request(
        _ operation: String, _ type: some BinaryInteger, _ flags: Int32, _ payload: [UInt8],
        settled: [Errno] = []
    ) throws(RouteError) -> Answer {
        sequence &+= 1
        let message = NetlinkMessage(
            type: UInt16(type), flags: UInt16(NLM_F_REQUEST | flags), sequence: sequence, payload: payload)
        var answers: [NetlinkMessage] = []
        let end: AnswerEnd
        do throws(Errno) {
            try socket.send(message)
            end = try collect(&answers)
        } catch {
            throw RouteError(operation, error)
        }
        guard let error = end.error else { return Answer(answers, end) }
        if !settled.contains(error) { refusals += 1 }
        throw RouteError(operation, error, detail: end.detail)
    }

    private func collect(_ answers: inout [NetlinkMessage]) throws(Errno) -> AnswerEnd {
        let deadline = Clock.now() + timeout
        while Clock.now() < deadline, case .messages(let messages) = try socket.receive() {
            for message in messages {
                guard let message else { throw .badMessage }
                // A different number belongs to an earlier request that had timed out.
                guard message.sequence == sequence else { continue }
                if let end = AnswerEnd(message) { return end }
                guard answers.count < Self.answerLimit else { throw .messageTooLong }
                answers.append(message)
            }
        }
        throw .timedOut
    }
}

/// The answer to one request.
struct Answer {
    let messages: [NetlinkMessage]
    /// What was dumped has changed while it was, so that something may be missing or there twice.
    let isInterrupted: Bool

    init(_ messages: [NetlinkMessage], _ end: AnswerEnd) {
        self.messages = messages
        isInterrupted =
            end.isInterrupted || messages.contains { $0.flags & UInt16(NLM_F_DUMP_INTR) != 0 }
    }
}
