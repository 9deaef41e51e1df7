import IPVSAdmin
import KernelNet
import Lab
import LinuxIO
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

/// What a command line printed, and its exit status.
struct AdminOutcome: Hashable, CustomStringConvertible {
    var status: Int32
    var output: String
    var description: String { "status \(status)\n\(output)" }
}

/// `holdfast ipvs` beside ipvsadm. Most of it runs in this process, since a thousand command lines would take
/// an emulated machine too long to start a program for each.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct IPVSShellKernelTests {
    /// ipvsadm in the thread's network namespace.
    private static func judge(_ line: String, input: String = "") throws -> AdminOutcome {
        let words = line.split(separator: " ").map(String.init)
        let completion = try Program("/usr/sbin/ipvsadm", words, environment: Tools.environment)
            .run(input: Array(input.utf8), timeout: .seconds(60))
        guard case .exited(let status) = completion.status else {
            Issue.record("ipvsadm \(line): \(completion.status)")
            return AdminOutcome(status: -1, output: "")
        }
        return AdminOutcome(status: status, output: completion.output.text)
    }

    /// Ours, likewise.
    private static func ours(_ line: String, input: String = "") -> AdminOutcome {
        var (output, errors) = ("", "")
        let shell = IPVSShell(
            program: "ipvsadm",
            streams: IPVSShell.Streams(
                input: { Array(input.utf8) }, output: { output += $0 }, error: { errors += $0 + "\n" }),
            names: .host())
        let status = shell.run(line.split(separator: " ").map(String.init))
        #expect((status == 0) == errors.isEmpty, "\(line): \(errors)")
        return AdminOutcome(status: status, output: output)
    }

    /// The table as ipvsadm saves it, and the thresholds, which it does not; in an order of its own, since
    /// how a kernel hashes depends on the namespace.
    private static func table() throws -> [String] {
        try (judge("-Sn").output + ours("-Ln --thresholds --nosort").output).split(separator: "\n")
            .map(String.init).sorted()
    }

    /// Runs `line` there in `network` with ipvsadm and here with ours.
    private static func bothSides(_ line: String, _ network: TestNetwork, _ note: String) throws {
        let theirs = try network.there { try judge(line) }
        #expect(ours(line) == theirs, "\(line) \(note)")
    }

    /// Shows the namespace's table with both; counters run, so several looks may be needed.
    private static func bothShow(_ line: String, _ note: String = "") throws {
        for attempt in 1...5 {
            var (theirs, mine) = (try judge(line), ours(line))
            if line.hasPrefix("-S") { mine.output = asSavedByIpvsadm(mine.output) }
            if line.hasPrefix("-Lc") || line.hasPrefix("-Lnc") {
                theirs.output = withoutTimes(theirs.output)
                mine.output = withoutTimes(mine.output)
            }
            if mine == theirs { return }
            if attempt == 5 { #expect(mine == theirs, "\(line) \(note)") }
        }
    }

    /// A list of connections without when each is forgotten: asking for names takes seconds here.
    private static func withoutTimes(_ text: String) -> String {
        text.split(separator: "\n").map { "\($0.prefix(4)) \($0.dropFirst(9))\n" }.joined()
    }

    /// Without what ipvsadm leaves out.
    private static func asSavedByIpvsadm(_ text: String) -> String {
        text.split(separator: "\n").filter { !$0.hasPrefix("--") }.map { line in
            var words = line.split(separator: " ")
            while let index = words.firstIndex(where: { $0 == "-x" || $0 == "-y" }) {
                words.removeSubrange(index...index + 1)
            }
            return words.joined(separator: " ") + "\n"
        }.joined()
    }

    /// An empty table and no threads, here and there.
    private static func clear(_ network: TestNetwork) throws {
        func clearOne() throws {
            let client = try IPVSClient.open()
            try client.flush()
            try client.set([.tcp: 900, .tcpFin: 120, .udp: 300])
            for thread in SyncThread.allCases { try client.apply(SyncDaemonChange.stop(thread)) }
        }
        try network.there(clearOne)
        try clearOne()
    }

    @Test func `lines drawn from a seed do and show the same`() throws {
        try TestNetwork.with { network in
            for seed in 1...(fullMatrix ? 300 : 10) as ClosedRange<UInt64> {
                var lines = AdminLines(seed: seed)
                try Self.clear(network)
                for _ in 0..<8 { try Self.bothSides(lines.change(), network, "seed \(seed)") }
                for _ in 0..<2 { try Self.bothShow(lines.listing(), "seed \(seed)") }
                let theirs = try network.there { try Self.table() }
                #expect(try Self.table() == theirs, "seed \(seed)")
            }
        }
    }

    @Test func `odd lines are read as ipvsadm reads them`() throws {
        try TestNetwork.with { network in
            for line in AdminLines.odd {
                let theirs = try network.there { try Self.judge(line) }
                let mine = Self.ours(line)
                #expect(mine.status == theirs.status, "\(line)")
                // The order depends on how a kernel hashes; -v tells which program it is.
                if !line.contains("-v") {
                    let sides = [mine, theirs].map { $0.output.split(separator: "\n").sorted() }
                    #expect(sides[0] == sides[1], "\(line)")
                }
            }
            let theirs = try network.there { try Self.table() }
            #expect(try Self.table() == theirs)
            for line in ["-Ln", "-L", "-L --tun-info", "-Ln --stats", "-Ln --persistent-conn", "-L --rate"] {
                try Self.bothShow(line)
            }
        }
    }

    /// One of everything; no thresholds, which ipvsadm does not save.
    private static let everything = """
        -A -t 192.0.2.100:80
        -a -t 192.0.2.100:80 -r 192.0.2.21:8080 -m -w 70000
        -a -t 192.0.2.100:80 -r 10.0.0.2:80 -g -w 0
        -a -t 192.0.2.100:80 -r 10.0.0.3:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum
        -a -t 192.0.2.100:80 -r 10.0.0.4:80 -i -w 1 --tun-type gre --tun-csum
        -a -t 192.0.2.100:80 -r [2001:db8::9]:80 -i -w 1 --tun-type ipip
        -A -u 192.0.2.100:53 -s sh -p 50 -M 255.255.255.0 -b sh-fallback,sh-port
        -A -u 192.0.2.100:54 -s rr -p 360 -M 0.0.0.24 -o -b flag-3
        -A --sctp-service [2001:db8::64]:5 -s mh -p 7 -M 64 -b mh-port
        -A -f 3 -s rr
        -a -f 3 -r 10.0.0.2:0 -g -w 1
        -A -f 3 -6 -s rr
        -A -f 4294967295 -s wrr
        -a -f 4294967295 -r 10.0.0.2:80 -m -w 1

        """

    @Test func `what one saves the other restores`() throws {
        try TestNetwork.with { network in
            #expect(Self.ours("-R", input: Self.everything) == AdminOutcome(status: 0, output: ""))
            let table = try Self.table()
            let (theirs, mine) = (try Self.judge("-Sn").output, Self.ours("-Sn").output)
            // The mark above 2^31 is the one difference; ipvsadm cannot read what it wrote of it.
            #expect(mine == theirs.replacing("-f -1", with: "-f 4294967295") && mine != theirs)
            for side in [theirs, mine] {
                #expect(try Self.judge("-C").status == 0)
                #expect(Self.ours("-R", input: side).status == 0)
                #expect(try Self.table() == table)
            }
            try network.there {
                let restored = try Self.judge("-R", input: mine)
                #expect(restored.status == 0)
                #expect(try Self.table() == table)
            }
            let named = try Self.judge("-S").output.replacing("-f -1", with: "-f 4294967295")
            #expect(Self.ours("-S").output == named)
        }
    }

    @Test func `thresholds, timeouts and sync threads are saved and restored`() throws {
        try TestNetwork.with { network in
            let lines = """
                -A -t 192.0.2.100:80 -s wlc
                -a -t 192.0.2.100:80 -r 10.0.0.2:80 -g -w 1 -x 100 -y 50
                --set 900 60 300
                --start-daemon master --mcast-interface eth0 --syncid 7 --sync-maxlen 1472 \
                --mcast-group 224.0.0.81 --mcast-port 8848 --mcast-ttl 1

                """
            #expect(Self.ours("-R", input: lines).status == 0)
            #expect(Self.ours("-Sn").output == lines)
            // A table that is cleared keeps its sync threads, and restoring finds them running.
            #expect(Self.ours("-C").status == 0 && Self.ours("-R", input: lines).status == 0)
            let other = lines.replacing("--syncid 7", with: "--syncid 8")
            #expect(Self.ours("-C").status == 0 && Self.ours("-R", input: other).status == 255)
            // ipvsadm reads all of it.
            try network.there {
                let restored = try Self.judge("-R", input: lines)
                #expect(restored.status == 0)
                #expect(Self.ours("-Sn").output == lines)
            }
        }
    }

    @Test func `a mistake in a saved table changes nothing, a refusal stops nothing`() throws {
        try TestNetwork.with { _ in
            #expect(Self.ours("-R", input: "-A -t 192.0.2.100:80\n-A -t bad\n").status == 2)
            #expect(Self.ours("-R", input: "-C\n# a comment\n").status == 255)
            let untouched = try Self.judge("-Sn").output
            #expect(untouched == "")
            let lines = "-A -t 192.0.2.100:80 -s rr\n-A -t 192.0.2.100:80 -s rr\n-A -t 192.0.2.100:81 -s rr\n"
            #expect(Self.ours("-R", input: lines).status == 255)
            #expect(
                try Self.judge("-Sn").output == "-A -t 192.0.2.100:80 -s rr\n-A -t 192.0.2.100:81 -s rr\n")
            #expect(Self.ours("-R", input: "-R\n").status == 255)
            #expect(Self.ours("-R", input: "").status == 0)
        }
    }

    @Test func `connections are shown as ipvsadm shows them`() throws {
        try TestNetwork.with { network in
            try network.ip("address add 192.0.2.100/32 dev lo")
            let lines = """
                -A -u 192.0.2.100:53 -s rr -p 100
                -a -u 192.0.2.100:53 -r 192.0.2.1 -m
                -A -u 192.0.2.100:5060 -s rr -p 100 --pe sip
                -a -u 192.0.2.100:5060 -r 192.0.2.1 -m
                -A -t 192.0.2.100:80 -s rr
                -a -t 192.0.2.100:80 -r 192.0.2.1 -m
                """
            #expect(Self.ours("-R", input: lines).status == 0)
            let call = "INVITE sip:a@b SIP/2.0\\r\\nCall-ID: 1234567@192.0.2.7\\r\\n\\r\\n"
            for command in [
                "echo x > /dev/udp/192.0.2.100/53", "printf '\(call)' | cat > /dev/udp/192.0.2.100/5060",
            ] {
                _ = try Program("/bin/bash", ["-c", command], environment: Tools.environment)
                    .run(timeout: .seconds(60))
            }
            for line in ["-Lnc", "-Lc", "-Lnc --persistent-conn", "-Ln --stats", "-Ln --persistent-conn"] {
                try Self.bothShow(line)
            }
            let shown = Self.ours("-Lnc --persistent-conn").output
            #expect(shown.contains("192.0.2.100:53 ") && shown.contains(" sip  "), "\(shown)")
            #expect(Self.ours("-Lnc --json").output.hasPrefix("[\n{\"protocol\": \""))
        }
    }

    @Test func `the program is ipvsadm when it is called so`() throws {
        try TestNetwork.with { _ in
            func run(_ name: String, _ words: [String], input: String = "") throws -> AdminOutcome {
                var program = Program(Tools.holdfast, words, environment: Tools.environment)
                program.arguments[0] = name
                let completion = try program.run(input: Array(input.utf8), timeout: .seconds(60))
                guard case .exited(let status) = completion.status else {
                    return AdminOutcome(status: -1, output: "\(completion.status)")
                }
                return AdminOutcome(status: status, output: completion.output.text)
            }
            let link = "/usr/local/sbin/ipvsadm"
            #expect(try run(link, ["-R"], input: Self.everything).status == 0)
            let listing = try Self.judge("-Ln --tun-info").output
                .replacing("FWM  -1 ", with: "FWM  4294967295 ")
            let expected = AdminOutcome(status: 0, output: listing)
            #expect(try run(link, ["-Ln", "--tun-info"]) == expected)
            #expect(try run("holdfast", ["ipvs", "-Ln", "--tun-info"]) == expected)
            #expect(try run(link, []).status == 0)
            #expect(try run(link, ["-L", "-t", "192.0.2.99:80"]).status == 1)
            #expect(try run(link, ["--nosuch"]).status == 255)
            #expect(try run("holdfast", ["ipvs", "-A", "-t", "192.0.2.100:80"]).status == 255)
            #expect(try run("holdfast", ["ipvs", "-A", "--help"]).status == 2)
            #expect(try run(link, ["-v"]).output.hasPrefix("ipvsadm v1.31 "))
            #expect(try run("holdfast", ["ipvs", "-h"]).output.contains("\n  holdfast ipvs -C\n"))
            let table = try run("holdfast", ["ipvs", "-L", "--json"])
            #expect(table.status == 0 && table.output.hasPrefix("{\n  \"version\": \"1.2.1\""))
        }
    }
}
