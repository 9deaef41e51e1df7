import NetTypes
import Testing
import VRRP

@testable import ConfigModel

@Suite struct VirtualInterfaceResolutionTests {
    private func six(_ name: String, _ number: Int, on interface: String = "eth0") -> String {
        Sample.instance(name, lines: "use_vmac").replacing("192.0.2.100/24", with: "fe80::\(number)/64")
            .replacing("eth0", with: interface)
    }

    private func names(_ text: String) -> [String?] {
        Sample.load(text).configuration?.instances.map { $0.virtualInterface?.name } ?? []
    }

    @Test func `names are those of keepalived`() {
        let other = Sample.instance("B", address: 101, lines: "use_vmac").replacing("eth0", with: "eth1")
        let text = Sample.instance("A", lines: "use_vmac") + other + six("C", 5) + six("D", 6, on: "eth1")
        // As keepalived 2.2.7 calls them.
        #expect(names(text) == ["vrrp.51", "vrrp1.51", "vrrp6.51", "vrrp2.51"])
    }

    @Test func `thousands with one number are named in no time`() {
        let many = (0..<2000).map { number in
            Sample.instance("I\(number)", lines: "use_vmac")
                .replacing("eth0", with: "e\(number)").replacing(
                    "192.0.2.100", with: "10.1.\(number / 250).\(1 + number % 250)")
        }
        let names = names(many.joined())
        #expect(names.count == 2000 && names.last == "vrrp1999.51")
    }

    @Test func `a name that is written is taken, wherever it stands`() {
        let own = Sample.instance("B", id: 52, address: 101, lines: "use_vmac vrrp.51")
        #expect(names(Sample.instance("A", lines: "use_vmac") + own) == ["vrrp1.51", "vrrp.51"])
        #expect(names(Sample.instance("A")) == [nil])
    }

    @Test func `the Ethernet address is that of number and family`() {
        #expect(
            Sample.load(six("C", 5)).configuration?.instances.first?.virtualInterface?.mac
                == VirtualInterface.mac(of: 51, .inet6))
    }

    @Test func `adverts leave by the interface itself where that is asked for, and by unicast`() {
        #expect(Sample.router("use_vmac")?.sendsFromBase == false)
        #expect(Sample.router("use_vmac\nvmac_xmit_base")?.sendsFromBase == true)
        #expect(Sample.router("use_vmac\nunicast_peer {\n192.0.2.3\n}")?.sendsFromBase == true)
        #expect(Sample.router("vmac_xmit_base")?.sendsFromBase == false)
    }
}
