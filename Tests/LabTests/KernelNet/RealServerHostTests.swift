import KernelNet
import LinuxIO
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

/// Whether the kernel has a tunnel that takes IPv4 out of IPv4.
private let hasTunnel =
    mayMakeNamespaces
    && (try? Program("/usr/sbin/modprobe", ["-n", "-q", "ipip"]).run(timeout: .seconds(60)))?.status
        .isSuccess == true

@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct RealServerHostTests {
    private static let vip = "192.0.2.100"
    private static let vip6 = "2001:db8::100"

    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    /// Runs `holdfast realserver` in the namespace the thread is in; its output, or its complaint.
    private func holdfast(_ words: String, status: Int32 = 0) throws -> [String] {
        let arguments = ["realserver"] + words.split(separator: " ").map(String.init)
        let done = try Program(Tools.holdfast, arguments).run(timeout: .seconds(60))
        #expect(done.status == .exited(status), "\(words): \(done.output.text)\(done.error.text)")
        return (done.output.text + done.error.text).split(separator: "\n").map(String.init)
    }

    private func set(_ setting: String, _ value: String) throws {
        try Files.set("/proc/sys/net/ipv4/conf/\(setting)", to: value)
    }

    /// Without the addresses that the kernel gives itself, some time after a link comes up.
    private func facts() throws -> RealServerFacts {
        var facts = try RealServerHost().facts()
        facts.addresses = facts.addresses.filter { !"\($0.prefix)".hasPrefix("fe80") }
        return facts
    }

    /// Distributions differ; this is the kernel's default.
    private func reset() throws {
        for name in ["all", "lo", "default", "eth0"] {
            for setting in ["arp_ignore", "arp_announce", "rp_filter"] { try set("\(name)/\(setting)", "0") }
        }
    }

    /// Whether the other end is told who has the address, within a second.
    private func isAnswered(_ network: TestNetwork) throws -> Bool {
        try network.there {
            let route = try RouteSocket()
            let link = try #require(try route.links().first { $0.name == "eth0" }).index
            try network.ip("neighbour flush dev eth0")
            try route.solicit(try address(Self.vip), on: link)
            return try Tools.wait(.seconds(1)) {
                try route.neighbour(of: try address(Self.vip), on: link)?.usableMAC != nil
            } != nil
        }
    }

    /// Whether the other end has an answer from the address: that nothing listens there.
    private func answersClient(_ network: TestNetwork) throws -> Bool {
        try network.there {
            let words = ["2", "/bin/bash", "-c", "exec 3<> /dev/tcp/\(Self.vip)/9"]
            return try Program("/usr/bin/timeout", words).run(timeout: .seconds(60)).error.text
                .contains("refused")
        }
    }

    @Test func `direct routing is applied, told, found in order, and undone`() throws {
        try TestNetwork.with { network in
            try reset()
            let both = "\(Self.vip) \(Self.vip6) --mode dr"
            let before = try facts()
            let planned = try holdfast("plan \(both)")
            #expect(planned.count == 6 && planned.contains("add 2001:db8::100/128 on lo"), "\(planned)")
            #expect(try facts() == before, "a plan changes nothing")
            #expect(try holdfast("check \(both)", status: 1) == planned.map { "missing: \($0)" })
            #expect(try holdfast("apply \(both)") == planned)
            for command in ["plan", "check", "apply"] {
                #expect(try holdfast("\(command) \(both)") == ["nothing to do"])
            }
            // With a director's mark a daemon here would remove it.
            #expect(try RouteSocket().addresses().allSatisfy { $0.origin != .holdfast })
            let shown = try network.ip("address show dev lo")
            #expect(shown.contains("inet 192.0.2.100/32 scope global") && shown.contains("deprecated"))
            #expect(!shown.contains("tentative"), "\(shown)")
            let undone = try holdfast("remove \(Self.vip) \(Self.vip6)")
            #expect(undone.count == 6 && undone.contains("set net.ipv4.conf.all.arp_announce from 2 to 0"))
            #expect(try facts() == before)
            #expect(try RealServerHost().record().isEmpty)
            #expect(try holdfast("remove \(Self.vip)") == ["nothing to do"])
        }
    }

    @Test func `a real server takes packets for the address and never says that it has it`() throws {
        try TestNetwork.with { network in
            try reset()
            try network.ip("address add \(Self.vip)/32 dev lo")
            #expect(try isAnswered(network), "without the settings it does")
            try network.ip("address delete \(Self.vip)/32 dev lo")
            _ = try holdfast("apply \(Self.vip) --mode dr")
            #expect(try !isAnswered(network))
            try network.there {
                try network.ip("neighbour replace \(Self.vip) lladdr 02:00:00:00:00:01 dev eth0")
            }
            #expect(try answersClient(network))
            _ = try holdfast("remove \(Self.vip)")
            #expect(try !answersClient(network))
        }
    }

    @Test(.enabled(if: hasTunnel, "needs a kernel with ipip"))
    func `a tunnel is set up, lets packets in though answers go another way, and is undone`() throws {
        try TestNetwork.with { network in
            try reset()
            try set("all/rp_filter", "1")
            let planned = try holdfast("plan \(Self.vip) --mode tun")
            #expect(try holdfast("apply \(Self.vip) --mode tun --type ipip") == planned)
            #expect(planned.contains("switch tunl0 on"), "\(planned)")
            #expect(try holdfast("check \(Self.vip) --mode tun") == ["nothing to do"])
            #expect(try !isAnswered(network))
            try network.there {
                try reset()
                try network.ip("link add in type ipip local 192.0.2.2 remote 192.0.2.1")
                try network.ip("link set in up")
                try network.ip("route add \(Self.vip)/32 dev in src 192.0.2.2")
            }
            #expect(try answersClient(network))
            let undone = try holdfast("remove \(Self.vip)")
            #expect(try !answersClient(network))
            let facts = try facts()
            #expect(facts.devices[.ipv4Tunnel] != true, "\(undone)")
            #expect(!facts.addresses.contains { $0.interface == "tunl0" })
            #expect(facts.settings["net/ipv4/conf/all/rp_filter"] == "1")
            #expect(facts.settings["net/ipv4/conf/tunl0/rp_filter"] == "0")
        }
    }

    /// A namespace can be told to have no fallback devices: then what was made is its own.
    @Test(.enabled(if: hasIPVS, "in the guest only")) func `a tunnel that was made goes, where it can`()
        throws
    {
        for kind in ["ipip", "ip_gre", "ip6_tunnel", "sit"] {
            _ = try Program("/usr/sbin/modprobe", [kind]).run(timeout: .seconds(60))
        }
        let setting = "/proc/sys/net/core/fb_tunnels_only_for_init_net"
        try Files.set(setting, to: "2")
        defer { try? Files.set(setting, to: "0") }
        try TestNetwork.with { network in
            try reset()
            for (words, device) in [
                ("\(Self.vip) --mode tun", "tunl0"), ("\(Self.vip) --mode tun --type gre", "gre0"),
                ("\(Self.vip6) --mode tun", "ip6tnl0"), ("\(Self.vip6) --mode tun --over inet", "sit0"),
            ] {
                let before = try facts()
                let planned = try holdfast("plan \(words)")
                #expect(planned.first?.hasPrefix("make interface \(device)") == true, "\(planned)")
                #expect(try holdfast("apply \(words)") == planned)
                let undone = try holdfast("remove \(words.prefix { $0 != " " })")
                #expect(undone.last == "remove interface \(device)", "\(undone)")
                #expect(try facts() == before)
                #expect(try !network.ip("link show").contains(device))
            }
        }
    }

    @Test(.enabled(if: hasIPVS, "in the guest only")) func `GRE comes out of gre0, and is undone`() throws {
        _ = try Program("/usr/sbin/modprobe", ["ip_gre"]).run(timeout: .seconds(60))
        try TestNetwork.with { network in
            try reset()
            _ = try holdfast("apply \(Self.vip) --mode tun --type gre")
            #expect(try !isAnswered(network))
            try network.there {
                try reset()
                try network.ip("link add in type gre local 192.0.2.2 remote 192.0.2.1")
                try network.ip("link set in up")
                try network.ip("route add \(Self.vip)/32 dev in src 192.0.2.2")
            }
            #expect(try answersClient(network))
            _ = try holdfast("remove \(Self.vip)")
            #expect(try !answersClient(network))
            #expect(try facts().devices[.greTunnel] != true)
        }
    }

    /// How a director's packets come to a real server: of which family, in what, over which.
    struct Way: CustomTestStringConvertible {
        let isIPv6: Bool
        let type: String
        let isOverIPv6: Bool

        static let all = [
            Way(isIPv6: false, type: "gue", isOverIPv6: false),
            Way(isIPv6: true, type: "gue", isOverIPv6: true),
            Way(isIPv6: true, type: "gue", isOverIPv6: false),
            Way(isIPv6: true, type: "ipip", isOverIPv6: false),
            Way(isIPv6: true, type: "gre", isOverIPv6: false),
        ]

        var testDescription: String {
            "IPv\(isIPv6 ? 6 : 4) in \(type) over IPv\(isOverIPv6 ? 6 : 4)"
        }

        /// What `holdfast realserver` is told.
        var words: String {
            "\(isIPv6 ? vip6 : vip) --mode tun --type \(type)" + (type == "gue" ? " --port 6080" : "")
                + (isIPv6 == isOverIPv6 ? "" : " --over inet\(isOverIPv6 ? "6" : "")")
        }

        /// What the director is told.
        var service: [String] {
            let of = isIPv6 ? "[\(vip6)]:9" : "\(vip):9"
            let server = isOverIPv6 ? "[2001:db8::1]:9" : "192.0.2.1:9"
            let port = type == "gue" ? " --tun-port 6080" : ""
            return ["-A -t \(of) -s rr", "-a -t \(of) -r \(server) -i --tun-type \(type)\(port)"]
        }
    }

    /// The director's side is IPVS itself: `lb_kind TUN`.
    @Test(.enabled(if: hasIPVS, "in the guest only"), arguments: Way.all)
    func `what a director sends comes out of the tunnel, and that is undone`(way: Way) throws {
        for kind in ["ipip", "ip6_tunnel", "sit", "ip_gre", "fou6"] {
            _ = try Program("/usr/sbin/modprobe", [kind]).run(timeout: .seconds(60))
        }
        try TestNetwork.with { network in
            try reset()
            let vip = way.isIPv6 ? Self.vip6 : Self.vip
            try network.ip("address add 2001:db8::1/64 dev eth0 nodad")
            let before = try RealServerHost().facts(withGUE: true)
            let planned = try holdfast("plan \(way.words)")
            let port = "receive GUE at port 6080 of IPv\(way.isOverIPv6 ? 6 : 4)"
            #expect(planned.contains(port) == (way.type == "gue"), "\(planned)")
            #expect(try holdfast("apply \(way.words)") == planned)
            #expect(try holdfast("check \(way.words)") == ["nothing to do"])
            try network.there {
                try reset()
                try network.ip("address add 2001:db8::2/64 dev eth0 nodad")
                try network.ip(
                    way.isIPv6
                        ? "-6 route add \(vip)/128 dev eth0 src 2001:db8::2"
                        : "route add \(vip)/32 dev eth0 src 192.0.2.2")
                for line in way.service {
                    let done = try Program(
                        Tools.holdfast, ["ipvs"] + line.split(separator: " ").map(String.init)
                    )
                    .run(timeout: .seconds(60))
                    #expect(done.status.isSuccess, "\(done.error.text)")
                }
            }
            /// Whether a connection through the director's service is answered: that nobody listens there.
            func isAnswered() throws -> Bool {
                try network.there {
                    let script = "exec 3<> /dev/tcp/\(vip)/9"
                    return try Program(
                        "/usr/bin/timeout", ["3", "/bin/bash", "-c", script]
                    ).run(timeout: .seconds(60)).error.text.contains("refused")
                }
            }
            let came = try Tools.wait(.seconds(30)) { try isAnswered() }
            #expect(came != nil)
            _ = try holdfast("remove \(vip)")
            #expect(try !isAnswered())
            #expect(try RealServerHost().facts(withGUE: true).receiving == before.receiving)
            #expect(try RealServerHost().record().isEmpty)
        }
    }

    @Test func `removing again is no error, and what others have added keeps the settings`() throws {
        try TestNetwork.with { network in
            try reset()
            try network.ip("address add \(Self.vip)/32 dev lo")
            let before = try facts()
            _ = try holdfast("apply \(Self.vip) --mode dr")
            let stays = "holdfast: 192.0.2.100/32 on lo was not put there by this command, and stays"
            #expect(try holdfast("remove \(Self.vip)").contains(stays))
            #expect(try facts() == before)
            #expect(try holdfast("remove \(Self.vip)").sorted() == [stays, "nothing to do"])
            _ = try holdfast("apply 192.0.2.101 --mode dr")
            try network.ip("address add 192.0.2.102/32 dev lo")
            let told = try holdfast("remove 192.0.2.101")
            #expect(told.contains("remove 192.0.2.101/32 on lo") && told.count == 2, "\(told)")
            #expect(told.contains { $0.contains("192.0.2.102/32 on lo, which somebody else") }, "\(told)")
            #expect(try facts().settings["net/ipv4/conf/all/arp_ignore"] == "1")
            try network.ip("address delete 192.0.2.102/32 dev lo")
            #expect(try holdfast("remove 192.0.2.101").count == 4)
            #expect(try facts() == before)
            #expect(try RealServerHost().record() == RealServerRecord())
        }
    }

    @Test(.disabled(if: hasTunnel, "this kernel has ipip"))
    func `a kernel without the tunnel is told, and nothing stays behind`() throws {
        try TestNetwork.with { _ in
            let before = try facts()
            let told = try holdfast("apply \(Self.vip) --mode tun", status: 1)
            #expect(told.first?.hasPrefix("holdfast: cannot make interface tunl0 (kind ipip)") == true)
            #expect(try facts() == before)
            #expect(try holdfast("remove \(Self.vip)") == ["nothing to do"])
            #expect(try RealServerHost().record().isEmpty)
        }
    }

    @Test func `several at once wait for each other, and nothing is forgotten`() throws {
        try TestNetwork.with { _ in
            try reset()
            let before = try facts()
            let all = (101...104).map { "192.0.2.\($0)" }
            let line = all.map { "\(Tools.holdfast) realserver apply \($0) --mode dr &" }.joined(
                separator: " ")
            _ = try Program("/bin/sh", ["-c", "\(line) wait"]).run(timeout: .seconds(100))
            #expect(try RealServerHost().record().addresses.count == all.count)
            _ = try holdfast("remove \(all.joined(separator: " "))")
            #expect(try facts() == before)
        }
    }

    @Test func `behind NAT answers must go by the gateway`() throws {
        try TestNetwork.with { network in
            let check = "check \(Self.vip) --mode nat --gateway 192.0.2.2 --client"
            let told = try holdfast("\(check) 198.51.100.9", status: 1)
            #expect(told.first?.contains("answers to 198.51.100.9 go without a gateway") == true)
            try network.ip("route add default via 192.0.2.2")
            #expect(try holdfast("\(check) 198.51.100.9") == ["nothing to do"])
            #expect(try holdfast("\(check) 192.0.2.9", status: 1).count == 1, "a client on the same link")
            let host = try RealServerHost()
            #expect(try host.gateway(to: try address("198.51.100.9")) == address("192.0.2.2"))
            try network.ip("-6 address add 2001:db8::1/64 dev eth0 nodad")
            try network.ip("-6 route add default via 2001:db8::2")
            #expect(try host.gateway(to: try address("2001:db8:1::9")) == address("2001:db8::2"))
            #expect(try host.gateway(to: try address("2001:db8::9")) == nil)
        }
    }

    @Test func `a host that has the address otherwise is left alone`() throws {
        try TestNetwork.with { network in
            try network.ip("address add \(Self.vip)/24 dev eth0")
            let before = try facts()
            let told = try holdfast("apply \(Self.vip) --mode dr", status: 1)
            #expect(told.first?.contains("this host has 192.0.2.100/24 on eth0") == true, "\(told)")
            #expect(try facts() == before)
        }
    }

    @Test(arguments: [
        "apply 192.0.2.100", "apply 192.0.2.300 --mode dr", "apply --mode dr", "mend 192.0.2.100 --mode dr",
        "apply 192.0.2.100 --mode tun --type gue", "apply 192.0.2.100 --mode tun --port 6080",
        "apply 192.0.2.100 --mode tun --type gue --port 0", "apply 2001:db8::1 --mode tun --type gre",
        "apply 192.0.2.100 --mode tun --type gre --over inet6",
        "apply 192.0.2.100 --mode tun --over inet6", "apply 192.0.2.100 --mode dr --over inet",
        "apply 192.0.2.100 --mode dr --type ipip", "apply 192.0.2.100 --mode nat --gateway 192.0.2.1",
        "check 192.0.2.100 --mode nat", "check 192.0.2.100 --mode dr --gateway 192.0.2.1",
        "remove 192.0.2.100 --mode dr", "check 192.0.2.100 --mode nat --gateway 192.0.2.1 --client ::1",
    ])
    func `a wrong command line is refused`(words: String) throws {
        #expect(try !holdfast(words, status: 64).isEmpty)
    }

    @Test func `what cannot be understood is not undone`() throws {
        try TestNetwork.with { _ in
            let directory = "/run/holdfast"
            _ = try holdfast("apply \(Self.vip) --mode dr")
            let path = "\(directory)/realserver-\(try HostFacts.networkNamespace())"
            let text = String(decoding: try Files.read(path, limit: 4096), as: UTF8.self)
            try Files.replace(path, with: Array((text + "nonsense\n").utf8))
            defer { try? Files.remove(path) }
            #expect(try holdfast("remove \(Self.vip)", status: 1).first?.contains("understand") == true)
            try Files.replace(path, with: Array(text.replacing("of ", with: "of another").utf8))
            #expect(try RealServerHost().record().isEmpty, "another boot's")
        }
    }
}
