import NetTypes
import Timekeeping
import VRRP

/// A pair of directors as the bench configures it, for any daemon that reads keepalived's files.
struct ElectionSetup: Hashable, Sendable {
    /// What both directors hold for clients.
    static let service = Endpoint(.v4(IPv4Address(192, 0, 2, 100)), port: 8080)
    /// The first director's priority, and the second one's.
    static let priorities: [String: UInt8] = [LabPlan.directorA: 150, LabPlan.directorB: 100]

    var version: ProtocolVersion
    /// A multiple of a second in version 2, of 10 ms in version 3.
    var interval: Interval
    /// How many virtual routers, 1...255.
    var instances = 1

    /// `v3 100 ms`.
    var title: String {
        let whole = interval.nanoseconds % 1_000_000_000 == 0
        let length = whole ? "\(Int(interval.seconds)) s" : "\(interval.nanoseconds / 1_000_000) ms"
        return "\(version == .v2 ? "v2" : "v3") \(length)"
    }

    /// What the failover part measures, fastest last.
    static let failovers = [
        ElectionSetup(version: .v2, interval: .seconds(1)),
        ElectionSetup(version: .v3, interval: .seconds(1)),
        ElectionSetup(version: .v3, interval: .milliseconds(100)),
        ElectionSetup(version: .v3, interval: .milliseconds(10)),
    ]

    /// The second director's Skew_Time.
    var skew: Interval {
        MasterDown.skew(
            version: version, priority: Self.priorities[LabPlan.directorB] ?? 100, masterInterval: interval)
    }

    /// From a master's last advert to the successor's first, by the protocol: 3 x interval + skew.
    var bound: Interval { interval * 3 + skew }

    /// The file of a director.
    func configuration(of director: String) -> String {
        let length = Decimals.short(interval.seconds, places: 2)
        var text = "global_defs {\n    router_id bench\n}\n"
        for number in 1...max(1, instances) {
            let address = number == 1 ? "\(Self.service.address)" : "10.77.0.\(number)"
            text += """
                vrrp_instance VI_\(number) {
                    state \(director == LabPlan.directorA ? "MASTER" : "BACKUP")
                    interface eth0
                    version \(version == .v2 ? 2 : 3)
                    virtual_router_id \(number)
                    priority \(Self.priorities[director] ?? 100)
                    advert_int \(length)
                    virtual_ipaddress {
                        \(address)/32 dev eth0
                    }
                }

                """
        }
        return text
    }
}

/// What happens to the master.
enum ElectionFault: String, Hashable, Sendable, CaseIterable {
    /// The machine is gone.
    case crash
    /// The link is gone, the machine is not.
    case link
    /// Every process of the daemon is killed, the machine lives and goes on answering.
    case kill
    /// Every process of the daemon stops running.
    case freeze
    /// SIGTERM.
    case stop
    /// The process that does the election is killed, its supervisor lives.
    case role

    /// For the table.
    var title: String {
        switch self {
        case .crash: "crash: killed, link cut"
        case .link: "link down"
        case .kill: "kill -9, all of it"
        case .freeze: "SIGSTOP"
        case .stop: "SIGTERM"
        case .role: "kill -9, vrrp alone"
        }
    }

    /// The master's machine answers no more.
    var silences: Bool { self == .crash || self == .link }

    /// From the last advert to the successor's first; nil where nobody should take over.
    func bound(_ setup: ElectionSetup) -> Interval? {
        switch self {
        case .crash, .link, .kill, .freeze: setup.bound
        case .stop: setup.skew
        case .role: nil
        }
    }
}
