import ConfigModel
import ConfigSyntax
import HealthChecks
import LoadBalancing
import Testing
import Timekeeping

@Suite struct ScheduleGrammarTests {
    private let names = [
        "delay_loop", "retry", "delay_before_retry", "warmup", "alpha", "rise", "fall", "connect_timeout",
        "probe_timeout",
    ]

    @Test(arguments: [Scope.virtualServer, .realServer, .tcpCheck, .httpCheck])
    func `every network block has all options`(scope: Scope) {
        let there = Set(Schema.keywords.filter { $0.scope == scope }.map(\.name))
        #expect(there.isSuperset(of: names))
    }

    @Test func `a program has no connection to time out`() {
        let there = Set(Schema.keywords.filter { $0.scope == .scriptCheck }.map(\.name))
        #expect(there.isSuperset(of: names.dropLast(2)))
        #expect(there.isDisjoint(with: names.suffix(2)))
    }

    private func schedule(_ service: String, _ server: String = "", _ check: String = "") -> CheckSchedule? {
        let block = Sample.server("192.0.2.21 80", "\(server)\nTCP_CHECK {\n\(check)\n}")
        return Sample.virtualServer(Sample.service(lines: "protocol TCP\n\(service)", servers: block))?
            .realServers.first?.checks.first?.schedule
    }

    @Test func `fall is one more than retry, and the nearest of the two counts`() {
        #expect(schedule("fall 3")?.retry == 2)
        #expect(schedule("fall 1")?.retry == 0)
        #expect(schedule("retry 7", "fall 3")?.retry == 2)
        #expect(schedule("fall 3", "retry 7")?.retry == 7)
        #expect(schedule("fall 3", "", "retry 7")?.retry == 7)
        #expect(schedule("retry 9", "fall 3", "")?.retry == 2)
    }

    @Test func `rise and the time of a whole probe are inherited`() {
        #expect(schedule("")?.rise == 1)
        #expect(schedule("")?.probeTimeout == nil)
        #expect(schedule("rise 3\nprobe_timeout 2.5")?.rise == 3)
        #expect(schedule("rise 3\nprobe_timeout 2.5", "rise 2")?.rise == 2)
        #expect(schedule("probe_timeout 2.5")?.probeTimeout == .milliseconds(2500))
        #expect(schedule("probe_timeout 2.5", "", "probe_timeout 1")?.probeTimeout == .seconds(1))
    }

    @Test func `the two words for one thing do not stand together`() {
        let both = Sample.service(lines: "protocol TCP\nfall 3\nretry 1")
        #expect(Sample.codes(both) == [.retryBesideFall])
        let server = Sample.server("192.0.2.21 80", "fall 3\nTCP_CHECK {\nretry 1\n}")
        #expect(Sample.codes(Sample.service(servers: server)) == [])
    }

    @Test func `only the outermost block has defaults of its own`() {
        for facts in Schema.keywords where names.contains(facts.name) && facts.scope != .trackScript {
            #expect((facts.defaultText == "of the block around it") == (facts.scope != .virtualServer))
        }
    }
}
