import LinuxIO
import Testing
import Timekeeping

@testable import Lab

@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct TableLabTests {
    @Test func `a table is timed, and what is asked of the kernel is counted`() throws {
        let folder = try DrillRunner.makeFolder()
        let before = Tool.namespaces
        let daemon = try DaemonProgram.find(Tools.holdfastd, beside: Tools.holdfastd)
        let setup = TableSetup(count: 100, scheduler: "wrr", isChecked: true)
        var figures = TableFigures()
        for counting in [true, false] {
            let lab = try TableLab(
                setup, daemon, folder: folder, tool: Tools.holdfast, counting: counting)
            defer { lab.close() }
            try lab.run(into: &figures)
        }
        #expect(Tool.namespaces == before)
        // Ten services and their servers, and nothing twice.
        #expect(figures.startRequests?.writes == 110, "\(figures)")
        #expect((figures.startRequests?.datagrams ?? 200) < 30, "many messages in one")
        #expect(figures.idleReloadRequests?.writes == 0, "\(figures)")
        #expect(figures.changeRequests?.writes == 1, "\(figures)")
        for times in [figures.starts, figures.changes, figures.startWork] {
            #expect(times.count == 1 && times.allSatisfy { $0 > .zero }, "\(figures)")
        }
    }
}
