import NetTypes
import Testing

@testable import IPVSAdmin

@Suite struct AddressWordsTests {
    private func endpoint(_ text: String, _ transport: TransportProtocol? = .tcp) -> String? {
        AddressWords.place(text, transport, Sample.names)
            .map { Endpoint($0.address, port: $0.port ?? 0).description }
    }

    @Test func `a port that is written is told from none`() {
        #expect(AddressWords.place("10.9.0.1:0", .tcp, .none)?.port == 0)
        #expect(AddressWords.place("[::1]:0", .tcp, .none)?.port == 0)
        #expect(AddressWords.place("10.9.0.1", .tcp, .none)?.port == nil)
        #expect(AddressWords.place("::1", .tcp, .none).map(\.port) == .some(nil))
    }

    @Test(
        arguments: [
            ("10.9.0.1:80", "10.9.0.1:80"), ("10.9.0.1", "10.9.0.1:0"), ("10.9.0.1:0", "10.9.0.1:0"),
            ("10.9.0.1:http", "10.9.0.1:80"), ("localhost:80", "127.0.0.1:80"),
            ("localhost", "127.0.0.1:0"),
            ("10.9:80", "10.0.0.9:80"), ("1:80", "0.0.0.1:80"), ("10.9.0.1:00097", "10.9.0.1:97"),
            ("[2001:db8::64]:80", "[2001:db8::64]:80"), ("2001:db8::65", "[2001:db8::65]:0"),
            ("::1:80", "[::1:80]:0"), ("[2001:db8::5]:0080", "[2001:db8::5]:80"),
            ("[::1]:http", "[::1]:80"),
        ])
    func `addresses are read as ipvsadm reads them`(text: String, expected: String) {
        #expect(endpoint(text) == expected)
    }

    @Test(
        arguments: [
            "", ":80", "10.9.0.1:", "10.9.0.1:x", "10.9.0.1:65536", "10.9.0.1:99999", "10.9.0.1:-1",
            "10.9.0.1:0x60", "[2001:db8::66]", "[::1]:", "[::1:80", "[10.9.0.1]:80", "[]:80", "::g",
            "nosuch.invalid:80", "10.9.0.256:80", "10.9.0.1:80:80", "[::1]80", "10.9.0.1.5:80", "10..1:80",
            "1",
            "4294967295",
        ])
    func `what is no address is none`(text: String) { #expect(endpoint(text) == nil) }

    @Test func `ports have names of their transport only`() {
        #expect(endpoint("10.9.0.1:domain", .udp) == "10.9.0.1:53")
        #expect(endpoint("10.9.0.1:http", .udp) == nil)
        #expect(endpoint("10.9.0.1:http", .sctp) == nil)
        #expect(endpoint("10.9.0.1:http", nil) == nil)
        #expect(endpoint("10.9.0.1:80", nil) == "10.9.0.1:80")
    }

    @Test(
        arguments: [("5", 5), ("+5", 5), (" 5", 5), ("\t5", 5), ("010", 10), ("0", 0)] as [(String, Int)])
    func `numbers are decimal, with blanks and a sign in front`(text: String, expected: Int) {
        #expect(AddressWords.number(text, in: 0...100) == expected)
    }

    @Test(arguments: ["", " ", "x", "0x10", "5 ", "-1", "101", "99999999999999999999", "+", "5.0", "--5"])
    func `other texts are no numbers`(text: String) {
        #expect(AddressWords.number(text, in: 0...100) == nil)
    }

    @Test func `both ends of a range are in it`() {
        #expect(AddressWords.number("1", in: 1...2) == 1 && AddressWords.number("2", in: 1...2) == 2)
        #expect(AddressWords.number("0", in: 1...2) == nil && AddressWords.number("3", in: 1...2) == nil)
    }

    @Test(
        arguments: [
            ("10.0.0.1", "10.0.0.1"), ("10.1", "10.0.0.1"), ("10.1.2", "10.1.0.2"), ("24", "0.0.0.24"),
            ("4294967295", "255.255.255.255"), ("0x7f.1", "127.0.0.1"), ("010.0.0.1", "8.0.0.1"),
            ("0XFF000000", "255.0.0.0"), ("255.255.255.0", "255.255.255.0"), ("10.65535", "10.0.255.255"),
            ("0", "0.0.0.0"),
        ])
    func `old ways to write IPv4 addresses are known`(text: String, expected: String) {
        #expect(AddressWords.classicAddress(text)?.description == expected)
    }

    @Test(
        arguments: [
            "", ".", "10.", ".10", "256.0.0.1", "10.0.0.256", "10.16777216", "4294967296", "08", "0x", "0xg",
            "1.2.3.4.5", "+1.2.3.4", "1.-2.3.4", "0x-1", "a", "1 ",
        ])
    func `and what they are not`(text: String) { #expect(AddressWords.classicAddress(text) == nil) }
}
