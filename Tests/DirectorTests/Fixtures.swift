import ConfigModel
import HealthChecks
import LinuxIO
import LoadBalancing
import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Director

// Values that many tests begin with. What cannot be written in a literal is checked once, here.

func v4(_ text: String) -> IPAddress { IPAddress(text) ?? .v4(IPv4Address(0, 0, 0, 0)) }

func prefix(_ text: String) -> Prefix { Prefix(text) ?? Prefix(host: v4("0.0.0.0")) }

func endpoint(_ text: String, _ port: UInt16) -> Endpoint { Endpoint(v4(text), port: port) }

func mark(_ number: UInt32) -> FirewallMark? { FirewallMark(number) }

/// The point `seconds` after the start of a test.
func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: 0) + .seconds(seconds) }

func milliseconds(_ count: Int64) -> Instant { Instant(nanoseconds: 0) + .milliseconds(count) }

func router(
    _ name: String = "VI_1", interface: String = "eth0", id: UInt8 = 51, priority: UInt8 = 100,
    addresses: [String] = ["192.0.2.100/24"], excluded: [String] = []
) -> RouterConfiguration {
    RouterConfiguration(
        name: name, interface: interface, virtualRouterID: id, priority: priority,
        virtualAddresses: addresses.map { VirtualAddress(prefix: prefix($0)) },
        excludedAddresses: excluded.map { VirtualAddress(prefix: prefix($0)) })
}

func tcpCheck(_ address: String, port: UInt16 = 80) -> CheckSpecification {
    CheckSpecification(
        kind: .tcp(TCPCheck(target: endpoint(address, port))), schedule: CheckSchedule(delayLoop: .seconds(2))
    )
}

func scriptCheck(_ command: [String] = ["/bin/true"], user: String? = nil) -> CheckSpecification {
    CheckSpecification(
        kind: .script(ScriptCheck(command: command, timeout: .seconds(3), user: user)),
        schedule: CheckSchedule(delayLoop: .seconds(2)))
}

/// The first probe of each of these checks.
func firstProbes(of checks: [CheckSpecification]) -> [ProbeID] {
    var generator = SystemRandomNumberGenerator()
    var set = CheckSet()
    _ = set.reconfigure(checks, at: at(0), using: &generator)
    return set.advance(to: at(90)).compactMap {
        if case .perform(_, let probe) = $0 { probe } else { nil }
    }
}

func realServer(_ address: String, checks: [CheckSpecification]? = nil, inhibit: Bool = false) -> RealServer {
    RealServer(
        endpoint: endpoint(address, 80), inhibitOnFailure: inhibit, checks: checks ?? [tcpCheck(address)])
}

func virtualServer(
    _ address: String = "192.0.2.100", port: UInt16 = 80, servers: [RealServer]? = nil,
    forwarding: ForwardingMethod = .directRouting, sorry: RealServer? = nil, guardMark: FirewallMark? = nil
) -> VirtualServer {
    VirtualServer(
        identity: .address(.tcp, endpoint(address, port)), scheduler: "rr", forwarding: forwarding,
        realServers: servers ?? [realServer("192.0.2.21"), realServer("192.0.2.22")], sorryServer: sorry,
        guardMark: guardMark)
}

/// A pair's director: one instance, one service, connection sync.
func pair(
    instances: [RouterConfiguration] = [router()], servers: [VirtualServer] = [virtualServer()]
)
    -> Configuration
{
    var global = GlobalDefinitions()
    global.syncDaemon = SyncDaemonConfiguration(interface: "eth0", instance: "VI_1", syncID: 51)
    return Configuration(global: global, instances: instances, virtualServers: servers)
}

/// A log that nobody reads.
func quietLog() -> Log { Log(program: "test", options: Options(), environment: [:]) }

/// A directory of its own, removed at the end.
final class ScratchDirectory {
    let path: String

    init() throws {
        path = "/tmp/holdfast-test-\(HostFacts.process)-\(UInt64.random(in: 0 ... .max))"
        try Files.createDirectory(path, mode: 0o700)
    }

    deinit { _ = try? Program("/bin/rm", ["-rf", path]).run(timeout: .seconds(10)) }

    func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        try Files.replace(file, with: Array(text.utf8))
        return file
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Files.read("\(path)/\(name)", limit: 1 << 20), as: UTF8.self)
    }
}
