import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct StrictChecksTests {
    private func diagnostics(_ lines: String, global: String = "") -> [Diagnostic] {
        let text = (global.isEmpty ? "" : "global_defs {\n\(global)\n}\n") + Sample.instance(lines: lines)
        return Sample.load(text).diagnostics
    }

    private func found(_ lines: String, global: String = "") -> [Diagnostic] {
        diagnostics(lines, global: global).filter { $0.code == .strictMode }
    }

    /// What strict mode does not allow of `lines`, as the message names it.
    private func forbidden(_ lines: String, global: String = "vrrp_strict") -> [String] {
        diagnostics(lines, global: global).filter { $0.code == .forbiddenByStrict }.map {
            String($0.message.dropFirst("strict mode does not allow ".count))
        }
    }

    @Test func `strict mode is warned about where it is written`() {
        #expect(found("", global: "vrrp_strict").map(\.primary.span.start) == [14])
        #expect(found("strict_mode").count == 1)
        #expect(found("strict_mode\n", global: "vrrp_strict").count == 1)
        #expect(found("strict_mode off", global: "vrrp_strict").isEmpty)
        #expect(found("").isEmpty)
        #expect(found("strict_mode off").isEmpty)
    }

    @Test(arguments: ["no_accept", "version 3\naccept", "priority 255"])
    func `who has decided, and an owner, are not surprised`(lines: String) {
        #expect(found(lines, global: "vrrp_strict").isEmpty)
        #expect(forbidden(lines).isEmpty)
    }

    private static let password = "authentication {\nauth_type PASS\nauth_pass a\n}"

    @Test(arguments: [
        ("preempt_delay 5", "preempt_delay"), ("preempt_after_sync", "preempt_after_sync"),
        (password, "authentication"),
        (password + "\nversion 3", "authentication"),
        ("unicast_peer {\n192.0.2.3\n}", "unicast_peer"), ("unicast_fault_no_peer", "unicast_fault_no_peer"),
        ("no_virtual_ipaddress", "no_virtual_ipaddress"), ("down_timer_adverts 4", "down_timer_adverts 4"),
        ("lower_prio_no_advert off", "lower_prio_no_advert off"),
        ("higher_prio_send_advert", "higher_prio_send_advert"),
        ("garp_lower_prio_repeat 3", "garp_lower_prio_repeat 3"),
        ("garp_lower_prio_delay 3", "garp_lower_prio_delay"), ("use_vmac\nvmac_xmit_base", "vmac_xmit_base"),
        ("use_vmac v9 02:00:00:00:00:09", "another Ethernet address than the virtual router's"),
        ("state MASTER\npriority 254", "state MASTER below priority 255"),
        ("state BACKUP\npriority 255", "state BACKUP with priority 255"),
        ("accept", "accept with version 2"),
    ])
    func `a word that it does not allow is an error at its place`(lines: String, what: String) {
        #expect(forbidden(lines) == [what])
        #expect(forbidden(lines + "\nstrict_mode", global: "") == [what])
        #expect(forbidden(lines, global: "").isEmpty)
        #expect(forbidden(lines + "\nstrict_mode off").isEmpty)
        let error = diagnostics(lines, global: "vrrp_strict").first { $0.code == .forbiddenByStrict }
        #expect(error?.severity == .error && error?.related.map(\.span.start) == [14])
        #expect((error?.primary.span.start ?? 0) > 40)
    }

    @Test(arguments: [
        "preempt_delay 0", "nopreempt", "down_timer_adverts 3", "lower_prio_no_advert",
        "higher_prio_send_advert off", "garp_lower_prio_repeat 0\ngarp_lower_prio_delay 0",
        "garp_master_refresh 5", "skip_check_adv_addr", "use_vmac", "use_vmac v9 00:00:5e:00:01:33",
        "state MASTER", "state MASTER\npriority 255\naccept", "version 3\nadvert_int 0.1",
    ])
    func `what is as the RFCs have it is allowed`(lines: String) { #expect(forbidden(lines).isEmpty) }

    @Test func `an instance has addresses, over IPv6 a link-local one first`() {
        let excluded = Sample.instance(lines: "strict_mode").replacing(
            "virtual_ipaddress", with: "virtual_ipaddress_excluded")
        #expect(Sample.errors(excluded) == [.forbiddenByStrict])
        let six = Sample.instance(lines: "strict_mode").replacing("192.0.2.100/24", with: "2001:db8::64")
        #expect(Sample.errors(six) == [.forbiddenByStrict])
        #expect(Sample.errors(six.replacing("2001:db8::64", with: "fe80::64\n2001:db8::64")) == [])
    }

    @Test func `a default for all that it does not allow is said once`() {
        #expect(
            forbidden("", global: "vrrp_strict\nvrrp_down_timer_adverts 4") == ["vrrp_down_timer_adverts 4"])
        #expect(forbidden("down_timer_adverts 3", global: "vrrp_strict\nvrrp_down_timer_adverts 4").isEmpty)
        let global = """
            vrrp_strict
            vrrp_lower_prio_no_advert off
            vrrp_higher_prio_send_advert
            vrrp_garp_lower_prio_repeat 2
            vrrp_garp_lower_prio_delay 2
            """
        let said = diagnostics("", global: global)
        #expect(said.filter { $0.code == .keywordWithoutEffect }.count == 4)
        #expect(said.allSatisfy { $0.severity == .warning })
        #expect(!diagnostics("strict_mode off", global: global).contains { $0.code == .keywordWithoutEffect })
    }
}
