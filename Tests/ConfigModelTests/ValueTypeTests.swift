import ConfigSyntax
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

@testable import ConfigModel

@Suite struct ValueTypeTests {
    /// The value of `text`, or the code of what is said about it.
    private func parse<Value: Sendable>(_ type: ValueType<Value>, _ text: String) -> Result<Value, Refusal> {
        var reader = SchemaReader(diagnostics: Diagnostics())
        let value = type.parse(Word(text, span: Span(file: 0, start: 3, end: 4)), &reader)
        #expect(reader.diagnostics.all.count == (value == nil ? 1 : 0))
        #expect(reader.diagnostics.all.allSatisfy { $0.primary.span.start == 3 })
        return value.map { .success($0) } ?? .failure(Refusal(code: reader.diagnostics.all.first?.code))
    }

    private struct Refusal: Error, Equatable {
        var code: DiagnosticCode?
    }

    @Test(
        arguments: [
            ("1", .success(1)), ("255", .success(255)), ("007", .success(7)), ("+9", .success(9)),
            ("0", .failure(.outOfRange)), ("256", .failure(.outOfRange)), ("-1", .failure(.outOfRange)),
            ("99999999999999999999999", .failure(.outOfRange)), ("", .failure(.invalidNumber)),
            ("1x", .failure(.invalidNumber)), ("x", .failure(.invalidNumber)),
            ("1.0", .failure(.invalidNumber)),
            ("0x10", .failure(.invalidNumber)), (" 1", .failure(.invalidNumber)),
            ("--1", .failure(.invalidNumber)),
            ("١", .failure(.invalidNumber)), ("-", .failure(.invalidNumber)),
        ] as [(String, Outcome<UInt8>)])
    func `whole numbers keep to their range`(text: String, outcome: Outcome<UInt8>) {
        expect(parse(.integer(1...255), text), outcome)
    }

    enum Outcome<Value: Sendable>: Sendable {
        case success(Value)
        case failure(DiagnosticCode)
    }

    private func expect<Value: Equatable & Sendable>(
        _ result: Result<Value, Refusal>, _ outcome: Outcome<Value>
    ) {
        switch outcome {
        case .success(let value): #expect(result == .success(value))
        case .failure(let code): #expect(result == .failure(Refusal(code: code)))
        }
    }

    @Test(
        arguments: [
            ("1", .success(.seconds(1))), ("0.5", .success(.milliseconds(500))),
            (".25", .success(.milliseconds(250))),
            ("2.", .success(.seconds(2))), ("0.000001", .success(.microseconds(1))),
            ("10", .success(.seconds(10))),
            ("0", .failure(.outOfRange)), ("10.000001", .failure(.outOfRange)), ("-1", .failure(.outOfRange)),
            ("9223372036854", .failure(.outOfRange)), ("9999999999999999999", .failure(.outOfRange)),
            ("1s", .failure(.invalidNumber)), ("0.0000001", .failure(.invalidNumber)),
            ("1.2.3", .failure(.invalidNumber)), (".", .failure(.invalidNumber)),
            ("1,5", .failure(.invalidNumber)),
            ("1e3", .failure(.invalidNumber)), ("", .failure(.invalidNumber)),
        ] as [(String, Outcome<Interval>)])
    func `seconds have microseconds and no unit`(text: String, outcome: Outcome<Interval>) {
        expect(parse(.seconds(microseconds: 1...10_000_000), text), outcome)
    }

    @Test(
        arguments: [
            (0, "0"), (1_000_000, "1"), (500_000, "0.5"), (1, "0.000001"), (12_345_678, "12.345678"),
            (-1_500_000, "-1.5"), (60_000_000, "60"),
        ] as [(Int64, String)])
    func `microseconds are written as the shortest seconds`(microseconds: Int64, text: String) {
        #expect(ValueType.seconds(microseconds) == text)
    }

    @Test func `a timeout is something, a delay may be nothing, both end with the day`() {
        #expect(parse(.timeout, "0") == .failure(Refusal(code: .outOfRange)))
        #expect(parse(.delay, "0") == .success(.zero))
        #expect(parse(.timeout, "86400") == .success(.seconds(86400)))
        #expect(parse(.delay, "86401") == .failure(Refusal(code: .outOfRange)))
    }

    @Test func `a port is never 0`() {
        #expect(parse(.port, "1") == .success(1))
        #expect(parse(.port, "65535") == .success(65535))
        #expect(parse(.port, "0") == .failure(Refusal(code: .outOfRange)))
        #expect(parse(.port, "65536") == .failure(Refusal(code: .outOfRange)))
    }

    @Test func `a mark has 32 bits and is not 0`() {
        #expect(parse(.mark, "4294967295") == FirewallMark(.max).map { .success($0) })
        #expect(parse(.mark, "0") == .failure(Refusal(code: .outOfRange)))
        #expect(parse(.mark, "4294967296") == .failure(Refusal(code: .outOfRange)))
        #expect(parse(.mark, "0x3") == .failure(Refusal(code: .invalidNumber)))
    }

    @Test(arguments: [
        ("on", true), ("off", false), ("true", true), ("false", false), ("yes", true), ("no", false),
        ("ON", true),
    ])
    func `a BOOL has three spellings each`(text: String, value: Bool) {
        #expect(parse(.boolean, text) == .success(value))
    }

    @Test(arguments: ["1", "0", "", "maybe"]) func `other words are no BOOL`(text: String) {
        #expect(parse(.boolean, text) == .failure(Refusal(code: .unknownChoice)))
    }

    @Test(arguments: [
        ("192.0.2.1", true), ("2001:db8::1", true), ("192.0.2.256", false), ("192.0.2", false),
        ("host", false),
        ("224.0.0.18", false), ("ff02::1", false), ("0.0.0.0", false), ("::", false), ("192.0.2.1/24", false),
        ("[2001:db8::1]", false), ("fe80::1%eth0", false), ("", false),
    ])
    func `an address is one host's`(text: String, isGood: Bool) {
        #expect(
            parse(.address, text)
                == (isGood ? IPAddress(text).map { .success($0) } : .failure(Refusal(code: .invalidAddress))))
    }

    @Test(arguments: [("224.0.0.81", true), ("ff02::81", true), ("192.0.2.1", false), ("x", false)])
    func `a group is multicast`(text: String, isGood: Bool) {
        #expect((try? parse(.group, text).get()) == (isGood ? IPAddress(text) : nil))
    }

    @Test(arguments: [
        ("02:00:00:00:00:0b", true), ("02:00:00:00:00:0B", true), ("00:00:00:00:00:00", false),
        ("01:00:5e:00:00:12", false), ("ff:ff:ff:ff:ff:ff", false), ("2:0:0:0:0:b", false),
        ("02-00-00-00-00-0b", false), ("", false),
    ])
    func `a MAC is one interface's`(text: String, isGood: Bool) {
        #expect((try? parse(.mac, text).get()) == (isGood ? MACAddress(text) : nil))
    }

    @Test(arguments: [
        ("eth0", true), ("e", true), ("enp0s31f6.4000", true), ("abcdefghijklmno", true), ("äöüäöüäö", false),
        ("abcdefghijklmnop", false), ("", false), (".", false), ("..", false), ("a/b", false), ("a b", false),
        ("a:b", false),
    ])
    func `an interface name fits the kernel`(text: String, isGood: Bool) {
        #expect((parse(.interface, text) == .success(text)) == isGood)
    }

    @Test(arguments: [
        ("eth0:1", true), ("a", true), ("abcdefghijklmnop", false), ("", false), ("a b", false),
    ])
    func `a label fits the kernel`(text: String, isGood: Bool) {
        #expect((parse(.label, text) == .success(text)) == isGood)
    }

    @Test(arguments: [
        ("/", true), ("/a?b=c%20d", true), ("a", false), ("", false), ("/a b", false), ("/a\r\nX: y", false),
        ("/é", false), ("/\u{7F}", false),
    ])
    func `a request target cannot end its line`(text: String, isGood: Bool) {
        #expect((parse(.httpText("PATH", prefix: "/"), text) == .success(text)) == isGood)
    }

    @Test(
        arguments: [
            ("200", 200...200), ("200-299", 200...299), ("100-599", 100...599), ("404-404", 404...404),
            ("99", nil), ("600", nil), ("299-200", nil), ("200-", nil), ("-200", nil), ("200-250-299", nil),
            ("+20", nil), ("2e2", nil), ("", nil), ("0200", nil),
        ] as [(String, ClosedRange<UInt16>?)])
    func `status codes are three digits or a range of them`(text: String, range: ClosedRange<UInt16>?) {
        #expect((try? parse(.statusCodes, text).get()) == range)
    }

    @Test(
        arguments: [
            ("255.255.255.0", 24), ("255.255.255.255", 32), ("128.0.0.0", 1), ("255.255.254.0", 23),
            ("24", 24),
            ("1", 1), ("128", 128), ("0", nil), ("129", nil), ("255.0.255.0", nil), ("0.0.0.0", nil),
            ("0.0.0.255", nil), ("x", nil),
        ] as [(String, UInt8?)])
    func `a granularity is a netmask or a length`(text: String, length: UInt8?) {
        #expect((try? parse(.granularity, text).get()) == length)
    }

    @Test func `a choice is named by its words and suggests the nearest`() {
        #expect(ValueType<ForwardingGrammar.Choice>.forwarding.name == "NAT|FULLNAT|DR|TUN")
        var reader = SchemaReader(diagnostics: Diagnostics())
        let word = Word("wrrr", span: Span(file: 0, start: 0, end: 4))
        #expect(ValueType<String>.scheduler.parse(word, &reader) == nil)
        #expect(reader.diagnostics.all.first?.suggestion == "wrr")
        #expect(reader.diagnostics.all.first?.help.first?.hasPrefix("one of rr, wrr") == true)
    }

    @Test(arguments: [
        "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq", "fo", "ovf", "twos",
    ])
    func `every scheduler of the kernel can be asked for`(name: String) {
        #expect(parse(.scheduler, name) == .success(name))
        #expect(parse(.scheduler, name.uppercased()) == .success(name))
    }

    @Test(arguments: [
        ("/bin/a b", ["/bin/a", "b"]), ("a b", ["a", "b"]), ("bin/a", nil), ("./a", nil), ("", nil),
        ("'/bin/a", nil),
    ])
    func `a command names its program by an absolute path, or by its name`(text: String, words: [String]?) {
        #expect((try? parse(.command, text).get()) == words)
    }

    /// What is said about `text`.
    private func finding<Value: Sendable>(_ type: ValueType<Value>, _ text: String) -> Diagnostic? {
        var reader = SchemaReader(diagnostics: Diagnostics())
        _ = type.parse(Word(text, span: Span(file: 0, start: 3, end: 4)), &reader)
        return reader.diagnostics.all.first
    }

    @Test func `a typing error in a number or address is guessed, or its wrong part named`() {
        #expect(finding(ValueType<UInt8>.integer(1...255), "2O")?.suggestion == "20")
        #expect(finding(ValueType<UInt8>.integer(1...255), "twO")?.suggestion == nil)
        #expect(
            finding(ValueType<UInt8>.integer(1...255), "256")?.help == ["write a whole number from 1 to 255"])
        #expect(finding(.address, "192.O.2.l")?.suggestion == "192.0.2.1")
        #expect(finding(.address, "192.0.2.256")?.help == ["\"256\" is not a number from 0 to 255"])
        #expect(finding(.address, "nobody")?.help.first == DiagnosticCode.invalidAddress.cure)
    }
}
