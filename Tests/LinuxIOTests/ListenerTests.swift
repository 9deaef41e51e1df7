import LinuxIO
import NetTypes
import Testing
import Timekeeping

@Suite struct ListenerTests {
    @Test(arguments: ["127.0.0.1", "::1"])
    func `a connection is accepted with its peer's address`(text: String) throws {
        let address = try #require(IPAddress(text))
        // A host without IPv6 has no ::1.
        guard address.family == .inet || Files.exists("/proc/net/if_inet6") else { return }
        let listener = try Listener(on: Endpoint(address, port: 0))
        #expect(listener.endpoint.address == address && listener.endpoint.port != 0)
        #expect(try listener.accept() == nil)
        let client = try StreamSocket(connectingTo: listener.endpoint)
        let loop = try EventLoop<Int>()
        _ = try loop.register(listener.descriptor, .read, 0)
        let accepted = try waiting(loop) { try listener.accept() }
        #expect(try client.localEndpoint() == accepted.peer)
    }

    @Test func `a port that is taken is an error that names it`() throws {
        let first = try Listener(on: Endpoint(.v4(IPv4Address(127, 0, 0, 1)), port: 0))
        let error = #expect(throws: SystemError.self) { try Listener(on: first.endpoint) }
        #expect(
            error?.description == "cannot listen on \(first.endpoint): Address already in use (EADDRINUSE)")
    }

    @Test func `an address that is not here yet can be listened on freely`() throws {
        let vip = Endpoint(.v4(IPv4Address(192, 0, 2, 100)), port: 0)
        let error = #expect(throws: SystemError.self) { try Listener(on: vip) }
        #expect(error?.errno == .addressNotAvailable)
        #expect(try Listener(on: vip, freely: true).endpoint.address == vip.address)
    }
}
