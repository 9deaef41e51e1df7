import ConfigSyntax
import Testing
import Timekeeping
import VRRP

@testable import ConfigModel

@Suite struct TrackedObjectGrammarTests {
    private func errors(_ text: String) -> [DiagnosticCode] {
        Sample.errors(text).filter { $0 != .unsupportedKeyword }
    }

    @Test(
        arguments: [
            ("weight 254", .outOfRange), ("weight -254", .outOfRange), ("weight 3 sideways", .unexpectedWord),
            ("interval 0", .outOfRange), ("timeout x", .invalidNumber), ("rise 0", .outOfRange),
            ("fall -1", .outOfRange), ("init_fail yes", .unexpectedWord), ("user a b c", .unexpectedWord),
            ("script bin/true", .invalidCommand), ("nterval 3", .unknownKeyword),
        ] as [(String, DiagnosticCode)])
    func `a script's values are checked`(line: String, code: DiagnosticCode) {
        let command = line.hasPrefix("script") ? "" : "script /bin/true\n"
        #expect(errors("vrrp_script s {\n\(command)\(line)\n}\n") == [code])
    }

    @Test(
        arguments: [
            ("weight 255", .outOfRange), ("quorum x", .invalidNumber), ("quorum_max -1", .outOfRange),
            ("param_match some", .unknownChoice), ("delay -1", .outOfRange),
            ("full_command 1", .unexpectedWord),
        ] as [(String, DiagnosticCode)])
    func `a process's values are checked`(line: String, code: DiagnosticCode) {
        #expect(errors("vrrp_track_process p {\nprocess nginx\n\(line)\n}\n") == [code])
    }

    @Test(
        arguments: [
            ("weight 2147483648", .outOfRange), ("init_file 2147483648", .outOfRange),
            ("init_file 1 always", .unexpectedWord), ("init_file x", .invalidNumber),
        ] as [(String, DiagnosticCode)])
    func `a file's values are checked`(line: String, code: DiagnosticCode) {
        #expect(errors("track_file f {\nfile /x\n\(line)\n}\n") == [code])
    }

    @Test(arguments: ["vrrp_script s {\n}\n", "vrrp_track_process p {\n}\n", "track_file f {\n}\n"])
    func `what is to be watched must be said`(text: String) {
        #expect(errors(text) == [.missingKeyword])
    }

    @Test func `a name is needed, and one only`() {
        #expect(errors("vrrp_script {\nscript /x\n}\n") == [.missingValue])
        #expect(errors("track_file a b {\nfile /x\n}\n") == [.unexpectedWord])
        #expect(errors("track_file a {\nfile x\n}\n") == [.invalidName])
    }

    @Test(arguments: [
        ("nginx -g \"daemon off\"", "nginx", ["-g", "daemon off"]), ("\"/tmp/a b\" p1", "/tmp/a b", ["p1"]),
        ("nginx 'daemon off'", "nginx", ["'daemon", "off'"]),
    ])
    func `what is quoted is one word of a process`(words: String, program: String, parameters: [String]) {
        let process = Sample.load("vrrp_track_process p {\nprocess \(words)\n}\n").model?.tracked.processes
        #expect(process?.map(\.process) == [program])
        #expect(process?.map(\.parameters) == [parameters])
    }

    @Test(
        arguments: [("", .exact), ("param_match", .partial), ("param_match initial", .initial)]
            as [(String, TrackProcess.ParameterMatch)])
    func `param_match may stand alone`(line: String, match: TrackProcess.ParameterMatch) {
        let text = "vrrp_track_process p {\nprocess nginx\n\(line)\n}\n"
        #expect(Sample.load(text).model?.tracked.processes.map(\.match) == [match])
        #expect(errors("vrrp_track_process p {\nprocess nginx\nparam_match exact\n}\n") == [.unknownChoice])
    }

    @Test func `where none may run none need run`() {
        let text = "vrrp_track_process p {\nprocess nginx\nquorum_max 0\n}\n"
        #expect(Sample.load(text).model?.tracked.processes.map(\.quorum) == [0])
    }
}
