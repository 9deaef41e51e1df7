import LoadBalancing
import NetTypes
import Testing

@testable import IPVSAdmin

@Suite struct AddressNamingTests {
    private let numbers = AddressNaming(names: nil)
    private let names = AddressNaming(names: Sample.names)

    private func endpoint(_ address: String, _ port: UInt16) throws -> Endpoint {
        Endpoint(try #require(IPAddress(address)), port: port)
    }

    @Test func `places are numbers or names`() throws {
        let local = try endpoint("127.0.0.1", 80)
        #expect(numbers.text(local, .tcp) == "127.0.0.1:80")
        #expect(names.text(local, .tcp) == "localhost:http")
        #expect(names.text(local, .udp) == "localhost:80")
        #expect(names.text(local, nil) == "localhost:80")
        #expect(names.text(try endpoint("10.9.0.1", 81), .tcp) == "10.9.0.1:81")
    }

    @Test func `IPv6 stands in brackets, by name too`() throws {
        #expect(numbers.text(try endpoint("2001:db8::1", 80), .tcp) == "[2001:db8::1]:80")
        #expect(names.text(try endpoint("2001:db8::1", 80), .tcp) == "[2001:db8::1]:http")
        #expect(names.text(try endpoint("::1", 53), .udp) == "[localhost]:domain")
    }

    @Test func `services begin rows and command lines`() throws {
        let local = try endpoint("127.0.0.1", 80)
        let mark = try #require(FirewallMark(4_294_967_295))
        let cases: [(ServiceIdentity, String, String)] = [
            (.address(.tcp, local), "TCP  127.0.0.1:80", "-t 127.0.0.1:80"),
            (.address(.udp, local), "UDP  127.0.0.1:80", "-u 127.0.0.1:80"),
            (.address(.sctp, local), "SCTP 127.0.0.1:80", "--sctp-service 127.0.0.1:80"),
            (.mark(.inet, mark), "FWM  4294967295", "-f 4294967295"),
            (.mark(.inet6, mark), "FWM  4294967295 IPv6", "-f 4294967295 -6"),
        ]
        for (identity, row, option) in cases {
            #expect(numbers.row(identity) == row && numbers.option(identity) == option)
        }
        #expect(names.row(.address(.tcp, local)) == "TCP  localhost:http")
        #expect(names.option(.address(.tcp, local)) == "-t localhost:http")
    }

    @Test func `columns have a width, what is longer stays whole`() {
        #expect(Column.left("ab", 4) == "ab  " && Column.left("abcde", 4) == "abcde")
        #expect(Column.left(7 as UInt32, 3) == "7  ")
    }

    @Test(
        arguments: [
            (0, "        0"), (99_999_999, " 99999999"), (100_000_000, "  100000K"),
            (999_999_999, "  999999K"),
            (1_000_000_000, "    1000M"), (1_118_141_684, "    1118M"), (99_999_999_999, "   99999M"),
            (100_000_000_000, "     100G"), (99_999_999_999_999, "   99999G"),
            (100_000_000_000_000, "     100T"), (.max, "18446744T"),
        ] as [(UInt64, String)])
    func `large counts are shortened`(number: UInt64, text: String) {
        #expect(Column.count(number, isExact: false) == (text.hasPrefix(" ") ? text : " " + text))
    }

    @Test func `exact counts are not`() {
        #expect(Column.count(100_000_000, isExact: true) == " 100000000")
        #expect(Column.count(1_118_141_684, isExact: true) == " 1118141684")
        #expect(Column.count(7, isExact: true) == "        7")
        #expect(Column.count(.max, isExact: true) == " 18446744073709551615")
    }
}
