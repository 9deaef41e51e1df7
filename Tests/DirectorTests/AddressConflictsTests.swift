import NetTypes
import Testing
import Timekeeping

@testable import Director

@Suite struct AddressConflictsTests {
    private let address = IPv4Address(192, 0, 2, 100)

    private func mac(_ number: UInt64) -> MACAddress { MACAddress(rawValue: 0x0200_0000_0000 + number) }

    @Test func `a conflict that goes on is told of once a minute`() {
        var conflicts = AddressConflicts()
        func isNews(_ address: IPv4Address, at mac: MACAddress, at now: Instant) -> Bool {
            conflicts.isNews(address, at: mac, at: now)
        }
        #expect(isNews(address, at: mac(1), at: at(10)))
        #expect(!isNews(address, at: mac(1), at: at(11)))
        #expect(!isNews(address, at: mac(1), at: at(69)))
        #expect(isNews(address, at: mac(1), at: at(70)))
        #expect(!isNews(address, at: mac(1), at: at(71)))
    }

    @Test func `another host, or another address, is another conflict`() {
        var conflicts = AddressConflicts()
        func isNews(_ address: IPv4Address, at mac: MACAddress, at now: Instant) -> Bool {
            conflicts.isNews(address, at: mac, at: now)
        }
        #expect(isNews(address, at: mac(1), at: at(0)))
        #expect(isNews(address, at: mac(2), at: at(0)))
        #expect(isNews(IPv4Address(192, 0, 2, 101), at: mac(1), at: at(0)))
    }

    @Test func `who invents addresses does not fill the log`() {
        var conflicts = AddressConflicts()
        func isNews(_ address: IPv4Address, at mac: MACAddress, at now: Instant) -> Bool {
            conflicts.isNews(address, at: mac, at: now)
        }
        let told = (0..<1000).count { isNews(address, at: mac($0), at: at(0)) }
        #expect(told == AddressConflicts.limit)
        #expect(isNews(address, at: mac(5000), at: at(60)))
    }
}
