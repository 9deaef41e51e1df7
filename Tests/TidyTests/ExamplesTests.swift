import Testing

struct ExamplesTests {
    /// The parts of a path under Examples.
    private let parts = Repository.files.map { $0.path.split(separator: "/").map(String.init) }
        .filter { $0.first == "Examples" }

    @Test func `every example has a page and the files of both directors`() {
        let incomplete = Self.incomplete(parts)
        #expect(incomplete.isEmpty)
        #expect(
            Set(parts.compactMap { $0.dropFirst().first }).isSuperset(of: [
                "dr-pair", "nat", "fullnat", "tun", "fwmark-loop-guard",
            ]))
    }

    @Test func `an incomplete example is found`() {
        let files = [
            ["Examples", "good", "README.md"], ["Examples", "good", "a.conf"],
            ["Examples", "good", "b.conf"],
            ["Examples", "silent", "a.conf"], ["Examples", "silent", "b.conf"],
            ["Examples", "single", "README.md"], ["Examples", "single", "a.conf"],
        ]
        #expect(Self.incomplete(files) == ["silent", "single"])
    }

    private static func incomplete(_ files: [[String]]) -> [String] {
        let inside = files.filter { $0.count > 2 }
        return Dictionary(grouping: inside) { $0[1] }.filter { _, files in
            let names = files.compactMap(\.last)
            return !names.contains("README.md") || names.filter { $0.hasSuffix(".conf") }.count < 2
        }.keys.sorted()
    }
}
