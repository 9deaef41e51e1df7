import ConfigSyntax
import NetTypes
import Timekeeping

/// Keywords of the checkers.
enum CheckGrammar {
    static let tcp = BlockGrammar<CheckDraft>(.tcpCheck, network)

    static let script = BlockGrammar<CheckDraft>(
        .scriptCheck,
        [
            .value(
                "misc_path", \.command, .command, "The program, by absolute path, and its arguments.",
                tier: .core, required: "there is nothing to run"),
            .value(
                "misc_timeout", \.scriptTimeout, .timeout, default: "delay_loop",
                "How long the program may run.", tier: .common),
            Keyword(
                "user", arguments: "USER", default: "script_user", "The user it runs as.", tier: .rare
            ) { draft, statement, reader in
                guard let user = GlobalGrammar.user(statement, &reader) else { return false }
                reader.noteRepeat(of: statement, earlier: draft.user?.span)
                draft.user = user
                return true
            },
        ] + ScheduleGrammar.rows(CheckDraft.self, retry: "", wait: "", inherited: true))

    static let network: [Keyword<CheckDraft>] =
        [
            .value(
                "connect_ip", \.connectAddress, .address, default: "of the real server", "Where to connect.",
                tier: .common),
            .value(
                "connect_port", \.connectPort, .port, default: "of the real server",
                "The port to connect to.",
                tier: .common),
            .value(
                "bindto", \.sourceAddress, .address, default: "chosen by routing",
                "The address to connect from.", tier: .common),
            .value(
                "bind_port", \.sourcePort, .integer(1024...65535), default: "chosen by the kernel",
                "The port to connect from; the checker has no right to one below 1024.", tier: .rare),
            .value(
                "bind_if", \.sourceInterface, .interface, default: "chosen by routing",
                "The interface to connect by.", tier: .rare),
            ScheduleGrammar.connectTimeout(CheckDraft.self, inherited: true),
        ] + ScheduleGrammar.rows(CheckDraft.self, retry: "", wait: "", inherited: true)
}

extension ValueType<[String]> {
    /// A program by absolute path and its arguments, in one word.
    static let command = ValueType(name: "\"COMMAND\"") { word, reader in
        switch CommandWords.split(word.text) {
        case .success(let words):
            if words.first?.hasPrefix("/") == true { return words }
            reader.report(
                .invalidCommand, "a program is named by its absolute path", at: word.span,
                notes: ["nothing is searched for, and no shell is involved"])
        case .failure(let problem):
            reader.report(.invalidCommand, problem.reason, at: word.span)
        }
        return nil
    }
}
