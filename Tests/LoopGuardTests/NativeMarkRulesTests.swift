import LoadBalancing
import LoopGuard
import NetTypes
import Testing

@Suite struct NativeMarkRulesTests {
    private func rules(_ family: AddressFamily, _ marks: [ServiceIdentity: UInt32]) -> NativeMarkRules {
        NativeMarkRules(
            MarkRules(
                family: family, marks: marks.compactMapValues { FirewallMark($0) },
                exemptions: [MarkRulesTests.peer, MarkRulesTests.third]))
    }

    private func service(
        _ transport: TransportProtocol, _ address: String, _ port: UInt16
    ) throws -> ServiceIdentity {
        .address(transport, Endpoint(try #require(IPAddress(address)), port: port))
    }

    @Test func `the table is what nft lists`() throws {
        let four = rules(
            .inet,
            [
                try service(.tcp, "192.0.2.100", 80): 3,
                try service(.udp, "192.0.2.100", 0): 0x5000_0004,
            ])
        #expect(
            four.listing == """
                table ip holdfast {
                \tchain marks {
                \t\ttype filter hook prerouting priority mangle; policy accept;
                \t\tether saddr 02:00:00:00:00:0a return
                \t\tether saddr 02:00:00:00:00:0b return
                \t\tip daddr 192.0.2.100 tcp dport 80 meta mark set 0x00000003
                \t\tip daddr 192.0.2.100 meta l4proto udp meta mark set 0x50000004
                \t}
                }

                """)
        let six = rules(.inet6, [try service(.sctp, "2001:db8::64", 9): 3])
        #expect(six.listing.hasPrefix("table ip6 holdfast {\n"))
        #expect(six.listing.contains("\t\tip6 daddr 2001:db8::64 sctp dport 9 meta mark set 0x00000003\n"))
    }

    @Test func `whatever is there is replaced in one input`() throws {
        let some = rules(.inet, [try service(.tcp, "192.0.2.100", 80): 3])
        #expect(
            some.replacement == "table ip holdfast\ndelete table ip holdfast\n" + some.listing)
        let none = NativeMarkRules(.none(.inet6))
        #expect(none.listing.isEmpty)
        #expect(none.replacement == "table ip6 holdfast\ndelete table ip6 holdfast\n")
    }

    @Test func `what is listed otherwise is in effect only where nft wrote so itself`() throws {
        let some = rules(.inet, [try service(.tcp, "192.0.2.100", 80): 3])
        #expect(some.isInEffect(in: some.listing, reference: nil))
        #expect(some.isInEffect(in: some.listing.replacing("\t", with: "  "), reference: nil))
        let other = some.listing.replacing("priority mangle", with: "priority -150")
        #expect(!some.isInEffect(in: other, reference: nil))
        #expect(some.isInEffect(in: other, reference: other))
        #expect(some.mayBe(other) && some.mayBe("\n" + other) && !some.mayBe(""))
        #expect(!some.mayBe(some.listing.replacing("\t\tether saddr 02:00:00:00:00:0a return\n", with: "")))
        for (old, new) in [
            ("0x00000003", "0x00000004"), ("policy accept", "policy drop"), ("dport 80", "dport 81"),
            ("\t\tether saddr 02:00:00:00:00:0a return\n", ""),
            ("{\n\tchain", "{\n\tflags dormant\n\n\tchain"),
            ("hook prerouting", "hook input"), ("\t}\n}", "\t}\n\n\tchain more {\n\t}\n}"),
        ] {
            let damaged = some.listing.replacing(old, with: new)
            #expect(damaged != some.listing && !some.isInEffect(in: damaged, reference: other), "\(new)")
        }
        #expect(!some.isInEffect(in: "", reference: nil))
        #expect(NativeMarkRules(.none(.inet)).isInEffect(in: "", reference: nil))
        #expect(!NativeMarkRules(.none(.inet)).isInEffect(in: some.listing, reference: nil))
    }
}
