import Testing

@testable import ConfigSyntax

@Suite struct RepetitionTests {
    private func values(_ head: String) throws -> [[String]] {
        let octets = Array(head.utf8)
        let repetition = try Repetition(octets, at: 0)
        var result: [[String]] = []
        while let row = repetition.values(result.count) {
            result.append(
                row.map { value in
                    switch value {
                    case .counted(let text): text
                    case .listed(let range): String(decoding: octets[range], as: UTF8.self)
                    }
                })
        }
        return result
    }

    @Test(arguments: [
        ("~SEQ(I,3)", ["1", "2", "3"]), ("~SEQ(I,2,4)", ["2", "3", "4"]),
        ("~SEQ(I, 0, 4, 8)", ["0", "4", "8"]),
        ("~SEQ(I,3,1)", ["3", "2", "1"]), ("~SEQ(I,9,-3,0)", ["9", "6", "3", "0"]),
        ("~SEQ(I,-2)", ["-1", "-2"]),
        ("~SEQx(I,0x90,0x10,0xc0)", ["90", "a0", "b0", "c0"]),
        ("~SEQx(I,144,16,192)", ["90", "a0", "b0", "c0"]),
        ("~SEQ(I,0,2,5)", ["0", "2", "4"]), ("~SEQ(I,7,7)", ["7"]),
    ])
    func `a sequence counts to its end`(head: String, expected: [String]) throws {
        #expect(try values(head) == expected.map { [$0] })
    }

    @Test(arguments: [
        ("~LST(v,a)", [["a"]]), ("~LST(v, a , b)", [["a"], ["b"]]),
        ("~LST({v,w},{1,2},{3, 4})", [["1", "2"], ["3", "4"]]), ("~LST(v,,x)", [[""], ["x"]]),
    ])
    func `a list gives its values`(head: String, expected: [[String]]) throws {
        #expect(try values(head) == expected)
    }

    @Test(arguments: [
        "~SEQ(I,1,2", "~SEQ(I)", "~SEQ(1,2)", "~SEQ(I,x)", "~SEQ(I,1,0,5)", "~SEQ(I,1,-1,5)", "~SEQ(I,5,1,1)",
        "~SEQ(I,1,2,3,4)", "~SEQ(I,99999999999999999999)", "~SEQ()", "~LST(v)", "~LST()",
        "~LST({v,w},{1},{2,3})", "~LST({v,w},1)", "~LST({v},{1},x)", "~LST(1,2)", "~LST({,},{1,2})",
    ])
    func `a head that cannot be read says why`(head: String) {
        let problem = #expect(throws: Repetition.Problem.self) { try values(head) }
        #expect(problem?.reason.isEmpty == false)
    }

    @Test func `only these begin a repetition`() {
        #expect(Repetition.begins(Array("  ~SEQ(I,1)".utf8), at: 2))
        #expect(!Repetition.begins(Array("~seq(I,1)".utf8), at: 0))
        #expect(!Repetition.begins(Array("~SEQ I".utf8), at: 0))
    }
}
