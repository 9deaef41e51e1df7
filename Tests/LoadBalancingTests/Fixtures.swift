import HealthChecks
import LoadBalancing
import NetTypes

/// The endpoint 192.0.2.`octet`:`port`.
func endpoint(_ octet: UInt8, _ port: UInt16 = 80) -> Endpoint {
    Endpoint(.v4(IPv4Address(192, 0, 2, octet)), port: port)
}

/// A service at 192.0.2.100:`port`/tcp.
func service(_ port: UInt16 = 80) -> ServiceIdentity { .address(.tcp, endpoint(100, port)) }

/// A service by mark.
func marked(_ number: UInt32, _ family: AddressFamily = .inet) throws -> ServiceIdentity {
    guard let mark = FirewallMark(number) else { throw InvalidMark() }
    return .mark(family, mark)
}

struct InvalidMark: Error {}

/// A TCP check of 192.0.2.`octet`.
func check(_ octet: UInt8, startsDown: Bool = false) -> CheckSpecification {
    CheckSpecification(
        kind: .tcp(TCPCheck(target: endpoint(octet))), schedule: CheckSchedule(startsDown: startsDown))
}

/// A real server at 192.0.2.`octet` with one check of it.
func server(
    _ octet: UInt8, _ port: UInt16 = 80, weight: UInt32 = 1, forwarding: ForwardingMethod? = nil,
    inhibit: Bool = false
) -> RealServer {
    RealServer(
        endpoint: endpoint(octet, port), weight: weight, forwarding: forwarding, inhibitOnFailure: inhibit,
        checks: [check(octet)])
}

/// A destination as the kernel has it.
func destination(
    _ octet: UInt8, _ port: UInt16 = 80, weight: UInt32 = 1, forwarding: ForwardingMethod = .directRouting
) -> IPVSDestination {
    IPVSDestination(endpoint: endpoint(octet, port), forwarding: forwarding, weight: weight)
}

/// A kernel service with destinations.
func kernelService(
    _ identity: ServiceIdentity = service(), scheduler: String = "rr", _ destinations: [IPVSDestination] = []
) -> IPVSService {
    IPVSService(
        identity: identity, scheduler: scheduler,
        destinations: Dictionary(destinations.map { ($0.endpoint, $0) }) { first, _ in first })
}

/// The service of `service()` with destinations.
func kernelService(_ destinations: [IPVSDestination]) -> IPVSService {
    kernelService(service(), destinations)
}
