import LinuxIO
import Testing
import Timekeeping

/// `no_accept` on real interfaces. Needs root, namespaces and iptables, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct TrafficRefusalTests {
    private let bench: DirectorBench

    init() throws { bench = try DirectorBench(withClient: true) }

    private func text(_ options: String) -> String {
        DirectorBench.instance(150).replacing("advert_int 1", with: "advert_int 1\n    \(options)")
    }

    private func start(_ options: String) throws -> ChildProcess {
        let child = try bench.start("a", on: bench.a, text(options), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        return child
    }

    private func rules(_ program: String = "iptables-save") throws -> [String] {
        try bench.a.run("/usr/sbin/\(program)", "-t", "mangle").output.text
            .split(separator: "\n").map(String.init).filter { $0.contains("HOLDFAST") }
    }

    /// What a client gets: `refused`, or nothing.
    private func answer(from address: String = DirectorBench.vip) throws -> String {
        let client = try #require(bench.segment.client)
        let script = "timeout 1 bash -c 'echo > /dev/tcp/\(address)/9' 2>&1; :"
        return try client.run("/bin/bash", "-c", script).output.text
    }

    /// The client has an Ethernet address for it.
    private func isKnown(_ address: String) throws -> Bool {
        let client = try #require(bench.segment.client)
        return try Tools.ip(["-n", client.name, "neighbour", "show", address]).output.text.contains("lladdr")
    }

    private func stop(_ child: ChildProcess) throws {
        child.send(.terminate)
        #expect(bench.end(child) == .exited(0), "\(bench.log("a"))")
        #expect(try rules().isEmpty && rules("ip6tables-save").isEmpty)
    }

    @Test func `the address answers ARP and nothing else, the director's own answers`() throws {
        let a = try start("no_accept")
        #expect(bench.waitForLog("a", "of inet in place, rules: 1"), "\(bench.log("a"))")
        #expect(try !answer().contains("refused"))
        #expect(try answer(from: bench.a.address).contains("refused"))
        #expect(try isKnown(DirectorBench.vip))
        _ = try bench.write("a", text("accept"))
        a.send(.hangup)
        #expect(Tools.wait(.seconds(40)) { (try? rules().isEmpty) ?? false } != nil, "\(bench.log("a"))")
        #expect(try answer().contains("refused"))
        try stop(a)
    }

    @Test(arguments: ["", "no_accept"])
    func `without no_accept, and of an owner with it, the address answers`(option: String) throws {
        let priority = option.isEmpty ? "150" : "255"
        let a = try bench.start(
            "a", on: bench.a, text(option).replacing("priority 150", with: "priority \(priority)"),
            flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        #expect(try answer().contains("refused"))
        #expect(try rules().isEmpty)
        try stop(a)
    }

    @Test func `over IPv6 neighbours find the address, and nothing else does`() throws {
        let client = try #require(bench.segment.client)
        for (host, link, address) in [(bench.a, "eth0", "2001:db8::2"), (client, "br0", "2001:db8::9")] {
            try Tools.ip(["-n", host.name, "address", "add", address + "/64", "dev", link, "nodad"])
        }
        let a = try start("no_accept\nvirtual_ipaddress_excluded {\n2001:db8::64/64\n}")
        #expect(bench.waitForLog("a", "of inet6 in place, rules: 3"), "\(bench.log("a"))")
        #expect(try answer(from: "2001:db8::2").contains("refused"))
        #expect(try !answer(from: "2001:db8::64").contains("refused"))
        #expect(try isKnown("2001:db8::64"))
        try stop(a)
    }

    @Test func `it outlives the vrrp role`() throws {
        let a = try start("no_accept")
        #expect(bench.waitForLog("a", "in place"), "\(bench.log("a"))")
        let before = try rules()
        let role = try #require(bench.roles(of: a)["vrrp"])
        try Signal.kill.send(to: role)
        #expect(Tools.wait(.seconds(40)) { bench.roles(of: a)["vrrp"].map { $0 != role } ?? false } != nil)
        #expect(try rules() == before)
        #expect(try !answer().contains("refused"))
        try stop(a)
    }

    @Test func `what somebody removes is there again, and what is theirs stays`() throws {
        let own = "-A INPUT -s 198.51.100.1/32 -j DROP"
        try bench.a.run(
            "/usr/sbin/iptables", "-t", "mangle", "-A", "INPUT", "-s", "198.51.100.1", "-j", "DROP")
        let a = try start("no_accept")
        #expect(bench.waitForLog("a", "in place"), "\(bench.log("a"))")
        let before = try rules()
        try bench.a.run("/usr/sbin/iptables", "-t", "mangle", "-F", "HOLDFAST-REFUSE")
        #expect(bench.waitForLog("a", "repaired: no_accept", .seconds(15)), "\(bench.log("a"))")
        #expect(try rules() == before)
        try stop(a)
        #expect(try bench.a.run("/usr/sbin/iptables-save", "-t", "mangle").output.text.contains(own))
    }

    @Test func `what a killed daemon left is removed by a cleanup`() throws {
        let a = try start("no_accept\nvirtual_ipaddress_excluded {\n2001:db8::64/64\n}")
        #expect(bench.waitForLog("a", "of inet6 in place, rules: 3"), "\(bench.log("a"))")
        bench.crash(a)
        #expect(try !rules().isEmpty && !rules("ip6tables-save").isEmpty)
        let late = try bench.start("late", on: bench.a, "", flags: ["--cleanup"])
        #expect(bench.end(late) == .exited(0), "\(bench.log("late"))")
        #expect(try rules().isEmpty && rules("ip6tables-save").isEmpty, "\(bench.log("late"))")
    }
}
