import ControlProtocol
import Lab
import LinuxIO
import NetTypes
import Testing
import Timekeeping

/// What operators want of servers: `holdfast drain`, `maint`, `weight` and `ready`, judged by `ipvsadm -Sn`.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct OverrideTests {
    private static let text =
        DirectorBench.service(["192.0.2.3", "192.0.2.4"])
        + DirectorBench.service(["192.0.2.3"], port: 81)

    /// The table with these weights of 192.0.2.3 and .4 on port 80, and of 192.0.2.3 on port 81.
    private func table(_ first: Int?, _ second: Int?, _ other: Int?) -> [String] {
        let rows = [("192.0.2.3", 80, first), ("192.0.2.4", 80, second), ("192.0.2.3", 81, other)]
        return ["-A -t 192.0.2.100:80 -s rr", "-A -t 192.0.2.100:81 -s rr"]
            + rows.compactMap { address, port, weight in
                weight.map { "-a -t 192.0.2.100:\(port) -r \(address):\(port) -g -w \($0)" }
            }
    }

    private func expect(_ bench: DirectorBench, _ first: Int?, _ second: Int?, _ other: Int?) throws {
        let found = try bench.table(bench.a)
        #expect(found == table(first, second, other).sorted(), "\(found)\n\(bench.log("a"))")
    }

    private func server(_ bench: DirectorBench, _ place: Int) throws -> JSONValue {
        let text = try bench.holdfast(bench.a, "status", "--json").output.text
        return try #require(try JSONReader.read(text)["virtual_servers"]?[0]?["real_servers"]?[place])
    }

    @Test func `each command is in the kernel's table when it returns, and ready takes it back`() throws {
        let bench = try DirectorBench()
        _ = try bench.start("a", on: bench.a, Self.text)
        #expect(try bench.waitForTable(bench.a, table(1, 1, 1)), "\(bench.log("a"))")
        let drained = try bench.holdfast(bench.a, "drain", "192.0.2.3", "--reason", "kernel update")
        #expect(drained.status == .exited(0), "\(drained.error.text)")
        #expect(
            drained.output.text
                == "drain: 192.0.2.3:80@192.0.2.100:80/tcp, 192.0.2.3:81@192.0.2.100:81/tcp\n")
        try expect(bench, 0, 1, 0)
        let one = "192.0.2.3@192.0.2.100:80/tcp"
        #expect(try bench.holdfast(bench.a, "maint", one).status == .exited(0))
        try expect(bench, nil, 1, 0)
        #expect(try bench.holdfast(bench.a, "weight", "192.0.2.4", "7").status == .exited(0))
        try expect(bench, nil, 7, 0)
        let first = try server(bench, 0)
        #expect(first["admin"] == "maint" && first["override"]?["by"] == "uid 0", "\(first)")
        #expect(try bench.holdfast(bench.a, "drain", "192.0.2.4", "--wait", "10").status == .exited(0))
        try expect(bench, nil, 0, 0)
        #expect(try bench.holdfast(bench.a, "ready", "192.0.2.3").status == .exited(0))
        try expect(bench, 1, 0, 1)
        let back = ["ready", "192.0.2.4:80", "--reason", "disk replaced", "--wait", "60"]
        #expect(try bench.holdfast(bench.a, back).status == .exited(0))
        try expect(bench, 1, 1, 1)
        let events = try bench.holdfast(bench.a, "events").output.text
        #expect(
            events.contains(
                "override  192.0.2.3:80 in 192.0.2.100:80/tcp  READY -> DRAIN  uid 0: kernel update")
                && events.contains("  DRAIN -> READY  uid 0: disk replaced"),
            "\(events)")
    }

    @Test func `what is no server, or no wish, is refused and changes nothing`() throws {
        let bench = try DirectorBench()
        #expect(try bench.holdfast(bench.a, "drain", "192.0.2.3").status == .exited(3), "no daemon runs yet")
        _ = try bench.start("a", on: bench.a, Self.text)
        #expect(try bench.waitForTable(bench.a, table(1, 1, 1)), "\(bench.log("a"))")
        let refused = try bench.holdfast(bench.a, "maint", "192.0.2.99")
        #expect(refused.status == .exited(1) && refused.error.text.contains("no real server is called"))
        for words in [
            ["drain", "web"], ["drain", "192.0.2.3", "--for", "soon"], ["weight", "192.0.2.3", "x"],
            ["drain", "192.0.2.3", "--reason", ""], ["ready", "192.0.2.3", "--for", "2h"],
        ] {
            #expect(try bench.holdfast(bench.a, words).status == .exited(64), "\(words)")
        }
        let nobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
        #expect(try bench.holdfast(bench.a, ["drain", "192.0.2.3"], as: nobody).status == .exited(77))
        try expect(bench, 1, 1, 1)
    }

    @Test func `what is set outlives a reload, a role and the daemon, however it ended`() throws {
        let bench = try DirectorBench()
        var director = try bench.start("a", on: bench.a, Self.text)
        #expect(try bench.waitForTable(bench.a, table(1, 1, 1)), "\(bench.log("a"))")
        #expect(try bench.holdfast(bench.a, "maint", "192.0.2.3", "--for", "1h").status == .exited(0))
        #expect(try bench.holdfast(bench.a, "weight", "192.0.2.4", "3").status == .exited(0))
        try expect(bench, nil, 3, nil)
        /// To the minute: two clocks are read for it.
        func shown() -> [String?] {
            let override = (try? server(bench, 0))?["override"]
            return ["by", "since", "until"].map { override?[$0]?.text.map { String($0.prefix(16)) } }
        }
        let before = shown()
        #expect(!before.contains(nil))
        #expect(try bench.holdfast(bench.a, "reload", "--wait").status == .exited(0))
        try expect(bench, nil, 3, nil)
        let role = try #require(bench.roles(of: director)["lvs"])
        try Signal.kill.send(to: role)
        #expect(
            Tools.wait(.seconds(40)) { bench.roles(of: director)["lvs"].map { $0 != role } ?? false } != nil)
        #expect(
            try Tools.wait(.seconds(3)) { try bench.table(bench.a) != table(nil, 3, nil).sorted() } == nil,
            "\(bench.log("a"))")
        for isCrash in [false, true] {
            if isCrash {
                bench.crash(director)
            } else {
                director.send(.terminate)
                #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
            }
            director = try bench.start("a", on: bench.a, Self.text)
            #expect(bench.waitForLog("a", "holdfastd"), "\(bench.log("a"))")
            #expect(try bench.waitForTable(bench.a, table(nil, 3, nil)), "\(bench.log("a"))")
            #expect(
                Tools.wait(.seconds(40)) { shown() == before } != nil, "\(shown()), not \(before)")
        }
        // A server that goes takes it along.
        _ = try bench.write("a", DirectorBench.service(["192.0.2.4"]))
        #expect(try bench.holdfast(bench.a, "reload", "--wait").status == .exited(0))
        _ = try bench.write("a", Self.text)
        #expect(try bench.holdfast(bench.a, "reload", "--wait").status == .exited(0))
        try expect(bench, 1, 3, 1)
    }

    @Test func `it ends by itself, and stands above what a check says of the weight`() throws {
        let bench = try DirectorBench()
        let script = "\(bench.directory)/weigh"
        try Files.replace(script, with: Array("#!/bin/sh\nexit 12\n".utf8), mode: 0o755)
        let check =
            "MISC_CHECK {\nmisc_path \(script)\nmisc_dynamic\nuser root\nmisc_timeout 20\ndelay_loop 0.5\n"
            + "warmup 0\n}"
        let text = DirectorBench.service(["192.0.2.3"]).replacing("weight 1", with: "weight 1\n\(check)")
        _ = try bench.start("a", on: bench.a, text)
        func row(_ weight: Int) -> [String] {
            ["-A -t 192.0.2.100:80 -s rr", "-a -t 192.0.2.100:80 -r 192.0.2.3:80 -g -w \(weight)"]
        }
        #expect(try bench.waitForTable(bench.a, row(10)), "\(bench.log("a"))")
        #expect(try bench.holdfast(bench.a, "weight", "192.0.2.3", "4", "--for", "9s").status == .exited(0))
        #expect(try bench.table(bench.a) == row(4).sorted())
        #expect(
            try Tools.wait(.seconds(1)) { try bench.table(bench.a) != row(4).sorted() } == nil,
            "\(bench.log("a"))")
        #expect(try bench.waitForTable(bench.a, row(10)), "\(bench.log("a"))")
        #expect(bench.log("a").contains("192.0.2.3:80@192.0.2.100:80/tcp: the time of weight 4 is up"))
    }

    @Test func `a file that leaves nobody to serve is refused, until it is confirmed`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, Self.text)
        #expect(try bench.waitForTable(bench.a, table(1, 1, 1)), "\(bench.log("a"))")
        _ = try bench.write("a", "global_defs {\n    router_id a\n}\n")
        let plan = try bench.holdfast(bench.a, "plan")
        #expect(plan.error.text.contains("--allow-empty"), "\(plan.output.text)\(plan.error.text)")
        let refused = try bench.holdfast(bench.a, "reload", "--wait")
        #expect(refused.status == .exited(1))
        #expect(refused.error.text.contains("none of the 2 virtual servers in force, which would all go"))
        director.send(.hangup)
        #expect(
            Tools.wait(.seconds(40)) {
                bench.log("a").split(separator: "\n").count { $0.contains("is refused; going on") } == 2
            } != nil, "\(bench.log("a"))")
        try expect(bench, 1, 1, 1)
        let confirmed = try bench.holdfast(bench.a, "reload", "--wait", "--allow-empty")
        #expect(confirmed.status == .exited(0), "\(confirmed.error.text)")
        #expect(try bench.table(bench.a) == [])
    }

    /// Of a server with a connection that goes on.
    @Test func `each command waits until it shows, and maint until nobody is cut off`() throws {
        let bench = try DirectorBench(withClient: true, withServer: true)
        let client = try #require(bench.segment.client)
        let server = try #require(bench.segment.server)
        for setting in ["all.arp_ignore=1", "all.arp_announce=2", "all.rp_filter=0", "eth0.rp_filter=0"] {
            try server.run("/usr/sbin/sysctl", "-qw", "net.ipv4.conf.\(setting)")
        }
        try Tools.ip(["-n", server.name, "address", "add", DirectorBench.vip + "/32", "dev", "lo"])
        try Tools.ip(["-n", bench.a.name, "address", "add", DirectorBench.vip + "/24", "dev", "eth0"])
        let serving = try bench.agent("serve rs 80", on: server, for: 1800, name: "rs")
        #expect(Tools.wait(.seconds(60)) { bench.sightings("rs").contains(.ready("rs")) } != nil)
        let body = "weight 1\n\(DirectorBench.quickCheck)"
        _ = try bench.start("a", on: bench.a, DirectorBench.service([server.address]) { _ in body })
        func row(_ weight: Int?) -> [String] {
            ["-A -t 192.0.2.100:80 -s rr"]
                + (weight.map { ["-a -t 192.0.2.100:80 -r 192.0.2.21:80 -g -w \($0)"] } ?? [])
        }
        #expect(try bench.waitForTable(bench.a, row(1)), "\(bench.log("a"))")
        let vip = Endpoint(try #require(IPAddress(DirectorBench.vip)), port: 80)
        do {
            let crowd = try Crowd(1, to: vip, from: client, limit: .seconds(60))
            #expect(try crowd.exchange(.seconds(60)) == 1)
            let cut = try bench.holdfast(bench.a, "maint", server.address, "--wait", "2")
            #expect(cut.status == .exited(75), "\(cut.output.text)")
            #expect(cut.error.text.contains("1 connections are open; drained, and not taken out"))
            #expect(try bench.table(bench.a) == row(0).sorted())
            #expect(try crowd.exchange(.seconds(60)) == 1, "what is open goes on")
        }
        let out = try bench.holdfast(bench.a, "maint", server.address, "--wait", "50")
        #expect(out.status == .exited(0), "\(out.error.text)")
        #expect(try bench.table(bench.a) == row(nil))
        let ready = try bench.holdfast(bench.a, "ready", server.address, "--wait", "50")
        #expect(ready.status == .exited(0), "\(ready.error.text)")
        #expect(try bench.table(bench.a) == row(1).sorted())
        serving.sendToGroup(.kill)
        #expect(try bench.waitForTable(bench.a, row(nil)), "\(bench.log("a"))")
        let down = try bench.holdfast(bench.a, "weight", server.address, "5", "--wait", "1")
        #expect(down.status == .exited(75) && down.error.text.contains("192.0.2.21:80 is down"))
    }
}
