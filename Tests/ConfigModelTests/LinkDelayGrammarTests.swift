import ConfigSyntax
import Testing
import Timekeeping
import VRRP

@testable import ConfigModel

@Suite struct LinkDelayGrammarTests {
    private func text(_ lines: String) -> String {
        "interface_up_down_delays {\n\(lines)\n}\n" + Sample.instance()
    }

    @Test func `a line has an interface and one delay or two`() {
        let delays = Sample.load(text("eth0 0.5 1.5\neth1 255")).configuration?.linkDelays
        #expect(
            delays == [
                LinkDelay(interface: "eth0", down: .milliseconds(500), up: .milliseconds(1500)),
                LinkDelay(interface: "eth1", down: .seconds(255), up: .zero),
            ])
    }

    @Test(arguments: [
        ("eth0", DiagnosticCode.missingValue), ("eth0 x", .invalidNumber), ("eth0 256", .outOfRange),
        ("eth0 1 256", .outOfRange), ("eth0 1 1 1", .unexpectedWord), ("eth0 1 {\n}", .unexpectedBlock),
        ("an-interface-with-a-long-name 1", .invalidName),
    ])
    func `what makes no sense is refused`(line: String, code: DiagnosticCode) {
        #expect(Sample.codes(text(line)) == [code])
    }

    @Test func `of two lines for one interface the last one counts`() {
        let result = Sample.load(text("eth0 1\neth0 0.5"))
        #expect(result.diagnostics.map(\.code) == [.givenTwice])
        #expect(result.configuration?.linkDelays.map(\.down) == [.milliseconds(500)])
    }

    @Test func `a delay that is too long for an instance on the interface is cut, and said`() {
        let result = Sample.load(text("eth0 5 1\neth1 5"))
        #expect(result.diagnostics.map(\.code) == [.delayCut])
        #expect(result.configuration?.linkDelays.map(\.down) == [.microseconds(1_996_093), .seconds(5)])
        #expect(result.configuration?.linkDelays.map(\.up) == [.seconds(1), .zero])
    }

    @Test func `the quickest instance decides, by its own settings and the global ones`() {
        let slow = Sample.instance("VI_2", id: 52, address: 101, lines: "advert_int 10")
        #expect(Sample.load(text("eth0 1") + slow).diagnostics.isEmpty)
        let global = "global_defs {\nvrrp_down_timer_adverts 9\n}\n"
        #expect(Sample.codes(global + text("eth0 7")).isEmpty)
        #expect(Sample.codes(global + text("eth0 8")) == [.delayCut])
    }

    @Test func `what is dumped reads back as the same`() throws {
        let model = try #require(Sample.load(text("eth0 5 1\neth1 5")).model)
        let dump = ConfigurationDump.text(model)
        #expect(dump.contains("    eth0 1.996093 1\n    eth1 5 0\n"))
        #expect(Sample.load(dump).model == model)
    }
}
