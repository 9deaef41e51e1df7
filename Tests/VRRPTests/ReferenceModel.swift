import NetTypes
import Timekeeping
import VRRP

/// The transition tables of RFC 3768 and RFC 9568 section 6.4 once more, as naively as possible: plain
/// integers, one flat record, no attention to anything but the tables. Where it and `Router` differ, one of
/// them is wrong.
struct ReferenceModel {
    enum Place: String { case initialize, backup, master, fault }

    /// What an event made the model do, in order.
    enum Deed: Equatable, CustomStringConvertible {
        case sent(UInt8)
        case acquired
        case released
        case became(Place)

        var description: String {
            switch self {
            case .sent(let priority): "sent \(priority)"
            case .acquired: "acquired"
            case .released: "released"
            case .became(let place): "became \(place)"
            }
        }
    }

    let version: Int
    let preempts: Bool
    let ownAddress: UInt32
    let ownInterval: Int64
    var priority: Int
    var place = Place.initialize
    /// Master_Down_Timer or Adver_Timer in nanoseconds; meaningful in backup and master only.
    var timer: Int64 = 0
    var activeInterval: Int64 = 0
    var lastSent: Int64 = 0
    /// When the addresses go after a resignation; place is initialize then.
    var releaseAt: Int64?
    var heardSuccessor = false

    init(_ configuration: RouterConfiguration, address: UInt32) {
        version = Int(configuration.version.rawValue)
        preempts = configuration.preempts || configuration.priority == 255
        priority = Int(configuration.priority)
        ownInterval = configuration.advertisementInterval.nanoseconds
        ownAddress = address
    }

    var skew: Int64 { Int64(256 - priority) * (version == 2 ? 1_000_000_000 : activeInterval) / 256 }
    var down: Int64 { 3 * activeInterval + skew }

    mutating func startup(_ now: Int64) -> [Deed] {
        guard place == .initialize, releaseAt == nil else { return [] }
        return begin(now)
    }

    private mutating func begin(_ now: Int64) -> [Deed] {
        activeInterval = ownInterval
        if priority == 255 { return becomeMaster(now) }
        place = .backup
        timer = now + down
        return [.released, .became(.backup)]
    }

    private mutating func becomeMaster(_ now: Int64) -> [Deed] {
        place = .master
        activeInterval = ownInterval
        timer = now + ownInterval
        lastSent = now
        return [.sent(UInt8(priority)), .acquired, .became(.master)]
    }

    mutating func shutdown(_ now: Int64) -> [Deed] {
        if releaseAt != nil { return letGo() }
        let was = place
        place = .initialize
        switch was {
        case .initialize: return []
        case .backup, .fault: return [.became(.initialize)]
        case .master:
            let longest = 255 * (version == 2 ? 1_000_000_000 : ownInterval) / 256
            releaseAt = now + min(longest + 100_000_000, 5_000_000_000)
            heardSuccessor = false
            return [.sent(0)]
        }
    }

    private mutating func letGo() -> [Deed] {
        releaseAt = nil
        return [.released, .became(.initialize)]
    }

    mutating func timerFires(_ now: Int64) -> [Deed] {
        if let releaseAt { return now >= releaseAt ? letGo() : [] }
        guard now >= timer else { return [] }
        switch place {
        case .initialize, .fault: return []
        case .backup: return becomeMaster(now)
        case .master: return send(now)
        }
    }

    private mutating func send(_ now: Int64) -> [Deed] {
        timer = now + ownInterval
        lastSent = now
        return [.sent(UInt8(priority))]
    }

    /// An answer to a peer, at most four an interval.
    private mutating func answer(_ now: Int64) -> [Deed] {
        let allowed = lastSent + ownInterval / 4
        if now >= allowed { return send(now) }
        timer = min(timer, allowed)
        return []
    }

    mutating func advert(_ sent: Int, interval: Int64, from source: UInt32, _ now: Int64) -> [Deed] {
        if releaseAt != nil, sent > 0, !heardSuccessor {
            heardSuccessor = true
            releaseAt = now + 50_000_000
        }
        switch place {
        case .initialize, .fault: return []
        case .backup:
            if sent == 0 {
                timer = now + skew
            } else if !preempts || sent >= priority {
                if version == 3 { activeInterval = interval }
                timer = now + down
            }
            return []
        case .master:
            if sent == 0 { return answer(now) }
            guard sent > priority || (sent == priority && source > ownAddress) else { return answer(now) }
            activeInterval = version == 3 ? interval : ownInterval
            place = .backup
            timer = now + down
            return [.sent(UInt8(priority)), .released, .became(.backup)]
        }
    }

    mutating func interfaceDown() -> [Deed] {
        guard place != .fault else { return [] }
        if releaseAt != nil { return letGo() }
        place = .fault
        return [.released, .became(.fault)]
    }

    mutating func interfaceUp(_ now: Int64) -> [Deed] {
        guard place == .fault else { return [] }
        return begin(now)
    }
}
