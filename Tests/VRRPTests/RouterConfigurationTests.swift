import NetTypes
import Testing
import Timekeeping
import VRRP

@Suite struct RouterConfigurationTests {
    @Test func `the addresses of the main list that are of its family are advertised, in order`() throws {
        let six = VirtualAddress(prefix: Prefix(host: .v6(try #require(IPv6Address("2001:db8::1")))))
        var configuration = RouterConfiguration.make(
            addresses: virtual(IPv4Address(10, 0, 0, 9), IPv4Address(10, 0, 0, 1)) + [six])
        configuration.excludedAddresses = virtual(IPv4Address(10, 0, 0, 5))
        #expect(
            configuration.advertisedAddresses == [
                .v4(IPv4Address(10, 0, 0, 9)), .v4(IPv4Address(10, 0, 0, 1)),
            ])
    }

    @Test func `what it holds on other interfaces implies that it needs them`() throws {
        var router = RouterConfiguration.make(addresses: virtual(IPv4Address(10, 0, 0, 9)))
        #expect(router.impliedInterfaces.isEmpty)
        let prefix = try #require(Prefix("10.9.0.0/24"))
        var addresses = ["eth1", "eth2", "eth0"].map { VirtualAddress(prefix: prefix, interface: $0) }
        addresses[1].options.isUntracked = true
        router.excludedAddresses = addresses
        var hop = NextHop()
        hop.interface = "eth3"
        var route = VirtualRoute(to: prefix)
        route.hops = [hop]
        var multipath = route
        hop.interface = "eth4"
        multipath.hops = [hop, hop]
        var untracked = multipath
        (untracked.hops, untracked.isUntracked) = ([hop], true)
        router.routes = [route, multipath, untracked]
        var rule = VirtualRule(family: .inet, preference: 5, action: .nothing)
        rule.incoming = "eth5"
        router.rules = [rule, rule]
        #expect(router.impliedInterfaces == ["eth1", "eth3", "eth5"])
        // The interface of use_vmac is up with the master alone.
        router.virtualInterface = VirtualInterface(
            name: "eth3", base: "eth0", mac: VirtualInterface.mac(of: 51, .inet))
        #expect(router.impliedInterfaces == ["eth1", "eth5"])
    }

    @Test func `another interface, identifier or version is another router`() {
        let base = RouterConfiguration.make()
        var changed = base
        changed.priority = 1
        changed.advertisementInterval = .seconds(3)
        changed.virtualAddresses = []
        #expect(changed.describesSameRouter(as: base))
        let others: [(inout RouterConfiguration) -> Void] = [
            { $0.interface = "eth1" }, { $0.virtualRouterID = 52 }, { $0.version = .v3 },
            { $0.name = "VI_2" },
        ]
        for change in others {
            var other = base
            change(&other)
            #expect(!other.describesSameRouter(as: base))
        }
    }

    @Test func `defaults are those of keepalived`() {
        let base = RouterConfiguration(
            name: "VI_1", interface: "eth0", virtualRouterID: 1, virtualAddresses: [])
        #expect(base.version == .v2 && base.priority == 100 && base.preempts && !base.startsAsMaster)
        #expect(base.advertisementInterval == .seconds(1) && base.checksum == .pseudoHeader)
        #expect(base.announcements.repeats == 5 && base.announcements.secondBurstDelay == .seconds(5))
    }
}
