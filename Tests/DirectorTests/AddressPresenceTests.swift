import KernelNet
import NetTypes
import Testing

@testable import Director

@Suite struct AddressPresenceTests {
    private func here(_ texts: String...) -> [InterfaceAddress] {
        texts.map { InterfaceAddress(interface: 2, prefix: prefix($0)) }
    }

    @Test func `what matters and is here is news once`() {
        var presence = AddressPresence()
        presence.watch([v4("192.0.2.100"), v4("192.0.2.101")])
        #expect(presence.update(here("192.0.2.1/24")) == [])
        #expect(presence.update(here("192.0.2.1/24")) == nil)
        #expect(presence.update(here("192.0.2.1/24", "192.0.2.100/32")) == [v4("192.0.2.100")])
        #expect(presence.update(here("192.0.2.100/24")) == nil)
        #expect(presence.update([]) == [])
    }

    @Test func `when other addresses matter it is told anew`() {
        var presence = AddressPresence()
        presence.watch([v4("192.0.2.100")])
        _ = presence.update(here("192.0.2.100/24"))
        presence.watch([v4("192.0.2.100")])
        #expect(presence.update(here("192.0.2.100/24")) == nil)
        presence.watch([v4("192.0.2.101")])
        #expect(presence.present == nil)
        #expect(presence.update(here("192.0.2.100/24")) == [])
    }

    @Test func `only news of addresses concern it`() {
        let address = InterfaceAddress(interface: 2, prefix: prefix("192.0.2.1/24"))
        #expect(AddressPresence.concerns(.addressChanged(address)))
        #expect(AddressPresence.concerns(.addressRemoved(address)))
        #expect(AddressPresence.concerns(.overrun))
    }
}
