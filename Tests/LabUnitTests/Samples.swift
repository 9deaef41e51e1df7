import ConfigModel
import HealthChecks
import LoadBalancing
import LoopGuard
import NetTypes
import Timekeeping
import VRRP

@testable import Lab

/// Values that many tests of the drill need.
enum Sample {
    static let virtualAddress = IPAddress.v4(IPv4Address(192, 0, 2, 100))
    static let service = Endpoint(virtualAddress, port: 80)

    /// `seconds` after the clock's zero.
    static func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

    static func realServer(
        _ last: UInt8, port: UInt16 = 80, network: IPv4Address = IPv4Address(192, 0, 2, 0)
    )
        -> RealServer
    {
        let address = IPv4Address(rawValue: network.rawValue | UInt32(last))
        let endpoint = Endpoint(.v4(address), port: port)
        let check = CheckSpecification(
            kind: .tcp(TCPCheck(target: endpoint, timeout: .seconds(2))),
            schedule: CheckSchedule(delayLoop: .seconds(2), retry: 1, delayBeforeRetry: .seconds(1)))
        return RealServer(endpoint: endpoint, checks: [check])
    }

    static func configuration(
        priority: UInt8 = 150, version: ProtocolVersion = .v2, interval: Interval = .seconds(1),
        forwarding: ForwardingMethod = .directRouting,
        servers: [RealServer] = [realServer(21), realServer(22)],
        mark: FirewallMark? = nil
    ) -> Configuration {
        let prefix = Prefix(virtualAddress, length: 24) ?? Prefix(host: virtualAddress)
        return Configuration(
            instances: [
                RouterConfiguration(
                    name: "VI_1", interface: "eth0", version: version, virtualRouterID: 51,
                    priority: priority,
                    advertisementInterval: interval, virtualAddresses: [VirtualAddress(prefix: prefix)])
            ],
            virtualServers: [
                VirtualServer(
                    identity: mark.map { .mark(.inet, $0) } ?? .address(.tcp, service),
                    forwarding: forwarding,
                    realServers: servers)
            ])
    }

    /// A trace of a failover: answers every 10 ms until 10 s, and again from `back` on; director-a holds the
    /// address and loses it with the fault, director-b gets it at `taken`.
    static func failover(taken: Double = 13, back: Double = 13.1, end: Double = 15) -> Trace {
        var trace = Trace()
        trace.holdings = [.init(at: at(1), director: LabPlan.directorA, value: true)]
        trace.holdings.append(.init(at: at(taken), director: LabPlan.directorB, value: true))
        for step in 800..<Int(end * 100) {
            let time = Double(step) / 100
            let isAnswered = time < 10 || time >= back
            trace.probes.append(
                .init(
                    start: at(time), end: at(time + (isAnswered ? 0.001 : 0.5)),
                    outcome: isAnswered ? .answered : .timedOut,
                    server: isAnswered ? (step % 2 == 0 ? "rs1" : "rs2") : "-"))
        }
        return trace
    }
}
