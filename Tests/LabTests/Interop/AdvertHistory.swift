import LinuxIO
import Testing
import Timekeeping

/// Who was master when, as the wire shows it: one entry for each time somebody else began to advertise.
struct AdvertHistory {
    /// One master's time, from its first advert to its last.
    struct Reign: Hashable {
        let priority: Int
        let first: Int64
        var last: Int64
        /// The last advert with priority 0, which ended it.
        var resigned: Int64?
    }

    private(set) var reigns: [Reign] = []
    /// Adverts of somebody who should have stopped when a better one began.
    private(set) var strays = 0

    /// - Parameters:
    ///   - silence: how long a master is silent before it is no master any more, nanoseconds.
    ///   - grace: how long the one that yields may still be heard, nanoseconds.
    init(_ adverts: [Advert], silence: Int64, grace: Int64) {
        for advert in adverts {
            guard advert.priority > 0 else {
                if !reigns.isEmpty { reigns[reigns.count - 1].resigned = advert.time }
                continue
            }
            guard let current = reigns.last, current.priority == advert.priority else {
                if let current = reigns.last, advert.priority < current.priority, current.resigned == nil,
                    advert.time - current.last < silence
                {
                    if advert.time - current.first > grace { strays += 1 }
                    continue
                }
                reigns.append(Reign(priority: advert.priority, first: advert.time, last: advert.time))
                continue
            }
            // One that resigned and is there again reigns again.
            if current.resigned != nil {
                reigns.append(Reign(priority: advert.priority, first: advert.time, last: advert.time))
            } else {
                reigns[reigns.count - 1].last = advert.time
            }
        }
    }

    /// One advert on the wire.
    struct Advert: Hashable {
        /// Nanoseconds.
        let time: Int64
        let priority: Int

        init(time: Int64, priority: Int) {
            self.time = time
            self.priority = priority
        }

        /// nil for a frame that is no advert of virtual router 51.
        init?(_ frame: CapturedFrame) {
            guard let start = frame.vrrpOffset, frame.octets.count >= start + 3,
                frame.octets[start + 1] == 51
            else { return nil }
            self.init(time: frame.time.nanoseconds, priority: Int(frame.octets[start + 2]))
        }
    }
}

extension CapturedFrame {
    /// Where a VRRP message begins, directly above IPv4 or IPv6, or in an IP Authentication Header; nil for
    /// other frames.
    var vrrpOffset: Int? {
        guard octets.count > 34 else { return nil }
        if octets[12...13] == [0x08, 0x00] {
            let start = 14 + 4 * Int(octets[14] & 0x0F)
            if octets[23] == 112 { return start }
            if octets[23] == 51, octets.count > start, octets[start] == 112 { return start + 24 }
        }
        if octets[12...13] == [0x86, 0xDD], octets[20] == 112 { return 54 }
        return nil
    }
}

@Suite struct AdvertHistoryTests {
    private func history(_ adverts: [(Int64, Int)]) -> AdvertHistory {
        AdvertHistory(adverts.map { .init(time: $0.0, priority: $0.1) }, silence: 3, grace: 3)
    }

    @Test func `a crash, a return and a resignation are reigns`() {
        let reigns = history([
            (0, 100), (10, 100), (12, 150), (13, 100), (20, 150), (57, 100), (60, 150), (70, 0), (76, 100),
        ]).reigns
        #expect(reigns.map(\.priority) == [100, 150, 100, 150, 100])
        #expect(reigns.map(\.first) == [0, 12, 57, 60, 76])
        #expect(reigns[1].last == 20)
        #expect(reigns.map(\.resigned) == [nil, nil, nil, 70, nil])
    }

    @Test func `who does not stop is counted`() {
        #expect(history([(0, 100), (1, 150), (3, 100)]).strays == 0)
        #expect(history([(0, 100), (1, 150), (9, 150), (10, 100), (11, 150)]).strays == 1)
        #expect(history([(0, 100), (1, 0), (2, 100)]).reigns.count == 2)
    }
}
