import LinuxIO
import Testing
import Timekeeping

/// Two instances on two wires that are master together or not at all: two of us, two of the distribution's
/// keepalived, and one of each. Needs root and namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct SyncGroupTests {
    private static let addresses = [DirectorBench.vip, "198.51.100.100"]
    private static let keepalived = "/usr/sbin/keepalived"

    private func configuration(_ name: String, _ priority: Int, _ bench: DirectorBench) -> String {
        let script = "\(bench.directory)/tell.sh \(bench.directory)/\(name).calls"
        let instances = Self.addresses.enumerated().map { index, address in
            """
            vrrp_instance VI_\(index) {
                state BACKUP
                interface eth\(index)
                virtual_router_id \(index + 1)
                priority \(priority)
                advert_int 1
                notify "\(script)"
                virtual_ipaddress {
                    \(address)/24
                }
            }

            """
        }
        return """
            global_defs {
                script_user root
            }
            vrrp_sync_group G {
                group {
                    VI_0
                    VI_1
                }
                track_interface {
                    probe
                }
                notify_master "\(script) fixed master"
                notify_backup "\(script) fixed backup"
                notify_fault "\(script) fixed fault"
                notify_stop "\(script) fixed stop"
                notify "\(script)"
            }

            """ + instances.joined()
    }

    /// The calls about a group's members and the group, as lines.
    private func calls(_ name: String, _ prefix: String, _ bench: DirectorBench) -> [String] {
        let octets = (try? Files.read("\(bench.directory)/\(name).calls", limit: 1 << 16)) ?? []
        let lines = String(decoding: octets, as: UTF8.self).split(separator: "\n").map(String.init)
        return lines.filter { $0.hasPrefix(prefix) }
    }

    private func holds(_ host: Segment.Host) throws -> [Bool] { try Self.addresses.map(host.holds) }

    private func wait(_ bench: DirectorBench, _ a: Bool, _ b: Bool, _ what: String) throws {
        let time = try Tools.wait(.seconds(30)) {
            try holds(bench.a) == [a, a] && holds(bench.b) == [b, b]
        }
        let found = try (holds(bench.a), holds(bench.b))
        #expect(time != nil, "\(what): \(found)\n\(bench.log("a"))\n\(bench.log("b"))")
    }

    /// What a group's two directors told their scripts while they failed over.
    struct Record: Equatable {
        var groups: [[String]] = []
        var fixed: [[String]] = []
        var instances: [[String]] = []
    }

    /// a, the better one, alone; b comes; a loses what its group tracks, and finds it again; a stops.
    private func play(_ programs: (String, String)) throws -> Record {
        let bench = try DirectorBench()
        try Files.replace(
            "\(bench.directory)/tell.sh",
            with: Array("#!/bin/sh\nfile=$1\nshift\necho \"$@\" >> $file\n".utf8), mode: 0o755)
        try Tools.ip([
            "link", "add", "eth1", "netns", bench.a.name, "type", "veth", "peer", "name", "eth1", "netns",
            bench.b.name,
        ])
        for (index, host) in [bench.a, bench.b].enumerated() {
            try host.run(Tools.ipPath, "address", "add", "198.51.100.\(index + 2)/24", "dev", "eth1")
            try host.run(Tools.ipPath, "link", "set", "eth1", "up")
            try host.run(Tools.ipPath, "link", "add", "probe", "type", "veth", "peer", "name", "probed")
            for end in ["probe", "probed"] { try host.run(Tools.ipPath, "link", "set", end, "up") }
        }
        func start(
            _ name: String, _ host: Segment.Host, _ path: String, _ priority: Int
        ) throws -> ChildProcess {
            let file = try bench.write(name, configuration(name, priority, bench))
            let flags = path == Self.keepalived ? ["-r", "\(bench.directory)/\(name).vrrp.pid"] : []
            return try host.start(
                path, ["-n", "-l", "-D", "-P", "-f", file, "-p", "\(bench.directory)/\(name).pid"] + flags,
                log: "\(bench.directory)/\(name).log")
        }
        let first = try start("a", bench.a, programs.0, 150)
        try wait(bench, true, false, "a alone")
        let second = try start("b", bench.b, programs.1, 100)
        #expect(Tools.wait(.seconds(40)) { !calls("b", "GROUP", bench).isEmpty } != nil)
        try bench.a.run(Tools.ipPath, "link", "set", "probe", "down")
        try wait(bench, false, true, "a in fault")
        try bench.a.run(Tools.ipPath, "link", "set", "probe", "up")
        try wait(bench, true, false, "a back")
        #expect(Tools.wait(.seconds(40)) { calls("b", "GROUP", bench).count == 3 } != nil)
        first.send(.terminate)
        #expect(bench.end(first) == .exited(0), "\(bench.log("a"))")
        try wait(bench, false, true, "a gone")
        #expect(Tools.wait(.seconds(40)) { calls("b", "GROUP", bench).count == 4 } != nil)
        second.send(.terminate)
        #expect(bench.end(second) == .exited(0), "\(bench.log("b"))")
        let names = ["a", "b"]
        return Record(
            groups: names.map { calls($0, "GROUP", bench) }, fixed: names.map { calls($0, "fixed", bench) },
            instances: names.flatMap { name in
                (0...1).map { calls(name, "INSTANCE VI_\($0)", bench) }
            })
    }

    @Test func `a group moves as one and tells what keepalived tells`() throws {
        let ours = try play((Tools.holdfastd, Tools.holdfastd))
        let (a, b) = (
            ["BACKUP", "MASTER", "FAULT", "BACKUP", "MASTER", "STOP"],
            ["BACKUP", "MASTER", "BACKUP", "MASTER", "STOP"]
        )
        #expect(ours.groups == [a, b].map { $0.map { "GROUP G \($0) 0" } })
        #expect(ours.fixed == [a, b].map { $0.map { "fixed \($0.lowercased())" } })
        if fullMatrix { #expect(ours == (try play((Self.keepalived, Self.keepalived)))) }
    }

    @Test(arguments: fullMatrix ? [true, false] : [true])
    func `a group moves as one between us and keepalived`(
        weAreBetter: Bool
    ) throws {
        let both = (Tools.holdfastd, Self.keepalived)
        let record = try play(weAreBetter ? both : (both.1, both.0))
        #expect(record.groups[weAreBetter ? 0 : 1].last == "GROUP G STOP 0")
    }
}
