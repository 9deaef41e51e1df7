import HealthChecks
import LinuxIO
import NetTypes
import Testing
import Timekeeping

@testable import Director

/// A server of datagrams in the same thread as the checker; it knows its client beforehand.
private final class DatagramServer {
    let target: Endpoint
    let source: ProbeSource
    private let socket: DatagramSocket

    init() throws {
        let ports = try [Listener(on: endpoint("127.0.0.1", 0)), Listener(on: endpoint("127.0.0.1", 0))]
            .map(\.endpoint)
        target = ports[0]
        source = ProbeSource(address: ports[1].address, port: ports[1].port)
        socket = try DatagramSocket(.udp, to: ports[1], StreamSocket.Options(source: ports[0]))
    }

    /// Answers what came.
    func turn(_ answers: ([UInt8]) -> [[UInt8]]) {
        while let octets = try? socket.receive() {
            for answer in answers(octets) { _ = try? socket.send(answer) }
        }
    }
}

@Suite struct ProbeDatagramsTests {
    private func result(
        _ kind: CheckSpecification.Kind, expecting verdict: Verdict, turn: () -> Void = {}
    ) throws -> ProbeResult? {
        let bench = try CheckerBench()
        let schedule = CheckSchedule(
            delayLoop: .seconds(60), retry: 0, warmup: .zero, startsDown: verdict == .up)
        let check = CheckSpecification(kind: kind, schedule: schedule)
        try bench.send(.configure(CheckerAssignment(generation: 1, checks: [check])))
        _ = try bench.work { bench in
            turn()
            return bench.verdict(0) == verdict
        }
        return bench.report?.result
    }

    @Test func `a name server that answers is up, whatever else comes`() throws {
        let server = try DatagramServer()
        let check = DNSCheck(target: server.target, source: server.source, name: "example.org")
        let found = try result(.dns(check), expecting: .up) {
            server.turn { query in
                let id = Array(query.prefix(2))
                let rest = Array(query.dropFirst(4))
                let strange: [UInt8] = [id[0] ^ 1, id[1], 0x81, 0x83]
                let own: [UInt8] = [id[0], id[1], 0x81, 0x80]
                return [strange + rest, own + rest]
            }
        }
        #expect(found == ProbeResult(.accepted, "NOERROR"))
    }

    @Test func `wrong ids alone are no answer`() throws {
        let server = try DatagramServer()
        let check = DNSCheck(target: server.target, timeout: .milliseconds(500), source: server.source)
        let found = try result(.dns(check), expecting: .down) {
            server.turn { query in
                let strange: [UInt8] = [query[0] ^ 1, query[1], 0x81, 0x80]
                return [strange + Array(query.dropFirst(4))]
            }
        }
        #expect(found == ProbeResult(.responseTimedOut, "no answer"))
    }

    @Test func `a datagram is answered as it must be`() throws {
        let server = try DatagramServer()
        let check = UDPCheck(
            target: server.target, source: server.source, payload: [1, 2, 3], requiresReply: true,
            reply: ReplyPattern("0302XX"))
        let found = try result(.udp(check), expecting: .up) { server.turn { [$0.reversed()] } }
        #expect(found == ProbeResult(.accepted, "reply of 3 octets"))
    }

    @Test func `a port that nobody listens on is down, and silence is not`() throws {
        let free = try Listener(on: endpoint("127.0.0.1", 0)).endpoint
        #expect(
            try result(.udp(UDPCheck(target: free, timeout: .seconds(3))), expecting: .down)
                == ProbeResult(.connectionFailed, "connection refused"))
        let server = try DatagramServer()
        let check = UDPCheck(target: server.target, timeout: .milliseconds(300), source: server.source)
        #expect(try result(.udp(check), expecting: .up) == ProbeResult(.connected, "no objection"))
    }

    @Test func `this host answers an echo, where it may be asked`() throws {
        let range = try Files.read("/proc/sys/net/ipv4/ping_group_range", limit: 64)
        let bounds = String(decoding: range, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap {
            Int($0)
        }
        guard bounds.count == 2, bounds[0] == 0, bounds[1] > 0 else { return }
        let check = PingCheck(address: v4("127.0.0.1"), timeout: .seconds(3))
        #expect(try result(.ping(check), expecting: .up) == ProbeResult(.connected, "echo reply"))
    }

    @Test func `a mail server that greets is up`() throws {
        let listener = try Listener(on: endpoint("127.0.0.1", 0))
        var sockets: [StreamSocket] = []
        var heard = ""
        let found = try result(.smtp(SMTPCheck(target: listener.endpoint)), expecting: .up) {
            if let socket = (try? listener.accept())??.socket {
                sockets.append(socket)
                _ = try? socket.write(Array("220 mail ready\r\n".utf8)[...])
            }
            for socket in sockets {
                guard case .octets(let octets)? = try? socket.read() else { continue }
                heard += String(decoding: octets, as: UTF8.self)
                _ = try? socket.write(Array("250 hello\r\n".utf8)[...])
            }
        }
        #expect(found == ProbeResult(.accepted, "250 hello"))
        #expect(heard.hasPrefix("HELO smtpchecker.keepalived.org\r\n"))
    }

    @Test func `targets are named for people`() throws {
        let target = endpoint("192.0.2.21", 53)
        let kinds: [CheckSpecification.Kind] = [
            .smtp(SMTPCheck(target: target)), .dns(DNSCheck(target: target)), .udp(UDPCheck(target: target)),
            .ping(PingCheck(address: target.address)),
        ]
        let names = kinds.map { CheckSpecification(kind: $0, schedule: CheckSchedule()).target }
        #expect(names == ["SMTP 192.0.2.21:53", "DNS 192.0.2.21:53", "UDP 192.0.2.21:53", "ping 192.0.2.21"])
    }
}
