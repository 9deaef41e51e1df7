import SimulationKit
import Testing

@testable import ControlProtocol

@Suite struct ControlOrderTests {
    static let orders = [
        ControlOrder(.drain, "192.0.2.21"), ControlOrder(.maint, "192.0.2.21:80", reason: "disk"),
        ControlOrder(.ready, "[2001:db8::21]:80@fwmark:3/inet6"),
        ControlOrder(.ready, "192.0.2.21", reason: "disk replaced"),
        ControlOrder(.weight(2_147_483_647), "192.0.2.21", reason: "more", seconds: ControlOrder.longest),
        ControlOrder(.weight(0), "192.0.2.21", seconds: 1),
    ]

    private func read(_ line: String) throws(ControlRequest.Malformed) -> ControlRequest {
        try ControlRequest(line: Array(line.utf8)[...])
    }

    @Test(arguments: orders) func `an order arrives as it was written`(order: ControlOrder) throws {
        #expect(try read(ControlRequest.order(order).line) == .order(order))
    }

    @Test func `the line is what the documentation says`() {
        let order = ControlOrder(.weight(5), "192.0.2.21", reason: "x", seconds: 60)
        #expect(
            ControlRequest.order(order).line
                == #"{"holdfast": 1, "command": "weight", "target": "192.0.2.21", "weight": 5, "#
                + #""reason": "x", "for_seconds": 60}"#)
        #expect(order.words == "weight 5 of 192.0.2.21" && order.command == "weight")
        #expect(Self.orders.map(\.command) == ["drain", "maint", "ready", "ready", "weight", "weight"])
    }

    private static func line(_ members: String) -> String { "{\"holdfast\": 1, \(members)}" }

    @Test(arguments: [
        (line(#""command": "drain""#), "command drain needs a \"target\""),
        (line(#""command": "drain", "target": """#), "\"target\" must be a text of 1 to 200"),
        (line(#""command": "drain", "target": 5"#), "\"target\" must be a text"),
        (line(#""command": "drain", "target": "a\nb""#), "\"target\" must be a text"),
        (line(#""command": "drain", "target": "ä""#), "\"target\" must be a text"),
        (line(#""command": "drain", "target": "a", "weight": 5"#), "drain knows no \"weight\""),
        (line(#""command": "drain", "target": "a", "reason": null"#), "\"reason\" must be a text"),
        (line(#""command": "drain", "target": "a", "for_seconds": 0"#), "number from 1 to 2592000"),
        (line(#""command": "drain", "target": "a", "for_seconds": 2592001"#), "number from 1 to 2592000"),
        (line(#""command": "drain", "target": "a", "for_seconds": "2h""#), "number from 1 to 2592000"),
        (line(#""command": "weight", "target": "a""#), "\"weight\" must be a number from 0 to 2147483647"),
        (line(#""command": "weight", "target": "a", "weight": -1"#), "\"weight\" must be a number"),
        (line(#""command": "weight", "target": "a", "weight": 2147483648"#), "\"weight\" must be a number"),
        (line(#""command": "weight", "target": "a", "weight": 1.5"#), "\"weight\" must be a number"),
        (line(#""command": "ready", "target": "a", "for_seconds": 5"#), "ready knows no \"for_seconds\""),
    ])
    func `what is no order is told why`(line: String, reason: String) {
        let error = #expect(throws: ControlRequest.Malformed.self) { try read(line) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func `a text has its limit`() throws {
        let longest = String(repeating: "a", count: ControlOrder.textLimit)
        #expect(ControlOrder.isPlain(longest) && !ControlOrder.isPlain(longest + "a"))
        #expect(!ControlOrder.isPlain("") && !ControlOrder.isPlain("a\u{7F}") && ControlOrder.isPlain(" "))
        let order = ControlOrder(.drain, longest, reason: longest)
        #expect(try read(ControlRequest.order(order).line) == .order(order))
    }

    @Test func `an order that is damaged anywhere is another one, or none`() {
        var generator = SeededGenerator(seed: 3)
        let whole = Array(ControlRequest.order(Self.orders[4]).line.utf8)
        for _ in 0..<5000 {
            var damaged = whole
            damaged[generator.below(damaged.count)] = UInt8(truncatingIfNeeded: generator.next())
            guard case .order(let order)? = try? ControlRequest(line: damaged[...]) else { continue }
            #expect(ControlOrder.isPlain(order.target) && (order.seconds ?? 1) <= ControlOrder.longest)
        }
    }
}
