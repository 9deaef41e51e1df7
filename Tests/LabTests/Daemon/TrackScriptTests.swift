import LinuxIO
import Testing
import Timekeeping

/// What `track_script` makes of an election, by us and by the distribution's keepalived. Needs root and
/// namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct TrackScriptTests {
    /// Weight lines of six scripts, each tracked by an instance of its own.
    static let weights = ["20", "-30", "20 reverse", "-30 reverse", "0", "0 reverse"]

    private func configuration(_ bench: DirectorBench, _ name: String) -> String {
        let body = Self.weights.enumerated().map { index, weight in
            """
            vrrp_script s\(index) {
                script "\(bench.directory)/check.sh \(bench.directory)/state"
                interval 1
                timeout 5
                weight \(weight)
            }
            vrrp_instance VI_\(index) {
                state BACKUP
                interface eth0
                virtual_router_id \(index + 1)
                priority 100
                advert_int 1
                track_script {
                    s\(index)
                }
                notify "\(bench.directory)/tell.sh \(bench.directory)/\(name).calls"
                virtual_ipaddress {
                    192.0.2.10\(index)/24
                }
            }

            """
        }
        return "global_defs {\n    script_user root\n}\n" + body.joined()
    }

    private func write(_ bench: DirectorBench, _ name: String, _ text: String) throws {
        try Files.replace("\(bench.directory)/\(name)", with: Array(text.utf8), mode: 0o755)
    }

    private func calls(_ bench: DirectorBench, _ name: String, _ index: Int) -> [String] {
        let octets = (try? Files.read("\(bench.directory)/\(name).calls", limit: 1 << 16)) ?? []
        let lines = String(decoding: octets, as: UTF8.self).split(separator: "\n").map(String.init)
        return lines.filter { $0.hasPrefix("INSTANCE VI_\(index) ") }
    }

    /// The priorities that VRID `id` advertised, without repetition.
    private func priorities(_ trace: PacketTrace, _ id: Int, from address: String) -> [UInt8] {
        trace.adverts(from: address).filter { $0.octets[35] == UInt8(id) }.map { $0.octets[36] }
            .reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    struct Record: Equatable {
        var calls: [[String]] = []
        var priorities: [[UInt8]] = []
    }

    /// Good, bad, good again, stop: what scripts were told, and what was on the wire.
    private func play(_ path: String, _ flags: (String) -> [String]) throws -> Record {
        let bench = try DirectorBench()
        try write(bench, "check.sh", "#!/bin/sh\nsleep 1\nexit $(cat $1)\n")
        try write(bench, "tell.sh", "#!/bin/sh\nfile=$1\nshift\necho \"$@\" >> $file\n")
        try write(bench, "state", "0")
        let trace = try PacketTrace(on: bench.b)
        let file = try bench.write("a", configuration(bench, "a"))
        let director = try bench.a.start(
            path, ["-n", "-l", "-D", "-P", "-f", file] + flags("\(bench.directory)/a"),
            log: "\(bench.directory)/a.log")
        func wait(_ index: Int, _ last: String) throws {
            let time = try Tools.wait(.seconds(30)) {
                try trace.collect()
                return calls(bench, "a", index).last?.hasPrefix("INSTANCE VI_\(index) \(last)") == true
            }
            #expect(time != nil, "\(calls(bench, "a", index))\n\(bench.log("a"))")
        }
        func settle() throws {
            _ = try Tools.wait(.milliseconds(2500)) {
                try trace.collect()
                return false
            }
        }
        for index in 0...4 { try wait(index, "MASTER") }
        try wait(5, "FAULT")
        try settle()
        try write(bench, "state", "1")
        try wait(4, "FAULT")
        try wait(5, "MASTER")
        try settle()
        try write(bench, "state", "0")
        try wait(4, "MASTER")
        try wait(5, "FAULT")
        try settle()
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        try settle()
        return Record(
            calls: Self.weights.indices.map { calls(bench, "a", $0) },
            priorities: Self.weights.indices.map { priorities(trace, $0 + 1, from: bench.a.address) })
    }

    @Test func `the same results make the same priorities, faults and calls as with keepalived`() throws {
        let holdfastd = { try play(Tools.holdfastd) { ["-p", "\($0).pid"] } }
        let expected: [[UInt8]] = [
            [120, 100, 120, 0], [100, 70, 100, 0], [80, 100, 80, 0], [100, 130, 100, 0], [100, 0, 100, 0],
            [100, 0],
        ]
        // On a starved machine a script takes longer than it may, and its instance falters once more.
        var ours = try holdfastd()
        if ours.priorities != expected { ours = try holdfastd() }
        #expect(ours.priorities == expected)
        #expect(
            ours.calls[0] == [
                "INSTANCE VI_0 BACKUP 100", "INSTANCE VI_0 MASTER 120", "INSTANCE VI_0 STOP 120",
            ])
        guard fullMatrix else { return }
        let keepalived = { try play("/usr/sbin/keepalived") { ["-p", "\($0).pid", "-r", "\($0).vrrp.pid"] } }
        var theirs = try keepalived()
        if theirs != ours { theirs = try keepalived() }
        #expect(ours == theirs)
    }

    @Test func `a master whose script fails hands over at once and takes back when it is good`() throws {
        let bench = try DirectorBench()
        try write(bench, "state", "0")
        try write(bench, "check.sh", "#!/bin/sh\nexit $(cat $1)\n")
        let tracking = """
            advert_int 1
                track_script {
                    s
                }
            """
        let script = """
            vrrp_script s {
                script "\(bench.directory)/check.sh \(bench.directory)/state"
                interval 0.2
                timeout 5
            }

            """
        _ = try bench.start(
            "a", on: bench.a,
            script + DirectorBench.instance(150).replacing("advert_int 1", with: tracking), flags: ["-P"])
        let peer = try bench.write("b", DirectorBench.instance(100))
        _ = try bench.b.start(
            "/usr/sbin/keepalived",
            ["-n", "-l", "-D", "-P", "-f", peer, "-p", "\(bench.directory)/k", "-r", "\(bench.directory)/r"],
            log: "\(bench.directory)/b.log")
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        try write(bench, "state", "1")
        let handover = try Tools.wait(.seconds(40)) {
            try bench.b.holds(DirectorBench.vip) && !bench.a.holds(DirectorBench.vip)
        }
        #expect(handover.map { $0 < .seconds(3) } == true, "\(handover as Any)\n\(bench.log("a"))")
        #expect(bench.log("a").contains("Entering FAULT STATE: unfit by track_script s"))
        try write(bench, "state", "0")
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
    }

    @Test func `a program by name is found, and one that is nowhere has failed`() throws {
        let bench = try DirectorBench()
        func text(_ program: String) -> String {
            let tracking = "advert_int 1\n    track_script {\n        s\n    }"
            return "vrrp_script s {\n    script \"\(program) /\"\n    interval 5\n}\n"
                + DirectorBench.instance(150).replacing("advert_int 1", with: tracking)
        }
        let director = try bench.start("a", on: bench.a, text("ls"), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        _ = try bench.start("b", on: bench.b, text("no-such-program"), flags: ["-P"])
        #expect(bench.waitForLog("b", "Entering FAULT STATE: unfit by track_script s"), "\(bench.log("b"))")
        #expect(bench.log("b").contains("there is no program no-such-program [E703]"))
        // What runs is not given up for something that is not there.
        _ = try bench.write("a", text("no-such-program"))
        director.send(.hangup)
        #expect(bench.waitForLog("a", "there is no program no-such-program [E703]"), "\(bench.log("a"))")
        #expect(try bench.a.holds(DirectorBench.vip))
    }

    /// What programs do that should only look.
    static let nuisances: [(body: String, isGood: Bool)] = [
        ("trap '' TERM; sleep 1000 & wait; wait; wait", false), ("exec sleep 1000", false),
        ("sleep 1000 & exit 0", true), ("kill -9 $$", false), ("exit 300", false), ("rm -f $0; exit 0", true),
    ]

    @Test(arguments: nuisances) func `a script that misbehaves is bounded`(
        nuisance: (body: String, isGood: Bool)
    ) throws {
        let bench = try DirectorBench()
        try write(bench, "check.sh", "#!/bin/sh\n\(nuisance.body)\n")
        let text = """
            vrrp_script s {
                script "\(bench.directory)/check.sh"
                interval 1
                timeout 1
                weight 50
            }

            """
        let director = try bench.start(
            "a", on: bench.a,
            "global_defs {\n    script_user root\n}\n" + text
                + DirectorBench.instance(100).replacing("state", with: "track_script {\ns\n}\nstate"),
            flags: ["-P"])
        let word = nuisance.isGood ? "succeeded" : "failed"
        #expect(bench.waitForLog("a", "VRRP_Script(s) \(word)"), "\(bench.log("a"))")
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
    }
}
