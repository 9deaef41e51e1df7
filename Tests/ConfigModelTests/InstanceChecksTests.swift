import ConfigModel
import ConfigSyntax
import Testing

@Suite struct InstanceChecksTests {
    @Test(
        arguments: [
            ("advert_int 2", []), ("advert_int 0.5", [.advertisementInterval]),
            ("advert_int 1.5", [.advertisementInterval]),
            ("version 3\nadvert_int 0.5", []), ("version 3\nadvert_int 40.95", []),
            ("version 3\nadvert_int 40.96", [.advertisementInterval]),
            ("version 3\nadvert_int 0.015", [.advertisementInterval]),
            // A version that could not be read says nothing about the interval.
            ("version 9\nadvert_int 0.5", [.unknownChoice]),
        ] as [(String, [DiagnosticCode])])
    func `the interval fits the version`(lines: String, codes: [DiagnosticCode]) {
        #expect(Sample.codes(Sample.instance(lines: lines)) == codes)
    }

    @Test func `the global version counts too`() {
        let global = "global_defs {\nvrrp_version 3\n}\n"
        #expect(Sample.codes(global + Sample.instance(lines: "advert_int 0.5")) == [])
    }

    @Test(
        arguments: [
            ("auth_type PASS\nauth_pass 12345678", []),
            ("auth_type PASS\nauth_pass 123456789", [.passwordCut]),
            ("auth_type PASS\nauth_pass ääääx", [.passwordCut]),
            ("auth_type AH\nauth_pass 12345678", []),
            ("auth_type AH\nauth_pass 123456789", [.passwordCut]),
            ("auth_type AH", [.incompleteAuthentication]),
            ("auth_type PASS", [.incompleteAuthentication]),
            ("auth_pass x", [.incompleteAuthentication]),
            ("", [.incompleteAuthentication, .incompleteAuthentication]),
            ("auth_type PSAS\nauth_pass x", [.unknownChoice]),
        ] as [(String, [DiagnosticCode])])
    func `authentication is whole and short enough`(lines: String, codes: [DiagnosticCode]) {
        #expect(Sample.codes(Sample.instance(lines: "authentication {\n\(lines)\n}")) == codes)
    }

    @Test func `version 3 has no authentication`() {
        let lines = "authentication {\nauth_type PASS\nauth_pass x\n}\nversion 3"
        #expect(Sample.codes(Sample.instance(lines: lines)) == [.authenticationIgnored])
        let keyed = lines.replacing("PASS", with: "AH")
        #expect(Sample.codes(Sample.instance(lines: keyed)) == [.authenticationIgnored])
    }

    @Test(arguments: [
        ("nopreempt", 0), ("preempt_delay 5", 0), ("state MASTER\npriority 9", 0),
        ("nopreempt\npreempt_delay 5", 1), ("state MASTER\npriority 9\nnopreempt", 1),
        ("state MASTER\npriority 9\nnopreempt\npreempt_delay 5", 2), ("state BACKUP\nnopreempt", 0),
    ])
    func `what keepalived clears is said`(lines: String, count: Int) {
        let codes = Sample.codes(Sample.instance(lines: lines))
        #expect(codes == Array(repeating: .preemptionCleared, count: count))
        let both = Sample.codes(Sample.instance(lines: "nopreempt\npreempt"))
        #expect(Set(both) == [.obsoleteKeyword, .preemptionCleared])
    }

    @Test(
        arguments: [
            ("state MASTER", [.impliedOwner]), ("state MASTER\npriority 255", [.claimsOwnership]),
            ("state BACKUP", []),
            ("state MASTER\npriority 999", [.outOfRange]),
        ] as [(String, [DiagnosticCode])])
    func `an owner by default is said`(lines: String, codes: [DiagnosticCode]) {
        #expect(Sample.codes(Sample.instance(lines: lines)) == codes)
    }

    @Test func `an owner accepts, and is told so`() {
        let owner = Sample.codes(Sample.instance(lines: "priority 255\nno_accept"))
        #expect(Set(owner) == [.claimsOwnership, .keywordWithoutEffect])
        #expect(Sample.codes(Sample.instance(lines: "priority 255\naccept")) == [.claimsOwnership])
        #expect(Sample.codes(Sample.instance(lines: "priority 254\nno_accept")) == [])
    }

    @Test func `addresses of both families are held, and one is advertised`() {
        let lines = "{\n2001:db8::1/64\n}"
        #expect(Sample.codes(Sample.instance(lines: "virtual_ipaddress_excluded " + lines)) == [])
        #expect(
            Sample.codes(Sample.instance(lines: "virtual_ipaddress " + lines)) == [.mixedAddressFamilies])
    }

    @Test(arguments: [(254, []), (255, [.tooManyAddresses])] as [(Int, [DiagnosticCode])])
    func `an advert has room for 255 addresses`(more: Int, codes: [DiagnosticCode]) {
        let list = (0..<more).map { "10.0.\($0 / 250).\($0 % 250 + 1)/32" }.joined(separator: "\n")
        #expect(Sample.codes(Sample.instance(lines: "virtual_ipaddress {\n\(list)\n}")) == codes)
        #expect(Sample.codes(Sample.instance(lines: "virtual_ipaddress_excluded {\n\(list)\n}")) == [])
    }

    @Test(
        arguments: [
            ("", []), ("nopreempt", [.preemptionCleared]), ("state MASTER\npriority 150", []),
            ("priority 255", [.claimsOwnership, .preemptionCleared]), ("preempt_delay 5", []),
        ] as [(String, Set<DiagnosticCode>)])
    func `who preempts nobody, or at once, does not wait for connections`(
        lines: String, codes: Set<DiagnosticCode>
    ) {
        let global = "lvs_sync_daemon eth0 VI_1\nlvs_sync_threshold 1 0\nlvs_sync_refresh_period 10"
        let text = "global_defs {\n\(global)\n}\n" + Sample.instance(lines: "preempt_after_sync\n\(lines)")
        #expect(Set(Sample.codes(text)) == codes)
    }
}
