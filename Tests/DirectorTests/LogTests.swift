import Testing

@testable import Director

@Suite struct LogTests {
    @Test func `detail is written only when asked for`() {
        var options = Options()
        #expect(!Log(program: "x", options: options, environment: [:]).writesDetail)
        options.logsDetail = true
        #expect(Log(program: "x", options: options, environment: [:]).writesDetail)
    }
}

@Suite struct EnvironmentTests {
    static let texts: [(text: String, result: [String: String])] = [
        ("", [:]), ("A=1\u{0}B=2\u{0}", ["A": "1", "B": "2"]), ("A=1=2\u{0}", ["A": "1=2"]),
        ("A=\u{0}", ["A": ""]),
        ("nonsense\u{0}=x\u{0}B=2", ["B": "2"]), ("A=1\u{0}A=2\u{0}", ["A": "2"]),
    ]

    @Test(arguments: texts) func `pairs are taken apart`(text: String, result: [String: String]) {
        #expect(Environment.parse(Array(text.utf8)) == result)
    }

    @Test func `this process has a path`() {
        #expect(Environment.current()["PATH"] != nil)
    }
}
