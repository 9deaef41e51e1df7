import LinuxIO
import LoadBalancing
import LoopGuard
import NetTypes
import Testing
import Timekeeping

/// The guard's rules in both variants of iptables: what is loaded, how it is read back, what it matches.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct LoopGuardRulesKernelTests {
    static let peer = MACAddress(rawValue: 0x0200_0000_0002)  // the other end of the test network
    static let other = MACAddress(rawValue: 0x0200_0000_00FF)

    /// Both variants and both families; every combination in the full matrix.
    static let tools =
        fullMatrix
        ? ["iptables-nft", "iptables-legacy", "ip6tables-nft", "ip6tables-legacy"]
        : ["iptables-nft", "ip6tables-legacy"]

    static func family(_ tool: String) -> AddressFamily { tool.hasPrefix("ip6") ? .inet6 : .inet }

    static func rules(_ family: AddressFamily, _ exemptions: Set<MACAddress>) throws -> MarkRules {
        let vip = try #require(IPAddress(family == .inet ? "192.0.2.100" : "2001:db8::64"))
        let (first, second) = (Endpoint(vip, port: 80), Endpoint(vip, port: 0))
        return MarkRules(
            family: family,
            marks: [
                .address(.tcp, first): GuardMark.mark(for: .address(.tcp, first)),
                .address(.udp, second): try #require(FirewallMark(4)),
            ], exemptions: exemptions)
    }

    static func observe(_ tool: String) throws -> ObservedMarkRules {
        ObservedMarkRules(parsing: try Judge.run("/usr/sbin/\(tool)-save", "-t mangle"), family: family(tool))
    }

    static func bring(_ tool: String, to rules: MarkRules) throws {
        let repair = try #require(rules.repair(from: try observe(tool)))
        try Judge.run("/usr/sbin/\(tool)-restore", "--noflush", input: repair)
        #expect(rules.areInEffect(in: try observe(tool)), "\(repair)")
    }

    @Test(arguments: tools) func `the chain is loaded, changed, repaired and removed`(tool: String) throws {
        try TestNetwork.with { _ in
            func iptables(_ words: String) throws { try Judge.run("/usr/sbin/\(tool)", "-t mangle \(words)") }
            try iptables("-A PREROUTING -p udp --dport 9 -j MARK --set-mark 0x7")
            try iptables("-N OTHER")
            let before = try Judge.run("/usr/sbin/\(tool)", "-t mangle -S")
            let family = Self.family(tool)
            let rules = try Self.rules(family, [Self.peer, Self.other])
            try Self.bring(tool, to: rules)
            for damage in [
                ["-F HOLDFAST"], ["-D PREROUTING -j HOLDFAST"],
                ["-D PREROUTING 1", "-A PREROUTING -j HOLDFAST"],
                ["-A PREROUTING -j HOLDFAST"], ["-I PREROUTING -p sctp -j RETURN"], ["-D HOLDFAST 1"],
                ["-D PREROUTING -j HOLDFAST", "-F HOLDFAST", "-X HOLDFAST"],
                ["-I INPUT -s ::/0 -j HOLDFAST".replacing("::", with: family == .inet ? "0.0.0.0" : "::")],
            ] {
                for words in damage { try iptables(words) }
                #expect(!rules.areInEffect(in: try Self.observe(tool)), "\(damage)")
                try Self.bring(tool, to: rules)
            }
            try Self.bring(tool, to: try Self.rules(family, [Self.other]))
            try Self.bring(tool, to: .none(family))
            try iptables("-D PREROUTING -p sctp -j RETURN")
            #expect(try Judge.run("/usr/sbin/\(tool)", "-t mangle -S") == before)
        }
    }

    /// Packets that each rule has matched, in chain order.
    private func counters(_ tool: String) throws -> [Int] {
        try Judge.run("/usr/sbin/\(tool)", "-t mangle -nvxL HOLDFAST").split(separator: "\n").dropFirst(2)
            .map { $0.split(separator: " ").first.flatMap { Int($0) } ?? -1 }
    }

    /// Attempts a connection, which is refused at once: one packet there.
    private func connect(_ address: String) throws {
        _ = try Program(
            "/bin/bash", ["-c", "exec 3<>/dev/tcp/\(address)/80"], environment: ["PATH": "/usr/bin:/bin"]
        ).run(timeout: .seconds(60))
    }

    @Test(arguments: ["iptables-nft", "iptables-legacy"])
    func `packets of the peer stay unmarked and those of everybody else are marked`(tool: String) throws {
        try TestNetwork.with { network in
            try network.ip("address add 192.0.2.100/32 dev lo")
            try Self.bring(tool, to: try Self.rules(.inet, [Self.peer, Self.other]))
            try network.there { try connect("192.0.2.100") }
            #expect(try counters(tool) == [1, 0, 0, 0], "the peer's packet leaves the chain")
            try network.there { try network.ip("link set eth0 address 02:00:00:00:00:03") }
            try network.ip("neighbour flush dev eth0")
            try network.there { try connect("192.0.2.100") }
            #expect(try counters(tool) == [1, 0, 1, 0], "a client's packet is marked")
        }
    }

    /// In the guest only: other kernels may lack GRE.
    @Test(.enabled(if: hasIPVS), arguments: ["iptables-nft", "iptables-legacy"])
    func `packets from an interface without link-layer addresses are marked`(tool: String) throws {
        try TestNetwork.with { network in
            try network.ip("tunnel add t0 mode gre local 192.0.2.1 remote 192.0.2.2")
            try network.ip("address add 198.51.100.1/24 dev t0")
            try network.ip("link set t0 up")
            try network.ip("address add 192.0.2.100/32 dev lo")
            try network.there {
                try network.ip("tunnel add t0 mode gre local 192.0.2.2 remote 192.0.2.1")
                try network.ip("address add 198.51.100.2/24 dev t0")
                try network.ip("link set t0 up")
                try network.ip("route add 192.0.2.100/32 via 198.51.100.1")
            }
            // The inverted form, for comparison, does not match such a packet.
            let mangle = "-t mangle -A PREROUTING -i t0 -m mac"
            try Judge.run("/usr/sbin/\(tool)", "\(mangle) ! --mac-source \(Self.other) -j ACCEPT")
            try Self.bring(tool, to: try Self.rules(.inet, [Self.peer]))
            try network.there { try connect("192.0.2.100") }
            #expect(try counters(tool)[1] == 1, "the packet came by the tunnel and is marked")
            let inverted = try Judge.run("/usr/sbin/\(tool)", "-t mangle -nvxL PREROUTING")
                .split(separator: "\n").last.map { $0.split(separator: " ")[0] }
            #expect(inverted == "0")
        }
    }
}
