import NetTypes
import Testing

@testable import VRRP

@Suite struct VirtualInterfaceTests {
    @Test(
        arguments: [
            (1, .inet, "00:00:5e:00:01:01"), (51, .inet, "00:00:5e:00:01:33"),
            (255, .inet6, "00:00:5e:00:02:ff"),
        ] as [(UInt8, AddressFamily, String)])
    func `a virtual router has the Ethernet address of its number and family`(
        id: UInt8, family: AddressFamily, text: String
    ) {
        #expect(VirtualInterface.mac(of: id, family).description == text)
    }

    @Test func `addresses stand on the virtual interface, if there is one`() {
        var configuration = RouterConfiguration.make(priority: 100)
        #expect(configuration.addressInterface == configuration.interface)
        configuration.virtualInterface = VirtualInterface(
            name: "vrrp.51", base: configuration.interface, mac: VirtualInterface.mac(of: 51, .inet))
        #expect(configuration.addressInterface == "vrrp.51")
        #expect(configuration.interface != "vrrp.51")
    }

    @Test func `what is held is what is advertised and the rest`() {
        var configuration = RouterConfiguration.make(priority: 100)
        let more = configuration.virtualAddresses.map { address in
            var copy = address
            copy.label = "more"
            return copy
        }
        configuration.excludedAddresses = more
        #expect(configuration.heldAddresses == configuration.virtualAddresses + more)
    }

    @Test func `another Ethernet address, or way out, is another router`() {
        let plain = RouterConfiguration.make(priority: 100)
        var virtual = plain
        virtual.virtualInterface = VirtualInterface(
            name: "vrrp.51", base: plain.interface, mac: VirtualInterface.mac(of: 51, .inet))
        var renamed = virtual
        renamed.virtualInterface?.name = "v51"
        var aside = virtual
        aside.sendsFromBase = true
        #expect(virtual.describesSameRouter(as: virtual))
        for other in [plain, renamed, aside] { #expect(!other.describesSameRouter(as: virtual)) }
    }
}
