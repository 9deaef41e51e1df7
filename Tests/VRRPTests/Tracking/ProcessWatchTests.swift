import Testing
import Timekeeping

@testable import VRRP

@Suite struct ProcessWatchTests {
    private static func process(
        quorum: Int = 1, maximum: Int? = nil, fork: Int64 = 0, terminate: Int64 = 0
    ) -> TrackProcess {
        var process = TrackProcess(name: "p", process: "nginx")
        process.quorum = quorum
        process.quorumMaximum = maximum
        process.forkDelay = .seconds(fork)
        process.terminateDelay = .seconds(terminate)
        return process
    }

    private func watch(_ process: TrackProcess) -> ProcessWatch {
        var watch = ProcessWatch()
        watch.configure([process])
        return watch
    }

    @Test(
        arguments: [
            (1, nil, 0, false), (1, nil, 1, true), (1, nil, 900, true), (2, 3, 1, false), (2, 3, 2, true),
            (2, 3, 3, true), (2, 3, 4, false), (0, 0, 0, true), (0, 0, 1, false),
        ] as [(Int, Int?, Int, Bool)])
    func `as many must run as quorum and quorum_max say`(quorum: Int, most: Int?, count: Int, isGood: Bool) {
        var watch = watch(Self.process(quorum: quorum, maximum: most))
        #expect(watch.values == [:])
        watch.count(["p": count], at: at(0))
        #expect(watch.values == ["p": isGood])
    }

    @Test func `without delays a change counts at once`() {
        var watch = watch(Self.process())
        for count in [1, 0, 1] {
            watch.count(["p": count], at: at(1))
            #expect(watch.values == ["p": count == 1] && watch.nextDeadline == nil)
        }
    }

    @Test func `with them it must last, but not the first one`() {
        var watch = watch(Self.process(fork: 2, terminate: 5))
        watch.count(["p": 1], at: at(0))
        #expect(watch.values == ["p": true])
        watch.count(["p": 0], at: at(1))
        watch.count(["p": 0], at: at(3))
        #expect(watch.values == ["p": true] && watch.nextDeadline == at(6))
        watch.advance(to: at(5.9))
        #expect(watch.values == ["p": true])
        watch.advance(to: at(6))
        #expect(watch.values == ["p": false] && watch.nextDeadline == nil)
        watch.count(["p": 1], at: at(7))
        #expect(watch.nextDeadline == at(9))
    }

    @Test func `what comes back in time was nothing`() {
        var watch = watch(Self.process(terminate: 5))
        watch.count(["p": 1], at: at(0))
        watch.count(["p": 0], at: at(1))
        watch.count(["p": 1], at: at(2))
        #expect(watch.nextDeadline == nil)
        watch.count(["p": 0], at: at(4))
        #expect(watch.nextDeadline == at(9))
    }

    @Test func `a reload keeps what is known and forgets what is gone`() {
        var watch = watch(Self.process(terminate: 5))
        watch.count(["p": 1], at: at(0))
        watch.count(["p": 0], at: at(1))
        watch.configure([Self.process(terminate: 5)])
        #expect(watch.nextDeadline == at(6))
        watch.configure([Self.process(quorum: 2)])
        #expect(watch.values == ["p": true] && watch.nextDeadline == nil)
        watch.configure([])
        #expect(watch.values == [:])
        watch.count(["p": 0], at: at(2))
        #expect(watch.values == [:])
    }

    // MARK: Which process

    private func matches(_ name: String, _ words: [String], _ change: (inout TrackProcess) -> Void) -> Bool {
        var process = TrackProcess(name: "p", process: "nginx")
        change(&process)
        return process.matches(name: Array(name.utf8)) { words.map { Array($0.utf8) } }
    }

    @Test func `a name is compared whole, as far as the kernel keeps it`() {
        #expect(matches("nginx", ["x", "y"]) { _ in })
        #expect(!matches("nginx2", []) { _ in } && !matches("ngin", []) { _ in })
        #expect(matches("a-very-long-nam", []) { $0.process = "a-very-long-name-indeed" })
    }

    @Test func `the command line is asked for only when it is needed`() {
        let process = TrackProcess(name: "p", process: "nginx")
        #expect(
            process.matches(name: Array("nginx".utf8)) {
                Issue.record("not needed")
                return []
            })
    }

    @Test(
        arguments: [
            (.exact, ["-g", "x"], true), (.exact, ["-g", "xy"], false), (.exact, ["-g", "x", "z"], false),
            (.exact, ["-g"], false), (.partial, ["-g", "x", "z"], true), (.partial, ["-g", "xy"], false),
            (.initial, ["-g", "xy"], true), (.initial, ["-g", "y"], false), (.initial, ["-h", "xy"], false),
            (.initial, ["-g"], false),
        ] as [(TrackProcess.ParameterMatch, [String], Bool)])
    func `parameters are compared as param_match says`(
        match: TrackProcess.ParameterMatch, own: [String], isMatch: Bool
    ) {
        let found = matches("x", ["nginx"] + own) {
            $0.parameters = ["-g", "x"]
            $0.match = match
        }
        #expect(found == isMatch)
    }

    @Test func `with parameters the program is compared as it was started`() {
        func isNamed(_ process: String) -> Bool {
            matches("named", ["/usr/sbin/named", "-u", "bind"]) {
                $0.process = process
                $0.parameters = ["-u", "bind"]
            }
        }
        #expect(isNamed("/usr/sbin/named") && !isNamed("named"))
    }

    @Test func `param_match without parameters wants none`() {
        #expect(matches("nginx", ["nginx"]) { $0.match = .partial })
        #expect(!matches("nginx", ["nginx", "-g"]) { $0.match = .initial })
    }

    @Test func `with full_command the command line's program is compared`() {
        #expect(matches("x", ["nginx"]) { $0.comparesCommandLine = true })
        #expect(!matches("nginx", ["/usr/sbin/nginx"]) { $0.comparesCommandLine = true })
        #expect(!matches("nginx", []) { $0.comparesCommandLine = true })
    }
}
