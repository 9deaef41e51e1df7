import LoadBalancing
import NetTypes
import Testing

@Suite struct RealServerPlanTests {
    /// A host as distributions make it, on which plans are carried out.
    private struct Host {
        var facts = RealServerFacts()
        var record = RealServerRecord()

        init(tunnels: Bool = false) {
            facts.devices = [.loopback: true]
            if tunnels {
                for device in RealServerDevice.allCases where device != .loopback {
                    facts.devices[device] = false
                }
            }
            for path in RealServerPlan.paths { facts.settings[path] = "0" }
        }

        /// Does what the steps say.
        mutating func carryOut(_ plan: RealServerPlan) {
            for step in plan.steps {
                switch step {
                case .make(let device): facts.devices[device] = false
                case .set(let path, _, let value): facts.settings[path] = value
                case .switchOn(let device): facts.devices[device] = true
                case .switchOff(let device): facts.devices[device] = false
                case .unmake(let device): facts.devices[device] = nil
                case .keep: break
                case .receive(let port): facts.receiving.insert(port)
                case .ignore(let port): facts.receiving.remove(port)
                case .add(let one): facts.addresses.insert(Host.held(one))
                case .remove(let one): facts.addresses.remove(Host.held(one))
                }
            }
            record = plan.record
        }

        static func held(_ one: RealServerAddress) -> RealServerFacts.Held {
            RealServerFacts.Held(Prefix(host: one.address), on: one.device.name)
        }

        func plan(_ wanted: RealServerAddress...) -> RealServerPlan {
            RealServerPlan(applying: Set(wanted), to: facts, record)
        }

        func removal(_ unwanted: RealServerAddress...) -> RealServerPlan {
            RealServerPlan(removing: Set(unwanted.map(\.address)), from: facts, record)
        }
    }

    private let direct: RealServerAddress
    private let other: RealServerAddress
    private let tunnelled: RealServerAddress
    private let direct6: RealServerAddress
    private let tunnelled6: RealServerAddress

    init() throws {
        let (four, six) = (IPAddress("192.0.2.100"), IPAddress("2001:db8::100"))
        direct = RealServerAddress(direct: try #require(four))
        other = RealServerAddress(direct: try #require(IPAddress("192.0.2.101")))
        tunnelled = RealServerAddress(tunnelled: try #require(four), over: .inet)
        direct6 = RealServerAddress(direct: try #require(six))
        tunnelled6 = RealServerAddress(tunnelled: try #require(six), over: .inet6)
    }

    private func lines(_ plan: RealServerPlan) -> [String] { plan.steps.map { "\($0)" } }

    @Test func `direct routing is silent first, and has the address then`() {
        #expect(
            lines(Host().plan(direct)) == [
                "set net.ipv4.conf.all.arp_ignore from 0 to 1",
                "set net.ipv4.conf.all.arp_announce from 0 to 2",
                "set net.ipv4.conf.lo.arp_ignore from 0 to 1",
                "set net.ipv4.conf.lo.arp_announce from 0 to 2",
                "add 192.0.2.100/32 on lo",
            ])
    }

    @Test func `a tunnel is made, lets in what answers another way, and has the address`() {
        #expect(
            lines(Host().plan(tunnelled)).filter { !$0.contains("arp_") } == [
                "make interface tunl0 (module ipip)", "switch tunl0 on", "add 192.0.2.100/32 on tunl0",
            ])
        var host = Host(tunnels: true)
        host.facts.settings["net/ipv4/conf/all/rp_filter"] = "1"
        #expect(lines(host.plan(tunnelled)).contains("set net.ipv4.conf.tunl0.rp_filter from 0 to 2"))
        #expect(!lines(host.plan(tunnelled)).contains { $0.hasPrefix("make") })
        host.facts.settings["net/ipv4/conf/all/rp_filter"] = "2"
        #expect(!lines(host.plan(tunnelled)).contains { $0.contains("rp_filter") }, "loose for all")
        host.facts.settings["net/ipv4/conf/all/rp_filter"] = "0"
        host.facts.settings["net/ipv4/conf/tunl0/rp_filter"] = "1"
        #expect(lines(host.plan(tunnelled)).contains("set net.ipv4.conf.tunl0.rp_filter from 1 to 2"))
    }

    @Test func `IPv6 needs no settings`() {
        #expect(lines(Host().plan(direct6)) == ["add 2001:db8::100/128 on lo"])
        #expect(
            lines(Host().plan(tunnelled6)) == [
                "make interface ip6tnl0 (module ip6tnl)", "switch ip6tnl0 on",
                "add 2001:db8::100/128 on ip6tnl0",
            ])
    }

    @Test func `a stronger setting stays, and one that answers for lo does not`() {
        var host = Host()
        for value in ["1", "2", "8"] {
            host.facts.settings["net/ipv4/conf/all/arp_ignore"] = value
            #expect(!lines(host.plan(direct)).contains { $0.contains("all.arp_ignore") }, "\(value)")
        }
        host.facts.settings["net/ipv4/conf/all/arp_ignore"] = "3"
        #expect(lines(host.plan(direct)).contains("set net.ipv4.conf.all.arp_ignore from 3 to 1"))
        host.facts.settings["net/ipv4/conf/all/arp_ignore"] = nil
        #expect(lines(host.plan(direct)).contains("set net.ipv4.conf.all.arp_ignore to 1"))
    }

    @Test func `what is done needs no doing, and all of it is undone`() {
        for wanted in [direct, tunnelled, direct6, tunnelled6] {
            let before = Host(tunnels: true)
            var host = before
            host.carryOut(host.plan(wanted))
            #expect(host.plan(wanted).steps.isEmpty && host.plan(wanted).record == host.record)
            #expect(!host.record.isEmpty && host.facts != before.facts)
            host.carryOut(host.removal(wanted))
            #expect(host.facts == before.facts && host.record.isEmpty, "\(wanted)")
            #expect(host.removal(wanted).steps.isEmpty && host.removal(wanted).obstacles.isEmpty)
        }
    }

    @Test func `an address goes before ARP is answered again`() {
        var host = Host()
        host.carryOut(host.plan(direct))
        #expect(lines(host.removal(direct)).first == "remove 192.0.2.100/32 on lo")
        #expect(lines(host.removal(direct)).dropFirst().allSatisfy { $0.hasPrefix("set ") })
        #expect(host.removal(direct).steps.count == 5)
    }

    @Test func `what another address needs stays until that one goes`() {
        let before = Host()
        var host = before
        host.carryOut(host.plan(direct))
        host.carryOut(host.plan(other))
        #expect(lines(host.removal(direct)) == ["remove 192.0.2.100/32 on lo"])
        host.carryOut(host.removal(direct))
        host.carryOut(host.removal(other))
        #expect(host.facts == before.facts && host.record.isEmpty)
    }

    @Test func `an address that was there before stays`() {
        var host = Host()
        host.facts.addresses.insert(Host.held(direct))
        let before = host.facts
        let stays = ["192.0.2.100/32 on lo was not put there by this command, and stays"]
        #expect(host.removal(direct).remarks == stays && host.removal(direct).steps.isEmpty)
        host.carryOut(host.plan(direct))
        #expect(host.removal(direct).remarks == stays)
        host.carryOut(host.removal(direct))
        #expect(host.facts == before && host.record.isEmpty)
        // As often as one likes.
        let again = host.removal(direct)
        #expect(again.steps.isEmpty && again.obstacles.isEmpty && again.remarks == stays)
        #expect(again.record == RealServerRecord())
    }

    @Test func `what somebody else has added keeps the settings until it is gone`() {
        for wanted in [direct, tunnelled] {
            let stranger = RealServerAddress(other.address, on: wanted.device)
            var host = Host(tunnels: true)
            let before = host.facts
            host.carryOut(host.plan(wanted))
            host.facts.addresses.insert(Host.held(stranger))
            let removal = host.removal(wanted)
            #expect(lines(removal) == ["remove \(wanted)"])
            #expect(removal.remarks.count == 1)
            #expect(removal.remarks.first?.hasPrefix("\(stranger), which somebody else has added") == true)
            host.carryOut(removal)
            #expect(!host.record.isEmpty && host.record.addresses.isEmpty)
            #expect(host.removal(wanted).steps.isEmpty && host.removal(wanted).remarks == removal.remarks)
            host.facts.addresses.remove(Host.held(stranger))
            host.carryOut(host.removal(wanted))
            #expect(host.facts == before && host.record == RealServerRecord(), "\(wanted)")
        }
    }

    @Test func `one that somebody else has added keeps the settings though it is named, too`() {
        for together in [true, false] {
            var host = Host()
            let before = host.facts
            host.carryOut(host.plan(direct))
            host.facts.addresses.insert(Host.held(other))
            if !together { host.carryOut(host.removal(other)) }
            let removal = together ? host.removal(direct, other) : host.removal(direct)
            #expect(lines(removal) == ["remove \(direct)"])
            #expect(removal.remarks.contains { $0.hasPrefix("\(other), which somebody else has added") })
            host.carryOut(removal)
            host.facts.addresses.remove(Host.held(other))
            host.carryOut(host.removal(direct))
            #expect(host.facts == before && host.record == RealServerRecord())
        }
    }

    @Test func `what was there before, and the host's own addresses, keep nothing`() throws {
        var host = Host()
        for text in ["127.0.0.1/8", "::1/128", "192.0.2.101/32"] {
            host.facts.addresses.insert(RealServerFacts.Held(try #require(Prefix(text)), on: "lo"))
        }
        let before = host.facts
        host.carryOut(host.plan(direct))
        #expect(host.record.beside == [other])
        host.carryOut(host.plan(direct))
        #expect(host.removal(direct).remarks == [])
        host.carryOut(host.removal(direct))
        #expect(host.facts == before && host.record == RealServerRecord())
    }

    @Test func `a device that was made is removed, and one that was there is not`() {
        for wanted in [tunnelled, tunnelled6, RealServerAddress(inGRE: tunnelled.address)] {
            let before = Host()
            var host = before
            host.carryOut(host.plan(wanted))
            #expect(host.record.made == [wanted.device])
            let removal = host.removal(wanted)
            #expect(lines(removal).last == "remove interface \(wanted.device.name)")
            #expect(lines(removal).contains("switch \(wanted.device.name) off"))
            host.carryOut(removal)
            #expect(host.facts.devices == before.facts.devices && host.record == RealServerRecord())
            #expect(host.removal(wanted).steps.isEmpty)
        }
        var host = Host(tunnels: true)
        host.carryOut(host.plan(tunnelled))
        #expect(!lines(host.removal(tunnelled)).contains { $0.hasPrefix("remove interface") })
        #expect(
            "\(RealServerStep.keep(.ipv4Tunnel))".contains("tunl0, which is the kernel's own, switched off"))
    }

    @Test func `a host that has the address in another way is told so, and left alone`() throws {
        for (text, interface) in [("192.0.2.100/24", "eth0"), ("192.0.2.100/24", "lo")] {
            var host = Host()
            host.facts.addresses = [RealServerFacts.Held(try #require(Prefix(text)), on: interface)]
            let plan = host.plan(direct, other)
            #expect(plan.steps.isEmpty && plan.record.isEmpty)
            #expect(
                plan.obstacles == [
                    "this host has \(text) on \(interface); as a real server it has \(direct) alone"
                ])
        }
        var host = Host(tunnels: true)
        host.carryOut(host.plan(direct))
        #expect(!host.plan(tunnelled).obstacles.isEmpty, "one mode at a time")
    }

    @Test func `what somebody else undid is done again, and is still put back`() {
        let before = Host()
        var host = before
        host.carryOut(host.plan(direct))
        host.facts.addresses = []
        host.facts.settings["net/ipv4/conf/all/arp_ignore"] = "0"
        #expect(host.plan(direct).steps.count == 2)
        host.facts.settings["net/ipv4/conf/all/arp_ignore"] = "3"
        host.carryOut(host.plan(direct))
        host.carryOut(host.removal(direct))
        #expect(host.facts == before.facts, "the first value counts")
    }

    @Test func `of a device that is gone nothing is put back, and nothing stays to be`() {
        var host = Host(tunnels: true)
        host.facts.settings["net/ipv4/conf/tunl0/rp_filter"] = "1"
        host.carryOut(host.plan(tunnelled))
        host.facts.devices[.ipv4Tunnel] = nil
        host.facts.addresses = []
        host.facts.settings["net/ipv4/conf/tunl0/rp_filter"] = "0"
        let removal = host.removal(tunnelled)
        #expect(!lines(removal).contains { $0.contains("tunl0") }, "\(lines(removal))")
        #expect(removal.record.isEmpty && removal.obstacles.isEmpty)
    }

    @Test func `behind NAT answers must go by the director`() throws {
        func faults(_ actual: String?, _ facts: RealServerFacts = RealServerFacts()) throws -> [String] {
            RealServerGateway.faults(
                client: try #require(IPAddress("203.0.113.9")), gateway: try #require(IPAddress("10.0.0.1")),
                actual: actual.flatMap { IPAddress($0) }, addresses: [direct.address], facts)
        }
        #expect(try faults("10.0.0.1") == [])
        #expect(try faults("10.0.0.2").first?.hasPrefix("answers to 203.0.113.9 go by 10.0.0.2, not") == true)
        #expect(try faults(nil).first?.contains("without a gateway, or nowhere, not by 10.0.0.1") == true)
        var facts = RealServerFacts()
        facts.addresses = [Host.held(direct), Host.held(other)]
        #expect(
            try faults("10.0.0.1", facts) == [
                "this host has 192.0.2.100/32 on lo, which the directors alone have"
            ])
    }

    @Test func `GUE is received at a port of each family, until no address comes in there`() {
        var host = Host(tunnels: true)
        let before = host.facts
        let plan = RealServerPlan(
            applying: [tunnelled, tunnelled6], inGUE: 6080, to: host.facts, host.record)
        let (four, six) = (GUEPort(.inet, 6080), GUEPort(.inet6, 6080))
        let received = plan.steps.filter { if case .receive = $0 { true } else { false } }
        #expect(received == [.receive(four), .receive(six)] && four < six)
        #expect("\(received[0])" == "receive GUE at port 6080 of IPv4")
        #expect(plan.steps.last == .add(tunnelled6), "an address comes last")
        host.carryOut(plan)
        #expect(
            RealServerPlan(applying: [tunnelled], inGUE: 6080, to: host.facts, host.record).steps.isEmpty)
        let removal = host.removal(tunnelled)
        #expect(removal.steps.contains(.ignore(four)) && !removal.steps.contains(.ignore(six)))
        #expect("\(RealServerStep.ignore(six))" == "stop receiving GUE at port 6080 of IPv6")
        host.carryOut(removal)
        host.carryOut(host.removal(tunnelled6))
        #expect(host.facts == before && host.record.isEmpty)
    }

    @Test func `an address that moves to another port keeps both until it goes`() {
        var host = Host(tunnels: true)
        let other = RealServerAddress(tunnelled: .v4(IPv4Address(192, 0, 2, 98)), over: .inet)
        host.carryOut(RealServerPlan(applying: [tunnelled], inGUE: 6080, to: host.facts, host.record))
        host.carryOut(RealServerPlan(applying: [tunnelled], inGUE: 6081, to: host.facts, host.record))
        host.carryOut(RealServerPlan(applying: [tunnelled, other], to: host.facts, host.record))
        host.carryOut(host.removal(other))
        #expect(host.facts.receiving == [GUEPort(.inet, 6080), GUEPort(.inet, 6081)])
        host.carryOut(host.removal(tunnelled))
        #expect(host.facts.receiving.isEmpty)
    }

    @Test func `a port goes with the last address that comes in there, whatever else is on its tunnel`() {
        var host = Host(tunnels: true)
        let before = host.facts
        let others = [98, 99].map {
            RealServerAddress(tunnelled: .v4(IPv4Address(192, 0, 2, $0)), over: .inet)
        }
        host.carryOut(RealServerPlan(applying: [others[0]], to: host.facts, host.record))
        host.carryOut(RealServerPlan(applying: [tunnelled], inGUE: 6080, to: host.facts, host.record))
        host.carryOut(RealServerPlan(applying: [others[1]], inGUE: 6080, to: host.facts, host.record))
        let port = GUEPort(.inet, 6080)
        #expect(!host.removal(others[0]).steps.contains(.ignore(port)))
        host.carryOut(host.removal(others[1]))
        #expect(host.facts.receiving == [port])
        host.carryOut(host.removal(tunnelled))
        #expect(host.facts.receiving.isEmpty && !host.record.isEmpty)
        host.carryOut(host.removal(others[0]))
        #expect(host.facts == before && host.record.isEmpty)
    }

    @Test func `a port stays for what somebody else has put on its tunnel`() {
        var host = Host(tunnels: true)
        host.carryOut(RealServerPlan(applying: [tunnelled], inGUE: 6080, to: host.facts, host.record))
        let stranger = RealServerAddress(tunnelled: .v4(IPv4Address(192, 0, 2, 98)), over: .inet)
        host.facts.addresses.insert(Host.held(stranger))
        #expect(!host.removal(tunnelled).steps.contains(.ignore(GUEPort(.inet, 6080))))
    }

    @Test func `GUE comes in over the family of this host's own address`() throws {
        var host = Host(tunnels: true)
        let six = RealServerAddress(tunnelled: tunnelled6.address, over: .inet)
        let four = RealServerAddress(tunnelled: tunnelled.address, over: .inet6)
        #expect(six.device == .mixedTunnel && four.device == .ipv6Tunnel)
        host.carryOut(RealServerPlan(applying: [six], inGUE: 6080, to: host.facts, host.record))
        host.carryOut(RealServerPlan(applying: [four], inGUE: 6080, to: host.facts, host.record))
        let (below, above) = (GUEPort(.inet, 6080), GUEPort(.inet6, 6080))
        #expect(host.facts.receiving == [below, above])
        #expect(RealServerRecord(host.record.text)?.ports == [six: [below], four: [above]])
        #expect(host.removal(six).steps.contains(.ignore(below)))
        let stranger = RealServerAddress(tunnelled: .v4(IPv4Address(192, 0, 2, 98)), over: .inet)
        host.facts.addresses.insert(Host.held(stranger))
        #expect(!host.removal(six).steps.contains(.ignore(below)), "it may come in there, too")
    }

    @Test func `a port at which GUE was received before stays`() {
        var host = Host(tunnels: true)
        host.facts.receiving = [GUEPort(.inet, 6080)]
        let before = host.facts
        host.carryOut(RealServerPlan(applying: [tunnelled], inGUE: 6080, to: host.facts, host.record))
        #expect(host.record.receiving.isEmpty)
        host.carryOut(host.removal(tunnelled))
        #expect(host.facts == before)
    }
}
