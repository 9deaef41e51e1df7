import ConfigSyntax
import LoadBalancing
import NetTypes
import Testing

@testable import ConfigModel

@Suite struct ServiceGroupChecksTests {
    private let group = "virtual_server_group web {\n192.0.2.100 80\n}\n"
    private let service = Sample.service("group web")

    private func group(_ lines: String, name: String = "web") -> String {
        "virtual_server_group \(name) {\n\(lines)\n}\n"
    }

    @Test func `a group may stand before or behind its service, and serve two protocols`() {
        #expect(Sample.codes(group + service) == [])
        #expect(Sample.codes(service + group) == [])
        let other = Sample.service("group web", lines: "protocol UDP").replacing(
            "TCP_CHECK {\n}", with: "MISC_CHECK {\nmisc_path /bin/x\n}")
        #expect(Sample.codes(group + service + other) == [])
        #expect(Sample.codes(group + service + service) == [.duplicateVirtualServer])
    }

    @Test func `a name that no group has is said once, with what was perhaps meant`() {
        let found = Sample.load(group + Sample.service("group wbe")).diagnostics
        #expect(found.map(\.code) == [.unusedServiceGroup, .unknownServiceGroup])
        #expect(found.last?.suggestion == "web")
        #expect(Sample.codes(Sample.service("group web", lines: "")) == [.unknownServiceGroup])
    }

    @Test func `a name is given once`() {
        #expect(Sample.codes(group + group + service) == [.duplicateServiceGroup])
    }

    @Test func `a group without members says so, and its service nothing`() {
        #expect(Sample.codes(group("") + service) == [.emptyServiceGroup])
        #expect(Sample.codes(group("192.0.2.1OO 80") + service) == [.invalidAddress])
    }

    @Test func `members are of one family`() {
        let mixed = group("192.0.2.100 80\n2001:db8::1 80")
        #expect(Sample.codes(mixed + service) == [.mixedFamilies])
        #expect(Sample.codes(group("192.0.2.100 80\nfwmark 3 inet6") + service) == [.mixedFamilies])
        #expect(Sample.codes(group("192.0.2.100 80\nfwmark 3 inet") + service) == [])
        #expect(Sample.codes(group("2001:db8::1 80") + service) == [.mixedFamilies], "against the servers")
    }

    @Test func `all groups together have a limit`() {
        #expect(Sample.codes(group("10.0.0.0/16 80") + service) == [])
        #expect(Sample.codes(group("10.0.0.0/16 80\n192.0.2.100 80") + service) == [.tooManyMembers])
        #expect(
            Sample.codes(group("2001:db8::/32 80\n2001:db8::/32 81\n2001:db8::/32 82") + service)
                == [.tooManyMembers])
        let other = group("10.0.0.0/17 80", name: "other") + Sample.service("group other")
        let half = group("10.1.0.0/17 80") + service
        #expect(Sample.codes(half + other) == [])
        #expect(Sample.codes(half + other.replacing("/17", with: "/16")) == [.tooManyMembers])
    }

    @Test func `a member is configured once, in whichever group`() {
        #expect(
            Sample.codes(group("192.0.2.100-109 80\n192.0.2.105 80") + service) == [.duplicateVirtualServer])
        let plain = Sample.service("192.0.2.105 80")
        #expect(Sample.codes(group("192.0.2.100-109 80") + service + plain) == [.duplicateVirtualServer])
        #expect(Sample.codes(plain + group("192.0.2.100-109 80") + service) == [.duplicateVirtualServer])
        #expect(Sample.codes(group("192.0.2.100-104 80") + service + plain) == [])
    }

    @Test func `direct routing reaches every port of the group, or none is written`() {
        let ports = group("192.0.2.100 80\n192.0.2.100 443")
        #expect(Sample.codes(ports + service) == [.portTranslation])
        let bare = Sample.service(
            "group web", servers: Sample.server("192.0.2.21", "TCP_CHECK {\nconnect_port 80\n}"))
        #expect(Sample.codes(ports + bare) == [])
        #expect(
            Sample.codes(ports + bare.replacing("connect_port 80\n", with: "")) == [.checkWithoutPort])
        #expect(Sample.codes(ports + Sample.service("group web", kind: "NAT")) == [])
        #expect(
            Sample.codes(group + Sample.service("group web", servers: Sample.server("192.0.2.21 81"))) == [
                .portTranslation
            ])
    }

    @Test func `a server that is a member has the address itself, or is the director that holds it`() {
        let own = Sample.service("group web", servers: Sample.server("192.0.2.105 80"))
        #expect(Sample.codes(group("192.0.2.100-109 80") + own) == [.memberIsRealServer])
        #expect(Sample.codes(group("192.0.2.100-104 80") + own) == [])
        let members = group("192.0.2.100 80\n192.0.2.105 80")
        #expect(
            Sample.errors(Sample.instance(address: 105) + members + own) == [.realServerIsVirtual])
        #expect(
            Sample.codes(Sample.instance() + members + own) == [.addressWithoutInstance, .memberIsRealServer])
        let guarded = own.replacing("protocol TCP", with: "protocol TCP\nloop_guard")
        #expect(!Sample.codes(members + guarded).contains(.memberIsRealServer))
    }

    @Test func `a member without a port makes the group persistent`() {
        let text = group("192.0.2.100 80\n192.0.2.101") + Sample.service("group web", kind: "NAT")
        #expect(Sample.codes(text) == [.impliedPersistence])
        #expect(Sample.virtualServer(text)?.persistence?.timeoutSeconds == 360)
        let said = text.replacing("protocol TCP", with: "protocol TCP\npersistence_timeout 9")
        #expect(Sample.codes(said) == [])
        #expect(Sample.virtualServer(said)?.persistence?.timeoutSeconds == 9)
    }

    @Test func `an address that no instance holds is said once a line`() {
        let text = Sample.instance() + group("192.0.2.100 80\n192.0.2.101-109 80\n192.0.2.101 443")
        let codes = Sample.codes(text + Sample.service("group web", kind: "NAT"))
        #expect(codes == [.addressWithoutInstance, .addressWithoutInstance])
    }

    @Test func `a guarded group has one mark`() {
        let guards = "loop_guard {\npeer 192.0.2.3\n}\n"
        let ports = group("192.0.2.100 80\n192.0.2.100 443")
        let servers = Sample.server("192.0.2.21", "TCP_CHECK {\nconnect_port 80\n}")
        func text(_ lines: String) -> String {
            guards + ports
                + Sample.service("group web", lines: "protocol TCP\nloop_guard\n\(lines)", servers: servers)
        }
        #expect(Sample.errors(text("")) == [])
        #expect(Sample.virtualServer(text(""))?.programmedIdentities.count == 1)
        #expect(Sample.virtualServer(text("loop_guard_mark 7"))?.guardMark?.description == "7")
        let marked =
            guards + group("192.0.2.100 80\nfwmark 3")
            + Sample.service("group web", lines: "protocol TCP\nloop_guard")
        #expect(Sample.errors(marked) == [.guardOnMark])
        let other = group("fwmark 7", name: "m") + Sample.service("group m", lines: "")
        #expect(Sample.errors(text("loop_guard_mark 7") + other) == [.guardMarkCollision])
    }

    @Test func `a pair compares members, not names`() {
        let mine = Sample.load(
            Sample.instance() + group("192.0.2.100 80-81".replacing("-81", with: "")) + service)
        let theirs = Sample.load(
            Sample.instance(lines: "priority 90")
                + group("192.0.2.100 80", name: "other") + Sample.service("group other"))
        #expect(PairChecks.run(mine, against: theirs).map(\.code) == [])
        let wider = Sample.load(
            Sample.instance(lines: "priority 90") + group("192.0.2.100 80\n192.0.2.101 80") + service)
        #expect(
            Set(PairChecks.run(mine, against: wider).map(\.code)) == [.pairServiceMissing])
    }
}
