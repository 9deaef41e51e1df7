import LinuxIO
import Testing
import Timekeeping

@testable import Lab

@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct BenchHostTests {
    @Test func `a daemon is started, reloaded, ended, and quoted where it fails`() throws {
        let before = Tool.namespaces
        let host = try BenchHost(folder: try DrillRunner.makeFolder(), for: "test")
        defer { host.close() }
        let daemon = try DaemonProgram.find(Tools.holdfastd, beside: Tools.holdfastd)
        try host.write(TableSetup(count: 10).configuration())
        try host.start(daemon)
        #expect(Tools.wait(.seconds(30)) { (try? host.tableSize()) == 10 } != nil)
        #expect(host.processes.count >= 2 && host.processor > .zero)
        try host.write(TableSetup(count: 30).configuration())
        host.reload()
        #expect(Tools.wait(.seconds(30)) { (try? host.tableSize()) == 30 } != nil)
        try host.requireDaemon()
        try host.stop()
        #expect(host.processes.isEmpty)
        #expect(try host.tableSize() == 0, "the daemon takes its services along, or the host removes them")
        let error = #expect(throws: LabError.self) { try host.quoting { throw LabError("no luck") } }
        #expect("\(error.map(String.init(describing:)) ?? "")".hasPrefix("no luck\n20"), "its last lines")
        host.close()
        #expect(Tool.namespaces == before)
    }
}
