import ConfigModel
import LoadBalancing
import NetTypes
import Testing
import VRRP

@testable import Director

@Suite struct BackupOnlyTests {
    private static func service(by number: UInt32) -> VirtualServer {
        var server = virtualServer()
        if let mark = mark(number) { server.identity = .mark(.inet, mark) }
        return server
    }

    private static func unsynced(_ change: (inout Configuration) -> Void) -> Configuration {
        var configuration = pair()
        change(&configuration)
        return configuration
    }

    static let cases: [(name: String, configuration: Configuration, isSafe: Bool)] = [
        ("one instance holds the only service's address", pair(), true),
        (
            "an excluded address counts",
            pair(instances: [router(addresses: [], excluded: ["192.0.2.100/24"])]), true
        ),
        ("no sync daemon", unsynced { $0.global.syncDaemon = nil }, false),
        ("a sync daemon of no instance", unsynced { $0.global.syncDaemon?.instance = nil }, false),
        (
            "a sync daemon of an instance that is not there",
            unsynced { $0.global.syncDaemon?.instance = "X" }, false
        ),
        ("a service on an address of no instance", pair(servers: [virtualServer("192.0.2.101")]), false),
        (
            "a service on another instance's address",
            pair(
                instances: [router(), router("VI_2", id: 52, addresses: ["192.0.2.101/24"])],
                servers: [virtualServer(), virtualServer("192.0.2.101")]), false
        ),
        (
            "another instance without a service",
            pair(instances: [router(), router("VI_2", id: 52, addresses: ["192.0.2.101/24"])]), true
        ),
        ("a service by mark with one instance", pair(servers: [service(by: 3)]), true),
        (
            "a service by mark with two instances",
            pair(
                instances: [router(), router("VI_2", id: 52, addresses: ["192.0.2.101/24"])],
                servers: [service(by: 3)]), false
        ),
    ]

    @Test(arguments: cases) func `backup_only is used where one state speaks for every service`(
        name: String, configuration: Configuration, isSafe: Bool
    ) {
        #expect(configuration.syncInstanceGovernsEveryService == isSafe, "\(name)")
    }
}
