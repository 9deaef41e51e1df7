import NetTypes
import Testing
import Timekeeping

@testable import LoadBalancing

@Suite struct ServerOverrideTests {
    private static func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: 0) + .seconds(seconds) }

    private static func name(_ octet: UInt8) -> ServerName {
        ServerName(
            service: .address(.tcp, Endpoint(.v4(IPv4Address(192, 0, 2, 100)), port: 80)),
            server: Endpoint(.v4(IPv4Address(192, 0, 2, octet)), port: 8080))
    }

    private static func drained(_ octet: UInt8, until: Instant? = nil) -> ServerOverride {
        ServerOverride(name(octet), .drain, by: "uid 0", since: at(0), until: until)
    }

    @Test func `an order is called like its command`() {
        #expect(
            [ServerOrder.drain, .maintenance, .weight(5)].map { "\($0)" } == ["drain", "maint", "weight 5"])
    }

    @Test func `the last word about a server counts, until it is taken back`() {
        var overrides = ServerOverrides()
        #expect(overrides.set([Self.drained(22), Self.drained(21)]) == true)
        #expect(
            overrides.set([ServerOverride(Self.name(21), .weight(3), by: "uid 7", since: Self.at(1))]) == true
        )
        #expect(overrides.list.map(\.order) == [.weight(3), .drain])
        #expect(overrides.orders == [Self.name(21): .weight(3), Self.name(22): .drain])
        #expect(overrides[Self.name(21)]?.by == "uid 7" && overrides.count == 2)
        overrides.remove([Self.name(21), Self.name(23)])
        #expect(overrides.list == [Self.drained(22)])
    }

    @Test func `what has an end ends by itself, and nothing else`() {
        var overrides = ServerOverrides([
            Self.drained(21, until: Self.at(20)), Self.drained(22, until: Self.at(10)), Self.drained(23),
        ])
        #expect(overrides.nextDeadline == Self.at(10))
        overrides.expire(at: Self.at(9))
        #expect(overrides.count == 3)
        overrides.expire(at: Self.at(10))
        #expect(overrides.list.map(\.name) == [Self.name(21), Self.name(23)])
        #expect(overrides.nextDeadline == Self.at(20))
        #expect(overrides.set([Self.drained(21)]) == true, "now for ever")
        #expect(overrides.nextDeadline == nil)
        overrides.expire(at: Self.at(1000))
        #expect(overrides.count == 2)
    }

    @Test func `what differs is named in order`() {
        let before = ServerOverrides([Self.drained(21), Self.drained(22), Self.drained(23)])
        var after = before
        #expect(after.differences(from: before).isEmpty)
        after.remove([Self.name(23)])
        #expect(after.set([Self.drained(24), Self.drained(22, until: Self.at(5))]) == true)
        #expect(after.differences(from: before) == [22, 23, 24].map(Self.name))
        #expect(before.differences(from: after) == [22, 23, 24].map(Self.name))
    }

    @Test func `there are no more than the limit`() {
        let many = (0..<ServerOverrides.limit).map { number in
            var entry = Self.drained(21)
            entry.name.server = Endpoint(entry.name.server.address, port: UInt16(number))
            return entry
        }
        var overrides = ServerOverrides(many + [Self.drained(22)])
        #expect(overrides.count == ServerOverrides.limit && overrides[Self.name(22)] == nil)
        #expect(overrides.set([Self.drained(22)]) == false)
        #expect(overrides.set([many[0]]) == true, "the same again is no more")
        #expect(overrides.count == ServerOverrides.limit)
    }
}
