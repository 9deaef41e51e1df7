import Glibc
import HealthChecks
import LinuxIO
import NetTypes
import Testing
import Timekeeping

@testable import Director

/// A host that is kept from running for longer than its probes may take, whatever the servers do.
@Suite struct LateCheckerTests {
    private let schedule = CheckSchedule(delayLoop: .seconds(600), retry: 0, warmup: .zero, startsDown: true)

    /// Has the checks probed once each, the turn after the first of them so much later; how many are up.
    private func ups(_ checks: [CheckSpecification], pause: Interval, server: () -> Bool) throws -> Int {
        let bench = try CheckerBench(descriptors: 2048)
        try bench.send(.configure(CheckerAssignment(generation: 1, checks: checks)))
        var hasSlept = false
        var up: Set<Int> = []
        _ = try bench.work(.seconds(20)) { bench in
            if server(), !hasSlept {
                hasSlept = true
                usleep(UInt32(pause.nanoseconds / 1000))
            }
            for case .verdicts(_, let news) in bench.reports {
                for one in news where one.verdict == .up { up.insert(one.index) }
            }
            bench.reports = []
            return up.count == checks.count
        }
        #expect(hasSlept)
        return up.count
    }

    @Test func `answers that wait with it count, however many they are`() throws {
        let listener = try Listener(on: endpoint("0.0.0.0", 0), backlog: 1024)
        let checks = (0..<600).map { number in
            var check = TCPCheck(
                target: endpoint("127.1.\(number / 200).\(number % 200 + 1)", listener.endpoint.port),
                timeout: .seconds(1))
            check.expected = Array("220".utf8)
            return CheckSpecification(kind: .tcp(check), schedule: schedule)
        }
        var clients: [StreamSocket] = []
        // All of them wait for an answer, and it is so late that no deadline is put off for it alone.
        let up = try ups(checks, pause: .milliseconds(1300)) {
            while let client = try? listener.accept() ?? nil { clients.append(client.socket) }
            guard clients.count == 600 else { return false }
            for client in clients { _ = try? client.write(Array("220 here\r\n".utf8)[...]) }
            return true
        }
        #expect(up == 600)
    }

    @Test func `a greeting that was there before anybody looked is read`() throws {
        let listener = try Listener(on: endpoint("127.0.0.1", 0))
        var check = TCPCheck(target: listener.endpoint, timeout: .seconds(1))
        check.expected = Array("220".utf8)
        var clients: [StreamSocket] = []
        let up = try ups(
            [CheckSpecification(kind: .tcp(check), schedule: schedule)], pause: .milliseconds(1300)
        ) {
            guard let client = try? listener.accept() ?? nil else { return false }
            _ = try? client.socket.write(Array("220 here\r\n".utf8)[...])
            clients.append(client.socket)
            return true
        }
        #expect(up == 1)
    }

    @Test func `a server is not down for a question that was never asked`() throws {
        let listener = try Listener(on: endpoint("127.0.0.1", 0))
        let check = CheckSpecification(
            kind: .http(
                HTTPCheck(target: listener.endpoint, timeout: .milliseconds(300), urls: [HTTPURL()])),
            schedule: schedule)
        var clients: [StreamSocket] = []
        let up = try ups([check], pause: .seconds(1)) {
            while let client = try? listener.accept() ?? nil { clients.append(client.socket) }
            for client in clients {
                guard case .octets? = try? client.read() else { continue }
                _ = try? client.write(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)[...])
            }
            return !clients.isEmpty
        }
        #expect(up == 1)
    }

    @Test(arguments: [false, true])
    func `a server that never answers is down nonetheless`(speaksTLS: Bool) throws {
        let bench = try CheckerBench()
        let listener = try Listener(on: endpoint("127.0.0.1", 0))
        var http = HTTPCheck(target: listener.endpoint, timeout: .milliseconds(300), urls: [HTTPURL()])
        http.tls = speaksTLS ? TLSSettings() : nil
        let check = CheckSpecification(
            kind: .http(http), schedule: CheckSchedule(delayLoop: .seconds(600), retry: 0, warmup: .zero))
        try bench.send(.configure(CheckerAssignment(generation: 1, checks: [check])))
        #expect(
            try bench.work(.seconds(20)) { bench in
                // It is late for each and every turn.
                usleep(500_000)
                return bench.verdict(0) == .down
            })
        #expect(bench.report?.result.outcome == (speaksTLS ? .handshakeTimedOut : .responseTimedOut))
    }
}
