import ConfigModel
import ConfigSyntax
import Testing
import VRRP

@Suite struct RouterIdentityChecksTests {
    private func pair(_ second: String) -> [DiagnosticCode] { Sample.codes(Sample.instance() + second) }

    @Test func `different routers are good`() {
        #expect(pair(Sample.instance("VI_2", id: 52, address: 101)) == [])
    }

    @Test func `a VRID is used once on an interface`() {
        let same = Sample.instance("VI_2", address: 101)
        #expect(pair(same) == [.duplicateRouterID])
        #expect(pair(same.replacing("eth0", with: "eth1")) == [])
    }

    @Test func `a VRID may be used again with others to talk to`() {
        let own = Sample.instance(lines: "unicast_peer {\n192.0.2.3\n192.0.2.4\n}")
        func with(_ lines: String) -> [DiagnosticCode] {
            Sample.codes(own + Sample.instance("VI_2", address: 101, lines: lines))
        }
        #expect(with("") == [])
        #expect(with("unicast_peer {\n192.0.2.5\n}") == [])
        #expect(with("unicast_peer {\n192.0.2.5\n192.0.2.4\n}") == [.duplicateRouterID])
        #expect(pair(Sample.instance("VI_2", address: 101, lines: "mcast_dst_ip 224.0.0.19")) == [])
        let six = Sample.instance("VI_2").replacing("192.0.2.100/24", with: "fe80::64/64")
        #expect(pair(six) == [])
    }

    @Test func `a name is used once`() {
        #expect(pair(Sample.instance(id: 52, address: 101)) == [.duplicateInstance])
    }

    @Test func `a virtual router has an interface of its own`() {
        let first = Sample.instance(lines: "use_vmac v51")
        let second = Sample.instance("VI_2", id: 52, address: 101, lines: "use_vmac v51")
        #expect(Sample.codes(first + second) == [.duplicateVirtualInterface])
        #expect(Sample.codes(first + second.replacing("v51", with: "v52")) == [])
        #expect(Sample.codes(Sample.instance(lines: "use_vmac eth0")) == [.duplicateVirtualInterface])
        #expect(pair(Sample.instance("VI_2", id: 52, address: 101, lines: "use_vmac")) == [])
        // The neighbours are the same.
        #expect(
            pair(Sample.instance("VI_2", id: 52, lines: "use_vmac")) == [.duplicateVirtualAddress])
    }

    @Test func `an address is held once on an interface`() {
        let same = Sample.instance("VI_2", id: 52)
        #expect(pair(same) == [.duplicateVirtualAddress])
        #expect(pair(same.replacing("/24", with: "/32")) == [.duplicateVirtualAddress])
        #expect(pair(same.replacing("/24", with: "/24 dev eth1")) == [])
        #expect(pair(same.replacing("interface eth0", with: "interface eth1")) == [])
    }

    @Test func `an address may be in one instance again, which is said`() throws {
        let twice = Sample.instance(lines: "virtual_ipaddress_excluded {\n192.0.2.100/24\n}")
        #expect(Sample.codes(twice) == [.repeatedAddress])
        let label = Sample.instance(lines: "virtual_ipaddress {\n192.0.2.100/24 label eth0:1\n}")
        #expect(Sample.codes(label) == [.repeatedAddress])
        let router = try #require(Sample.load(label).configuration?.instances.first)
        #expect(router.advertisedAddresses.count == 2)
        // Against another instance it is reported once.
        let other = label.replacing("VI_1", with: "VI_2").replacing("id 51", with: "id 52")
        #expect(pair(other).count == 2)
        #expect(Set(pair(other)) == [.duplicateVirtualAddress, .repeatedAddress])
    }

    @Test func `a third of the same is reported against the first`() throws {
        let text = Sample.instance() + Sample.instance("B", address: 101) + Sample.instance("C", address: 102)
        let found = Sample.load(text).diagnostics
        #expect(found.map(\.code) == [.duplicateRouterID, .duplicateRouterID])
        #expect(Set(found.map(\.related)).count == 1)
    }

    @Test func `what could not be read is equal to nothing`() {
        let bad = Sample.instance("VI_2", address: 101).replacing("id 51", with: "id x")
        #expect(pair(bad) == [.invalidNumber])
    }
}
