import Glibc
import LinuxIO
import Testing
import Timekeeping

/// One implementation on one host of the segment: how it is told what to do, started, and asked who it is.
final class InteropSide {
    let host: Segment.Host
    let pairing: InteropPairing
    /// nil for Holdfast.
    let peer: InteropPairing.Peer?
    let priority: Int
    private let bench: InteropBench
    private var daemon: ChildProcess?
    private var zebra: ChildProcess?
    private var isPrepared = false

    /// Numbers are the last ones of the addresses of both.
    private let numbers: (own: Int, peer: Int)

    init(_ bench: InteropBench, _ pairing: InteropPairing, peer: InteropPairing.Peer?, priority: Int) {
        self.bench = bench
        self.pairing = pairing
        self.peer = peer
        self.priority = priority
        host = peer == nil ? bench.segment.a : bench.segment.b
        numbers = peer == nil ? (2, 3) : (3, 2)
    }

    func start() throws {
        switch peer {
        case nil: daemon = try bench.startOurs(on: host, configuration)
        case .keepalived: daemon = try bench.startKeepalived(on: host, configuration)
        case .frr:
            if !isPrepared { try prepareFRR() }
            isPrepared = true
            if zebra == nil { zebra = try bench.startZebra(on: host) }
            daemon = try bench.startVRRPD(on: host, frrConfiguration)
            // Until it is backup nobody has switched its interface off.
            let isBackup = Tools.wait(.seconds(40)) { bench.logs.contains("Initialize -> Backup") }
            try #require(isBackup != nil, "vrrpd does not start\n\(bench.logs)")
        }
    }

    /// As a crash of the host: all processes of its namespace are stopped, then killed, the youngest first. A
    /// stopped child whose parent dies before it is woken by the kernel, and resigns.
    func kill() throws {
        let list = try Tools.ip(["netns", "pids", host.name]).output.text
        let processes = list.split(separator: "\n").compactMap { pid_t($0) }.sorted(by: >)
        for signal in [SIGSTOP, SIGKILL] {
            for process in processes { _ = Glibc.kill(process, signal) }
        }
        zebra = nil
        reap()
    }

    func stop() {
        daemon?.send(.terminate)
        reap()
    }

    private func reap() {
        _ = Tools.wait(.seconds(40)) { (try? daemon?.reap()) ?? nil != nil }
        daemon = nil
    }

    /// True while this host answers for the virtual address.
    var holds: Bool {
        get throws {
            switch peer {
            case nil, .keepalived:
                return try host.run(Tools.ipPath, "-o", "address", "show").output.text
                    .contains(" \(pairing.vip)/")
            case .frr:
                // Its addresses are always there; of a backup their interface has no carrier.
                return try host.run(Tools.ipPath, "-o", "link", "show", "dev", "vrrp51").output.text
                    .contains("state UP")
            }
        }
    }

    /// The same file is Holdfast's and keepalived's.
    private var configuration: String {
        """
        vrrp_instance VI_1 {
            state BACKUP
            interface eth0
            virtual_router_id 51
            version \(pairing.version)
            priority \(priority)
            advert_int \(pairing.milliseconds == 1000 ? "1" : "0.1")
            \(transport.joined(separator: "\n    "))
            virtual_ipaddress {
                \(pairing.addresses.joined(separator: "\n        "))
            }
        }

        """
    }

    private var transport: [String] {
        let network = pairing.family == .ipv4 ? "192.0.2." : "2001:db8::"
        let (own, other) = ("\(network)\(numbers.own)", "\(network)\(numbers.peer)")
        switch pairing.transport {
        case .multicast: return []
        case .authenticated: return Self.authentication
        case .group:
            // Adverts to a group over IPv6 come from a link-local address.
            return pairing.family == .ipv4
                ? ["mcast_dst_ip 224.0.0.19", "mcast_src_ip \(own)"] : ["mcast_dst_ip ff02::13"]
        case .unicast: return ["unicast_src_ip \(own)", "unicast_peer {", other, "}"]
        case .authenticatedUnicast:
            return ["unicast_src_ip \(own)", "unicast_peer {", other, "}"] + Self.authentication
        case .checked: return ["unicast_src_ip \(own)", "unicast_peer {", "\(other) min_ttl 255", "}"]
        }
    }

    private static let authentication = ["authentication {", "auth_type AH", "auth_pass secret", "}"]

    private var frrConfiguration: String {
        let keyword = pairing.family == .ipv4 ? "ip" : "ipv6"
        let addresses = pairing.addresses.map { " vrrp 51 \(keyword) \($0.prefix { $0 != "/" })" }
        let debugging = ["autoconfigure", "protocol", "sockets", "zebra"].map { "debug vrrp \($0)" }
        let lines = [
            "interface eth0", " vrrp 51 version \(pairing.version)", " vrrp 51 priority \(priority)",
            " vrrp 51 advertisement-interval \(pairing.milliseconds)",
        ]
        return (debugging + lines + addresses + [""]).joined(separator: "\n")
    }

    /// FRR wants a macvlan with the virtual MAC and the addresses, and zebra to switch it on and off.
    private func prepareFRR() throws {
        let mac = pairing.family == .ipv4 ? "00:00:5e:00:01:33" : "00:00:5e:00:02:33"
        let name = host.name
        try Tools.ip([
            "-n", name, "link", "add", "vrrp51", "link", "eth0", "address", mac, "type", "macvlan", "mode",
            "bridge",
        ])
        try Tools.ip(["-n", name, "link", "set", "vrrp51", "addrgenmode", "random"])
        for address in pairing.addresses {
            let options = pairing.family == .ipv4 ? [] : ["nodad"]
            try Tools.ip(["-n", name, "address", "add", address, "dev", "vrrp51"] + options)
        }
        try Tools.ip(["-n", name, "link", "set", "vrrp51", "up"])
    }
}
