import Testing
import Timekeeping

@testable import Director

@Suite struct RestartPolicyTests {
    @Test func `the first death is answered at once`() {
        var policy = RestartPolicy()
        policy.started(at: at(0))
        #expect(policy.ended(at: at(1)) == at(1))
        #expect(policy.deaths == 1)
    }

    @Test func `pauses double up to the longest`() {
        var policy = RestartPolicy()
        var pauses: [Interval] = []
        for _ in 0..<9 {
            policy.started(at: at(0))
            pauses.append(policy.ended(at: at(1)) - at(1))
        }
        let expected: [Int64] = [0, 100, 200, 400, 800, 1600, 3200, 5000, 5000]
        #expect(pauses == expected.map { .milliseconds($0) })
    }

    @Test func `a thousand deaths are no longer a pause than ten`() {
        var policy = RestartPolicy()
        for _ in 0..<1000 { _ = policy.ended(at: at(0)) }
        #expect(policy.ended(at: at(0)) == at(5))
    }

    @Test func `who lived long starts anew`() {
        var policy = RestartPolicy()
        for _ in 0..<5 { _ = policy.ended(at: at(0)) }
        policy.started(at: at(10))
        #expect(policy.ended(at: at(10) + RestartPolicy.proof) == at(10) + RestartPolicy.proof)
        #expect(policy.deaths == 1)
    }

    @Test func `who lived a little less does not`() {
        var policy = RestartPolicy()
        _ = policy.ended(at: at(0))
        policy.started(at: at(10))
        let end = at(10) + RestartPolicy.proof - .milliseconds(1)
        #expect(policy.ended(at: end) == end + RestartPolicy.firstPause)
    }

    @Test func `a process that could not be started counts as dead`() {
        var policy = RestartPolicy()
        #expect(policy.ended(at: at(3)) == at(3))
        #expect(policy.ended(at: at(3)) == at(3) + .milliseconds(100))
    }
}
