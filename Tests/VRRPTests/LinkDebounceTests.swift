import Testing
import Timekeeping
import VRRP

@Suite struct LinkDebounceTests {
    private func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 0) + .milliseconds(milliseconds)
    }

    private func debounce() -> LinkDebounce {
        var debounce = LinkDebounce()
        debounce.configure([
            LinkDelay(interface: "eth0", down: .milliseconds(200), up: .milliseconds(500)),
            LinkDelay(interface: "eth1", down: .zero, up: .milliseconds(100)),
        ])
        return debounce
    }

    /// What eth0 counts as, by when it is what.
    private func play(_ changes: [(Int64, Bool)]) -> [Bool?] {
        var debounce = debounce()
        return changes.map { time, isUsable in debounce.observe(at: at(time)) { _ in isUsable }["eth0"] }
    }

    @Test func `what an interface is at first counts at once`() {
        #expect(play([(0, true)]) == [true])
        #expect(play([(0, false)]) == [false])
    }

    @Test func `a change counts when it has lasted`() {
        #expect(play([(0, true), (10, false), (209, false), (210, false)]) == [true, true, true, false])
        #expect(play([(0, false), (10, true), (509, true), (510, true)]) == [false, false, false, true])
    }

    @Test func `a change that goes back counts for nothing, and the next begins anew`() {
        #expect(
            play([(0, true), (10, false), (150, true), (200, false), (399, false), (400, false)])
                == [true, true, true, true, true, false])
    }

    @Test func `a link that comes and goes for ever is what it was`() {
        let flaps = (0..<300).map { (Int64($0) * 100, $0 % 2 == 0) }
        #expect(play(flaps).allSatisfy { $0 == true })
    }

    @Test func `each interface has its own delays, and none is told of without`() {
        var debounce = debounce()
        #expect(debounce.patience(with: "eth0") == .milliseconds(200))
        #expect(debounce.patience(with: "eth9") == .zero)
        let first = debounce.observe(at: at(0)) { _ in true }
        #expect(first == ["eth0": true, "eth1": true] && debounce.nextDeadline == nil)
        let second = debounce.observe(at: at(10)) { _ in false }
        #expect(second == ["eth0": true, "eth1": false] && debounce.nextDeadline == at(210))
        let third = debounce.observe(at: at(50)) { $0 == "eth1" }
        #expect(third == ["eth0": true, "eth1": false] && debounce.nextDeadline == at(150))
    }

    @Test func `a reload keeps what counts, and forgets what has no delay any more`() {
        var debounce = debounce()
        _ = debounce.observe(at: at(0)) { _ in true }
        _ = debounce.observe(at: at(10)) { _ in false }
        debounce.configure([LinkDelay(interface: "eth0", down: .milliseconds(200), up: .zero)])
        let kept = debounce.observe(at: at(20)) { _ in false }
        #expect(kept == ["eth0": true] && debounce.nextDeadline == at(210))
        debounce.configure([])
        let none = debounce.observe(at: at(30)) { _ in false }
        #expect(none.isEmpty && debounce.nextDeadline == nil)
    }

    /// keepalived 2.2.7 says 998047 of `advert_int 0.5`, 998046.9 being meant.
    @Test func `a delay ends before a backup that hears nothing is master`() {
        #expect(LinkDelay.limit(interval: .milliseconds(500), downTimerAdverts: 3) == .microseconds(998_046))
        #expect(LinkDelay.limit(interval: .seconds(1), downTimerAdverts: 5) == .microseconds(3_996_093))
        #expect(LinkDelay.limit(interval: .seconds(1), downTimerAdverts: 1) == .zero)
    }
}
