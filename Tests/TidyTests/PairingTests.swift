import Testing

struct PairingTests {
    @Test func `every source file has its test file`() {
        let missing = Pairing.missing(Repository.sources.map(\.path), tests: Repository.tests.map(\.path))
            .filter { Pairing.exceptions[$0.path] == nil }
        #expect(missing.isEmpty, "\n\(missing.report)")
    }

    @Test func `every exception is needed`() {
        let missing = Pairing.missing(Repository.sources.map(\.path), tests: Repository.tests.map(\.path))
        #expect(Set(Pairing.exceptions.keys).subtracting(missing.map(\.path)).isEmpty)
        #expect(Pairing.exceptions.count <= 12, "the list is no place to hide")
    }

    @Test func `a test file counts in its target's tests or in the lab's`() {
        let sources =
            ["A", "A+Parts", "B", "C", "D"].map { "Sources/VRRP/Packet/\($0).swift" } + [
                "Sources/holdfastd/main.swift"
            ]
        let tests = [
            "Tests/VRRPTests/ATests.swift", "Tests/LabTests/BTests.swift", "Tests/OtherTests/CTests.swift",
            "Tests/VRRPTests/DTest.swift",
        ]
        #expect(
            Pairing.missing(sources, tests: tests).map(\.path) == [
                "Sources/VRRP/Packet/C.swift", "Sources/VRRP/Packet/D.swift",
            ])
    }
}
