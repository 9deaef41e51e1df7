import NetTypes
import Timekeeping

/// A table as the bench of IPVS configures it, for any daemon that reads keepalived's files: ten servers a
/// service. Nothing is checked, or so seldom that nothing but the daemon's own work is in the way.
struct TableSetup: Hashable, Sendable {
    /// 10...100000 servers, a multiple of ten.
    var count: Int
    /// `rr`, `wrr`, `mh`.
    var scheduler = "rr"

    /// Every server has a TCP_CHECK of its own, which finds somebody.
    var isChecked = false

    static let serversEach = 10
    /// Where the servers are.
    static let addresses = "10.100.0.0/14"
    /// Their port.
    static let port: UInt16 = 80

    /// `10000 rr`, `10000 rr checked`.
    var title: String { "\(count) \(scheduler)" + (isChecked ? " checked" : "") }

    /// How long the daemon is given, after it was told something, until it has done all of it.
    var patience: Interval { count > 2000 ? .seconds(12) : .seconds(4) }

    /// The services, in the order of the file.
    var services: [Endpoint] {
        (0..<count / Self.serversEach).map { place in
            Endpoint(.v4(IPv4Address(10, 90, UInt8(place / 250), UInt8(place % 250 + 1))), port: 80)
        }
    }

    /// The one that a reload changes: in the middle.
    var changedService: Endpoint { services[services.count / 2] }

    /// The file; `weight` is that of the first server of the service that changes.
    func configuration(weight: Int = 1) -> String {
        var text = "global_defs {\n    router_id bench\n}\n"
        var place = 0
        let check = isChecked ? "        TCP_CHECK {\n            connect_timeout 3\n        }\n" : ""
        for service in services {
            text += "virtual_server \(service.address) \(service.port) {\n"
            if isChecked { text += "    delay_loop 600\n" }
            text += "    lb_algo \(scheduler)\n    lb_kind DR\n    protocol TCP\n"
            for server in 0..<Self.serversEach {
                let address = IPv4Address(
                    10, UInt8(100 + place / 62_500), UInt8(place / 250 % 250), UInt8(place % 250 + 1))
                let own = server == 0 && service == changedService ? weight : 1
                text += "    real_server \(address) \(Self.port) {\n        weight \(own)\n\(check)    }\n"
                place += 1
            }
            text += "}\n"
        }
        return text
    }
}
