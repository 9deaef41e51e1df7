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

    private static func preempting(_ lines: String) -> String {
        Sample.instance(lines: "priority 150\n\(lines)")
    }

    @Test(arguments: [(UInt8(120), true), (160, false)])
    func `a backup that preempts from now on takes over from a lesser master`(
        priority: UInt8, takesOver: Bool
    ) throws {
        let (old, new) = (Self.preempting("nopreempt"), Self.preempting(""))
        let change = try only(old, new) { $0.followed = ["VI_1": priority] }
        #expect(change.interrupts == takesOver, "\(change)")
        #expect(
            change.effect
                == (takesOver
                    ? "it takes over from the master, whose priority is 120" : "it goes on as backup"))
        #expect(try !only(new, old) { $0.followed = ["VI_1": priority] }.interrupts, "nopreempt is new")
        let master = try only(old, new) { $0.masters = ["VI_1"] }
        #expect(!master.interrupts && master.effect == "from now on")
    }

    @Test func `one that has handed over takes nothing back, whatever a reload says`() throws {
        let lesser = Sample.instance(lines: "priority 100")
        for old in [Self.preempting("nopreempt"), lesser] {
            let change = try only(old, Self.preempting("")) {
                $0.followed = ["VI_1": 120]
                $0.yielding = ["VI_1"]
            }
            #expect(!change.interrupts && change.effect.hasSuffix("takes nothing back"), "\(change)")
        }
        let owner = try only(lesser, Sample.instance(lines: "priority 255")) {
            $0.followed = ["VI_1": 120]
            $0.yielding = ["VI_1"]
        }
        #expect(owner.interrupts, "an owner asks nobody")
    }

    @Test func `a group that comes takes mastership from all where one of its members is backup`() throws {
        let pair = Sample.instance() + Sample.instance("VI_2", id: 52, address: 101)
        let three = pair + Sample.instance("VI_3", id: 53, address: 102)
        let group = "vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n}\n"
        let mixed = try only(pair, pair + group) { $0.masters = ["VI_1"] }
        #expect(mixed.object == "vrrp_sync_group G" && mixed.kind == .add && mixed.interrupts)
        #expect(
            mixed.effect == "VI_1 is master here and VI_2 is not: none of its members is master then")
        for masters in [[], ["VI_1", "VI_2"], ["VI_3"]] as [Set<String>] {
            #expect(try !only(three, three + group) { $0.masters = masters }.interrupts, "\(masters)")
        }
        let more = group.replacing("VI_2", with: "VI_2\nVI_3")
        let grown = try only(three + group, three + more) { $0.masters = ["VI_1", "VI_2"] }
        #expect(grown.interrupts && grown.effect.hasPrefix("VI_1 is master here and VI_3 is not"))
        #expect(try only(three + group, three + more) { $0.masters = ["VI_3"] }.interrupts)
        let gone = try only(pair + group, pair) { $0.masters = ["VI_1", "VI_2"] }
        #expect(!gone.interrupts && gone.effect == "each of its members goes its own way")
    }

    @Test func `a quorum that is not reached hands the traffic to the sorry server`() throws {
        let sorry = "sorry_server 192.0.2.9 80"
        let one = service("quorum 1\n\(sorry)", server: "weight 2")
        let tooMuch = service("quorum 2\n\(sorry)", server: "weight 2")
        let server = try #require(Sample.virtualServer(one)?.realServers.first)
        let name = try #require(Sample.virtualServer(one)?.name(of: server))
        let reached = try only(one, tooMuch)
        #expect(!reached.interrupts, "all of the weight is up")
        #expect(
            reached.effect == "judged anew at once: the weight that is up is 2, and 2 is needed")
        let lost = try only(one, tooMuch) {
            $0.orders = [name: .weight(1)]
            $0.connections = [name: 7]
        }
        #expect(lost.interrupts)
        #expect(
            lost.effect
                == "lost at once: the weight that is up is 1, and 2 is needed; the sorry server takes over, "
                + "and 7 connections are cut")
        let regained = try only(tooMuch, one) {
            $0.orders = [name: .weight(1)]
            $0.lost = [name.service]
        }
        #expect(regained.interrupts && regained.effect.hasPrefix("regained at once: the servers take over"))
        let alone = try only(one.replacing(sorry, with: ""), tooMuch.replacing(sorry, with: "")) {
            $0.orders = [name: .weight(1)]
        }
        #expect(!alone.interrupts && alone.effect.hasPrefix("lost at once"), "nobody else takes over")
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
