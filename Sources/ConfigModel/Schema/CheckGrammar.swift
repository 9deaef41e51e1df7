import ConfigSyntax
import NetTypes
import Timekeeping

/// Keywords of the checkers.
enum CheckGrammar {
    static let tcp = BlockGrammar<CheckDraft>(.tcpCheck, network)

    static let http = BlockGrammar<CheckDraft>(
        .httpCheck,
        [
            Keyword(
                "url", body: .keywords, repeatable: true, "A page to ask for; all of them must be good.",
                tier: .core,
                requirement: Keyword.Requirement(effect: "there is nothing to ask for") { !$0.urls.isEmpty }
            ) { draft, statement, reader in
                let isGood = Arguments(statement).finish(&reader)
                var page = URLDraft(origin: Origin(statement))
                reader.read(statement.block?.statements ?? [], as: url, into: &page)
                draft.urls.append(page)
                return isGood
            },
            .value(
                "virtualhost", \.virtualHost, .httpText("HOST"), default: "of the real server",
                "The Host header.", tier: .common),
            Keyword(
                "nb_get_retry", arguments: "0...100000", default: "retry", "An old name of retry.",
                tier: .obsolete
            ) { draft, statement, reader in
                var arguments = Arguments(statement)
                let value = arguments.next(ValueType<Int>.integer(0...100_000), &reader)
                guard arguments.finish(&reader), let value else { return false }
                reader.report(
                    .obsoleteKeyword, "nb_get_retry is obsolete, and read as retry",
                    at: statement.keyword.span, help: ["write: retry \(value.value)"])
                reader.noteRepeat(of: statement, earlier: draft.schedule.retry?.span)
                draft.schedule.retry = value
                return true
            },
        ] + network)

    static let url = BlockGrammar<URLDraft>(
        .url,
        [
            .value(
                "path", \.path, .httpText("PATH", prefix: "/"), "What to ask for.", tier: .core,
                required: "the request would have no target"),
            Keyword(
                "status_code", arguments: "N | N-M ...", default: "200-299", "Accepted status codes.",
                tier: .core, read: readStatusCodes),
            .value(
                "virtualhost", \.virtualHost, .httpText("HOST"), default: "of the checker",
                "The Host header.",
                tier: .common),
        ])

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

    private static let network: [Keyword<CheckDraft>] =
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

    private static func readStatusCodes(
        _ draft: inout URLDraft, _ statement: Statement, _ reader: inout SchemaReader
    ) -> Bool {
        var arguments = Arguments(statement)
        var codes: [ClosedRange<UInt16>] = []
        repeat {
            guard let range = arguments.next(.statusCodes, &reader) else { return false }
            codes.append(range.value)
        } while arguments.peeked != nil
        reader.noteRepeat(of: statement, earlier: draft.statusCodes?.span)
        draft.statusCodes = Located(codes, at: statement.header)
        return true
    }
}

extension ValueType<ClosedRange<UInt16>> {
    /// `204` or `200-299`, within 100...599.
    static let statusCodes = ValueType(name: "STATUS") { word, reader in
        let parts = word.text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.utf8.count == 3 ? UInt16(part).flatMap { (100...599).contains($0) ? $0 : nil } : nil
        }
        if numbers.count == parts.count, let low = numbers.first, let high = numbers.last, parts.count <= 2,
            low <= high
        {
            return low...high
        }
        reader.report(
            .outOfRange, "\"\(word.text)\" is not a status code or range of them", at: word.span,
            help: ["codes are 100...599: 200-299"])
        return nil
    }
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
