import LoadBalancing
import Testing

@testable import ConfigModel

@Suite struct ReloadEffectsTests {
    private func only(
        _ old: String, _ new: String, _ change: (inout LiveFacts) -> Void = { _ in }
    ) throws -> ReloadChange {
        var facts = LiveFacts()
        change(&facts)
        let before = try #require(Sample.load(old).configuration)
        let after = try #require(Sample.load(new).configuration)
        let changes = ReloadPlan(from: before, to: after, knowing: facts).changes
        #expect(changes.count == 1, "\(changes)")
        return try #require(changes.first)
    }

    private func service(_ lines: String = "", server: String = "weight 1") -> String {
        """
        virtual_server 192.0.2.100 80 {
            lb_algo rr
            lb_kind DR
            protocol TCP
            \(lines)
            real_server 192.0.2.21 80 {
                \(server)
            }
        }

        """
    }

    static let parts: [(old: String, new: String, effect: String)] = [
        ("persistence_timeout 60", "persistence_timeout 90", "in place, no connection touched"),
        ("ha_suspend", "", "from now on"),
        ("", "sorry_server 192.0.2.9 80", "takes the traffic when no server is up"),
        ("sorry_server 192.0.2.9 80", "sorry_server 192.0.2.8 80", "its connections are cut"),
        ("", "quorum_up /bin/true", "from now on"),
    ]

    @Test(arguments: parts)
    func `a part of a service has its effect`(old: String, new: String, effect: String) throws {
        #expect(try only(service(old), service(new)).effect == effect)
    }

    @Test(arguments: [
        ("weight 1", "weight 2", "in place, no connection touched"),
        ("weight 1", "weight 1\nuthreshold 9", "in place, no connection touched"),
        ("weight 1", "weight 1\nlb_kind TUN", "in place; open connections go on as they are"),
        (
            "TCP_CHECK {\nretry 1\n}", "TCP_CHECK {\nretry 2\n}",
            "the check begins anew; what is known of the server stays"
        ),
        ("weight 1", "weight 1\nnotify_up /bin/true", "from now on"),
    ])
    func `a part of a server has its effect`(old: String, new: String, effect: String) throws {
        let change = try only(service(server: old), service(server: new))
        #expect(change.effect == effect && change.item == "real_server 192.0.2.21:80" && !change.interrupts)
    }

    @Test(arguments: [
        ("", "in service at once: it has no check"),
        ("TCP_CHECK {\n}", "in service at once, until a check fails"),
        ("TCP_CHECK {\nalpha\n}", "in service after its first good check"),
    ])
    func `a server that comes tells when it is in service`(check: String, effect: String) throws {
        let more = service("real_server 192.0.2.22 80 {\n\(check)\n}")
        #expect(try only(service(), more).effect == effect)
    }

    @Test func `a mark of the guard makes another service of it`() throws {
        let guarding = "loop_guard {\npeer_mac 02:00:00:00:00:0b\n}\n"
        let change = try only(
            guarding + service("loop_guard\nloop_guard_mark 7"),
            guarding + service("loop_guard\nloop_guard_mark 8"))
        #expect(change.interrupts && change.item == "loop_guard_mark")
    }

    @Test func `an instance comes as backup, and goes with its addresses where it is master`() throws {
        let one = Sample.instance()
        let two = one + Sample.instance("VI_2", id: 52, address: 101)
        #expect(try !only(one, two).interrupts)
        #expect(try only(two, one).effect == "is backup here, and ends")
        let gone = try only(two, one) { $0.masters = ["VI_2"] }
        #expect(gone.interrupts && gone.effect == "hands over, and its addresses go")
    }

    @Test(arguments: [
        ("nopreempt", "from now on", false), ("advert_int 2", "peers may drop adverts", true),
        ("state MASTER", "counts at a start only", false),
        ("no_accept", "the rules for its addresses", false),
    ])
    func `a part of a master has its effect`(line: String, effect: String, interrupts: Bool) throws {
        let change = try only(
            Sample.instance(lines: "priority 150"), Sample.instance(lines: "priority 150\n\(line)")
        ) { $0.masters = ["VI_1"] }
        #expect(change.effect.hasPrefix(effect) && change.interrupts == interrupts, "\(change)")
    }

    @Test func `what is outside instances and services has its effect, too`() throws {
        let text = Sample.instance()
        let named = try only(text, "global_defs {\nrouter_id a\n}\n" + text)
        #expect(named.object == "global_defs" && named.kind == .add && named.effect == "in force at once")
        let statics = "static_ipaddress {\n198.51.100.1/32 dev eth0\n}\n"
        #expect(try only(statics + text, text).interrupts)
        #expect(try !only(text, statics + text).interrupts)
        let more = statics.replacing("/32 dev eth0", with: "/32 dev eth0\n198.51.100.2/32 dev eth0")
        #expect(try only(more + text, statics + text).effect == "it goes at once")
    }
}
