// The control socket. Every client is bounded: one request of limited length in limited time, answered by
// lines that are made only as fast as they are read, within a limited time as well. Nothing here waits, so a
// client that is slow, silent or hostile costs a slot and a few kilobytes, and the election, in a process of
// its own, nothing.

import ControlProtocol
import LinuxIO
import Timekeeping

/// What wakes the control server.
enum ControlWake: Hashable {
    case listener
    case client(UInt64)
}

/// One request, with whom the answer goes to.
struct ControlCall: Hashable {
    let client: UInt64
    let request: ControlRequest
    let peer: LocalPeer
}

/// The lines of an answer, made one by one.
typealias ControlLines = AnyIterator<JSONValue>

extension AnyIterator where Element == JSONValue {
    /// A line of each of `values`, made when it is taken, and the end.
    static func lines<Value>(
        of values: [Value], _ line: @escaping (Value) -> JSONValue, _ end: ControlEnd
    ) -> ControlLines {
        var rest = values[...]
        var isOver = false
        return AnyIterator {
            if let value = rest.popFirst() { return line(value) }
            guard !isOver else { return nil }
            isOver = true
            return end.json
        }
    }
}

/// The listener and its clients.
final class ControlServer<Token> {
    /// Bounds, in clients, time and octets.
    struct Limits {
        /// Clients at one time; a few more for root.
        var clients = 16
        /// Of these, only root gets the last ones.
        var reserved = 4
        /// From the connection to the end of the request.
        var request = Interval.seconds(2)
        /// From the request to the end of the answer.
        var answer = Interval.seconds(60)
        /// Of an answer, what waits to be read.
        var queue = 64 << 10
        /// Sent to one client in one turn.
        var turn = 256 << 10
    }

    private struct Client {
        let socket: StreamSocket
        let registration: Registration
        let peer: LocalPeer
        let right: ControlRight
        var reader = LineReader(limit: ControlNumbers.requestLimit)
        var interest = Interest.read
        /// When it is cut off.
        var deadline: Instant
        /// The request has come; nothing more is read.
        var hasAsked = false
        var lines: ControlLines?
        var outgoing: [UInt8] = []
        var sent = 0
    }

    private let loop: EventLoop<Token>
    private let token: (ControlWake) -> Token
    private let path: String
    private let limits: Limits
    private var access = ControlAccess()
    private var listener: (socket: LocalListener, registration: Registration)?
    /// The listener rests until then: the process has no descriptor to spare.
    private var resumeAt: Instant?
    private var clients: [UInt64: Client] = [:]
    private var lastClient: UInt64 = 0

    init(
        at path: String, in loop: EventLoop<Token>, limits: Limits = Limits(),
        token: @escaping (ControlWake) -> Token
    ) {
        self.path = path
        self.loop = loop
        self.limits = limits
        self.token = token
    }

    /// Listens for those whom `access` lets in; those who are being answered are let finish.
    func open(_ access: ControlAccess) throws {
        let isOpen = listener != nil
        if isOpen, access.mode == self.access.mode {
            self.access = access
            return
        }
        closeListener()
        self.access = access
        let socket = try LocalListener(at: path, mode: access.mode)
        listener = (socket, try loop.register(socket.descriptor, .read, token(.listener)))
    }

    private func closeListener() {
        guard let listener else { return }
        loop.unregister(listener.registration)
        self.listener = nil
        resumeAt = nil
    }

    /// Ends everything; the socket is removed.
    func close() {
        for client in clients.keys { drop(client) }
        closeListener()
    }

    /// When `advance` has something to do.
    var nextDeadline: Instant? {
        clients.values.reduce(resumeAt) { Instant?.earlier($0, $1.deadline) }
    }

    /// Cuts off who takes too long.
    func advance(to now: Instant) {
        for (number, client) in clients where client.deadline <= now { drop(number) }
        guard let resumeAt, resumeAt <= now, let listener else { return }
        self.resumeAt = nil
        try? loop.modify(listener.registration, .read)
    }

    /// Does what the loop says can be done; the requests that came.
    func handle(_ wake: ControlWake, _ ready: Ready<Token>, at now: Instant) -> [ControlCall] {
        switch wake {
        case .listener:
            accept(at: now)
            return []
        case .client(let number):
            guard let client = clients[number] else { return [] }
            if client.hasAsked {
                // It is no longer read from, so this is the end of both directions: nobody waits any more.
                if ready.hasFailed || ready.hasHungUp { drop(number) } else { send(number) }
                return []
            }
            return receive(number, at: now).map { [$0] } ?? []
        }
    }

    // MARK: Connections

    private func accept(at now: Instant) {
        guard let listener else { return }
        do {
            // Whoever connects faster than this waits in the kernel's queue.
            for _ in 0..<16 {
                guard let accepted = try listener.socket.accept() else { return }
                add(accepted, at: now)
            }
        } catch {
            // Out of descriptors: to be told of the waiting client again at once would be a busy loop.
            resumeAt = now + .seconds(1)
            try? loop.modify(listener.registration, [])
        }
    }

    private func add(_ accepted: LocalListener.Accepted, at now: Instant) {
        guard let right = access.right(of: accepted.peer) else {
            return turnAway(accepted.socket, ControlEnd(.denied, "this user may not ask the daemon"))
        }
        guard clients.count < limits.clients - (accepted.peer.user == 0 ? 0 : limits.reserved) else {
            return turnAway(accepted.socket, ControlEnd(.busy, "too many clients are being answered"))
        }
        lastClient += 1
        guard
            let registration = try? loop.register(
                accepted.socket.descriptor, .read, token(.client(lastClient)))
        else { return }
        clients[lastClient] = Client(
            socket: accepted.socket, registration: registration, peer: accepted.peer, right: right,
            deadline: now + limits.request)
    }

    /// A new socket has room for one line.
    private func turnAway(_ socket: StreamSocket, _ end: ControlEnd) {
        _ = try? socket.write(Array((JSONWriter.line(end.json) + "\n").utf8)[...])
    }

    private func drop(_ number: UInt64) {
        guard let client = clients.removeValue(forKey: number) else { return }
        loop.unregister(client.registration)
    }

    private func receive(_ number: UInt64, at now: Instant) -> ControlCall? {
        guard var client = clients[number] else { return nil }
        let result = (try? client.socket.read(limit: 16 << 10)) ?? .ended
        guard case .octets(let octets) = result else {
            if result == .ended { drop(number) }
            return nil
        }
        let line = client.reader.take(octets).first
        clients[number] = client
        if client.reader.hasOverflowed {
            answer(number, ControlEnd(.malformed, "the request is too long"), at: now)
            return nil
        }
        guard let line else { return nil }
        do throws(ControlRequest.Malformed) {
            let request = try ControlRequest(line: line)
            guard client.right >= request.right else {
                answer(number, ControlEnd(.denied, "this user may only look"), at: now)
                return nil
            }
            clients[number]?.hasAsked = true
            clients[number]?.deadline = now + limits.answer
            watch(number, [])
            return ControlCall(client: number, request: request, peer: client.peer)
        } catch {
            answer(number, ControlEnd(.malformed, "\(error)"), at: now)
            return nil
        }
    }

    // MARK: Answers

    /// Answers with one line. A client that is gone is no error.
    func answer(_ number: UInt64, _ end: ControlEnd, at now: Instant) {
        answer(number, AnyIterator(CollectionOfOne(end.json).makeIterator()), at: now)
    }

    /// Answers with `lines`, the last of which is a `ControlEnd`, and closes.
    func answer(_ number: UInt64, _ lines: ControlLines, at now: Instant) {
        guard clients[number] != nil else { return }
        clients[number]?.hasAsked = true
        clients[number]?.deadline = now + limits.answer
        clients[number]?.lines = lines
        send(number)
    }

    /// Sends what the client takes, at most a turn's worth; the loop tells when it takes more.
    private func send(_ number: UInt64) {
        guard var client = clients[number] else { return }
        var budget = limits.turn
        while budget > 0 {
            if client.sent == client.outgoing.count {
                client.outgoing.removeAll(keepingCapacity: true)
                client.sent = 0
                while client.outgoing.count < limits.queue, let line = client.lines?.next() {
                    client.outgoing += Array(JSONWriter.line(line).utf8)
                    client.outgoing.append(UInt8(ascii: "\n"))
                }
                // Nothing was promised yet, or all is sent.
                guard !client.outgoing.isEmpty else {
                    if client.lines != nil { drop(number) }
                    return
                }
            }
            do throws(Errno) {
                guard let count = try client.socket.write(client.outgoing[client.sent...]) else { break }
                client.sent += count
                budget -= count
            } catch {
                return drop(number)
            }
        }
        clients[number] = client
        watch(number, .write)
    }

    private func watch(_ number: UInt64, _ interest: Interest) {
        guard let client = clients[number], client.interest != interest else { return }
        clients[number]?.interest = interest
        do throws(Errno) { try loop.modify(client.registration, interest) } catch { drop(number) }
    }
}
