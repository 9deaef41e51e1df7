import HealthChecks
import LinuxIO
import NetTypes
import Testing

@testable import Director

@Suite struct SocketOrderTests {
    private let target = endpoint("127.0.0.1", 9)

    @Test func `what the checker makes itself is not ordered`() {
        #expect(SocketOrder(.tcp(TCPCheck(target: target))) == nil)
        #expect(SocketOrder(.udp(UDPCheck(target: target, source: ProbeSource(port: 1024)))) == nil)
        #expect(SocketOrder(scriptCheck().kind) == nil)
    }

    @Test func `a mark, a low port and an echo are`() throws {
        let low = ProbeSource(port: 1023)
        let marked = ProbeSource(mark: mark(7))
        let kinds: [(CheckSpecification.Kind, SocketOrder.Kind)] = [
            (.tcp(TCPCheck(target: target, source: low)), .stream),
            (.http(HTTPCheck(target: target, urls: [HTTPURL()], source: marked)), .stream),
            (.smtp(SMTPCheck(target: target, source: low)), .stream),
            (.dns(DNSCheck(target: target, source: marked)), .datagram),
            (.udp(UDPCheck(target: target, source: low)), .datagram),
            (.ping(PingCheck(address: target.address)), .echo),
        ]
        for (check, kind) in kinds {
            let order = try #require(SocketOrder(check))
            #expect(order.kind == kind)
            #expect(order.target.address == target.address)
        }
    }

    @Test(.enabled(if: Privileges.effectiveUser == 0, "needs root"))
    func `sockets are made as they are ordered`() throws {
        let listener = try Listener(on: endpoint("127.0.0.1", 0))
        let source = ProbeSource(address: v4("127.0.0.1"), port: 987)
        let check = TCPCheck(target: listener.endpoint, source: source)
        let made = try #require(SocketOrder(.tcp(check))).make()
        let socket = try StreamSocket(adopting: made, connectingTo: listener.endpoint)
        #expect(try socket.localEndpoint()?.port == 987)
        let ping = PingCheck(address: v4("127.0.0.1"))
        let echo = DatagramSocket(
            adopting: try #require(SocketOrder(.ping(ping))).make(), .rawEcho, to: endpoint("127.0.0.1", 0))
        #expect(try echo.send([8, 0, 0, 0, 0, 0, 0, 1, 42]))
        var answers: [[UInt8]] = []
        while let answer = try echo.receive() { answers.append(answer) }
        // Of this host's own echo the raw socket sees the request as well.
        #expect(answers.contains { $0.first == 0 && $0.last == 42 })
    }
}
