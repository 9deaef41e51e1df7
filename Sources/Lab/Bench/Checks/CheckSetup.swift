import NetTypes
import Timekeeping

/// A load of checks as the bench configures it, for any daemon that reads keepalived's files: every server is
/// an address of this host, each with one check a second.
struct CheckSetup: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable {
        case tcp = "TCP"
        case http = "HTTP"
    }

    /// How a server dies.
    enum Death: String, Hashable, Sendable, CaseIterable {
        /// Nobody listens any more.
        case refused
        /// Nothing comes back.
        case silent

        /// From the death to the end of the server's place in the kernel's table, at most.
        var bound: Interval {
            let attempts = Int64(CheckSetup.retry + 1)
            let refused = CheckSetup.delayLoop + CheckSetup.delayBeforeRetry * Int64(CheckSetup.retry)
            return self == .refused ? refused : refused + CheckSetup.timeout * attempts
        }
    }

    static let delayLoop = Interval.seconds(1)
    static let timeout = Interval.seconds(1)
    static let delayBeforeRetry = Interval.seconds(1)
    static let retry = 1
    /// The servers' ports: several, so that no queue of connections is too short for them.
    static let ports: [UInt16] = [8080, 8081, 8082, 8083]
    /// What is local, by an entry of the routing table.
    static let addresses = "10.80.0.0/15"
    /// The service of those that are to die.
    static let deathRow = Endpoint(.v4(IPv4Address(10, 91, 0, 1)), port: 80)

    var kind: Kind
    /// 1...60000.
    var count: Int
    /// Servers beside them that are to die, 0...250.
    var victims = 0

    /// `1000 TCP`.
    var title: String { "\(count) \(kind.rawValue)" }

    /// The server at this place.
    func server(_ place: Int) -> Endpoint {
        let address = IPv4Address(10, 80, UInt8(place / 250 % 256), UInt8(place % 250 + 1))
        return Endpoint(.v4(address), port: Self.ports[place % Self.ports.count])
    }

    /// The one that is to die at this place, where nobody else listens.
    func victim(_ place: Int) -> Endpoint {
        Endpoint(.v4(IPv4Address(10, 81, 0, UInt8(place % 250 + 1))), port: 8090)
    }

    /// The file: ten servers a service.
    var configuration: String {
        var text = "global_defs {\n    router_id bench\n}\n"
        for first in stride(from: 0, to: count, by: 10) {
            let service = first / 10
            let address = IPv4Address(10, 90, UInt8(service / 250 % 256), UInt8(service % 250 + 1))
            text += Self.service(
                Endpoint(.v4(address), port: 80), (first..<min(first + 10, count)).map(server), kind)
        }
        if victims > 0 { text += Self.service(Self.deathRow, (0..<victims).map(victim), .tcp) }
        return text
    }

    private static func service(_ endpoint: Endpoint, _ servers: [Endpoint], _ kind: Kind) -> String {
        func seconds(_ interval: Interval) -> String { Decimals.short(interval.seconds, places: 3) }
        let url = kind == .http ? "\n            url {\n                path /\n            }" : ""
        let list = servers.map { server in
            """
                real_server \(server.address) \(server.port) {
                    weight 1
                    \(kind == .tcp ? "TCP_CHECK" : "HTTP_GET") {\(url)
                        connect_timeout \(seconds(timeout))
                        retry \(retry)
                        delay_before_retry \(seconds(delayBeforeRetry))
                    }
                }

            """
        }
        return """
            virtual_server \(endpoint.address) \(endpoint.port) {
                delay_loop \(seconds(delayLoop))
                lb_algo rr
                lb_kind NAT
                protocol TCP
            \(list.joined())}

            """
    }
}
