import ConfigSyntax
import Testing

@Suite struct FilePatternTests {
    @Test(arguments: [
        ("a.conf", "*.conf", true), ("a.conf", "a.conf", true), ("a.conf", "?.conf", true),
        ("ab.conf", "?.conf", false), (".a.conf", "*.conf", false), (".a.conf", ".*", true),
        ("a1", "a[0-9]", true), ("ax", "a[0-9]", false), ("ax", "a[!0-9]", true), ("a]", "a[]]", true),
        ("a*", "a\\*", true), ("ab", "a\\*", false), ("", "*", true), ("abcbc", "a*bc", true),
        ("abcbd", "a*bc", false), ("a[", "a[", true), ("é", "?", true), ("a", "", false),
        ("a^", "a[x^]", true),
    ])
    func `a name matches as in a shell`(name: String, pattern: String, expected: Bool) {
        #expect(FilePattern.matches(name, pattern: pattern) == expected)
    }

    @Test(arguments: [
        ("a", ["a"]), ("{a,b}", ["a", "b"]), ("x{a,b}y{1,2}", ["xay1", "xay2", "xby1", "xby2"]),
        ("{foo/{,cat,dog},bar}", ["foo/", "foo/cat", "foo/dog", "bar"]), ("a{b", ["a{b"]), ("{a}", ["a"]),
    ])
    func `braces stand for alternatives`(pattern: String, expected: [String]) {
        #expect(FilePattern.alternatives(pattern) == expected)
    }

    @Test func `too many alternatives are none`() {
        #expect(FilePattern.alternatives(String(repeating: "{a,b}", count: 40)) == nil)
    }

    private let tree = [
        "/etc": ["conf.d", "x.conf", ".", ".."], "/etc/conf.d": ["b.conf", "a.conf", "c.txt", ".h.conf"],
        "/etc/x.conf": [], ".": ["here.conf"],
    ]

    @Test(arguments: [
        ("/etc/conf.d/*.conf", ["/etc/conf.d/a.conf", "/etc/conf.d/b.conf"]),
        ("/etc/*.d/a.conf", ["/etc/conf.d/a.conf"]), ("/etc/*.d/none", []), ("/none/*", []),
        ("*.conf", ["here.conf"]), ("/etc/plain", ["/etc/plain"]),
    ])
    func `a pattern finds the files in order`(pattern: String, expected: [String]) {
        let found = FilePattern.files(matching: pattern) { directory in
            tree[directory].map { .success($0) } ?? .failure(FileProblem("no such directory"))
        }
        #expect(found == expected)
    }

    @Test func `a directory with too many names gives none`() {
        let names = (0...FilePattern.mostNames).map(String.init)
        #expect(FilePattern.files(matching: "/x/*") { _ in .success(names) } == [])
        #expect(
            FilePattern.files(matching: "/x/*") { _ in .success(names.dropLast()) }.count == names.count - 1)
    }

    @Test(arguments: [("a*", true), ("a?", true), ("[a]", true), ("{a,b}", false), ("a", false)])
    func `wildcards are seen`(pattern: String, expected: Bool) {
        #expect(FilePattern.hasWildcard(pattern) == expected)
    }
}
