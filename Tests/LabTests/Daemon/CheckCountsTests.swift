import LinuxIO
import Testing
import Timekeeping

/// How many probes make a verdict, and what exit statuses make of weights, told by the kernel's table.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct CheckCountsTests {
    private func service(_ port: Int, every seconds: Int, _ servers: [String]) -> String {
        """
        virtual_server 192.0.2.100 \(port) {
            lb_algo wrr
            lb_kind DR
            protocol TCP
            delay_loop \(seconds)
            delay_before_retry 1
            warmup 0
        \(servers.joined())}

        """
    }

    private func server(_ octet: Int, _ port: Int, _ options: String, command: String) -> String {
        """
            real_server 192.0.2.\(octet) \(port) {
                weight 5
                MISC_CHECK {
                    misc_path "\(command)"
                    user root
                    misc_timeout 20
                    \(options)
                }
            }

        """
    }

    private static let start = "global_defs {\n    script_user root\n}\n"

    // MARK: rise, fall, retry

    /// Ends with the next of its words each time, and with the last one from then on; before that it notes
    /// whether its server is in the table.
    private static let words = """
        #!/bin/sh
        seen=$1
        server=$2
        shift 2
        grep -c "$server:" /proc/net/ip_vs >> "$seen"
        n=$(wc -l < "$seen")
        [ "$n" -le $# ] || n=$#
        shift $((n - 1))
        exit "$1"

        """

    @Test func `rise and fall count probes in a row, as retry does`() throws {
        let bench = try DirectorBench()
        let script = "\(bench.directory)/play"
        try Files.replace(script, with: Array(Self.words.utf8), mode: 0o755)
        let words = "0 0 1 1 0 1 1 1 0 1 0 0 0"
        /// Whether it is in the table before each probe but the first, which may come before the table.
        let expected = [
            (21, "fall 3\nrise 2", "1 1 1 1 1 1 1 0 0 0 0 1"),
            (22, "retry 1", "1 1 1 0 1 1 0 0 1 1 1 1"),
            (23, "retry 0", "1 1 0 0 1 0 0 0 1 0 1 1"),
            (24, "retry 0\nrise 3\nalpha", "0 0 0 0 0 0 0 0 0 0 0 0"),
            (25, "fall 1\nrise 3", "1 1 0 0 0 0 0 0 0 0 0 0"),
        ]
        let servers = expected.map { octet, options, _ in
            let place = "C00002\(String(octet, radix: 16, uppercase: true))"
            return server(
                octet, 80, options, command: "\(script) \(bench.directory)/\(octet).log \(place) \(words)")
        }
        _ = try bench.start("a", on: bench.a, Self.start + service(80, every: 1, servers))
        let count = words.split(separator: " ").count
        for (octet, options, presence) in expected {
            func seen() -> [Substring] { bench.log("\(octet)").split(separator: "\n") }
            let isDone = Tools.wait(.seconds(300)) { seen().count >= count } != nil
            #expect(isDone, "\(bench.log("a"))")
            let found = seen().prefix(count).dropFirst().joined(separator: " ")
            #expect(found == presence, "\(options): \(bench.log("a"))")
        }
        // The last word goes on: in the end all have risen.
        #expect(
            try bench.waitForTable(
                bench.a,
                ["-A -t 192.0.2.100:80 -s wrr"]
                    + expected.map { "-a -t 192.0.2.100:80 -r 192.0.2.\($0.0):80 -g -w 5" }),
            "\(bench.log("a"))")
    }

    // MARK: misc_dynamic

    /// Every end of the range, and those that shells give a meaning.
    private static let statuses = [0, 1, 2, 3, 125, 126, 127, 128, 216, 217, 218, 219, 254, 255]

    private func table(_ port: Int, _ weights: [(octet: Int, weight: Int)]) -> [String] {
        ["-A -t 192.0.2.100:\(port) -s wrr"]
            + weights.map { "-a -t 192.0.2.100:\(port) -r 192.0.2.\($0.octet):\(port) -g -w \($0.weight)" }
    }

    /// The tables of servers whose program ends with each status, with and without misc_dynamic, and of one
    /// whose program is there once alone.
    private func play(_ program: String, vanishing: Bool, _ flags: (String) -> [String]) throws {
        let bench = try DirectorBench()
        let (end, once) = ("\(bench.directory)/end", "\(bench.directory)/once")
        try Files.replace(end, with: Array("#!/bin/sh\nexit $1\n".utf8), mode: 0o755)
        try Files.replace(once, with: Array("#!/bin/sh\nrm -f $0\nexit 12\n".utf8), mode: 0o755)
        let numbered = Self.statuses.enumerated().map { (octet: $0 + 21, status: $1) }
        var dynamic = numbered.map { server($0.octet, 80, "misc_dynamic", command: "\(end) \($0.status)") }
        if vanishing { dynamic.append(server(90, 80, "misc_dynamic", command: once)) }
        let plain = [0, 2, 126].map { server(21 + $0 % 100, 81, "", command: "\(end) \($0)") }
        let file = try bench.write(
            "a", Self.start + service(80, every: 10, dynamic) + service(81, every: 10, plain))
        let director = try bench.a.start(
            program, ["-n", "-l", "-D", "-C", "-f", file] + flags("\(bench.directory)/a"),
            log: "\(bench.directory)/a.log")
        let weights = numbered.filter { $0.status != 1 }.map { octet, status in
            (octet: octet, weight: status == 0 ? 5 : status - 2)
        }
        let expected = table(80, weights) + table(81, [(21, 5)])
        let isSo = try bench.waitForTable(bench.a, expected, .seconds(60))
        let found = try bench.table(bench.a)
        #expect(isSo, "\(program): \(found)\n\(bench.log("a"))")
        if vanishing {
            #expect(bench.waitForLog("a", "weight 10, was 5"), "\(bench.log("a"))")
            #expect(bench.waitForLog("a", "program missing"), "\(bench.log("a"))")
        }
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
    }

    @Test func `every status of 2 to 255 is a weight, and a program that is gone is none`() throws {
        try play(Tools.holdfastd, vanishing: true) { ["-p", "\($0).pid"] }
    }

    /// Without the program that goes.
    @Test(.enabled(if: fullMatrix)) func `the same statuses make the same weights with keepalived`() throws {
        try play("/usr/sbin/keepalived", vanishing: false) {
            ["-p", "\($0).pid", "-c", "\($0).checkers.pid"]
        }
    }
}
