import Testing

@testable import ConfigModel

@Suite struct DumpDifferenceTests {
    private func line(_ text: String, shown: String? = nil) -> DumpStatement {
        DumpStatement(line: text, shown: shown ?? text)
    }

    private func block(_ header: String, _ lines: [String]) -> DumpStatement {
        DumpStatement(line: header, shown: header, isBlock: true, children: lines.map { line($0) })
    }

    private func texts(_ old: [DumpStatement], _ new: [DumpStatement]) -> [String] {
        DumpDifference.between(old, new).map(\.text)
    }

    @Test func `a value that differs is told with both`() {
        #expect(texts([line("weight 1"), line("a")], [line("weight 3"), line("a")]) == ["weight 1 -> 3"])
        #expect(texts([line("a")], []) == ["- a"] && texts([], [line("a b")]) == ["+ a b"])
        #expect(texts([line("a")], [line("a")]).isEmpty)
    }

    @Test func `a password that differs is said to, and not shown`() {
        let old = line("auth_pass a", shown: "auth_pass *")
        #expect(texts([old], [line("auth_pass b", shown: "auth_pass *")]) == ["auth_pass changed"])
    }

    @Test func `a block tells what differs in it, at most four things`() {
        let (old, new) = (block("TCP_CHECK", ["retry 1"]), block("TCP_CHECK", ["retry 2", "alpha"]))
        #expect(texts([old], [new]) == ["TCP_CHECK: retry 1 -> 2, + alpha"])
        let many = block("TCP_CHECK", ["retry 1", "a", "b", "c", "d", "e"])
        #expect(texts([old], [many]) == ["TCP_CHECK: + a, + b, + c, + d, and 1 more"])
    }

    @Test func `blocks go by their headers, what stands several times by its lines`() {
        let (a, b, c) = (block("real_server a", ["weight 1"]), block("real_server b", []), line("x"))
        #expect(texts([a, c], [b, c]) == ["+ real_server b", "- real_server a"])
        let (one, two) = (block("url", ["path /1"]), block("url", ["path /2"]))
        let three = block("url", ["path /3"])
        let found = DumpDifference.between([one, two], [two, three])
        #expect(found.map(\.old) == [nil, one] && found.map(\.new) == [three, nil])
    }

    @Test func `a difference is called as its statement is`() {
        let gone = DumpDifference(old: block("real_server a", []), new: nil)
        #expect(gone.name == "real_server a" && gone.keyword == "real_server")
        #expect(DumpDifference(old: nil, new: nil).text.isEmpty)
    }
}
