import ConfigModel
import ConfigSyntax
import Testing

@Suite struct NotificationGrammarTests {
    private func codes(_ lines: String) -> [DiagnosticCode] { Sample.codes(Sample.instance(lines: lines)) }

    static let keywords = [
        "notify_master", "notify_backup", "notify_fault", "notify_stop", "notify", "notify_deleted",
    ]

    @Test(arguments: keywords) func `a script is a command, a user and a group`(keyword: String) {
        #expect(codes("\(keyword) /bin/x") == [])
        #expect(codes("\(keyword) \"/bin/x -a 'b c'\" nobody") == [])
        #expect(codes("\(keyword) /bin/x nobody nogroup") == [])
        #expect(codes("\(keyword) /bin/x nobody nogroup more") == [.unexpectedWord])
        #expect(codes("\(keyword) x.sh") == [])
        #expect(codes("\(keyword) ./x.sh") == [.invalidCommand])
        #expect(codes("\(keyword) \"/bin/x 'a\"") == [.invalidCommand])
        #expect(codes("\(keyword) /bin/x\n\(keyword) /bin/y") == [.givenTwice])
        #expect(codes("\(keyword) {\n}") != [])
    }

    @Test(arguments: keywords.dropLast()) func `a script is needed`(keyword: String) {
        #expect(codes(keyword) == [.missingValue])
    }

    @Test func `a deletion can be reported without a script`() {
        #expect(codes("notify_deleted") == [])
    }

    @Test func `a group stands after a blank`() throws {
        let diagnostic = try #require(
            Sample.load(Sample.instance(lines: "notify /bin/x a:b")).diagnostics.first)
        #expect(diagnostic.help == ["write the group after a blank: USER GROUP"])
    }

    @Test(arguments: ["-x", "/etc/x", "a=b", "\"a b\"", "\"\""])
    func `an argument outside the quotes is no user`(word: String) throws {
        let found = Sample.load(Sample.instance(lines: "notify /bin/x \(word)")).diagnostics
        let diagnostic = try #require(found.first)
        #expect(found.count == 1)
        #expect(diagnostic.code == .invalidName)
        #expect(diagnostic.help == ["the arguments of a command stand in its quotes: \"/path/program -x\""])
        #expect(codes("notify /bin/x nobody \(word)") == [.invalidName])
    }

    @Test(arguments: ["notify_fifo", "vrrp_notify_fifo", "lvs_notify_fifo"])
    func `a FIFO is a path and an owner`(name: String) {
        func codes(_ lines: String) -> [DiagnosticCode] {
            Sample.codes("global_defs {\n\(lines)\n}\n" + Sample.instance())
        }
        #expect(codes("\(name) /run/f") == [])
        #expect(codes("\(name) /run/f nobody") == [])
        #expect(codes("\(name) /run/f nobody nogroup") == [])
        #expect(codes("\(name) /run/f nobody nogroup x") == [.unexpectedWord])
        #expect(codes("\(name) run/f") == [.invalidName])
        #expect(codes("\(name) /run/") == [.invalidName])
        #expect(codes("\(name) /run/\(String(repeating: "x", count: 900))") == [])
        #expect(codes(name) == [.missingValue])
        #expect(codes("\(name) /a\n\(name) /b") == [.givenTwice])
        #expect(codes("\(name) /a\n\(name)_script /b\n\(name)_script /c") == [.givenTwice])
        #expect(codes("\(name) /a\n\(name)_script ./b") == [.invalidCommand])
        #expect(codes("fifo_write_vrrp_states_on_reload\nrs_init_notifies") == [])
        #expect(codes("rs_init_notifies x") == [.unexpectedWord])
        #expect(codes("vrrp_notify_priority_changes") == [])
        #expect(codes("vrrp_notify_priority_changes off") == [])
        #expect(codes("vrrp_notify_priority_changes perhaps") == [.unknownChoice])
    }

    @Test(arguments: ["quorum_up", "quorum_down"]) func `a service has scripts`(name: String) {
        func codes(_ lines: String) -> [DiagnosticCode] {
            Sample.codes(Sample.service(lines: "protocol TCP\n\(lines)"))
        }
        #expect(codes("\(name) /x nobody\nomega") == [])
        #expect(codes("\(name) x/y") == [.invalidCommand])
        #expect(codes("\(name) /x\n\(name) /y") == [.givenTwice])
        #expect(codes("omega on") == [.unexpectedWord])
    }

    @Test(arguments: ["notify_up", "notify_down"]) func `a real server has scripts`(name: String) {
        func codes(_ lines: String) -> [DiagnosticCode] {
            Sample.codes(
                Sample.service(servers: Sample.server("192.0.2.21 80", "\(lines)\nTCP_CHECK {\n}")))
        }
        #expect(codes("\(name) \"/x y\" nobody nogroup") == [])
        #expect(codes("\(name)") == [.missingValue])
        #expect(codes("\(name) /x\n\(name) /y") == [.givenTwice])
    }
}
