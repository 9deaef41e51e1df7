import Testing

/// Rules that look at nothing hold always: make sure that there is something to look at.
struct RepositoryTests {
    @Test func `the working copy is found`() {
        #expect(Repository.exists("Package.swift"))
        #expect(Repository.files.contains { $0.path == "README.md" })
        #expect(Repository.files.contains { $0.path == "Makefile" })
        #expect(Repository.sources.count > 20)
        #expect(Repository.tests.count > 20)
        #expect(
            Repository.sources.contains {
                $0.path == "Sources/NetTypes/IPAddress.swift" && $0.code.count > 100
            })
        #expect(!Repository.files.contains { $0.path.contains(".build/") })
    }

    @Test func `a file knows its name, its target and its lines`() {
        let file = TextFile(path: "Sources/VRRP/Packet/Codec.swift", text: "a\nb\n")
        #expect(file.name == "Codec.swift")
        #expect(file.target == "VRRP")
        #expect(file.lineCount == 2)
        #expect(TextFile(path: "a", text: "a\nb").lineCount == 2)
        #expect(TextFile(path: "a", text: "").lineCount == 0)
    }

    @Test func `a report has one violation a line`() {
        let violations = [1, 2].map { Violation(path: "a.swift", line: $0, reason: "bad") }
        #expect(violations.report == "a.swift:1: bad\na.swift:2: bad")
    }
}
