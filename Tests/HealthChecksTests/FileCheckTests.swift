import Testing
import Timekeeping

@testable import HealthChecks

@Suite struct FileCheckTests {
    /// What keepalived 2.2.7 made of a server of weight 10: the weight in the kernel's table, nil where the
    /// server was not in it.
    @Test(
        arguments: [
            (1, false, [(5, 15), (-3, 7), (-9, 1), (-10, 0), (-300, -290), (1000, 1010), (0, 10)]),
            (2, true, [(5, 0), (-3, 16), (-252, 514), (253, -496), (0, 10)]),
            (3, true, [(-3, 19), (-254, 772), (5, -5)]),
        ] as [(Int, Bool, [(Int32, Int32)])])
    func `the number times the weight is added`(
        weight: Int, isReversed: Bool, cases: [(number: Int32, weight: Int32)]
    ) {
        let check = FileCheck(name: "f", weight: weight, isReversed: isReversed)
        for item in cases {
            #expect(check.judge(item.number) == FileCheck.Judgement(verdict: .up, change: item.weight - 10))
        }
    }

    @Test(arguments: [
        (0, false, true), (5, false, false), (-1, false, false), (0, true, false), (5, true, true),
    ])
    func `without a weight the number says up or down`(number: Int32, isReversed: Bool, isUp: Bool) {
        let check = FileCheck(name: "f", weight: 0, isReversed: isReversed)
        #expect(check.judge(number) == FileCheck.Judgement(verdict: isUp ? .up : .down, change: nil))
    }

    @Test(arguments: [
        (Int32.max, 2_147_483_647, false, Int32.max), (Int32.min, 2_147_483_647, false, Int32.min),
        (Int32.min, 2_147_483_647, true, Int32.max), (Int32.min, -2_147_483_647, false, Int32.max),
        (Int32.min, Int.min, false, Int32.max),
    ])
    func `no product is too large`(number: Int32, weight: Int, isReversed: Bool, change: Int32) {
        let check = FileCheck(name: "f", weight: weight, isReversed: isReversed)
        #expect(check.judge(number).change == change)
    }

    @Test func `a judgement reads as a sentence`() {
        let check = FileCheck(name: "load", weight: 2)
        #expect("\(check.result(5))" == "FILEOK 5 in track_file load, weight +10")
        #expect("\(check.result(-5))" == "FILEOK -5 in track_file load, weight -10")
        let fault = FileCheck(name: "load", weight: 0)
        #expect("\(fault.result(5))" == "FILEERR 5 in track_file load")
        #expect("\(fault.result(0))" == "FILEOK 0 in track_file load")
        #expect(fault.result(5).outcome.meaning == .bad)
        let long = FileCheck(name: String(repeating: "x", count: 200))
        #expect(long.result(5) != long.result(6))
    }

    @Test func `nobody probes a file`() {
        let file = CheckSpecification.Kind.file(FileCheck(name: "f"))
        #expect(!file.isProbed && file.addsToWeight && !file.isDynamic)
        let script = CheckSpecification.Kind.script(ScriptCheck(command: ["/x"], timeout: .seconds(1)))
        #expect(script.isProbed && !script.addsToWeight)
        let step = Probe(file).start()
        #expect(step.actions.isEmpty && step.result?.outcome == .notProbed)
        var probe = Probe(file)
        #expect(probe.handle(.timedOut) == .none)
    }
}
