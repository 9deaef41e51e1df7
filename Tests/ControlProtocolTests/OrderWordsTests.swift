import ControlProtocol
import Testing

@Suite struct OrderWordsTests {
    @Test(arguments: [
        ("90", 90), ("90s", 90), ("30m", 1800), ("2h", 7200), ("30d", 2_592_000), ("1", 1), ("0001", 1),
    ])
    func `a time is a number and a unit`(text: String, seconds: Int) {
        #expect(OrderWords.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "s", "0", "0s", "-1", "+1", "1.5h", "2 h", "2hours", "h2", "31d", "2592001", "9999999999d", "٣m",
    ])
    func `anything else is none`(text: String) { #expect(OrderWords.seconds(text) == nil) }

    @Test func `connections are those of the servers that are meant`() {
        let lines = [StatusDocumentTests.daemon, StatusDocumentTests.service()] + StatusDocumentTests.servers
        var asked: [String] = []
        let all = OrderWords.connections(in: lines) { address, service in
            asked.append("\(address)@\(service)")
            return true
        }
        #expect(all == 31_004)
        #expect(
            asked == ["198.51.100.21:80@198.51.100.10:80/tcp", "198.51.100.23:80@198.51.100.10:80/tcp"])
        #expect(OrderWords.connections(in: lines) { address, _ in address == "198.51.100.23:80" } == 0)
        #expect(OrderWords.connections(in: []) { _, _ in true } == 0)
    }

    @Test func `what takes servers out shows without connections, what brings them in when they are up`() {
        func line(_ address: String, _ state: String, _ weight: Int?, _ active: Int) -> JSONValue {
            [
                "kind": "server", "service": "s", "address": .string(address), "state": .string(state),
                "weight": JSONValue(weight) { .integer($0) }, "active": .integer(active),
            ]
        }
        let lines = [
            StatusDocumentTests.daemon, line("a", "up", 1, 0), line("b", "up", nil, 0),
            line("c", "down", 0, 0), line("d", "up", 0, 7), ["kind": "server", "address": "e"],
        ]
        func missing(_ admin: ControlOrder.Admin, _ names: String...) -> String? {
            OrderWords.missing(of: admin, in: lines) { address, _ in names.contains(address) }
        }
        for admin in [ControlOrder.Admin.drain, .maint, .weight(0)] {
            #expect(missing(admin, "a", "b", "c") == nil)
            #expect(missing(admin, "a", "d") == "7 connections are open")
        }
        for admin in [ControlOrder.Admin.ready, .weight(5)] {
            #expect(missing(admin, "a", "d", "e") == nil)
            #expect(missing(admin, "a", "b") == "b is not in the kernel's table")
            #expect(missing(admin, "a", "c") == "c is down")
        }
    }

    @Test func `what cannot be a number of connections does not end the program`() {
        let lines = [Int.max, .max, .min, -1, 3].map { active -> JSONValue in
            ["kind": "server", "service": "s", "address": "a", "active": .integer(active)]
        }
        #expect(OrderWords.connections(in: lines) { _, _ in true } == 2 * Int(UInt32.max) + 3)
    }
}
