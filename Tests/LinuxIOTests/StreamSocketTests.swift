import LinuxIO
import NetTypes
import Testing
import Timekeeping

private let loopback = IPAddress.v4(IPv4Address(127, 0, 0, 1))

/// A connection through the loopback interface, both ends.
private func connection(
    _ address: IPAddress = loopback
) throws -> (client: StreamSocket, server: StreamSocket, peer: Endpoint) {
    let listener = try Listener(on: Endpoint(address, port: 0))
    let client = try StreamSocket(connectingTo: listener.endpoint)
    let loop = try EventLoop<Int>()
    _ = try loop.register(listener.descriptor, .read, 0)
    let accepted = try waiting(loop) { try listener.accept() }
    try client.finishConnecting()
    return (client, accepted.socket, accepted.peer)
}

@Suite struct StreamSocketTests {
    @Test func `octets go both ways and the end is told`() throws {
        let (client, server, _) = try connection()
        #expect(!client.isConnecting && !server.isConnecting)
        #expect(try server.read() == .wouldBlock)
        #expect(try client.write([1, 2, 3]) == 3)
        let loop = try EventLoop<Int>()
        let registration = try loop.register(server.descriptor, .read, 0)
        func next(_ socket: StreamSocket, limit: Int = 100) throws -> ReadResult {
            try waiting(loop) {
                let result = try socket.read(limit: limit)
                return result == .wouldBlock ? nil : result
            }
        }
        #expect(try next(server, limit: 2) == .octets([1, 2]))
        #expect(try next(server) == .octets([3]))
        try client.shutdownWriting()
        #expect(try next(server) == .ended)
        #expect(try server.write([9]) == 1)
        loop.unregister(registration)
        _ = try loop.register(client.descriptor, .read, 1)
        #expect(try next(client) == .octets([9]))
    }

    @Test func `a refused connection says so when it finishes or at once`() throws {
        // A port that was free a moment ago: bound by nobody who listens.
        let endpoint = try Listener(on: Endpoint(loopback, port: 0)).endpoint
        let loop = try EventLoop<Int>()
        #expect(throws: Errno.connectionRefused) {
            let socket = try StreamSocket(connectingTo: endpoint)
            _ = try loop.register(socket.descriptor, .write, 0)
            _ = try loop.wait(until: Clock.now() + .seconds(60))
            try socket.finishConnecting()
        }
    }

    @Test func `a connection under way is told as such`() throws {
        // 192.0.2.0/24 is for documentation: there is nobody, and perhaps no route.
        do {
            let remote = Endpoint(.v4(IPv4Address(192, 0, 2, 77)), port: 9)
            let socket = try StreamSocket(connectingTo: remote)
            #expect(socket.isConnecting)
        } catch {
            #expect(error.name == "ENETUNREACH" || error.name == "EHOSTUNREACH")
        }
    }

    @Test func `the source address is the one that was asked for`() throws {
        let source = Endpoint(.v4(IPv4Address(127, 9, 9, 9)), port: 0)
        let listener = try Listener(on: Endpoint(loopback, port: 0))
        let client = try StreamSocket(
            connectingTo: listener.endpoint, StreamSocket.Options(source: source, device: "lo"))
        let loop = try EventLoop<Int>()
        _ = try loop.register(listener.descriptor, .read, 0)
        let accepted = try waiting(loop) { try listener.accept() }
        #expect(accepted.peer.address == source.address)
        #expect(try client.localEndpoint() == accepted.peer)
        #expect(throws: Errno.addressNotAvailable) {
            try StreamSocket(
                connectingTo: listener.endpoint,
                StreamSocket.Options(source: Endpoint(.v4(IPv4Address(203, 0, 113, 1)), port: 0)))
        }
    }

    @Test func `a reset close is seen as such by the peer`() throws {
        func makeAndReset() throws -> StreamSocket {
            let (client, server, _) = try connection()
            client.resetOnClose()
            return server
        }
        let server = try makeAndReset()
        let loop = try EventLoop<Int>()
        _ = try loop.register(server.descriptor, .read, 0)
        let ready = try loop.wait(until: Clock.now() + .seconds(60))
        #expect(ready.allSatisfy { $0.hasFailed || $0.hasHungUp })
        let error = #expect(throws: Errno.self) { try server.read() }
        #expect(error?.name == "ECONNRESET")
    }

    @Test func `a socket that was disconnected resets its peer and connects anew`() throws {
        let (client, server, _) = try connection()
        let loop = try EventLoop<Int>()
        _ = try loop.register(server.descriptor, .read, 0)
        try client.disconnect()
        _ = try loop.wait(until: Clock.now() + .seconds(60))
        #expect(throws: Errno(rawValue: 104)) { try server.read() }

        let listener = try Listener(on: Endpoint(loopback, port: 0))
        _ = try loop.register(listener.descriptor, .read, 1)
        try client.connect(to: listener.endpoint)
        let next = try waiting(loop) { try listener.accept() }
        try client.finishConnecting()
        #expect(try next.socket.write([7]) == 1)
        _ = try loop.register(client.descriptor, .read, 2)
        let heard = try waiting(loop) {
            let result = try client.read()
            return result == .wouldBlock ? nil : result
        }
        #expect(heard == .octets([7]))
    }

    @Test func `a peer that does not read blocks the writer`() throws {
        let (client, server, _) = try connection()
        let block = [UInt8](repeating: 1, count: 1 << 20)
        var written = 0
        while let count = try client.write(block[...]) { written += count }
        #expect(written > 0)
        #expect(server.descriptor != client.descriptor)
    }
}
