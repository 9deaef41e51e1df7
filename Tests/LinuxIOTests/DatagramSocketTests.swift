import LinuxIO
import NetTypes
import Testing
import Timekeeping

@Suite struct DatagramSocketTests {
    private let loopback = IPAddress.v4(IPv4Address(127, 0, 0, 1))

    /// The next datagram, or what came instead, within a second.
    private func next(_ socket: DatagramSocket) throws -> [UInt8]? {
        let loop = try EventLoop<Int>()
        _ = try loop.register(socket.descriptor, .read, 0)
        _ = try loop.wait(until: Clock.now() + .seconds(1))
        return try socket.receive()
    }

    /// Two sockets that speak to each other.
    private func pair() throws -> (DatagramSocket, DatagramSocket) {
        let ports = try [
            Listener(on: Endpoint(loopback, port: 0)), Listener(on: Endpoint(loopback, port: 0)),
        ]
        .map(\.endpoint)
        let first = try DatagramSocket(.udp, to: ports[1], StreamSocket.Options(source: ports[0]))
        return (first, try DatagramSocket(.udp, to: ports[0], StreamSocket.Options(source: ports[1])))
    }

    @Test(
        .enabled(if: Privileges.effectiveUser == 0, "needs root"),
        arguments: [
            (IPAddress.v4(IPv4Address(127, 0, 0, 1)), 8 as UInt8, 0 as UInt8),
            (.v6(IPv6Address(high: 0, low: 1)), 128, 129),
        ])
    func `a raw echo is summed, answered and delivered without its head`(
        target: IPAddress, request: UInt8, reply: UInt8
    ) throws {
        let socket = try DatagramSocket(.rawEcho, to: Endpoint(target, port: 7))
        let nonce = UInt8.random(in: 0 ... .max)
        #expect(try socket.send([request, 0, 0, 0, 0, 0, 0, 9, nonce, 77]))
        for _ in 0..<20 {
            guard let answer = try next(socket) else { continue }
            guard answer.first == reply, answer.dropFirst(6).elementsEqual([0, 9, nonce, 77]) else {
                continue
            }
            return
        }
        Issue.record("no answer")
    }

    @Test func `datagrams come whole and one by one`() throws {
        let (first, second) = try pair()
        #expect(try second.receive() == nil)
        #expect(try first.send([1, 2, 3]))
        #expect(try first.send([]))
        #expect(try next(second) == [1, 2, 3])
        #expect(try second.receive() == [])
        #expect(try second.receive() == nil)
        #expect(try first.send([4, 5, 6]))
        let loop = try EventLoop<Int>()
        _ = try loop.register(second.descriptor, .read, 0)
        _ = try loop.wait(until: Clock.now() + .seconds(1))
        #expect(try second.receive(limit: 2) == [4, 5], "cut")
    }

    @Test func `an objection of the target is an error`() throws {
        let free = try Listener(on: Endpoint(loopback, port: 0)).endpoint
        let socket = try DatagramSocket(.udp, to: free)
        _ = try socket.send([1])
        #expect(throws: Errno.connectionRefused) { try next(socket) }
    }

    @Test func `a source that this host does not have is an error`() throws {
        let other = Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 0)
        #expect(throws: Errno.self) {
            try DatagramSocket(.udp, to: Endpoint(loopback, port: 9), StreamSocket.Options(source: other))
        }
    }

    @Test func `an echo is answered where the group may ask`() throws {
        do throws(Errno) {
            let socket = try DatagramSocket(.echo, to: Endpoint(loopback, port: 0))
            _ = try socket.send([8, 0, 0, 0, 0, 0, 0, 7, 1, 2])
            let answer = try? next(socket)
            #expect(answer?.first == 0 && answer?.suffix(4) == [0, 7, 1, 2])
        } catch {
            #expect(error.name == "EACCES")
        }
    }
}
