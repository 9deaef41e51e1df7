import LinuxIO
import LoadBalancing
import LoopGuard
import NetTypes
import Testing
import Timekeeping

/// The guard's rules in a table of nftables: what is loaded, how nft lists it, what it matches.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct NativeMarkRulesKernelTests {
    private static func nft(_ words: String, input: String = "") throws -> String {
        try Judge.run("/usr/sbin/nft", words, input: input)
    }

    private static func rules(
        _ family: AddressFamily, _ exemptions: Set<MACAddress> = [LoopGuardRulesKernelTests.peer]
    ) throws -> NativeMarkRules {
        NativeMarkRules(try LoopGuardRulesKernelTests.rules(family, exemptions))
    }

    private static func listing(_ family: AddressFamily) throws -> String {
        try nft("list table \(NativeMarkRules.family(family)) \(NativeMarkRules.table)")
    }

    private static func bring(to rules: NativeMarkRules) throws {
        _ = try nft("-f -", input: rules.replacement)
    }

    @Test(arguments: AddressFamily.allCases)
    func `nft lists the table as it is written, and it is changed, repaired and removed`(
        family: AddressFamily
    ) throws {
        try TestNetwork.with { _ in
            let name = "\(NativeMarkRules.family(family)) \(NativeMarkRules.table)"
            _ = try Self.nft("add table inet others")
            let before = try Self.nft("list ruleset")
            let rules = try Self.rules(family, [LoopGuardRulesKernelTests.peer])
            try Self.bring(to: rules)
            #expect(try Self.listing(family) == rules.listing)
            for damage in [
                "flush table \(name)", "flush chain \(name) marks", "add chain \(name) more",
                "insert rule \(name) marks meta mark set 0x7", "add table \(name) { flags dormant; }",
                "chain \(name) marks { policy drop; }", "delete chain \(name) marks",
            ] {
                _ = try Self.nft("-f -", input: damage + "\n")
                #expect(!rules.isInEffect(in: try Self.listing(family), reference: nil), "\(damage)")
                try Self.bring(to: rules)
                #expect(try Self.listing(family) == rules.listing, "\(damage)")
            }
            let other = try Self.rules(family, [LoopGuardRulesKernelTests.other])
            try Self.bring(to: other)
            #expect(try Self.listing(family) == other.listing)
            try Self.bring(to: NativeMarkRules(.none(family)))
            #expect(try Self.nft("list ruleset") == before)
        }
    }

    /// Attempts a connection, which is refused at once: one packet here.
    private func connect(_ network: TestNetwork) throws {
        try network.there {
            _ = try Program(
                "/bin/bash", ["-c", "exec 3<>/dev/tcp/192.0.2.100/80"],
                environment: ["PATH": "/usr/bin:/bin"]
            ).run(timeout: .seconds(60))
        }
    }

    /// A judge behind the guard: packets to the service with and without the mark.
    private static let judge = """
        table inet judge {
            chain input {
                type filter hook input priority 0;
                tcp dport 80 meta mark 0 counter
                tcp dport 80 meta mark != 0 counter
            }
        }

        """

    private func judged() throws -> [String] {
        try Self.nft("list table inet judge").split(separator: "\n").filter { $0.contains("packets ") }
            .compactMap { line in
                line.split(separator: " ").drop { $0 != "packets" }.dropFirst().first.map(String.init)
            }
    }

    @Test func `packets of the peer stay unmarked and those of everybody else are marked`() throws {
        try TestNetwork.with { network in
            try network.ip("address add 192.0.2.100/32 dev lo")
            try network.there { try network.ip("route replace 192.0.2.100/32 via 192.0.2.1") }
            try Self.bring(to: try Self.rules(.inet))
            _ = try Self.nft("-f -", input: Self.judge)
            try connect(network)
            #expect(try judged() == ["1", "0"], "the peer's packet is not marked")
            try network.there { try network.ip("link set eth0 address 02:00:00:00:00:03") }
            try network.there { try network.ip("route replace 192.0.2.100/32 via 192.0.2.1") }
            try network.ip("neighbour flush dev eth0")
            try connect(network)
            #expect(try judged() == ["1", "1"], "a client's packet is marked")
        }
    }

    /// In the guest only: other kernels may lack GRE.
    @Test(.enabled(if: hasIPVS))
    func `packets from an interface without link-layer addresses are marked`() throws {
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
            try Self.bring(to: try Self.rules(.inet))
            _ = try Self.nft("-f -", input: Self.judge)
            try connect(network)
            #expect(try judged() == ["0", "1"])
        }
    }
}
