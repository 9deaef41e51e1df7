import ControlProtocol
import LinuxIO
import Testing
import Timekeeping

/// The control socket of a real daemon, and the operator's tool.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct ControlSocketTests {
    private static let nobody = [
        "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--",
    ]

    private func socket(_ host: Segment.Host) throws -> String {
        let link = try host.run("/usr/bin/readlink", "/proc/self/ns/net").output.text
        return "/run/holdfast/net-\(link.filter(\.isNumber))/control.sock"
    }

    private func status(_ bench: DirectorBench, _ host: Segment.Host) throws -> JSONValue {
        try JSONReader.read(try bench.holdfast(host, "status", "--json").output.text)
    }

    @Test func `status tells who is master and why, on both sides`() throws {
        let bench = try DirectorBench()
        #expect(try bench.holdfast(bench.a, "status").status == .exited(3), "no daemon runs yet")
        _ = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.start("b", on: bench.b, DirectorBench.instance(100), flags: ["-P"])
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"))
        let followed = try Tools.wait(.seconds(40)) {
            try status(bench, bench.b)["vrrp"]?[0]?["master"]?["address"] == "192.0.2.2"
        }
        #expect(followed != nil)
        let master = try #require(try status(bench, bench.a)["vrrp"]?[0])
        #expect(master["state"] == "master" && master["priority"] == 150)
        let vip = master["vips"]?[0]
        #expect(vip?["address"] == "192.0.2.100/24" && vip?["interface"] == "eth0" && vip?["present"] == true)
        #expect(master["reason"]?.text?.hasPrefix("no advert for 3.") == true, "\(master)")
        #expect((master["since_seconds"]?.double ?? -1) < 60)
        let text = try bench.holdfast(bench.a, "status")
        #expect(text.status == .exited(0), "\(text.output.text)\(text.error.text)")
        #expect(
            text.output.text.contains("MASTER for")
                && text.output.text.contains("192.0.2.100/24 on eth0  held"))
        let why = try bench.holdfast(bench.a, "why", "VI_1")
        #expect(why.status == .exited(0) && why.output.text.contains("because    no advert for 3."))
        #expect(try bench.holdfast(bench.a, "why", "VI_9").status == .exited(4))
        let events = try bench.holdfast(bench.a, "events").output.text
        #expect(events.contains("vrrp    VI_1  BACKUP -> MASTER  no advert for 3."), "\(events)")
        let metrics = try bench.holdfast(bench.a, "metrics").output.text
        #expect(metrics.contains("vrid=\"51\",ip_address=\"192.0.2.100\"} 2\n"), "\(metrics)")
        let version = try bench.holdfast(bench.a, "version").output.text
        #expect(version.hasPrefix("holdfast 0.1.0\nholdfastd 0.1.0, process "), "\(version)")
    }

    @Test func `a reload is carried out when it returns, or refused with what is wrong`() throws {
        let bench = try DirectorBench()
        _ = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.write("a", DirectorBench.instance(150, vip: "192.0.2.101"))
        let done = try bench.holdfast(bench.a, "reload", "--wait")
        #expect(done.status == .exited(0), "\(done.error.text)")
        #expect(try bench.a.holds("192.0.2.101"))
        #expect(try !bench.a.holds(DirectorBench.vip))
        let file = try bench.write("a", "vrrp_instance VI_1 {\n    virtual_router_id 999\n}\n")
        let refused = try bench.holdfast(bench.a, "reload", "--wait")
        #expect(refused.status == .exited(1))
        #expect(
            refused.error.text.contains("\(file):2:23: error: 999 is outside 1...255"),
            "\(refused.error.text)")
        #expect(try bench.a.holds("192.0.2.101"))
        let reload = try status(bench, bench.a)["config"]?["last_reload"]
        #expect(reload?["accepted"] == false)
        try Files.remove(file)
        #expect(try bench.holdfast(bench.a, "reload").status == .exited(1))
        #expect(try bench.a.holds("192.0.2.101"))
    }

    /// The schemas that are shipped, and what a daemon really says.
    @Test func `what a daemon says is as the schemas say, and goes on being said`() throws {
        let bench = try DirectorBench()
        _ = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(bench.waitForLog("a", "Entering BACKUP STATE"))
        let watch = try bench.a.start(
            Tools.holdfast, ["status", "--watch", "--json"], log: "\(bench.directory)/watch.log")
        let follow = try bench.a.start(
            Tools.holdfast, ["events", "-f", "--json"], log: "\(bench.directory)/follow.log")
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.write("a", DirectorBench.instance(150, vip: "192.0.2.101"))
        #expect(try bench.holdfast(bench.a, "reload", "--wait").status == .exited(0))
        let file = try bench.write("a", DirectorBench.instance(90, vip: "192.0.2.101"))
        func documents(_ name: String) -> [JSONValue] {
            bench.log(name).split(separator: "\n").compactMap { try? JSONReader.read(String($0)) }
        }
        // The state changed under both, and they told of it.
        let seen = Tools.wait(.seconds(40)) {
            let states = documents("watch").map { $0["vrrp"]?[0]?["state"]?.text }
            return states.contains("backup") && states.last == "master"
                && documents("follow").count { $0["subject"] == "config" } >= 2
        }
        #expect(seen != nil, "\(bench.log("watch"))\n\(bench.log("follow"))")
        for child in [watch, follow] { child.send(.terminate) }
        let told = documents("follow").compactMap { $0["sequence"]?.integer }
        #expect(told == Array(1...told.count), "each event once")
        for document in documents("watch") {
            #expect(try JSONSchema("status.schema.json").violations(in: document) == [])
        }
        for event in documents("follow") {
            #expect(try JSONSchema("events.schema.json").violations(in: event) == [])
        }
        for (schema, words) in [
            ("status", ["status", "--json"]), ("why", ["why", "VI_1", "--json"]),
            ("plan", ["plan", "--json", file]), ("doctor", ["doctor", "--json", file]),
            ("diagnostics", ["check", "--format", "json", file]),
        ] {
            let answer = try bench.holdfast(bench.a, words)
            let document = try JSONReader.read(answer.output.text)
            #expect(try JSONSchema("\(schema).schema.json").violations(in: document) == [], "\(schema)")
        }
    }

    @Test func `groups decide who may look and who may act`() throws {
        let bench = try DirectorBench()
        let text = DirectorBench.instance(150)
        let director = try bench.start("a", on: bench.a, text, flags: ["-P"])
        #expect(bench.waitForLog("a", "Entering BACKUP STATE"))
        #expect(try bench.holdfast(bench.a, "status", as: Self.nobody).status == .exited(77))
        _ = try bench.write("a", "global_defs {\n    control_reader_group nogroup\n}\n" + text)
        #expect(try bench.holdfast(bench.a, "reload").status == .exited(0))
        #expect(try bench.holdfast(bench.a, "version", as: Self.nobody).status == .exited(0))
        let denied = try bench.holdfast(bench.a, "reload", as: Self.nobody)
        #expect(denied.status == .exited(77) && denied.error.text.contains("may only look"))
        let stranger = Self.nobody.map { $0 == "--regid=65534" ? "--regid=12345" : $0 }
        #expect(try bench.holdfast(bench.a, "status", as: stranger).status == .exited(77))
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0))
        #expect(try !Files.exists(socket(bench.a)))
    }

    @Test func `clients that say nothing do not keep others, or the election, waiting`() throws {
        let bench = try DirectorBench()
        _ = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        let path = try socket(bench.a)
        var silent: [StreamSocket] = []
        let trace = Clock.now()
        while Clock.now() - trace < .seconds(5) {
            if let one = try? StreamSocket(connectingTo: path) {
                _ = try? one.write(Array("{\"holdfast\": 1".utf8)[...])
                silent.append(one)
            }
            if silent.count > 200 { silent.removeFirst(100) }
        }
        // Those of the last moment are cut off after two seconds.
        let answer = try Tools.wait(.seconds(40)) {
            try bench.holdfast(bench.a, "status").status == .exited(0)
        }
        #expect(answer != nil)
        let instance = try status(bench, bench.a)["vrrp"]?[0]
        #expect(instance?["counters"]?["became-master"] == 1, "\(instance ?? nil)")
        #expect(try bench.a.holds(DirectorBench.vip))
    }

    @Test(.enabled(if: hasIPVS, "needs a kernel with IPVS"))
    func `servers are shown with the kernel's weight and the check's last result`() throws {
        let bench = try DirectorBench()
        let check = "TCP_CHECK {\n            connect_timeout 1\n        }"
        let text = DirectorBench.service(["192.0.2.3", "192.0.2.2"]).replacing(
            "weight 1", with: "weight 1\n        delay_loop 1\n        retry 0\n        \(check)")
        _ = try bench.start("a", on: bench.a, text)
        #expect(bench.waitForLog("a", "192.0.2.3:80 in 192.0.2.100:80/tcp: down"), "\(bench.log("a"))")
        let run = try bench.holdfast(bench.a, "status", "--json")
        #expect(run.status == .exited(1))
        let service = try #require(try JSONReader.read(run.output.text)["virtual_servers"]?[0])
        #expect(service["present"] == true && service["scheduler"] == "rr")
        let server = try #require(service["real_servers"]?[0])
        #expect(server["state"] == "down" && server["weight"] == .null)
        #expect(server["checks"]?[0]?["result"] == "L4CON", "\(server)")
        #expect((server["since_seconds"]?.double ?? -1) < 60)
    }
}
