import LinuxIO
import NetTypes
import Testing
import Timekeeping

@testable import Lab

@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct CheckLabTests {
    @Test func `a daemon is started, seen at work, and ended`() throws {
        let folder = try DrillRunner.makeFolder()
        let before = Tool.namespaces
        let lab = try CheckLab(folder: folder, tool: Tools.holdfast)
        defer { lab.close() }
        let daemon = try DaemonProgram.find(Tools.holdfastd, beside: Tools.holdfastd)
        let setup = CheckSetup(kind: .http, count: 25, victims: 1)
        try lab.start(daemon, setup)
        let first = try lab.usage()
        let counts = try lab.pass(.seconds(2))
        let last = try lab.usage()
        #expect(last.probes - first.probes >= 26, "each is probed once a second")
        #expect(last.processor > first.processor && last.processorInAll >= last.processor)
        #expect(StartSpread(counts) != nil)
        #expect(lab.processes.count == 3, "the supervisor, lvs and the checker")
        for death in CheckSetup.Death.allCases {
            let took = try #require(try lab.kill(setup.victim(0), death), "\(death)")
            // A slow guest is given time; the least is what the configuration says.
            #expect(took > CheckSetup.delayBeforeRetry, "\(death)")
        }
        try lab.stop()
        #expect(lab.processes.isEmpty)
        lab.close()
        #expect(Tool.namespaces == before)
    }
}
