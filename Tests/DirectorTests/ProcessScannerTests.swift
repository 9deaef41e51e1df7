import Glibc
import LinuxIO
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct ProcessScannerTests {
    private let scratch: ScratchDirectory
    private let loop: EventLoop<Int32>

    init() throws {
        scratch = try ScratchDirectory()
        loop = try EventLoop()
    }

    private func scanner(_ processes: TrackProcess...) -> ProcessScanner<Int32> {
        let scanner = ProcessScanner(in: loop, log: quietLog(), directory: scratch.path) { $0 }
        scanner.configure(processes, at: at(0))
        return scanner
    }

    /// A process as /proc shows it. The numbers are beyond what the kernel gives, so that none is waited for.
    private func add(_ pid: Int, _ name: String, _ line: [String], state: String = "S") throws {
        try Files.createDirectory("\(scratch.path)/\(pid)")
        _ = try scratch.write("\(pid)/stat", "\(pid) (\(name)) \(state) 1 2 3\n")
        _ = try scratch.write("\(pid)/cmdline", line.map { $0 + "\0" }.joined())
    }

    @Test func `processes are counted by name and parameters`() throws {
        try add(9_000_001, "nginx", ["nginx: master", "-g", "x"])
        try add(9_000_002, "nginx", ["nginx: worker"])
        try add(9_000_003, "nginx", [], state: "Z")
        try add(9_000_004, "a) (b", ["a"])
        _ = try scratch.write("uptime", "1 (nginx) S")
        var master = TrackProcess(name: "m", process: "nginx: master", parameters: ["-g"])
        master.match = .partial
        let scanner = scanner(
            TrackProcess(name: "n", process: "nginx"), master, TrackProcess(name: "o", process: "other"),
            TrackProcess(name: "odd", process: "a) (b"))
        #expect(scanner.advance(to: at(0)) == ["n": 2, "m": 1, "o": 0, "odd": 1])
    }

    @Test func `it looks every second, and soon after an end`() {
        let scanner = scanner(TrackProcess(name: "n", process: "nginx"))
        #expect(scanner.nextDeadline == at(0))
        #expect(scanner.advance(to: at(0)) == ["n": 0])
        #expect(scanner.advance(to: at(0)) == nil)
        #expect(scanner.nextDeadline == at(1))
        scanner.noteEnd(of: 7, at: milliseconds(100))
        #expect(scanner.nextDeadline == milliseconds(110))
        scanner.configure([], at: at(1))
        #expect(scanner.nextDeadline == nil)
        scanner.noteEnd(of: 7, at: at(2))
        #expect(scanner.nextDeadline == nil && scanner.advance(to: at(3)) == nil)
    }

    @Test func `the end of a process that was found wakes the loop`() throws {
        let child = try ChildProcess(
            Program("/bin/sleep", ["77"]), ChildStreams(input: .null, output: .null, error: .null))
        let scanner = ProcessScanner(in: loop, log: quietLog()) { $0 }
        scanner.configure(
            [TrackProcess(name: "s", process: "/bin/sleep", parameters: ["77"])], at: at(0))
        // The kernel lets the parent of a vfork go on before the program's arguments can be read.
        let looks = (0..<1000).lazy.map { look -> Int in
            if look > 0 { usleep(10_000) }
            return scanner.advance(to: at(Int64(look)))?["s"] ?? 0
        }
        #expect(looks.contains { $0 >= 1 })
        child.send(.kill)
        let woken = try loop.wait(until: Clock.now() + .seconds(20)).map(\.token)
        #expect(woken.contains(child.pid))
        while try child.reap() == nil {}
    }

    @Test(
        arguments: [
            ("1 (init) S 0", "init"), ("2 (a) (b)) R 0", "a) (b)"), ("3 (z) Z 0", nil), ("4 (x) X", nil),
            ("", nil), ("5 x S", nil), ("6 )(", nil), ("7 (a)", nil), ("8 () S", ""),
        ] as [(String, String?)])
    func `a name is read as the kernel writes it`(text: String, name: String?) {
        #expect(ProcessScanner<Int>.name(inStat: Array(text.utf8)) == name.map { Array($0.utf8) })
    }

    @Test func `a directory that cannot be read says nothing`() throws {
        let scanner = ProcessScanner(in: loop, log: quietLog(), directory: "/nowhere") { $0 }
        scanner.configure([TrackProcess(name: "n", process: "nginx")], at: at(0))
        #expect(scanner.advance(to: at(0)) == nil)
        #expect(scanner.nextDeadline == at(1))
    }
}
