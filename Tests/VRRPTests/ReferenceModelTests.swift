import NetTypes
import Testing
import Timekeeping
import VRRP

/// `Router` against a second, naive implementation of the tables, event by event.
@Suite struct ReferenceModelTests {
    private struct Walk {
        var router: Router
        var model: ReferenceModel
        var now: Int64 = 0
        var story: [String] = []
        private var dice: Dice

        init(seed: UInt64) {
            dice = Dice(seed: seed)
            for _ in 0..<8 { _ = dice.octet() }
            let version: ProtocolVersion = dice.octet() % 2 == 0 ? .v2 : .v3
            let priorities: [UInt8] = [1, 100, 100, 150, 254, 255]
            let configuration = RouterConfiguration.make(
                version: version, priority: priorities[Int(dice.octet()) % 6],
                interval: version == .v2 ? .seconds(1) : .centiseconds(10),
                preempts: dice.octet() % 4 != 0,
                announcements: AnnouncementSchedule(repeats: 0, secondBurstDelay: .zero))
            router = Router(configuration: configuration)
            model = ReferenceModel(configuration, address: 2)
        }

        /// Draws an event, gives it to both and returns what each did.
        mutating func step() -> (router: [ReferenceModel.Deed], model: [ReferenceModel.Deed]) {
            // The timer comes when it is due: stalls are not part of the tables.
            let pause = Int64(dice.octet()) * 2_000_000
            if let due = router.nextDeadline, due.nanoseconds <= now + pause {
                now = max(now, due.nanoseconds)
                return both("timer", .timer) { $0.timerFires($1) }
            }
            now += pause
            switch dice.octet() % 32 {
            case 0: return both("shutdown", .shutdown) { $0.shutdown($1) }
            case 1: return both("down", .interfaceDown) { model, _ in model.interfaceDown() }
            case 2, 3: return both("up", .interfaceUp(primaryAddress: own)) { $0.interfaceUp($1) }
            case 4, 5, 6: return both("start", .startup(primaryAddress: own)) { $0.startup($1) }
            default: return advert()
            }
        }

        private mutating func advert() -> (router: [ReferenceModel.Deed], model: [ReferenceModel.Deed]) {
            let priorities: [UInt8] = [0, 1, 50, 100, 149, 150, 151, 254, 255]
            let priority = priorities[Int(dice.octet()) % priorities.count]
            let source = dice.octet() % 2 == 0 ? peer : higherPeer
            let version = router.configuration.version
            let interval: Interval =
                version == .v2 ? .seconds(1) : .centiseconds(1 + Int64(dice.octet()) % 40)
            let advertisement = Advertisement.make(version: version, priority: priority, interval: interval)
            return both("prio \(priority) from \(source)", .advertisement(advertisement, source: source)) {
                $0.advert(Int(priority), interval: interval.nanoseconds, from: (source == peer ? 1 : 3), $1)
            }
        }

        private mutating func both(
            _ name: String, _ event: Router.Event,
            _ apply: (inout ReferenceModel, Int64) -> [ReferenceModel.Deed]
        ) -> (router: [ReferenceModel.Deed], model: [ReferenceModel.Deed]) {
            let actions = router.handle(event, at: Instant(nanoseconds: now))
            let expected = apply(&model, now)
            story.append("@\(now) \(name): \(expected)")
            return (actions.compactMap(Self.deed), expected)
        }

        private static func deed(_ action: Router.Action) -> ReferenceModel.Deed? {
            switch action {
            case .send(let advertisement): .sent(advertisement.priority)
            case .acquireAddresses: .acquired
            case .releaseAddresses: .released
            case .stateChanged(let state, _): .became(place(state))
            case .announce, .note: nil
            }
        }

        static func place(_ state: Router.StateName) -> ReferenceModel.Place {
            switch state {
            case .initialize: .initialize
            case .backup: .backup
            case .master: .master
            case .fault: .fault
            }
        }
    }

    @Test func `both do the same after every event of random histories`() {
        var seen: [ReferenceModel.Place: Int] = [:]
        var handovers = 0
        for seed in UInt64(1)...400 {
            var walk = Walk(seed: seed)
            for _ in 0..<250 {
                let (actual, expected) = walk.step()
                let place = Walk.place(walk.router.state.name)
                seen[place, default: 0] += 1
                if walk.router.isHandingOver { handovers += 1 }
                let timer = walk.router.masterState?.advertiseAt ?? walk.router.backupState?.masterDownAt
                guard actual == expected, place == walk.model.place,
                    timer == nil || timer == Instant(nanoseconds: walk.model.timer)
                else {
                    Issue.record(
                        """
                        seed \(seed): the router did \(actual), the tables say \(expected); state \
                        \(walk.router.state), model \(walk.model)
                        \(walk.story.suffix(12).joined(separator: "\n"))
                        """)
                    return
                }
            }
        }
        #expect(handovers > 500)
        // The histories lead everywhere often enough to mean something.
        for place in [ReferenceModel.Place.initialize, .backup, .master, .fault] {
            #expect(seen[place, default: 0] > 2000, "\(place)")
        }
    }
}
