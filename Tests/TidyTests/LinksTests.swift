import Testing

struct LinksTests {
    private let pages = Repository.files.filter { $0.path.hasSuffix(".md") }

    @Test func `every link of a page leads somewhere`() {
        let byPath = Dictionary(uniqueKeysWithValues: pages.map { ($0.path, $0) })
        let violations = pages.flatMap { page in
            Links.broken(in: page, page: { byPath[$0] }, exists: Repository.exists)
        }
        #expect(violations.isEmpty, "\n\(violations.report)")
        #expect(pages.flatMap(Links.links).count > 3)
    }

    @Test func `no file names a place outside the repository`() {
        let violations = Repository.files.flatMap(Links.foreign)
        #expect(violations.isEmpty, "\n\(violations.report)")
    }

    @Test func `links are found in text, not in code`() {
        let page = TextFile(
            path: "docs/a.md",
            text:
                "See [b](b.md) and [c](../c.md#part \"title\").\n```\n[no](code.md)\n```\n<img src=\"d.svg\">"
        )
        #expect(Links.links(in: page).map(\.target) == ["b.md", "../c.md#part", "d.svg"])
        #expect(Links.links(in: page).map(\.line) == [1, 1, 5])
    }

    @Test(
        arguments: [
            ("b.md", true), ("./b.md", true), ("../README.md", true), ("../README.md#how-to-build-it", true),
            ("https://example.org/x", true), ("mailto:a@example.org", true), ("#here", true),
            ("../docs/", true),
            ("gone.md", false), ("../README.md#nowhere", false), ("#nowhere", false),
            ("../../outside.md", false),
            ("/etc/passwd", false),
        ])
    func `a link that leads nowhere is found`(target: String, works: Bool) {
        let page = TextFile(path: "docs/a.md", text: "# Here\n[x](\(target))\n")
        let readme = TextFile(path: "README.md", text: "## How to build it?\n")
        let known = ["docs/a.md": page, "README.md": readme]
        let broken = Links.broken(
            in: page, page: { known[$0] },
            exists: { ["docs", "docs/b.md", "README.md", "docs/a.md"].contains($0) })
        #expect(broken.isEmpty == works, "\(broken.report)")
    }

    @Test func `places of one machine are found`() {
        for place in Links.foreignPlaces {
            let file = TextFile(path: "a.md", text: "fine\nsee \(place)x")
            #expect(Links.foreign(in: file).map(\.line) == [2])
        }
        #expect(Links.foreign(in: TextFile(path: "a.md", text: "a worker, the root, a workshop/")).isEmpty)
    }
}
