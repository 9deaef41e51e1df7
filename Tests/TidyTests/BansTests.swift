import Testing

struct BansTests {
    private func expectNone(
        _ files: [SwiftFile], _ rule: (SwiftFile) -> [Violation], location: SourceLocation = #_sourceLocation
    ) {
        #expect(!files.isEmpty, sourceLocation: location)
        let violations = files.flatMap(rule)
        #expect(violations.isEmpty, "\n\(violations.report)", sourceLocation: location)
    }

    private func sources(_ isIncluded: (String) -> Bool) -> [SwiftFile] {
        Repository.sources.filter { isIncluded($0.target) }
    }

    @Test func `nothing ends the process by surprise, is left for later or has a vague name`() {
        expectNone(Repository.sources + Repository.tests + [Repository.manifest], Bans.everywhere)
    }

    @Test func `pure targets depend on their inputs alone`() {
        expectNone(sources(Layering.pure.contains), Bans.impure)
    }

    @Test func `pure targets and the daemon print nothing`() {
        let daemon = Manifest(Repository.manifest).reachable(from: "holdfastd").union(Layering.pure)
        expectNone(sources { daemon.contains($0) && $0 != "holdfastd" }, Bans.printing)
    }

    @Test func `pointers stay inside the adapters`() {
        let adapters = Layering.names(of: .adapter)
        expectNone(sources { !adapters.contains($0) }, Bans.unsafe)
    }

    @Test func `one file reads the clock`() {
        expectNone(Repository.sources.filter { $0.path != "Sources/LinuxIO/Clock.swift" }, Bans.clocks)
    }

    @Test func `no shell is called and no fixed name in a shared directory used`() {
        expectNone(Repository.sources, Bans.literals)
    }

    @Test(
        arguments: [
            "let a = try! f()", "let a = b as! Int", "let a = b!", "f()!.c", "a[0]!", "var a: Int!",
            "fatalError()",
            "preconditionFailure()", "a!(b)", "x = y!\nz()", "`if`!", "a!!", "a?.b!", "if !a!.b {}",
        ])
    func `what ends the process is found`(source: String) {
        #expect(Bans.everywhere(in: SwiftFile(source)).count >= 1)
    }

    @Test(
        arguments: [
            "a != b", "a!=b", "!a", "if !a {}", "f(!a)", "try f()", "try? f()", "a as? B",
            "fatalError(\"why\")",
            "let a = \"b!\"", "// a!", "#if !DEBUG\n#endif", "return !a", "a && !b", "f(a, !b)",
        ])
    func `what only looks like it is not`(source: String) {
        #expect(Bans.everywhere(in: SwiftFile(source)).isEmpty)
    }

    @Test(arguments: ["TO" + "DO: later", "FIX" + "ME", "XX" + "X"])
    func `work left for later is found in comments`(mark: String) {
        #expect(Bans.everywhere(in: SwiftFile("// \(mark)")).count == 1)
        #expect(Bans.everywhere(in: SwiftFile("/* \(mark) */")).count == 1)
        #expect(Bans.everywhere(in: SwiftFile("let a = \"\(mark)\"")).isEmpty)
    }

    @Test(arguments: [
        "struct ConnectionManager {}", "enum Helpers {}", "typealias StringUtils = Int", "class AManagerB {}",
    ])
    func `vague names are found`(source: String) {
        #expect(Bans.everywhere(in: SwiftFile(source)).count == 1)
    }

    @Test(
        arguments: [
            "ContinuousClock().now", "SuspendingClock()", "Date()", "try await Task.sleep(for: x)",
            "getenv(\"A\")",
            "Int.random(in: 0...1)", "a.randomElement()", "a.shuffled()", "a.shuffle()",
            "SystemRandomNumberGenerator()", "CommandLine.arguments", "a.random()",
        ])
    func `hidden inputs are found`(source: String) {
        #expect(Bans.impure(in: SwiftFile(source)).count == 1)
    }

    @Test(
        arguments: [
            "Int.random(in: 0...1, using: &generator)", "a.randomElement(using: &g)", "a.shuffled(using: &g)",
            "let random = 1", "UpDate()", "// Date()", "let a = \"Date()\"", "func random(_ a: Int) {}",
        ])
    func `passed in inputs are fine`(source: String) {
        #expect(Bans.impure(in: SwiftFile(source)).isEmpty)
    }

    @Test func `prints are found, members and declarations of the name are not`() {
        #expect(Bans.printing(in: SwiftFile("print(1)\ndebugPrint(2)\ndump(3)")).map(\.line) == [1, 2, 3])
        #expect(
            Bans.printing(in: SwiftFile("a.print(1)\nfunc dump() {}\nlet print = 1\n\"print(1)\"")).isEmpty)
    }

    @Test func `unsafe code is found in any form`() {
        let source =
            "unsafe f()\nlet p: UnsafePointer<Int>\nnonisolated(unsafe) var a = 1\n@unsafe func g() {}"
        #expect(Bans.unsafe(in: SwiftFile(source)).map(\.line) == [1, 2, 3, 4])
        #expect(Bans.unsafe(in: SwiftFile("let isUnsafe = 1 // unsafe\nlet a = \"unsafe\"")).isEmpty)
    }

    @Test func `clock readings are found`() {
        #expect(
            Bans.clocks(in: SwiftFile("clock_gettime(CLOCK_BOOTTIME, &a)\ntime(nil)")).map(\.line) == [1, 2])
        #expect(Bans.clocks(in: SwiftFile("a.time(b)\nlet time = 1\nfunc clock() {}")).isEmpty)
    }

    @Test func `shells and shared names are found`() {
        let source =
            "open(\"/tmp/holdfast.log\")\nrun([\"/bin/sh\", \"-c\", a])\nsystem(\"ls\")\n\"\\(a)/tmp/x\""
        #expect(Bans.literals(in: SwiftFile(source)).map(\.line).sorted() == [1, 2, 3, 4])
        #expect(Bans.literals(in: SwiftFile("// /tmp/x\nlet a = \"/run/holdfast\"\nstate.system(1)")).isEmpty)
    }
}
