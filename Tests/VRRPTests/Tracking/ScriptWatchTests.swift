import Testing
import Timekeeping

@testable import VRRP

@Suite struct ScriptWatchTests {
    private static func script(
        _ name: String = "s", interval: Int64 = 2, timeout: Int64 = 5, rise: Int = 1, fall: Int = 1,
        startsFailed: Bool = false
    ) -> TrackScript {
        var script = TrackScript(name: name, command: ["/x"])
        script.interval = .seconds(interval)
        script.timeout = .seconds(timeout)
        script.rise = rise
        script.fall = fall
        script.startsFailed = startsFailed
        return script
    }

    private func watch(_ scripts: TrackScript...) -> ScriptWatch {
        var watch = ScriptWatch()
        _ = watch.configure(scripts, at: at(0))
        return watch
    }

    /// Lets runs end as said, one an interval; what is known after each.
    private func play(_ script: TrackScript, _ outcomes: [ScriptWatch.Outcome]) -> [Bool?] {
        var watch = watch(script)
        var now = at(0)
        return outcomes.map { outcome in
            for case .run(let run, _) in watch.advance(to: now) { watch.ended(run, outcome) }
            now = now + script.interval
            return watch.values["s"]
        }
    }

    @Test func `the first end is enough to know`() {
        #expect(watch(Self.script()).values == [:])
        #expect(play(Self.script(rise: 3, fall: 3), [.succeeded]) == [true])
        #expect(play(Self.script(rise: 3, fall: 3), [.failed]) == [false])
    }

    @Test func `a run is under way until it ends`() {
        var watch = watch(Self.script(), Self.script("t", interval: 9))
        #expect(!watch.isRunning("s"))
        for case .run(let run, let script) in watch.advance(to: at(0)) where script.name == "t" {
            watch.ended(run, .succeeded)
        }
        #expect(watch.isRunning("s") && !watch.isRunning("t") && !watch.isRunning("u"))
    }

    @Test func `then so many in a row are needed`() {
        #expect(
            play(
                Self.script(rise: 2, fall: 3),
                [
                    .succeeded, .failed, .failed, .succeeded, .failed, .failed, .failed, .succeeded, .failed,
                    .succeeded, .succeeded,
                ]) == [true, true, true, true, true, true, false, false, false, false, true])
    }

    @Test func `with init_fail it is bad until it has risen`() {
        let script = Self.script(rise: 2, startsFailed: true)
        #expect(watch(script).values == ["s": false])
        #expect(play(script, [.succeeded, .succeeded]) == [false, true])
    }

    @Test func `not to be run says nothing, and does not keep anybody waiting`() {
        #expect(play(Self.script(), [.notRun, .failed, .notRun]) == [true, false, false])
        #expect(
            play(Self.script(fall: 2), [.succeeded, .failed, .notRun, .failed]) == [true, true, true, false])
        #expect(play(Self.script(startsFailed: true), [.notRun]) == [false])
    }

    @Test func `it runs once an interval, from start to start`() {
        var watch = watch(Self.script())
        #expect(watch.nextDeadline == at(0))
        #expect(watch.advance(to: at(0)) == [.run(1, Self.script())])
        watch.ended(1, .succeeded)
        #expect(watch.nextDeadline == at(2))
        #expect(watch.advance(to: at(1.9)) == [])
        #expect(watch.advance(to: at(2.1)) == [.run(2, Self.script())])
        watch.ended(2, .succeeded)
        #expect(watch.nextDeadline == at(4), "a late start does not shift those after it")
        #expect(watch.advance(to: at(9)) == [.run(3, Self.script())])
        watch.ended(3, .succeeded)
        #expect(watch.nextDeadline == at(10), "what was missed is not made up for")
    }

    @Test func `a second run waits for the first`() {
        var watch = watch(Self.script())
        _ = watch.advance(to: at(0))
        #expect(watch.advance(to: at(2)) == [])
        #expect(watch.advance(to: at(4)) == [])
        watch.ended(1, .succeeded)
        #expect(watch.advance(to: at(6)) == [.run(2, Self.script())])
    }

    @Test func `what runs for too long has failed and is ended`() {
        var watch = watch(Self.script(timeout: 3))
        _ = watch.advance(to: at(0))
        _ = watch.advance(to: at(2))
        #expect(watch.nextDeadline == at(3))
        #expect(watch.advance(to: at(3)) == [.terminate(1)])
        #expect(watch.values == ["s": false])
        watch.ended(1, .succeeded)
        #expect(watch.values == ["s": false], "what it says afterwards comes too late")
        #expect(watch.advance(to: at(4)) == [.run(2, Self.script(timeout: 3))])
    }

    @Test func `the default timeout ends a run just before the next`() {
        let script = Self.script(interval: 1, timeout: 1)
        var watch = watch(script)
        _ = watch.advance(to: at(0))
        #expect(watch.advance(to: at(1)) == [.terminate(1), .run(2, script)])
    }

    @Test func `scripts do not share anything`() {
        var watch = watch(Self.script("a"), Self.script("b", interval: 3))
        #expect(watch.advance(to: at(0)).count == 2)
        watch.ended(2, .failed)
        #expect(watch.values == ["b": false])
        watch.ended(1, .succeeded)
        #expect(watch.values == ["a": true, "b": false])
        #expect(watch.nextDeadline == at(2))
    }

    @Test func `a reload goes on with what stays, and ends what goes`() {
        var watch = watch(Self.script("a"), Self.script("b"), Self.script("c"))
        _ = watch.advance(to: at(0))
        for run in 1...3 as ClosedRange<UInt64> where run != 1 { watch.ended(run, .failed) }
        _ = watch.advance(to: at(2))
        let actions = watch.configure([Self.script("a"), Self.script("c", fall: 9)], at: at(3))
        #expect(actions == [.terminate(4), .terminate(5)], "b is gone, c is another")
        #expect(watch.values == ["c": false])
        #expect(watch.advance(to: at(3)) == [.run(6, Self.script("c", fall: 9))])
        watch.ended(1, .succeeded)
        #expect(watch.values == ["a": true, "c": false])
    }

    @Test func `without scripts there is nothing to do`() {
        var watch = watch()
        #expect(watch.nextDeadline == nil)
        #expect(watch.advance(to: at(5)) == [])
        watch.ended(1, .failed)
        #expect(watch.values == [:])
    }
}
