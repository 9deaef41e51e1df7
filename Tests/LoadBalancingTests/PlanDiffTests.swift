import LoadBalancing
import NetTypes
import Testing

@Suite struct PlanDiffTests {
    static func changes(
        _ observed: [IPVSService], _ desired: [IPVSService], owned: Set<ServiceIdentity> = []
    ) -> [String] {
        PlanDiff.changes(
            observed: observed, desired: Dictionary(uniqueKeysWithValues: desired.map { ($0.identity, $0) }),
            owned: owned
        ).map(\.description)
    }

    @Test func `equal tables need nothing`() {
        let table = [kernelService([destination(21), destination(22)])]
        #expect(Self.changes(table, table) == [])
    }

    @Test func `an empty table is filled service by service`() throws {
        #expect(
            Self.changes(
                [], [kernelService([destination(22), destination(21)]), kernelService(try marked(3))])
                == [
                    "add service fwmark:3, scheduler rr", "add service 192.0.2.100:80/tcp, scheduler rr",
                    "add server 192.0.2.21:80 to 192.0.2.100:80/tcp, DR weight 1",
                    "add server 192.0.2.22:80 to 192.0.2.100:80/tcp, DR weight 1",
                ])
    }

    @Test func `servers come before others go and weights rise before others fall`() {
        let old = kernelService([destination(21), destination(22, weight: 1), destination(23, weight: 5)])
        let new = kernelService([destination(22, weight: 0), destination(23, weight: 6), destination(24)])
        #expect(
            Self.changes([old], [new]) == [
                "add server 192.0.2.24:80 to 192.0.2.100:80/tcp, DR weight 1",
                "set weight of 192.0.2.23:80 in 192.0.2.100:80/tcp from 5 to 6",
                "set weight of 192.0.2.22:80 in 192.0.2.100:80/tcp from 1 to 0",
                "remove server 192.0.2.21:80 from 192.0.2.100:80/tcp",
            ])
    }

    @Test func `a scheduler is changed in place`() {
        #expect(
            Self.changes([kernelService()], [kernelService(scheduler: "wlc")]) == [
                "change service 192.0.2.100:80/tcp from scheduler rr to scheduler wlc"
            ])
    }

    @Test func `a service that changes its name stands before the old one goes`() throws {
        #expect(
            Self.changes([kernelService()], [kernelService(try marked(3))], owned: [service()]) == [
                "add service fwmark:3, scheduler rr", "remove service 192.0.2.100:80/tcp",
            ])
    }

    @Test func `a server that another program wrote with a method of its own is seen`() {
        let strange = kernelService([
            destination(21, forwarding: .bypass), destination(22, forwarding: .bypass),
        ])
        #expect(
            Self.changes([strange], [kernelService([destination(21)])]) == [
                "change server 192.0.2.21:80 of 192.0.2.100:80/tcp from bypass weight 1 to DR weight 1",
                "remove server 192.0.2.22:80 from 192.0.2.100:80/tcp",
            ])
    }

    @Test func `foreign services are left alone`() throws {
        let foreign = kernelService(service(81), [destination(30)])
        #expect(Self.changes([foreign], [], owned: [service(80), try marked(3)]) == [])
    }

    @Test func `a foreign service that is desired is taken over`() {
        let foreign = kernelService(scheduler: "lc", [destination(30), destination(21, weight: 9)])
        #expect(
            Self.changes([foreign], [kernelService([destination(21)])]) == [
                "change service 192.0.2.100:80/tcp from scheduler lc to scheduler rr",
                "set weight of 192.0.2.21:80 in 192.0.2.100:80/tcp from 9 to 1",
                "remove server 192.0.2.30:80 from 192.0.2.100:80/tcp",
            ])
    }

    @Test func `foreign flags, thresholds and encapsulation are put right`() {
        var service = kernelService([destination(21, forwarding: .tunnel), destination(22)])
        service.flags = [.scheduler2]
        service.persistenceEngine = "sip"
        service.destinations[endpoint(21)]?.encapsulation = Encapsulation(type: 1, port: 6080, flags: 1)
        service.destinations[endpoint(22)]?.upperThreshold = 10
        #expect(
            Self.changes([service], [kernelService([destination(21, forwarding: .tunnel), destination(22)])])
                == [
                    "change service 192.0.2.100:80/tcp from scheduler rr, flags 0x10, engine sip "
                        + "to scheduler rr",
                    "change server 192.0.2.21:80 of 192.0.2.100:80/tcp "
                        + "from TUN type gue port 6080 csum weight 1 to TUN weight 1",
                    "change server 192.0.2.22:80 of 192.0.2.100:80/tcp from DR weight 1, "
                        + "thresholds 0...10 to DR weight 1",
                ])
    }

    @Test func `encapsulation does not matter without a tunnel`() {
        var old = destination(21)
        old.encapsulation = Encapsulation(type: 1, port: 6080, flags: 0)
        #expect(Self.changes([kernelService([old])], [kernelService([destination(21)])]) == [])
    }
}

/// Random walks between tables: every step is possible, the end is what was desired, foreign services never
/// change, nothing that exists on both sides goes away meanwhile, and no service loses more weight than it
/// must.
@Suite struct PlanDiffPropertyTests {
    /// Linear congruential (Knuth's MMIX constants); the upper bits are the good ones.
    struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 33
        }
    }

    static func table(_ ports: ClosedRange<UInt16>, using random: inout Random) throws -> [IPVSService] {
        let identities = try ports.map { service($0) } + [marked(3), marked(3, .inet6)]
        return identities.filter { _ in Bool.random(using: &random) }.map { identity in
            var result = kernelService(
                identity, scheduler: ["rr", "wlc", "mh"].randomElement(using: &random) ?? "")
            if Int.random(in: 0..<4, using: &random) == 0 {
                result.persistence = Persistence(timeoutSeconds: 60, prefixLength: identity.family.bits)
            }
            for octet in UInt8(1)...6 where Bool.random(using: &random) {
                let one = destination(
                    octet, weight: UInt32.random(in: 0...3, using: &random),
                    forwarding: [.directRouting, .masquerade, .tunnel].randomElement(using: &random)
                        ?? .tunnel)
                result.destinations[one.endpoint] = one
            }
            return result
        }
    }

    static func weight(_ service: IPVSService?) -> UInt32 {
        service?.destinations.values.reduce(0) { $0 + $1.weight } ?? 0
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `a walk ends as desired and disturbs nothing else`(seed: UInt64) throws {
        var random = Random(state: seed)
        var fake = FakeTable(try Self.table(78...84, using: &random))
        var owned = Set(fake.services.keys.filter { _ in Bool.random(using: &random) })
        for _ in 0..<20 {
            let desired = Dictionary(
                uniqueKeysWithValues: try Self.table(80...86, using: &random).map { ($0.identity, $0) })
            let before = fake.services
            let changes = PlanDiff.changes(
                observed: Array(before.values), desired: desired, owned: owned)
            for change in changes {
                #expect(!change.isInEffect(in: fake.services), "\(change) is needed")
                try fake.apply(change)
                #expect(change.isInEffect(in: fake.services), "\(change) is done")
                for (identity, wanted) in desired {
                    guard let old = before[identity] else { continue }
                    let now = fake.services[identity]
                    let kept = old.destinations.keys.filter { wanted.destinations[$0] != nil }
                    #expect(kept.allSatisfy { now?.destinations[$0] != nil })
                    #expect(Self.weight(now) >= min(Self.weight(old), Self.weight(wanted)))
                }
            }
            for (identity, service) in before where desired[identity] == nil {
                #expect(fake.services[identity] == (owned.contains(identity) ? nil : service))
            }
            for (identity, wanted) in desired { #expect(fake.services[identity] == wanted) }
            owned = Set(desired.keys)
            #expect(
                PlanDiff.changes(observed: Array(fake.services.values), desired: desired, owned: owned) == [])
        }
    }
}
