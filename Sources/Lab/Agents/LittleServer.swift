// The real server of the lab: says its own name. It speaks HTTP to checkers and browsers, and lines to the
// probes.

import LinuxIO
import NetTypes
import Timekeeping

/// What the little server answers, without sockets.
package struct ServerDialogue: Hashable, Sendable {
    /// An answer to what came so far.
    package struct Answer: Hashable, Sendable {
        /// To be sent.
        package var octets: [UInt8]
        /// The connection ends after that.
        package var closes: Bool
    }

    private let name: String
    private var received: [UInt8] = []
    private static let limit = 8192

    /// A dialogue of the server called `name`.
    package init(name: String) { self.name = name }

    /// Takes what the client sent. A line that begins like an HTTP request waits for the empty line and
    /// gets a page; any other line comes back behind the server's name.
    package mutating func take(_ octets: [UInt8]) -> Answer {
        received += octets
        var answer = Answer(octets: [], closes: received.count > Self.limit)
        while !answer.closes, let end = received.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: received[..<end], as: UTF8.self)
            guard line.hasPrefix("GET ") || line.hasPrefix("HEAD ") else {
                answer.octets += Array("\(name) \(line)\n".utf8)
                received.removeFirst(end + 1)
                continue
            }
            guard String(decoding: received, as: UTF8.self).contains("\r\n\r\n") else { break }
            let body = line.hasPrefix("GET ") ? "\(name)\n" : ""
            let head =
                "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: \(name.utf8.count + 1)\r\n"
            answer.octets += Array("\(head)Connection: close\r\n\r\n\(body)".utf8)
            answer.closes = true
        }
        return answer
    }
}

/// Serves until its input ends, which it does when the drill is gone.
package final class LittleServer {
    private enum Event: Hashable { case parent, listener(Int), client(Int) }

    private final class Client {
        let socket: StreamSocket
        let registration: Registration
        var dialogue: ServerDialogue
        var pending: ArraySlice<UInt8> = []
        var closes = false
        /// Grows with every event of any client: the smallest is the client that has been silent longest.
        var lastHeard: Int

        init(_ socket: StreamSocket, _ registration: Registration, _ dialogue: ServerDialogue, at event: Int)
        {
            self.socket = socket
            lastHeard = event
            self.registration = registration
            self.dialogue = dialogue
        }
    }

    private let name: String
    private let loop: EventLoop<Event>
    private var listeners: [Listener] = []
    private var clients: [Int: Client] = [:]
    private var nextClient = 0
    private var event = 0
    /// With more clients at once the one that has been silent longest is dropped for the newest: those that
    /// a crash has cut off never say that they are gone.
    private static let clientLimit = 16_384

    /// Listens on every address of this namespace.
    package init(name: String, ports: [UInt16]) throws {
        self.name = name
        loop = try EventLoop()
        _ = try loop.register(.standardInput, .read, .parent)
        for (index, port) in ports.enumerated() {
            let listener = try Listener(on: Endpoint(.v4(IPv4Address(0, 0, 0, 0)), port: port), backlog: 1024)
            _ = try loop.register(listener.descriptor, .read, .listener(index))
            listeners.append(listener)
        }
    }

    /// Serves.
    package func run() throws {
        var output = AgentOutput()
        output.add(.ready(name))
        output.flush()
        while true {
            for ready in try loop.wait(until: nil) where loop.isCurrent(ready.registration) {
                switch ready.token {
                case .parent: return
                case .listener(let index): try accept(listeners[index])
                case .client(let number): serve(number, ready)
                }
            }
        }
    }

    private func accept(_ listener: Listener) throws {
        for _ in 0..<64 {
            if clients.count >= Self.clientLimit { dropMostSilent() }
            do throws(Errno) {
                guard let accepted = try listener.accept() else { return }
                nextClient += 1
                event += 1
                let registration = try loop.register(
                    accepted.socket.descriptor, .read, .client(nextClient))
                clients[nextClient] = Client(
                    accepted.socket, registration, ServerDialogue(name: name), at: event)
            } catch {
                guard error == .tooManyFiles, dropMostSilent() else { throw error }
            }
        }
    }

    /// False when there is no client.
    @discardableResult
    private func dropMostSilent() -> Bool {
        guard let silent = clients.min(by: { $0.value.lastHeard < $1.value.lastHeard })?.key else {
            return false
        }
        drop(silent)
        return true
    }

    private func drop(_ number: Int) {
        guard let client = clients.removeValue(forKey: number) else { return }
        loop.unregister(client.registration)
    }

    private func serve(_ number: Int, _ ready: Ready<Event>) {
        guard let client = clients[number] else { return }
        event += 1
        client.lastHeard = event
        do throws(Errno) {
            // Who does not take its answers is not listened to either, so that few of them wait here.
            if ready.isReadable, client.pending.isEmpty {
                switch try client.socket.read(limit: 4096) {
                case .octets(let octets):
                    let answer = client.dialogue.take(octets)
                    client.pending += answer.octets
                    client.closes = answer.closes
                case .wouldBlock: break
                case .ended: throw .brokenPipe
                }
            }
            if !client.pending.isEmpty {
                client.pending = client.pending.dropFirst(try client.socket.write(client.pending) ?? 0)
            }
            if client.pending.isEmpty, client.closes { throw .brokenPipe }
            try loop.modify(client.registration, client.pending.isEmpty ? .read : .write)
        } catch {
            drop(number)
        }
    }
}

extension Errno {
    /// EMFILE on Linux: this process may open no more.
    static let tooManyFiles = Errno(rawValue: 24)
}
