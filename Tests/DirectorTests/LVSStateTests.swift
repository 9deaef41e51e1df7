import HealthChecks
import LinuxIO
import LoadBalancing
import LoopGuard
import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct LVSStateTests {
    private let peerMAC = MACAddress(rawValue: 0x0200_0000_000B)

    private func state(_ change: (inout LVSAssignment) -> Void = { _ in }) -> LVSState {
        var assignment = LVSAssignment(virtualServers: [virtualServer()])
        change(&assignment)
        var state = LVSState()
        state.configure(assignment, at: at(0))
        return state
    }

    @Test func `what a verdict changes is an event for the journal`() {
        var state = state { $0.virtualServers = [virtualServer(servers: [realServer("192.0.2.21")])] }
        let events = state.apply([news("192.0.2.21", .down, "connection refused")]).map(\.event?.fields)
        let service = LogField("VIRTUAL_SERVER", "192.0.2.100:80/tcp")
        #expect(
            events == [
                [
                    LogField("MESSAGE_ID", LogEvent.Kind.server.rawValue), service,
                    LogField("REAL_SERVER", "192.0.2.21:80"), LogField("STATE_FROM", "up"),
                    LogField("STATE_TO", "down"),
                    LogField("REASON", "connection refused after 2.0 ms, 2 of 2 tries"),
                ],
                [
                    LogField("MESSAGE_ID", LogEvent.Kind.quorum.rawValue), service,
                    LogField("STATE_TO", "lost"), LogField("REASON", "weight 0 of 1"),
                ],
            ])
    }

    // MARK: What a reload can have changed

    private func service(_ port: UInt16, _ change: (inout VirtualServer) -> Void = { _ in }) -> VirtualServer
    {
        var service = virtualServer(port: port)
        change(&service)
        return service
    }

    /// Lists of services, one reload after the other.
    private var reloads: [[VirtualServer]] {
        let mark = FirewallMark(9)
        let heavy = service(82) { $0.realServers[0].weight = 7 }
        let guarded = service(82) { $0.guardMark = mark }
        return [
            [81, 82, 83].map { service($0) }, [service(81), heavy, service(83)],
            [service(81), guarded, service(83)],
            [service(81), guarded, service(83), service(84) { $0.guardMark = mark }],
            [service(83), service(81)], [], [service(81)], [service(81), service(82)],
        ]
    }

    @Test func `services that a reload is not said to have changed are as before`() throws {
        var state = state { $0.virtualServers = reloads[0] }
        #expect(state.changed == nil, "what others have in the table is not known yet")
        for services in reloads.dropFirst() {
            let before = state.services
            state.configure(LVSAssignment(virtualServers: services), at: at(1))
            let changed = try #require(state.changed)
            let after = state.services
            for identity in Set(before.keys).union(after.keys) where before[identity] != after[identity] {
                #expect(changed.contains(identity))
            }
            #expect(state.services(changed) == after.filter { changed.contains($0.key) })
        }
    }

    @Test func `one service that has changed is all that is looked at`() {
        var state = state { $0.virtualServers = reloads[0] }
        state.configure(LVSAssignment(virtualServers: reloads[1]), at: at(1))
        #expect(state.changed == [service(82).identity])
        state.configure(LVSAssignment(virtualServers: reloads[1]), at: at(1))
        #expect(state.changed == [])
    }

    @Test func `where verdicts, weights or orders differ, any service may have changed`() {
        let name = service(81).name(of: realServer("192.0.2.21"))
        let down = news("192.0.2.21", .down)
        let changes: [(inout LVSAssignment) -> Void] = [
            { $0.verdicts = [down] }, { $0.orders = [name: .drain] },
            { $0.verdicts = [CheckVerdict(check: down.check, verdict: .up, report: nil, weight: 3)] },
        ]
        for change in changes {
            var state = state { $0.virtualServers = reloads[0] }
            var assignment = state.assignment
            change(&assignment)
            state.configure(assignment, at: at(1))
            #expect(state.changed == nil)
        }
    }

    private func news(_ address: String, _ verdict: Verdict, _ detail: String? = nil) -> CheckVerdict {
        let report = detail.map {
            ProbeReport(
                result: ProbeResult(.connectionFailed, $0), duration: .milliseconds(2), finishedAt: at(1),
                failures: 2,
                failuresAllowed: 2)
        }
        return CheckVerdict(check: tcpCheck(address), verdict: verdict, report: report)
    }

    @Test func `servers are in the table until a check says otherwise`() throws {
        var state = state()
        let identity = virtualServer().identity
        #expect(state.services[identity]?.destinations.count == 2)
        let lines = state.applied([news("192.0.2.21", .down, "connection refused")])
        #expect(
            lines == [
                "192.0.2.21:80 in 192.0.2.100:80/tcp: down: connection refused after 2.0 ms, 2 of 2 tries"
            ])
        #expect(state.services[identity]?.destinations.keys.map(\.description) == ["192.0.2.22:80"])
    }

    @Test func `an operator's order is in the table, and only a quorum is a line`() throws {
        var web = virtualServer()
        web.quorum = 2
        var state = state { $0.virtualServers = [web, virtualServer(port: 81)] }
        func weights() -> [String: UInt32] {
            let service = state.services([web.identity])[web.identity]
            return Dictionary(
                uniqueKeysWithValues: (service?.destinations.values ?? [:].values).map {
                    ("\($0.endpoint.address)", $0.weight)
                })
        }
        let first = ServerName(service: web.identity, server: endpoint("192.0.2.21", 80))
        let heavy = state.follow([first: .weight(9)])
        #expect(heavy.lines.map(\.text) == [] && heavy.services == [web.identity])
        #expect(weights() == ["192.0.2.21": 9, "192.0.2.22": 1])
        let drained = state.follow([first: .drain])
        #expect(drained.lines.map(\.text) == ["192.0.2.100:80/tcp: quorum lost, weight 1 of 2"])
        #expect(weights() == ["192.0.2.21": 0, "192.0.2.22": 1] && state.lost == [web.identity])
        let same = state.follow([first: .drain])
        #expect(same.lines.map(\.text) == [] && same.services == [])
        let gone = state.follow([first: .maintenance])
        #expect(gone.lines.map(\.text) == [] && weights() == ["192.0.2.22": 1])
        #expect(state.applied([news("192.0.2.21", .down)]).count == 2, "both services' server is down")
        #expect(weights() == ["192.0.2.22": 1])
        _ = state.applied([news("192.0.2.21", .up)])
        #expect(weights() == ["192.0.2.22": 1], "maintenance stands above what checks say")
        let back = state.follow([:])
        #expect(back.lines.map(\.text) == ["192.0.2.100:80/tcp: quorum regained, weight 2 of 2"])
        #expect(weights() == ["192.0.2.21": 1, "192.0.2.22": 1])
        let strange = ServerName(
            service: virtualServer(port: 99).identity, server: endpoint("192.0.2.21", 80))
        #expect(state.follow([strange: .drain]).services == [])
    }

    @Test func `a role that was restarted knows what operators want`() {
        let name = ServerName(service: virtualServer().identity, server: endpoint("192.0.2.21", 80))
        let state = state { $0.orders = [name: .maintenance] }
        #expect(state.services[name.service]?.destinations.keys.map(\.description) == ["192.0.2.22:80"])
    }

    @Test func `a group is one line and all its services`() throws {
        let range = try #require(AddressRange("192.0.2.100-102"))
        var server = virtualServer()
        server.group = ServiceGroup(
            name: "web", transport: .tcp, family: .inet, lines: [.addresses(range, port: 80)])
        var state = state { $0.virtualServers = [server] }
        #expect(state.services.count == 3)
        let news = [news("192.0.2.21", .down), news("192.0.2.22", .down)]
        #expect(
            state.applied(news) == [
                "192.0.2.21:80 in group web/tcp: down", "192.0.2.22:80 in group web/tcp: down",
                "group web/tcp: quorum lost, weight 0 of 1",
            ])
        let changed = state.services(changedBy: news)
        #expect(changed == Set(server.identities))
        #expect(state.services(changed).values.map(\.destinations.count) == [0, 0, 0])
    }

    @Test func `a server that comes back is a line too`() {
        var state = state()
        _ = state.applied([news("192.0.2.21", .down)])
        #expect(state.applied([news("192.0.2.21", .up)]) == ["192.0.2.21:80 in 192.0.2.100:80/tcp: up"])
    }

    @Test func `a role that was restarted guards on with what its predecessor knew`() {
        let peer = Peer.address(v4("192.0.2.3"), interface: nil)
        let configuration = LoopGuardConfiguration(peers: [peer])
        var known = PeerTable(configuration)
        _ = known.unanswered(by: peer)
        let guarded = virtualServer(guardMark: mark(9))
        let fresh = state {
            $0.virtualServers = [guarded]; $0.loopGuard = configuration
        }
        #expect(fresh.rules(.inet).rules.isEmpty)
        var restarted = state {
            $0.virtualServers = [guarded]
            $0.loopGuard = configuration
            $0.peers = known
        }
        #expect(restarted.rules(.inet).rules.count == 1)
        // What it has learned itself is newer.
        _ = restarted.peers?.learned(peerMAC, of: peer)
        restarted.configure(restarted.assignment, at: at(0))
        #expect(restarted.rules(.inet).rules.first == .exempt(peerMAC))
    }

    @Test func `a quorum with a hysteresis is lost late and regained late`() {
        let servers = ["192.0.2.21", "192.0.2.22", "192.0.2.23", "192.0.2.24"].map { realServer($0) }
        var web = virtualServer(servers: servers, sorry: realServer("192.0.2.90", checks: []))
        web.quorum = 3
        web.hysteresis = 1
        var state = state { $0.virtualServers = [web] }
        func lines(_ address: String, _ verdict: Verdict) -> [String] {
            state.applied([news(address, verdict)]).filter { $0.contains("quorum") }
        }
        let sorry = endpoint("192.0.2.90", 80)
        #expect(lines("192.0.2.21", .down) == [])
        #expect(lines("192.0.2.22", .down) == [], "2 is within the hysteresis")
        #expect(lines("192.0.2.23", .down).count == 1)
        #expect(state.services[web.identity]?.destinations.keys.map(\.self) == [sorry])
        #expect(lines("192.0.2.23", .up) == [])
        #expect(lines("192.0.2.22", .up) == [], "3 is within it, too")
        state.configure(state.assignment, at: at(0))
        _ = state.applied([news("192.0.2.21", .down)])
        #expect(lines("192.0.2.21", .up).count <= 1)
        #expect(state.services[web.identity]?.destinations[sorry] == nil, "all are up")
    }

    @Test func `a role that was restarted knows on which side of the hysteresis a service was`() {
        let servers = ["192.0.2.21", "192.0.2.22", "192.0.2.23"].map { realServer($0) }
        var web = virtualServer(servers: servers, sorry: realServer("192.0.2.90", checks: []))
        web.quorum = 2
        web.hysteresis = 1
        let down = CheckVerdict(check: tcpCheck("192.0.2.21"), verdict: .down, report: nil)
        func restarted(_ lost: Set<ServiceIdentity>) -> LVSState {
            state {
                $0.virtualServers = [web]
                $0.verdicts = [down]
                $0.lost = lost
            }
        }
        // Two of three are up: neither enough to regain the quorum nor few enough to lose it.
        #expect(restarted([]).lost == [])
        #expect(restarted([web.identity]).lost == [web.identity])
        var running = restarted([web.identity])
        running.configure(restarted([]).assignment, at: at(0))
        #expect(running.lost == [web.identity], "what it knows itself is newer")
    }

    @Test func `a weight that a check asks for is the server's, and a line`() throws {
        let program = scriptCheck()
        var web = virtualServer(servers: [
            realServer("192.0.2.21", checks: [program]), realServer("192.0.2.22"),
        ])
        web.realServers[0].weight = 10
        var state = state { $0.virtualServers = [web] }
        func weight() -> UInt32? {
            state.services[web.identity]?.destinations[endpoint("192.0.2.21", 80)]?.weight
        }
        #expect(weight() == 10)
        let name = "192.0.2.21:80 in 192.0.2.100:80/tcp"
        func news(_ verdict: Verdict, _ weight: Int32?) -> CheckVerdict {
            CheckVerdict(check: program, verdict: verdict, report: nil, weight: weight)
        }
        #expect(state.applied([news(.up, 3)]) == ["\(name): weight 3, was 10"])
        #expect(weight() == 3)
        #expect(state.applied([news(.up, 3)]) == [])
        #expect(state.applied([news(.down, 3)]) == ["\(name): down"])
        #expect(weight() == nil)
        #expect(state.applied([news(.up, 0)]) == ["\(name): up"])
        #expect(weight() == 0)
        let same = self.state {
            $0.virtualServers = [web]; $0.verdicts = [news(.up, 7)]
        }
        #expect(same.services[web.identity]?.destinations[endpoint("192.0.2.21", 80)]?.weight == 7)
    }

    @Test func `the addresses of suspending services are watched`() {
        var web = virtualServer()
        #expect(self.state { $0.virtualServers = [web] }.watchedAddresses == [])
        web.suspendsChecks = true
        let state = self.state { $0.virtualServers = [web, virtualServer("192.0.2.101")] }
        #expect(state.watchedAddresses == [v4("192.0.2.100")])
    }

    @Test func `what changes nothing is no line`() {
        var state = state()
        #expect(state.applied([news("192.0.2.21", .up)]).isEmpty)
        #expect(state.applied([news("192.0.2.99", .down)]).isEmpty, "a check nobody names")
    }

    @Test func `a server is up only when every check says so`() {
        let second = tcpCheck("192.0.2.21", port: 81)
        let both = realServer("192.0.2.21", checks: [tcpCheck("192.0.2.21"), second])
        var state = state { $0.virtualServers = [virtualServer(servers: [both, realServer("192.0.2.22")])] }
        #expect(state.applied([news("192.0.2.21", .down)]).count == 1)
        let more = CheckVerdict(check: second, verdict: .down, report: nil)
        #expect(state.applied([more]).isEmpty, "it is down already")
        #expect(state.applied([news("192.0.2.21", .up)]).isEmpty, "it is down still")
        #expect(state.applied([CheckVerdict(check: second, verdict: .up, report: nil)]).count == 1)
    }

    @Test func `one check speaks for every server that names it`() {
        var state = state { $0.virtualServers = [virtualServer(), virtualServer("192.0.2.101")] }
        #expect(
            state.applied([news("192.0.2.21", .down)]) == [
                "192.0.2.21:80 in 192.0.2.100:80/tcp: down", "192.0.2.21:80 in 192.0.2.101:80/tcp: down",
            ])
    }

    @Test func `a verdict concerns the services that its check's servers are in, and no others`() {
        let other = virtualServer("192.0.2.102", servers: [realServer("192.0.2.23")])
        var state = state { $0.virtualServers = [virtualServer(), virtualServer("192.0.2.101"), other] }
        let news = [news("192.0.2.21", .down)]
        let touched = state.services(changedBy: news)
        #expect(touched == [virtualServer().identity, virtualServer("192.0.2.101").identity])
        _ = state.applied(news)
        #expect(Set(state.services(touched).keys) == touched)
        for (identity, service) in state.services(touched) { #expect(state.services[identity] == service) }
        #expect(state.services(changedBy: [self.news("192.0.2.99", .down)]).isEmpty)
        #expect(state.services([]).isEmpty)
    }

    @Test func `virtual servers that share a service of the kernel are planned together`() throws {
        let first = virtualServer(servers: [realServer("192.0.2.21")], guardMark: mark(3))
        let second = virtualServer(port: 81, servers: [realServer("192.0.2.22")], guardMark: mark(3))
        let state = state { $0.virtualServers = [first, second] }
        let touched = state.services(changedBy: [news("192.0.2.22", .down)])
        #expect(touched.map(\.description) == ["fwmark:3"])
        let shared = try #require(state.services(touched).values.first)
        #expect(shared.destinations.count == 2)
        #expect(state.services == state.services(touched))
    }

    @Test func `the quorum and the sorry server are told`() {
        var state = state { $0.virtualServers = [virtualServer(sorry: realServer("192.0.2.30", checks: []))] }
        _ = state.applied([news("192.0.2.21", .down)])
        #expect(
            state.applied([news("192.0.2.22", .down)]) == [
                "192.0.2.22:80 in 192.0.2.100:80/tcp: down",
                "192.0.2.100:80/tcp: quorum lost, weight 0 of 1; sorry server 192.0.2.30:80 takes over",
            ])
        let destinations = state.services[virtualServer().identity]?.destinations.keys.map(\.description)
        #expect(destinations == ["192.0.2.30:80"])
        #expect(
            state.applied([news("192.0.2.22", .up)]).last
                == "192.0.2.100:80/tcp: quorum regained, weight 1 of 1")
    }

    @Test func `verdicts of the assignment count from the start`() {
        let state = state { $0.verdicts = [news("192.0.2.21", .down)] }
        #expect(state.services[virtualServer().identity]?.destinations.count == 1)
    }

    @Test func `the sync threads follow the instance`() {
        let daemon = SyncDaemonConfiguration(interface: "eth0", instance: "VI_1", syncID: 51)
        var state = state { $0.syncDaemon = daemon }
        #expect(state.syncDaemon == SyncDaemonState(backup: daemon), "before the first election")
        state.note(.master, of: "VI_1", at: at(1))
        #expect(state.syncDaemon.master == daemon)
        state.note(.fault, of: "VI_1", at: at(2))
        #expect(state.syncDaemon.backup == daemon)
        let ended = state.endLingering(at: at(9))
        #expect(ended)
        state.note(.master, of: "VI_2", at: at(10))
        #expect(state.syncDaemon == SyncDaemonState(backup: daemon))
        state.configure(LVSAssignment(), at: at(11))
        #expect(state.syncDaemon == SyncDaemonState() && state.lingersUntil == nil)
    }

    @Test func `what a former master has not sent yet leaves before its thread stops`() {
        let daemon = SyncDaemonConfiguration(interface: "eth0", instance: "VI_1", syncID: 51)
        var state = state { $0.syncDaemon = daemon }
        state.note(.master, of: "VI_1", at: at(1))
        state.note(.backup, of: "VI_1", at: at(2))
        // It listens at once.
        #expect(state.syncDaemon == SyncDaemonState(master: daemon, backup: daemon))
        #expect(state.lingersUntil == at(5))
        // Nothing else that happens makes the wait longer.
        state.note(.master, of: "VI_2", at: at(3))
        state.configure(state.assignment, at: at(4))
        #expect(state.lingersUntil == at(5))
        let ends = [milliseconds(4999), at(5), at(6)].map { state.endLingering(at: $0) }
        #expect(ends == [false, true, false])
        #expect(state.syncDaemon == SyncDaemonState(backup: daemon))
    }

    @Test func `one that is master again goes on sending`() {
        let daemon = SyncDaemonConfiguration(interface: "eth0", instance: "VI_1")
        var state = state { ($0.syncDaemon, $0.states) = (daemon, ["VI_1": .master]) }
        state.note(.backup, of: "VI_1", at: at(1))
        state.note(.master, of: "VI_1", at: at(2))
        #expect(state.syncDaemon.master == daemon)
        let ended = state.endLingering(at: at(4))
        #expect(!ended && state.lingersUntil == at(5), "what ends is that it listens")
    }

    @Test func `a new master hears what the former one still sends, and balances meanwhile`() {
        let daemon = SyncDaemonConfiguration(interface: "eth0", instance: "VI_1", syncID: 51)
        var state = state {
            $0.virtualServers = [virtualServer(guardMark: mark(3))]
            $0.loopGuard = LoopGuardConfiguration(peers: [.mac(peerMAC)])
            ($0.syncDaemon, $0.mayUseBackupOnly) = (daemon, true)
        }
        #expect(state.settings == [.backupOnly: "1"])
        state.note(.master, of: "VI_1", at: at(1))
        #expect(state.syncDaemon == SyncDaemonState(master: daemon, backup: daemon))
        #expect(state.settings == [.backupOnly: "0"] && state.lingersUntil == at(4))
        state.note(.master, of: "VI_2", at: at(2))
        var assignment = state.assignment
        (assignment.states, assignment.loopGuard) = (["VI_1": .master], nil)
        state.configure(assignment, at: at(3))
        #expect(state.syncDaemon.backup == daemon && state.lingersUntil == at(4))
        #expect(state.settings == [.backupOnly: "0"], "somebody else may have set it")
        var stopped = state
        stopped.configure(LVSAssignment(), at: at(3))
        #expect(stopped.syncDaemon == SyncDaemonState(master: daemon) && stopped.lingersUntil == at(6))
        let ended = state.endLingering(at: at(4))
        #expect(ended && state.syncDaemon == SyncDaemonState(master: daemon) && state.settings.isEmpty)
    }

    @Test func `a master that stops sends the rest, too, and a backup has none`() {
        let daemon = SyncDaemonConfiguration(interface: "eth0", instance: "VI_1")
        var master = state { ($0.syncDaemon, $0.states) = (daemon, ["VI_1": .master]) }
        master.configure(LVSAssignment(), at: at(7))
        #expect(master.syncDaemon == SyncDaemonState(master: daemon) && master.lingersUntil == at(10))
        let ended = master.endLingering(at: at(10))
        #expect(ended && master.syncDaemon == SyncDaemonState())
        var backup = state { $0.syncDaemon = daemon }
        backup.configure(LVSAssignment(), at: at(7))
        #expect(backup.syncDaemon == SyncDaemonState() && backup.lingersUntil == nil)
    }

    @Test func `threads start again when a setting asks for it, and not while one lingers`() {
        let daemon = SyncDaemonConfiguration(interface: "eth0", instance: "VI_1", syncID: 51)
        var state = state { $0.syncDaemon = daemon }
        func asks(_ changed: Set<IPVSSetting>) -> Bool { state.startThreadsAnew(after: changed) }
        #expect(
            [asks([]), asks([.backupOnly]), asks([.syncPorts]), asks([])] == [false, false, true, false])
        for new in [Router.StateName.master, .backup] {
            let start: Int64 = new == .master ? 1 : 11
            state.note(new, of: "VI_1", at: at(start))
            var assignment = state.assignment
            assignment.settings[.syncPorts] = "\(start)"
            assignment.states = ["VI_1": new]
            state.configure(assignment, at: at(start + 1))
            let during = [asks([.syncPorts]), asks([])]
            #expect(during == [false, false], "the last messages are under way")
            let ended = state.endLingering(at: at(start + 3))
            let after = [asks([]), asks([])]
            #expect(ended && after == [true, false])
        }
        state.note(.master, of: "VI_1", at: at(21))
        state.configure(LVSAssignment(), at: at(22))
        #expect(!asks([.syncPorts]))
        let ended = state.endLingering(at: at(25))
        #expect(ended && !asks([.syncPorts]), "nothing starts at a stop")
    }

    @Test func `a successor follows the last known state at once`() {
        let daemon = SyncDaemonConfiguration(interface: "eth0", instance: "VI_1")
        let state = state { ($0.syncDaemon, $0.states) = (daemon, ["VI_1": .master]) }
        #expect(state.syncDaemon == SyncDaemonState(master: daemon))
    }

    @Test func `rules are there once the peer is known`() throws {
        let peer = Peer.address(v4("192.0.2.3"), interface: nil)
        var state = state {
            $0.virtualServers = [virtualServer(guardMark: mark(3))]
            $0.loopGuard = LoopGuardConfiguration(peers: [peer])
        }
        #expect(state.hasGuard)
        #expect(state.rules(.inet).rules.isEmpty, "while the peer is being asked for nothing is marked")
        #expect(state.peers?.learned(peerMAC, of: peer) == true)
        #expect(
            state.rules(.inet).rules.map(\.description).first
                == "-m mac --mac-source 02:00:00:00:00:0b -j RETURN")
        #expect(state.rules(.inet).rules.count == 2)
        #expect(state.rules(.inet6).rules.isEmpty)
        #expect(state.services.keys.map(\.description) == ["fwmark:3"])
    }

    @Test(arguments: LoopGuardBackend.allCases)
    func `one backend has the rules of the guard, the other one none`(backend: LoopGuardBackend) {
        let state = state {
            $0.virtualServers = [virtualServer(guardMark: mark(3))]
            $0.loopGuard = LoopGuardConfiguration(peers: [.mac(peerMAC)])
            $0.guardBackend = backend
        }
        let kinds: [RulesPlace.Kind] = [.marks, .nativeMarks]
        let counts = kinds.map { state.rules(in: RulesPlace(kind: $0, family: .inet)).count }
        #expect(counts == (backend == .iptables ? [2, 0] : [0, 2]))
    }

    @Test func `a reload keeps what is known of peers`() {
        let peer = Peer.address(v4("192.0.2.3"), interface: nil)
        let assignment = LVSAssignment(
            virtualServers: [virtualServer(guardMark: mark(3))],
            loopGuard: LoopGuardConfiguration(peers: [peer]))
        var state = LVSState()
        state.configure(assignment, at: at(0))
        _ = state.peers?.learned(peerMAC, of: peer)
        state.configure(assignment, at: at(0))
        #expect(state.rules(.inet).rules.count == 2)
        state.configure(LVSAssignment(), at: at(0))
        #expect(state.peers == nil)
        #expect(state.rules(.inet).rules.isEmpty)
    }

    static let switches: [(guarded: Bool, safe: Bool, wanted: Bool)] = [
        (true, true, true), (true, false, false), (false, true, false), (false, false, false),
    ]

    @Test(arguments: switches) func `backup_only goes with a guard, where it is safe`(
        guarded: Bool, safe: Bool, wanted: Bool
    ) {
        let state = state {
            $0.virtualServers = [virtualServer(guardMark: guarded ? mark(3) : nil)]
            $0.loopGuard = LoopGuardConfiguration(peers: [.mac(peerMAC)])
            $0.mayUseBackupOnly = safe
        }
        #expect(state.settings == (wanted ? [.backupOnly: "1"] : [:]))
    }

    @Test func `what is configured is wanted until the end`() {
        var state = state { $0.settings = [.syncThreshold: "1 0", .sloppyTCP: "0"] }
        #expect(state.settings == [.syncThreshold: "1 0", .sloppyTCP: "0"])
        state.configure(LVSAssignment(), at: at(0))
        #expect(state.settings.isEmpty)
    }

    @Test func `FULLNAT has source rules, and packets tracked, until the end`() {
        var full = virtualServer(forwarding: .masquerade)
        full.sourceTranslation = .address(v4("192.0.2.250"))
        var state = state {
            $0.virtualServers = [full]
            $0.held = [v4("192.0.2.250")]
            $0.settings = [.sloppyTCP: "1"]
        }
        #expect(state.hasFullNAT && state.kindOfNAT(in: .inet) == "FULLNAT")
        #expect(state.kindOfNAT(in: .inet6) == nil)
        #expect(state.settings == [.conntrack: "1", .sloppyTCP: "1"])
        #expect(state.rules(in: RulesPlace(kind: .sources, family: .inet)).count == 1)
        #expect(state.rules(in: RulesPlace(kind: .sources, family: .inet6)).count == 0)
        #expect(state.rules(in: RulesPlace(kind: .answers, family: .inet)).count == 1)
        #expect(state.rules(in: RulesPlace(kind: .marks, family: .inet)).count == 0)
        // To IPVS it is masquerading.
        #expect(
            state.services[full.identity]?.destinations.values.map(\.forwarding) == [
                .masquerade, .masquerade,
            ])
        state.configure(LVSAssignment(), at: at(1))
        #expect(!state.hasFullNAT && state.settings.isEmpty)
        #expect(RulesPlace.all.allSatisfy { state.rules(in: $0).count == 0 })
    }

    @Test func `NAT needs forwarding, wherever it is written`() {
        func kind(_ server: VirtualServer) -> String? {
            state { $0.virtualServers = [server] }.kindOfNAT(in: .inet)
        }
        #expect(state().kindOfNAT(in: .inet) == nil)
        #expect(kind(virtualServer(forwarding: .masquerade)) == "NAT")
        var one = realServer("192.0.2.21")
        one.forwarding = .masquerade
        #expect(kind(virtualServer(servers: [one])) == "NAT")
        #expect(kind(virtualServer(sorry: one)) == "NAT")
    }
}

extension LVSState {
    /// The texts of what `apply` says.
    fileprivate mutating func applied(_ news: [CheckVerdict]) -> [String] { apply(news).map(\.text) }
}
