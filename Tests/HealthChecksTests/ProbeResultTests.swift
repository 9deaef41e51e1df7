import FoundationEssentials
import Testing

@testable import HealthChecks

struct ProbeResultTests {
    @Test func `names are the ones operators know, and no two are the same`() {
        #expect(
            ProbeOutcome.allCases.map(\.rawValue) == [
                "L4OK", "L4CON", "L4TOUT", "L6RSP", "L6TOUT", "L7OK", "L7STS", "L7RSP", "L7TOUT", "PROCOK",
                "PROCERR", "PROCTOUT", "FILEOK", "FILEERR", "SOCKERR",
            ])
    }

    @Test func `only a failure of this host says nothing about the target`() {
        let unknown = ProbeOutcome.allCases.filter { $0.meaning == .unknown }
        let good = ProbeOutcome.allCases.filter { $0.meaning == .good }
        #expect(unknown == [.notProbed])
        #expect(good == [.connected, .accepted, .programSucceeded, .fileSaysUp])
    }

    @Test func `what strangers wrote is bounded and printable`() {
        let hostile = "\u{1B}[2Jok\r\nL4OK \u{0}ä" + String(repeating: "x", count: 10_000)
        let detail = ProbeResult(.badResponse, hostile).detail
        #expect(detail.utf8.count == Limits.detailCharacters)
        #expect(detail.hasPrefix("?[2Jok??L4OK ???xxx"))
    }

    @Test func `a result reads as name and detail`() {
        #expect(
            ProbeResult(.connectionFailed, "connection refused").description == "L4CON connection refused")
    }

    @Test(arguments: [("abc", 2, "ab"), ("", 5, ""), ("a\tb", 5, "a?b"), ("é", 5, "??"), ("abc", 0, "")])
    func `printable keeps the beginning`(text: String, limit: Int, expected: String) {
        #expect(printable(text.utf8, limit: limit) == expected)
    }

    @Test func `a result of another process keeps to the same rules`() throws {
        let hostile = Array(
            #"{"outcome":"L7RSP","detail":"\u001b[2J\#(String(repeating: "x", count: 999))"}"#.utf8)
        let result = try JSONDecoder().decode(ProbeResult.self, from: Data(hostile))
        #expect(result.detail.hasPrefix("?[2Jxx"))
        #expect(result.detail.utf8.count == Limits.detailCharacters)
    }
}
