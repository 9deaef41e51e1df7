import ControlProtocol
import LinuxIO
import Testing
import Timekeeping

/// `holdfast plan` of a real daemon: what a reload would change, and that nothing is.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct PlanTests {
    private func plan(
        _ bench: DirectorBench, _ arguments: String...
    ) throws -> (status: Int32, text: String) {
        let done = try bench.holdfast(bench.a, ["plan"] + arguments)
        guard case .exited(let status) = done.status else { return (-1, done.error.text) }
        return (status, done.output.text + done.error.text)
    }

    @Test func `a plan tells what a reload would do, and does nothing`() throws {
        let bench = try DirectorBench()
        #expect(try plan(bench).status == 69, "no daemon runs yet")
        let text = DirectorBench.instance(150)
        _ = try bench.start("a", on: bench.a, text, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        let same = try plan(bench)
        #expect(same.status == 0 && same.text == "nothing would change\n", "\(same)")
        _ = try bench.write("a", text.replacing("advert_int 1", with: "advert_int 1\n    nopreempt"))
        let harmless = try plan(bench)
        #expect(harmless.status == 2 && harmless.text.contains("+ nopreempt"), "\(harmless)")
        let file = try bench.write("a", DirectorBench.instance(90, vip: "192.0.2.101"))
        let other = try plan(bench)
        #expect(other.status == 3, "\(other)")
        #expect(other.text.contains("~ priority  150 -> 90"), "\(other)")
        #expect(other.text.contains("virtual_ipaddress  + 192.0.2.101/24, - 192.0.2.100/24"), "\(other)")
        let json = try JSONReader.read(try bench.holdfast(bench.a, "plan", "--json").output.text)
        #expect(json["interrupts"] == true && json["file"]?.text == file && json["schema"] == 1)
        #expect(try bench.a.holds(DirectorBench.vip) && !bench.a.holds("192.0.2.101"), "nothing was done")
        _ = try bench.write("a", "vrrp_instance VI_1 {\n    virtual_router_id 999\n}\n")
        let refused = try plan(bench)
        #expect(refused.status == 1 && refused.text.contains(":2:23: error: 999 is outside"), "\(refused)")
    }

    /// What is said of an instance that nothing in its own block makes unfit, and what then comes of it.
    @Test(arguments: ["virtual_ipaddress_excluded", "vrrp_sync_group"])
    func `a plan tells that an edit takes mastership away, and the reload does`(block: String) throws {
        let bench = try DirectorBench()
        try bench.addLink()
        let text = DirectorBench.instance(150)
        let group = "vrrp_sync_group G {\n    group {\n        VI_1\n    }\n}\n"
        let held = "virtual_ipaddress_excluded {\n198.51.100.9/24 dev s0\n}\nvirtual_ipaddress"
        let (old, new) =
            block == "vrrp_sync_group"
            ? (text + group, text + group.dropLast(2) + "track_interface {\ns0\n}\n}\n")
            : (text, text.replacing("virtual_ipaddress", with: held))
        _ = try bench.start("a", on: bench.a, old, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        _ = try bench.write("a", new)
        let planned = try plan(bench)
        #expect(planned.status == 3, "\(planned)")
        #expect(planned.text.contains("~ state  master -> fault"), "\(planned)")
        #expect(planned.text.contains("track_interface s0 forbids it to be master"), "\(planned)")
        try bench.a.run(Tools.ipPath, "link", "set", "s0", "up")
        let fine = try plan(bench)
        #expect(fine.status == 2 && !fine.text.contains("fault"), "\(fine)")
        try bench.a.run(Tools.ipPath, "link", "set", "s0", "down")
        #expect(try bench.holdfast(bench.a, "reload", "--wait").status == .exited(0), "\(bench.log("a"))")
        #expect(bench.waitForLog("a", "unfit by track_interface s0"), "\(bench.log("a"))")
        #expect(try bench.waitForAddress(bench.a, false), "\(bench.log("a"))")
    }

    /// It is down, and counts as up for two minutes.
    @Test func `a plan counts a link as the daemon does that waits for it`() throws {
        let bench = try DirectorBench()
        try bench.addLink()
        try bench.a.run(Tools.ipPath, "link", "set", "s0", "up")
        let delays = "interface_up_down_delays {\ns0 120 0\n}\n"
        let text = DirectorBench.instance(150)
        let tracked = text.replacing(
            "virtual_ipaddress", with: "track_interface {\ns0\n}\nvirtual_ipaddress")
        _ = try bench.start("a", on: bench.a, delays + text, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        try bench.a.run(Tools.ipPath, "link", "set", "s0", "down")
        _ = try bench.write("a", delays + tracked)
        let held = try plan(bench)
        #expect(held.status == 2 && !held.text.contains("fault"), "\(held)")
        _ = try bench.write("a", tracked)
        let bare = try plan(bench)
        #expect(bare.status == 3 && bare.text.contains("track_interface s0 forbids"), "\(bare)")
    }

    @Test func `another file may be planned, by root`() throws {
        let bench = try DirectorBench()
        let text = "global_defs {\n    control_admin_group nogroup\n}\n" + DirectorBench.instance(150)
        _ = try bench.start("a", on: bench.a, text, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        let file = try bench.write("b", text.replacing("priority 150", with: "priority 151"))
        let planned = try plan(bench, file)
        #expect(planned.status == 2 && planned.text.contains("150 -> 151"), "\(planned)")
        #expect(try plan(bench, "\(bench.directory)/none.conf").status == 1)
        let admin = [
            "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--",
        ]
        #expect(try bench.holdfast(bench.a, ["plan"], as: admin).status == .exited(0))
        let denied = try bench.holdfast(bench.a, ["plan", "/etc/shadow"], as: admin)
        #expect(denied.status == .exited(77), "\(denied.error.text)")
        #expect(denied.error.text.contains("root alone") && !denied.error.text.contains("shadow:"))
    }
}

extension DirectorBench {
    /// `s0` on the first director, which is down, and has a carrier once it is up.
    fileprivate func addLink() throws {
        try a.run(Tools.ipPath, "link", "add", "s0", "type", "veth", "peer", "name", "s1")
        try a.run(Tools.ipPath, "link", "set", "s1", "up")
    }
}
