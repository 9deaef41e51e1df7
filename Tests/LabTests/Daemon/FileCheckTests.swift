import LinuxIO
import Testing
import Timekeeping

/// What `FILE_CHECK` makes of the kernel's table, by us and by the distribution's keepalived, told by
/// `ipvsadm -Sn`.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct FileCheckTests {
    /// The lines of each check, after `track_file` of one of the two files, which have one path.
    private static let checks = [
        "track_file one", "track_file fault", "track_file one\nweight 3 reverse",
        "track_file one\nweight 0 reverse",
        "track_file fault\nweight -2",
    ]

    private func configuration(_ bench: DirectorBench) -> String {
        let servers = Self.checks.enumerated().map { index, check in
            "real_server 192.0.2.\(index + 21) 80 {\nweight 10\nFILE_CHECK {\n\(check)\n}\n}\n"
        }
        return """
            track_file one {
                file \(bench.directory)/number
            }
            track_file fault {
                file \(bench.directory)/number
                weight 0
            }
            virtual_server 192.0.2.100 80 {
                lb_algo wrr
                lb_kind DR
                protocol TCP
                \(servers.joined())
            }
            """
    }

    /// The table of a director whose servers have these weights; nil for one that is not in it.
    private func table(_ weights: [Int?]) -> [String] {
        ["-A -t 192.0.2.100:80 -s wrr"]
            + weights.enumerated().compactMap { index, weight in
                weight.map { "-a -t 192.0.2.100:80 -r 192.0.2.\(index + 21):80 -g -w \($0)" }
            }
    }

    private static let plays: [(text: String, weights: [Int?])] = [
        ("5", [15, nil, 0, 10, 0]), ("-3\n", [7, nil, 19, 10, 16]), ("-300\n", [0, nil, 910, 10, 610]),
        ("1000\n", [1010, nil, 0, 10, 0]), ("0\n", [10, 10, 10, nil, 10]),
        ("0x10 of it\n", [26, nil, 0, 10, 0]),
        ("none\n", [10, 10, 10, nil, 10]), ("5\n", [15, nil, 0, 10, 0]),
    ]

    /// `isReady` is in the log once the program looks at files; `start` is what the file says before, if
    /// anything.
    private func play(
        _ program: String, isReady: String, from start: (text: String, weights: [Int?])? = nil,
        _ flags: (String) -> [String]
    ) throws {
        let bench = try DirectorBench()
        let number = "\(bench.directory)/number"
        if let start { try Files.replace(number, with: Array(start.text.utf8)) }
        let file = try bench.write("a", configuration(bench))
        let director = try bench.a.start(
            program, ["-n", "-l", "-D", "-C", "-f", file] + flags("\(bench.directory)/a"),
            log: "\(bench.directory)/a.log")
        #expect(bench.waitForLog("a", isReady), "\(bench.log("a"))")
        for (text, weights) in [start].compactMap({ $0 }) + Self.plays {
            try Files.replace(number, with: Array(text.utf8))
            #expect(try bench.waitForTable(bench.a, table(weights)), "\(program), \(text): \(bench.log("a"))")
        }
        try Files.remove(number)
        #expect(try bench.waitForTable(bench.a, table(Self.none)), "\(program), none: \(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
    }

    private static let none: [Int?] = [10, 10, 10, nil, 10]

    @Test func `a number in a file changes weights, or takes a server out, from the start on`() throws {
        try play(Tools.holdfastd, isReady: "starting with", from: ("7\n", [17, nil, 0, 10, 0])) {
            ["-p", "\($0).pid"]
        }
    }

    /// Without a file at the start: one that says down then is overlooked by keepalived 2.2.7 until its
    /// number says up once.
    @Test func `the same numbers make the same table with keepalived`() throws {
        try play("/usr/sbin/keepalived", isReady: "Startup complete") {
            ["-p", "\($0).pid", "-c", "\($0).checkers.pid"]
        }
    }
}
