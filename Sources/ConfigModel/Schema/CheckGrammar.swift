import ConfigSyntax
import HealthChecks
import NetTypes
import Timekeeping

/// Keywords of the checkers.
enum CheckGrammar {
    static let tcp = BlockGrammar<CheckDraft>(
        .tcpCheck,
        [
            .value(
                "send", \.greeting, .spoken, default: "nothing", "What is said once the connection stands.",
                tier: .own),
            .value(
                "expect", \.expected, .spoken, default: "nothing",
                "What the server must say, anywhere in its first 64 KiB.", tier: .own),
        ] + network)

    static let smtp = BlockGrammar<CheckDraft>(
        .smtpCheck,
        [
            .value(
                "helo_name", \.heloName, .httpText("NAME"), default: "smtpchecker.keepalived.org",
                "The name that HELO says.", tier: .rare),
            Keyword(
                "host", body: .keywords, repeatable: true, default: "the check's own",
                "A host to check instead of the server; each of them must be good.", tier: .obsolete
            ) { draft, statement, reader in
                let isGood = Arguments(statement).finish(&reader)
                var host = CheckDraft(.smtp, origin: Origin(statement))
                reader.read(statement.block?.statements ?? [], as: smtpHost, into: &host)
                draft.hosts.append(host)
                return isGood
            }.obsolete("write an SMTP_CHECK for each host, with its lines in it"),
        ] + network)

    static let smtpHost = BlockGrammar<CheckDraft>(.smtpHost, network)

    static let dns = BlockGrammar<CheckDraft>(
        .dnsCheck,
        [
            .value(
                "type", \.queryType, .queryType, default: "SOA", "The type of record that is asked for.",
                tier: .rare),
            .value(
                "name", \.queryName, .domainName, default: ".", "The name that is asked for.", tier: .rare),
        ] + network)

    static let udp = BlockGrammar<CheckDraft>(
        .udpCheck,
        [
            .value(
                "payload", \.payload, .octets, default: "32 random octets", "What is sent.", tier: .rare),
            Keyword(
                "require_reply", arguments: "[HEX]", default: "off",
                "Silence is a failure; a reply must begin so, X standing for any digit.", tier: .rare,
                read: readRequiredReply),
            .value(
                "min_reply_length", \.shortestReply, .integer(0...65_535), default: "0",
                "Octets of the shortest good reply.", tier: .rare),
            .value(
                "max_reply_length", \.longestReply, .integer(0...65_535), default: "255",
                "Octets of the longest good reply.", tier: .rare),
        ] + network)

    static let ping = BlockGrammar<CheckDraft>(
        .pingCheck, network.filter { !["connect_port", "bind_port"].contains($0.facts.name) })

    private static func readRequiredReply(
        _ draft: inout CheckDraft, _ statement: Statement, _ reader: inout SchemaReader
    ) -> Bool {
        var arguments = Arguments(statement)
        var reply = CheckDraft.RequiredReply()
        if arguments.peeked != nil {
            guard let pattern = arguments.next(.replyPattern, &reader) else { return false }
            reply.pattern = pattern.value
        }
        guard arguments.finish(&reader) else { return false }
        reader.noteRepeat(of: statement, earlier: draft.requiredReply?.span)
        draft.requiredReply = Located(reply, at: statement.header)
        return true
    }

    static let script = BlockGrammar<CheckDraft>(
        .scriptCheck,
        [
            .value(
                "misc_path", \.command, .command, "The program, by absolute path or name, and its arguments.",
                tier: .core, required: "there is nothing to run"),
            .value(
                "misc_timeout", \.scriptTimeout, .timeout, default: "delay_loop",
                "How long the program may run.", tier: .common),
            .flag(
                "misc_dynamic", \.isDynamic, "An exit status of 2 to 255 is good, and two less the weight.",
                tier: .common),
            GlobalGrammar.account("user", \.user, tier: .rare),
        ] + ScheduleGrammar.rows(CheckDraft.self, retry: "", wait: "", inherited: true) + [logging])

    static let file = BlockGrammar<CheckDraft>(
        .fileCheck,
        [
            .value(
                "track_file", \.file.name, .name("NAME"), "The track_file whose number counts.", tier: .rare,
                required: "there is no number to go by"),
            TrackedObjectGrammar.weight(
                \.file.weight, limit: 2_147_483_647, default: "of the track_file",
                "The number times this is added to the weight; with 0, any number but 0 is a failure.",
                tier: .rare),
        ])

    private static let logging = Keyword<CheckDraft>.flag(
        "log_all_failures", \.schedule.logsAllFailures, takesValue: true, default: "checker_log_all_failures",
        "The log has every failed probe, not only what changes or counts, and not only with -D.", tier: .rare)

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
                "bind_port", \.sourcePort, .port, default: "chosen by the kernel",
                "The port to connect from.", tier: .rare),
            .value(
                "bind_if", \.sourceInterface, .interface, default: "chosen by routing",
                "The interface to connect by.", tier: .rare),
            .value(
                "fwmark", \.sourceMark, .mark, default: "none", "The mark of the probe's packets.",
                tier: .rare),
        ] + ScheduleGrammar.timeouts(CheckDraft.self, inherited: true)
        + ScheduleGrammar.rows(CheckDraft.self, retry: "", wait: "", inherited: true) + [logging]
}

extension ValueType<[String]> {
    /// A program by absolute path or by its name alone, and its arguments, in one word.
    static let command = ValueType(name: "\"COMMAND\"") { word, reader in
        switch CommandWords.split(word.text) {
        case .success(let words):
            if let program = words.first, program.hasPrefix("/") || !program.contains("/") { return words }
            reader.report(
                .invalidCommand, "a program is written by its absolute path, or by its name alone",
                at: word.span, notes: ["there is no directory that a path could begin at"],
                help: ["write the whole path, as command -v prints it"])
        case .failure(let problem):
            reader.report(.invalidCommand, problem.reason, at: word.span)
        }
        return nil
    }
}

extension ValueType<[UInt8]> {
    /// Text with keepalived's escapes, at most 1024 octets.
    static let spoken = ValueType(name: "\"TEXT\"") { word, reader in
        switch CommandWords.unescaped(word.text) {
        case .success(let text):
            if (1...1024).contains(text.utf8.count) { return Array(text.utf8) }
            reader.report(
                .invalidName, "a text has 1 to 1024 octets", at: word.span,
                help: ["write what tells a good server from a bad one: \"220 \""])
        case .failure(let problem): reader.report(.invalidName, problem.reason, at: word.span)
        }
        return nil
    }
}

extension ValueType<DNSType> {
    /// A type of DNS record.
    static let queryType = ValueType.choice(
        "a type of DNS record", DNSType.allCases.map { ("\($0)", $0) })
}

extension ValueType<String> {
    /// A name in DNS: labels of 1...63 octets, 253 in all; "." for the root (RFC 1035 section 2.3.4).
    static let domainName = ValueType(name: "NAME") { word, reader in
        let text = word.text.hasSuffix(".") ? String(word.text.dropLast()) : word.text
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        if word.text == "." { return word.text }
        if text.utf8.count <= 253, labels.allSatisfy({ (1...63).contains($0.utf8.count) }),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        {
            return text
        }
        reader.report(
            .invalidName, "\"\(word.text)\" is not a name in DNS", at: word.span,
            help: ["labels of at most 63 characters with dots between; \".\" is the root"])
        return nil
    }
}

extension ValueType<[UInt8]> {
    /// Octets in hexadecimal digits: at most 1400, which one datagram carries everywhere.
    static let octets = ValueType(name: "HEX") { word, reader in
        if let pattern = ReplyPattern(word.text), let octets = pattern.octets, octets.count <= 1400 {
            return octets
        }
        reader.report(
            .invalidNumber, "\"\(word.text)\" is not a datagram", at: word.span,
            help: ["two hexadecimal digits an octet, at most 1400 octets"])
        return nil
    }
}

extension ValueType<ReplyPattern> {
    /// Octets in hexadecimal digits, X for any digit.
    static let replyPattern = ValueType(name: "HEX") { word, reader in
        if let pattern = ReplyPattern(word.text) { return pattern }
        reader.report(
            .invalidNumber, "\"\(word.text)\" is not the beginning of a reply", at: word.span,
            help: ["two hexadecimal digits an octet, X for any digit"])
        return nil
    }
}
