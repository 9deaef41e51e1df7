import NetTypes
import Testing
import Timekeeping

@testable import VRRP

/// A group's routers, fed by hand; what they do is remembered.
private struct Members {
    var routers: [Router]
    let group: SyncGroup
    var actions: [[Router.Action]]

    /// Instances A, B, ... with these priorities, started at zero, alone in their networks.
    init(_ priorities: UInt8...) {
        let names = priorities.indices.map { ["A", "B", "C"][$0] }
        group = SyncGroup(name: "G", members: names)
        routers = zip(names, priorities).enumerated().map { index, item in
            var configuration = RouterConfiguration.make(priority: item.1)
            configuration.name = item.0
            configuration.group = "G"
            return Router(configuration: configuration)
        }
        actions = routers.map { _ in [] }
        for place in routers.indices { feed(place, .startup(primaryAddress: own), at: at(0)) }
        settle(at: at(0))
        actions = routers.map { _ in [] }
    }

    var states: [Router.StateName] { routers.map(\.state.name) }

    mutating func feed(_ place: Int, _ event: Router.Event, at now: Instant) {
        actions[place] += routers[place].handle(event, at: now)
    }

    /// Delivers until nothing is left to be told; how many rounds that took.
    @discardableResult
    mutating func settle(at now: Instant) -> Int {
        for round in 0..<10 {
            let corrections = group.corrections(of: routers)
            if corrections.isEmpty { return round }
            for (place, event) in corrections { feed(place, event, at: now) }
        }
        Issue.record("no end")
        return 10
    }

    mutating func hear(_ place: Int, _ priority: UInt8, at now: Instant) {
        actions[place] += routers[place].hear(priority, at: now)
    }

    /// Lets timers run until `end`.
    mutating func pass(until end: Instant) {
        while let due = routers.compactMap(\.nextDeadline).min(), due <= end {
            for place in routers.indices where routers[place].nextDeadline.map({ $0 <= due }) ?? false {
                feed(place, .timer, at: due)
            }
            settle(at: due)
        }
    }
}

@Suite struct SyncGroupElectionTests {
    @Test func `alone they are master together, when the last would be`() {
        var members = Members(150, 50)
        members.pass(until: at(3.5))
        #expect(members.states == [.backup, .backup])
        #expect(members.routers[0].isCandidate, "it waits for the other")
        members.pass(until: at(4))
        #expect(members.states == [.master, .master])
        for actions in members.actions {
            #expect(actions.first.map { if case .send = $0 { true } else { false } } == true)
        }
    }

    @Test func `one that hears a better master keeps all of them`() {
        var members = Members(150, 50)
        members.pass(until: at(2))
        for second in 2...9 {
            members.hear(1, 60, at: at(Double(second)))
            members.settle(at: at(Double(second)))
            members.pass(until: at(Double(second) + 0.9))
            #expect(members.states == [.backup, .backup])
        }
    }

    @Test func `when one yields the others resign`() {
        var members = Members(150, 150)
        members.pass(until: at(5))
        #expect(members.states == [.master, .master])
        members.actions = [[], []]
        members.hear(0, 200, at: at(5))
        #expect(members.settle(at: at(5)) == 1)
        #expect(members.states == [.backup, .backup])
        #expect(members.actions[1].sentPriorities == [0])
        #expect(members.actions[1].reason == .groupFollows("A"))
        #expect(members.actions[1].contains(.releaseAddresses))
    }

    @Test func `a candidate that hears a better master is none any more`() {
        var members = Members(150, 50)
        members.pass(until: at(3.5))
        #expect(members.routers[0].isCandidate)
        members.hear(0, 200, at: at(3.5))
        #expect(!members.routers[0].isCandidate)
        members.pass(until: at(4))
        #expect(members.states == [.backup, .backup])
        members.pass(until: at(9))
        #expect(members.states == [.master, .master], "when nobody speaks any more")
    }

    @Test func `a candidate goes on being one while a lower priority speaks`() {
        var members = Members(150, 150)
        for second in 0...9 {
            members.hear(0, 100, at: at(Double(second) + 0.5))
            members.hear(1, 200, at: at(Double(second) + 0.5))
            members.pass(until: at(Double(second) + 1))
        }
        #expect(members.states == [.backup, .backup] && members.routers[0].isCandidate)
        members.pass(until: at(14))
        #expect(members.states == [.master, .master])
    }

    @Test func `one in fault puts all in fault, and all come back`() {
        var members = Members(150, 150, 100)
        members.pass(until: at(5))
        members.actions = [[], [], []]
        members.feed(1, .interfaceDown, at: at(5))
        members.settle(at: at(5))
        #expect(members.states == [.fault, .fault, .fault])
        #expect(members.actions[0].sentPriorities == [0] && members.actions[1].sentPriorities == [])
        #expect(members.actions[2].reason == .groupFault(of: "B"))
        members.feed(1, .interfaceUp(primaryAddress: own), at: at(6))
        members.settle(at: at(6))
        #expect(members.states == [.backup, .backup, .backup])
        #expect(members.actions[2].last == .stateChanged(to: .backup, because: .groupFit))
        members.pass(until: at(10))
        #expect(members.states == [.master, .master, .master])
    }

    @Test func `with two faults the end of one changes nothing`() {
        let lost = Tracked(.script, "s")
        var members = Members(150, 150)
        members.feed(0, .tracked(fault: lost), at: at(1))
        members.settle(at: at(1))
        members.feed(1, .tracked(fault: lost), at: at(2))
        members.settle(at: at(2))
        members.actions = [[], []]
        members.feed(0, .tracked(fault: nil), at: at(3))
        members.settle(at: at(3))
        #expect(members.states == [.fault, .fault])
        #expect(members.actions == [[], []], "not even for a moment")
        members.feed(1, .tracked(fault: nil), at: at(4))
        members.settle(at: at(4))
        #expect(members.states == [.backup, .backup])
    }

    @Test func `owners wait for their group, and not for a timer`() {
        var members = Members(255, 100)
        members.pass(until: at(3))
        #expect(members.states == [.backup, .backup])
        members.pass(until: at(4))
        #expect(members.states == [.master, .master])
        var owners = Members(255, 255)
        owners.settle(at: at(0))
        #expect(owners.states == [.master, .master])
    }

    @Test func `one that has not begun keeps the others waiting`() {
        var members = Members(150, 150)
        members.routers[1] = Router(configuration: members.routers[1].configuration)
        members.pass(until: at(9))
        #expect(members.states == [.backup, .initialize])
        members.feed(1, .startup(primaryAddress: own), at: at(9))
        members.pass(until: at(13))
        #expect(members.states == [.master, .master])
    }

    @Test func `a new member of a master group follows it when it would be master`() {
        var members = Members(150, 150)
        members.pass(until: at(5))
        members.routers[1] = Router(configuration: members.routers[1].configuration)
        members.feed(1, .startup(primaryAddress: own), at: at(5))
        members.settle(at: at(5))
        #expect(members.states == [.master, .backup], "no reason to give up")
        members.pass(until: at(9))
        #expect(members.states == [.master, .master])
    }

    @Test func `members that go on after a restart are a group at once`() {
        var members = Members(150, 150)
        for place in 0...1 {
            members.routers[place] = Router(configuration: members.routers[place].configuration)
            members.feed(place, .adopt(primaryAddress: own), at: at(1))
        }
        #expect(members.settle(at: at(1)) == 0)
        #expect(members.states == [.master, .master])
    }

    @Test func `others do not belong to it`() {
        var members = Members(150, 150)
        members.pass(until: at(5))
        var alone = Router.backup(.make())
        _ = alone.handle(.interfaceDown, at: at(1))
        #expect(members.group.corrections(of: members.routers + [alone]).isEmpty)
    }
}
