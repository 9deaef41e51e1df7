import HealthChecks
import LoadBalancing
import NetTypes
import Testing
import VRRP

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

    private func all(
        _ old: String, _ new: String, _ change: (inout LiveFacts) -> Void = { _ in }
    ) throws -> [ReloadChange] {
        var facts = LiveFacts()
        change(&facts)
        let before = try #require(Sample.load(old).configuration)
        let after = try #require(Sample.load(new).configuration)
        return ReloadPlan(from: before, to: after, knowing: facts).changes
    }

    private func name(_ octet: UInt8) -> ServerName {
        ServerName(
            service: .address(.tcp, Endpoint(.v4(IPv4Address(192, 0, 2, 100)), port: 80)),
            server: Endpoint(.v4(IPv4Address(192, 0, 2, octet)), port: 80))
    }

    /// A server after the first one comes before it, which does not matter here.
    private func three(_ second: Int, _ third: Int?, sorry: Bool = true) -> String {
        let more = [(22, second), (23, third)].compactMap { octet, weight in
            weight.map { "real_server 192.0.2.\(octet) 80 {\nweight \($0)\n}\n" }
        }
        let lines = "quorum 3\n" + (sorry ? "sorry_server 192.0.2.9 80\n" : "")
        return service(lines + more.joined())
    }

    @Test func `a weight or a removed server that loses the quorum has a line of its own`() throws {
        // The first is under maintenance: what the others weigh is up.
        func told(_ old: String, _ new: String) throws -> [ReloadChange] {
            try all(old, new) {
                $0.orders = [name(21): .maintenance]
                $0.connections = [name(22): 3, name(23): 4]
            }
        }
        let weight = try told(three(2, 1), three(1, 1))
        #expect(weight.map(\.item) == ["real_server 192.0.2.22:80", "quorum"], "\(weight)")
        #expect(weight.map(\.interrupts) == [false, true] && weight.last?.detail == "reached -> lost")
        #expect(
            weight.last?.effect
                == "lost at once: the weight that is up is 2, and 3 is needed; the sorry server takes over, "
                + "and 7 connections are cut")
        let gone = try told(three(2, 1), three(2, nil))
        #expect(gone.map(\.item) == ["real_server 192.0.2.23:80", "quorum"], "\(gone)")
        #expect(gone.last?.effect.hasSuffix("and 3 connections are cut") == true, "\(gone)")
        let alone = try told(three(2, 1, sorry: false), three(1, 1, sorry: false))
        #expect(alone.map(\.interrupts) == [false, false] && alone.last?.item == "quorum")
        #expect(try told(three(2, 1), three(3, 1)).count == 1, "as before")
    }

    @Test func `a sorry server that comes takes the traffic at once where the quorum is lost`() throws {
        let service = try #require(Sample.virtualServer(three(1, 1)))
        func told(_ old: String, _ new: String) throws -> [ReloadChange] {
            try all(old, new) {
                $0.orders = [name(21): .maintenance]
                $0.lost = [service.identity]
                $0.connections = [name(22): 3, name(9): 6]
            }
        }
        let comes = try told(three(1, 1, sorry: false), three(1, 1))
        #expect(comes.count == 1 && comes.first?.interrupts == true)
        #expect(
            comes.first?.effect
                == "takes the traffic at once, since the quorum is lost: of the servers that are up "
                + "3 connections are cut")
        let goes = try told(three(1, 1), three(1, 1, sorry: false))
        #expect(goes.first?.interrupts == true)
        #expect(
            goes.first?.effect
                == "the servers that are up take the traffic back; of it 6 connections are cut")
        let other = try told(three(1, 1), three(1, 1).replacing("192.0.2.9 80", with: "192.0.2.8 80"))
        #expect(other.first?.effect.hasSuffix("from the other one, of which 6 connections are cut") == true)
        let more = try told(three(1, nil), three(1, 1))
        let server = more.first { $0.kind == .add }
        #expect(server?.effect == "in service once the quorum is reached", "\(more)")
    }

    @Test func `a server that is down leaves the table with its inhibit_on_failure`() throws {
        let check = "TCP_CHECK {\n}"
        let (old, new) = (service(server: "\(check)\ninhibit_on_failure"), service(server: check))
        let down = try #require(Sample.virtualServer(old)?.realServers.first?.checks.first)
        let gone = try only(old, new) {
            $0.verdicts = [down: .down]
            $0.connections = [name(21): 2]
        }
        #expect(gone.interrupts && gone.effect == "it is down and leaves the table: 2 connections are cut")
        #expect(try only(old, new) { $0.connections = [name(21): 2] }.effect.hasPrefix("in place"))
    }

    /// Of an instance that tracks a script; what it adds is in what the instance claims.
    private func tracking(_ priority: Int, _ lines: String = "look weight 20") -> String {
        let script = "vrrp_script look {\nscript /bin/true\n}\nvrrp_script other {\nscript /bin/true\n}\n"
        return script + Sample.instance(lines: "priority \(priority)\ntrack_script {\n\(lines)\n}")
    }

    @Test func `what an instance claims decides, not what is written`() throws {
        // 120 by the script, and 130 heard: 125 is still less once the script has failed.
        func told(_ priority: Int, good: Bool, _ change: (inout LiveFacts) -> Void) throws -> ReloadChange {
            try only(tracking(100), tracking(priority)) {
                $0.tracked.scripts = ["look": good]
                $0.priorities = ["VI_1": good ? 120 : 100]
                change(&$0)
            }
        }
        let takes = try told(115, good: true) { $0.followed = ["VI_1": 130] }
        #expect(takes.interrupts && takes.effect == "it takes over from the master, whose priority is 130")
        let stays = try told(115, good: false) { $0.followed = ["VI_1": 130] }
        #expect(!stays.interrupts && stays.effect == "it goes on as backup")
        let less = try told(105, good: true) { $0.followed = ["VI_1": 130] }
        #expect(!less.interrupts && less.effect == "it goes on as backup: with what it tracks it claims 125")
        let lower = try told(90, good: true) { $0.masters = ["VI_1"] }
        #expect(lower.interrupts && lower.effect.hasPrefix("with what it tracks it claims 110, which peers"))
        let fault = try told(115, good: true) { $0.faults = ["VI_1"] }
        #expect(!fault.interrupts && fault.effect == "it is in fault, and claims 135 when it is fit again")
    }

    @Test func `what interfaces take from a priority goes on counting`() throws {
        let change = try only(tracking(100), tracking(140)) {
            $0.tracked.scripts = ["look": true]
            // 30 less than the script alone makes of it.
            $0.priorities = ["VI_1": 90]
            $0.followed = ["VI_1": 130]
        }
        #expect(!change.interrupts && change.effect.hasSuffix("it claims 130"), "\(change)")
    }

    @Test func `an interface that is tracked from now on is as the kernel has it`() throws {
        func told(_ lines: String, _ usable: Set<String>?, after old: String = "eth2") throws -> String {
            func text(_ lines: String) -> String {
                Sample.instance(lines: "priority 100\ntrack_interface {\n\(lines)\n}")
            }
            let changes = try all(text(old), text(lines)) {
                $0.masters = ["VI_1"]
                $0.usableInterfaces = usable
            }
            return try #require(changes.first { $0.object == "vrrp_instance VI_1" }).effect
        }
        let up: Set = ["eth0", "eth2", "eth3"]
        #expect(try told("eth2\neth3", up) == "from now on")
        #expect(
            try told("eth2\neth3", up.subtracting(["eth3"]))
                == "track_interface eth3 forbids it to be master: it hands over, and its addresses go")
        let lower = try told("eth2\neth3 weight -30", up.subtracting(["eth3"]))
        #expect(lower.hasPrefix("with what it tracks it claims 70, which peers"), "\(lower)")
        #expect(try told("eth2\neth3 weight -30", up) == "from now on")
        #expect(try told("eth2\neth3", nil) == "from now on", "nobody knows")
        let again = try told("eth3", up.subtracting(["eth2"]))
        #expect(again == "nothing tracked keeps it in fault any more: it begins as backup")
    }

    @Test func `what is tracked from now on can lower a priority or make a fault`() throws {
        func told(
            _ lines: String, after old: String = "look weight 20", master: Bool = true, good: Bool
        ) throws -> ReloadChange {
            let changes = try all(tracking(100, old), tracking(100, lines)) {
                $0.tracked.scripts = ["look": true, "other": good]
                $0.masters = master ? ["VI_1"] : []
            }
            return try #require(changes.first { $0.object == "vrrp_instance VI_1" }, "\(changes)")
        }
        let lower = try told("look weight 20\nother weight -40", good: false)
        #expect(lower.interrupts && lower.effect.hasPrefix("with what it tracks it claims 80"), "\(lower)")
        #expect(try told("look weight 20\nother weight -40", good: true).effect == "from now on")
        let fault = try told("look weight 20\nother", good: false)
        #expect(
            fault.interrupts && fault.effect.hasPrefix("track_script other forbids it to be master: it hands")
        )
        #expect(try !told("look weight 20\nother", master: false, good: false).interrupts)
        let cured = try told("look weight 20", after: "look weight 20\nother", master: false, good: false)
        #expect(!cured.interrupts && cured.effect.hasSuffix("it begins as backup"), "\(cured)")
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
