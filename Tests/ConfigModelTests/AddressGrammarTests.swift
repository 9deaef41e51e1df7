import ConfigModel
import ConfigSyntax
import NetTypes
import Testing
import VRRP

@Suite struct AddressGrammarTests {
    private func lines(_ line: String) -> String { "virtual_ipaddress_excluded {\n\(line)\n}" }

    private func codes(_ line: String) -> [DiagnosticCode] {
        Sample.codes(Sample.instance(lines: lines(line)))
    }

    private func address(_ line: String) -> VirtualAddress? {
        Sample.router(lines(line))?.excludedAddresses.first
    }

    @Test func `every option of an IPv4 line arrives`() throws {
        let line = """
            192.0.2.9/24 brd + dev eth1 scope link label eth1:x noprefixroute autojoin no_track
            """
        let found = try #require(address(line))
        #expect(found.prefix.description == "192.0.2.9/24")
        #expect(found.interface == "eth1" && found.label == "eth1:x")
        #expect(found.options.broadcast == IPv4Address(192, 0, 2, 255))
        #expect(found.options.scope == 253)
        #expect(found.options.addsNoRoute && found.options.joinsGroups && found.options.isUntracked)
        #expect(!found.options.isHome && !found.options.detectsDuplicates)
    }

    @Test func `every option of an IPv6 line arrives`() throws {
        let found = try #require(address("2001:db8::9/64 home -nodad mngtmpaddr preferred_lft 30"))
        #expect(found.options.isHome && found.options.detectsDuplicates && found.options.managesTemporaries)
        #expect(found.options.preferredLifetime == 30)
        #expect(address("2001:db8::9/128")?.options.preferredLifetime == 0)
        #expect(
            address("2001:db8::9/128 preferred_lft forever").map { $0.options.preferredLifetime == nil }
                == true)
    }

    @Test(arguments: [
        ("brd 192.0.2.128", "192.0.2.128"), ("brd +", "192.0.2.255"), ("brd -", "192.0.2.0"),
        ("broadcast 192.0.2.7", "192.0.2.7"),
    ])
    func `a broadcast address is written or computed`(words: String, broadcast: String) {
        #expect(address("192.0.2.9/24 \(words)")?.options.broadcast?.description == broadcast)
    }

    @Test(arguments: [("global", UInt8(0)), ("site", 200), ("HOST", 254), ("nowhere", 255), ("42", 42)])
    func `a scope is a name or a number`(word: String, number: UInt8) {
        #expect(address("192.0.2.9/24 scope \(word)")?.options.scope == number)
    }

    @Test func `with a peer the length is the peer's`() throws {
        let found = try #require(address("192.0.2.9 peer 198.51.100.1/30"))
        #expect(found.prefix.description == "192.0.2.9/30")
        #expect(found.options.peer == IPAddress("198.51.100.1"))
        #expect(codes("192.0.2.9 peer 198.51.100.1") == [], "the host's length is meant")
    }

    @Test(arguments: [
        ("192.0.2.9", DiagnosticCode.implicitHostPrefix), ("192.0.2.9/24 brd", .missingValue),
        ("192.0.2.9/24 brd all", .invalidAddress), ("2001:db8::9/64 brd +", .unexpectedWord),
        ("192.0.2.9/24 scope far", .unknownChoice), ("192.0.2.9/24 peer", .missingValue),
        ("192.0.2.9/24 peer friend", .invalidAddress), ("192.0.2.9/24 peer ::2", .mixedAddressFamilies),
        ("192.0.2.9/24 home", .unexpectedWord), ("192.0.2.9/24 -nodad", .unexpectedWord),
        ("192.0.2.9/24 preferred_lft 3", .unexpectedWord), ("2001:db8::9/64 label x", .unexpectedWord),
        ("2001:db8::9/64 preferred_lft ever", .invalidNumber),
        ("2001:db8::9/64 preferred_lft 4294967295", .outOfRange),
        ("192.0.2.9/24 use_vmac", .unsupportedValue), ("192.0.2.9/24 track_group g", .unexpectedWord),
        ("192.0.2.9/24 notrack", .unexpectedWord),
    ])
    func `a line that cannot be carried out is refused for one reason`(line: String, code: DiagnosticCode) {
        #expect(codes(line) == [code])
    }
}
