import LoadBalancing
import NetTypes
import Testing
import VRRP

@testable import Director

@Suite struct ClaimTests {
    static let lines: [(line: String, claim: Claim?)] = [
        ("address eth0 192.0.2.100/24", .address(interface: "eth0", prefix("192.0.2.100/24"))),
        ("address br-1.7 2001:db8::1/64", .address(interface: "br-1.7", prefix("2001:db8::1/64"))),
        (
            "interface vrrp.51 00:00:5e:00:01:33",
            .interface(name: "vrrp.51", VirtualInterface.mac(of: 51, .inet))
        ),
        (
            "setting arp_ignore eth0 0",
            .setting(.ignoresForeignTargets, interface: "eth0", before: 0)
        ),
        ("setting arp_announce br-1.7 1", .setting(.asksFromOwn, interface: "br-1.7", before: 1)),
        ("service tcp 192.0.2.100 80", .service(.address(.tcp, endpoint("192.0.2.100", 80)))),
        ("service udp 2001:db8::5 53", .service(.address(.udp, endpoint("2001:db8::5", 53)))),
        ("service sctp 192.0.2.1 0", .service(.address(.sctp, endpoint("192.0.2.1", 0)))),
        ("service mark inet 3", mark(3).map { .service(.mark(.inet, $0)) }),
        ("service mark inet6 4294967295", mark(.max).map { .service(.mark(.inet6, $0)) }),
        ("sync master", .syncThread(.master)), ("sync backup", .syncThread(.backup)),
        ("sources inet", .sources(.inet)), ("sources inet6", .sources(.inet6)),
        ("answers inet", .answers(.inet)), ("answers inet6", .answers(.inet6)),
        ("refusal inet", .refusal(.inet)), ("refusal inet6", .refusal(.inet6)),
        ("table inet", .table(.inet)), ("table inet6", .table(.inet6)),
        ("chain inet", .chain(.inet)), ("chain inet6", .chain(.inet6)),
        ("timeout tcp 900", .timeout(.tcp, before: 900)), ("timeout tcpfin 1", .timeout(.tcpFin, before: 1)),
        ("sysctl backup_only 0", .sysctl(.backupOnly, before: "0")),
        ("sysctl sync_threshold 3 50", .sysctl(.syncThreshold, before: "3 50")),
    ]

    @Test(arguments: lines) func `a claim is a line and back`(line: String, claim: Claim?) throws {
        let claim = try #require(claim)
        #expect(claim.description == line)
        #expect(Claim(line: line) == claim)
    }

    @Test(arguments: [
        "", "address", "address eth0", "address eth0 300.0.0.1/24", "address  192.0.2.1/24",
        "address eth0 192.0.2.1/33",
        "address eth0 192.0.2.1/24 more", "interface", "interface v51", "interface v51 00:00:5e:00:01",
        "interface  00:00:5e:00:01:33", "setting arp_ignore eth0", "setting arp_ignore  0",
        "setting rp_filter eth0 1", "setting arp_ignore eth0 256", "service tcp 192.0.2.1",
        "service icmp 192.0.2.1 1",
        "service tcp 192.0.2.1 65536", "service mark inet 0", "service mark inet5 3", "sync other", "sync",
        "chain ipx", "table", "table ip", "sources", "sources ipx", "answers", "answers ipx", "refusal",
        "refusal ipx",
        "timeout tcp", "timeout sctp 9", "timeout udp 0", "timeout udp -1", "timeout udp 4000000",
        "sysctl backup_only", "sysctl backup_only -1", "sysctl backup_only on", "sysctl ip_forward 1",
        "sysctl sync_threshold 3 50 7", "sysctl sync_threshold 3 ", "nonsense 1 2", " sync master",
    ])
    func `what is no claim is none`(_ line: String) {
        #expect(Claim(line: line) == nil)
    }
}

@Suite struct LedgerTextTests {
    private let claims: [Claim] = [.chain(.inet), .address(interface: "eth0", prefix("192.0.2.100/24"))]

    @Test func `a ledger comes back in its boot and namespace`() {
        let text = LedgerText.render(claims, bootID: "b", namespace: "5")
        #expect(text == "holdfast-ledger 1 boot b net 5\nchain inet\naddress eth0 192.0.2.100/24\n")
        #expect(LedgerText.claims(in: text, bootID: "b", namespace: "5") == claims)
    }

    @Test func `another boot or namespace voids it`() {
        let text = LedgerText.render(claims, bootID: "b", namespace: "5")
        #expect(LedgerText.claims(in: text, bootID: "c", namespace: "5").isEmpty)
        #expect(LedgerText.claims(in: text, bootID: "b", namespace: "6").isEmpty)
    }

    @Test func `a ledger of another form is void`() {
        let text = LedgerText.render(claims, bootID: "b", namespace: "5")
        let other = text.replacing("holdfast-ledger 1 ", with: "holdfast-ledger 2 ")
        #expect(other != text && LedgerText.claims(in: other, bootID: "b", namespace: "5").isEmpty)
    }

    @Test func `a line that was cut off claims nothing`() {
        let text = LedgerText.render([.chain(.inet)], bootID: "b", namespace: "5") + "address eth0 192.0.2.10"
        #expect(LedgerText.claims(in: text, bootID: "b", namespace: "5") == [.chain(.inet)])
    }

    @Test func `lines that make no sense are passed over and repetitions are one`() {
        let text =
            LedgerText.header(bootID: "b", namespace: "5")
            + "\nchain inet\nrubbish\nchain inet\n\nchain inet6\n"
        #expect(LedgerText.claims(in: text, bootID: "b", namespace: "5") == [.chain(.inet), .chain(.inet6)])
    }

    @Test(arguments: ["", "\n", "chain inet\n", "holdfast-ledger 2 boot b net 5\nchain inet\n"])
    func `a file without the header is not believed`(_ text: String) {
        #expect(LedgerText.claims(in: text, bootID: "b", namespace: "5").isEmpty)
    }

    @Test func `a claim that was given up does not hold, unless it was made again`() {
        let text = LedgerText.render([.chain(.inet), .chain(.inet6)], bootID: "b", namespace: "5")
        let given = text + "unclaim chain inet\nunclaim rubbish\nunclaim sync master\n"
        #expect(LedgerText.claims(in: given, bootID: "b", namespace: "5") == [.chain(.inet6)])
        let again = given + "chain inet\n"
        #expect(LedgerText.claims(in: again, bootID: "b", namespace: "5") == [.chain(.inet6), .chain(.inet)])
        let cut = text + "unclaim chain inet"
        #expect(LedgerText.claims(in: cut, bootID: "b", namespace: "5") == [.chain(.inet), .chain(.inet6)])
    }

    @Test func `an empty ledger is a header`() {
        let text = LedgerText.render([Claim](), bootID: "b", namespace: "5")
        #expect(LedgerText.claims(in: text, bootID: "b", namespace: "5").isEmpty)
        #expect(text.hasSuffix("net 5\n"))
    }
}
