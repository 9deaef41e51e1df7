import ConfigSyntax
import HealthChecks

/// Keywords of `HTTP_GET` and `SSL_GET`.
extension CheckGrammar {
    static let http = BlockGrammar<CheckDraft>(.httpCheck, pages + network)

    static let tls = BlockGrammar<CheckDraft>(
        .tlsCheck,
        pages + [
            .flag(
                "enable_sni", \.asksForName, "TLS asks for the virtualhost (SNI).", tier: .common),
            .value(
                "sni_name", \.serverName, .httpText("NAME"),
                default: "none, or with enable_sni the virtualhost",
                "The name that TLS asks for (SNI).", tier: .common),
            .flag(
                "tls_verify", \.verifies,
                "The certificate must be valid, and for the name that is asked for; see the block SSL.",
                tier: .own),
            .value(
                "tls_name", \.peerName, .httpText("NAME"), default: "the name that is asked for",
                "The name or address that the certificate must be for.", tier: .own),
            .value(
                "tls_ca", \.authorities, .path, default: "ca of the block SSL",
                "The certificates that tls_verify trusts here.", tier: .own),
        ] + network)

    private static let pages: [Keyword<CheckDraft>] = [
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
        .value(
            "http_protocol", \.httpVersion,
            .choice("a version of HTTP", HTTPVersion.allCases.map { ($0.rawValue, $0) }), default: "1.0",
            "The version of requests; 1.0C and 1.1 say Connection: close.", tier: .rare),
    ]

    static let url = BlockGrammar<URLDraft>(
        .url,
        [
            .value(
                "path", \.path, .httpText("PATH", prefix: "/"), "What to ask for.", tier: .core,
                required: "the request would have no target"),
            Keyword(
                "status_code", arguments: "N | N-M ...", default: "200-299", "Accepted status codes.",
                tier: .core, read: list(.statusCodes, \.statusCodes)),
            .value(
                "virtualhost", \.virtualHost, .httpText("HOST"), default: "of the checker",
                "The Host header.",
                tier: .common),
            .value(
                "sni_name", \.serverName, .httpText("NAME"), default: "of the checker",
                "The name that TLS asks for (SNI).", tier: .common),
            .value(
                "digest", \.digest, .digest,
                "The digest of the body: MD5, as genhash prints it, or SHA-256.", tier: .core),
            .value("regex", \.pattern, .regex, "What the body must match.", tier: .rare),
            .flag("regex_no_match", \.patternInverted, "The body must not match.", tier: .rare),
            Keyword(
                "regex_options", arguments: "OPTION ...", default: "none", "Compile options of PCRE2.",
                tier: .rare, read: list(.patternOption, \.patternOptions)),
            .value(
                "regex_min_offset", \.minimumOffset, .integer(0...1_048_576), default: "0",
                "Octets of the body that are passed over.", tier: .rare),
            .value(
                "method", \.method,
                .choice("a method", HTTPMethod.allCases.map { ($0.rawValue, $0) }), default: "GET",
                "What is asked of the page.", tier: .own),
            Keyword(
                "header", arguments: "\"NAME: VALUE\"", repeatable: true, default: "none",
                "A further line of the request.", tier: .own
            ) { draft, statement, reader in
                var arguments = Arguments(statement)
                let header = arguments.next(.header, &reader)
                guard arguments.finish(&reader), let header else { return false }
                draft.headers.append(header)
                return true
            },
            .value(
                "body_limit", \.bodyLimit, .integer(1...1_048_576), default: "1048576",
                "Octets of a body that may come, where one is read.", tier: .own),
            .value(
                "regex_max_offset", \.maximumOffset, .integer(0...1_048_576), default: "the end",
                "The last octet of the body where a match may begin.", tier: .rare),
        ])

    /// Reads one value or more of `type`.
    private static func list<Value: Sendable>(
        _ type: ValueType<Value>, _ path: any WritableKeyPath<URLDraft, Located<[Value]>?> & Sendable
    ) -> Keyword<URLDraft>.Read {
        { draft, statement, reader in
            var arguments = Arguments(statement)
            var values: [Value] = []
            repeat {
                guard let value = arguments.next(type, &reader) else { return false }
                values.append(value.value)
            } while arguments.peeked != nil
            reader.noteRepeat(of: statement, earlier: draft[keyPath: path]?.span)
            draft[keyPath: path] = Located(values, at: statement.header)
            return true
        }
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

extension ValueType<String> {
    /// An expression in the syntax of PCRE2, in which keepalived replaces escapes first: `\\\\d` is a digit.
    static let regex = ValueType(name: "PCRE2") { word, reader in
        switch CommandWords.unescaped(word.text) {
        case .success(let text):
            if !text.isEmpty { return text }
            reader.report(.invalidName, "regex cannot be empty", at: word.span)
        case .failure(let problem): reader.report(.invalidName, problem.reason, at: word.span)
        }
        return nil
    }
}

extension ValueType<String> {
    /// `NAME: VALUE` of a request (RFC 9110 section 5), but for those that the probe writes itself.
    static let header = ValueType(name: "\"NAME: VALUE\"") { word, reader in
        let parts = word.text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8
        guard parts.count == 2, let name = parts.first, !name.isEmpty, word.text.utf8.count <= 1024,
            name.utf8.allSatisfy(token.contains), parts[1].utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            reader.report(
                .invalidName, "\"\(word.text)\" is not a line of a request", at: word.span,
                help: ["write \"NAME: VALUE\" in printable ASCII, at most 1024 characters"])
            return nil
        }
        let own = ["host", "connection", "user-agent", "content-length", "transfer-encoding"]
        guard !own.contains(name.lowercased()) else {
            reader.report(
                .invalidName, "\(name) is written by the probe itself", at: word.span,
                help: ["virtualhost sets Host, http_protocol the connection; leave the others out"])
            return nil
        }
        return word.text
    }
}

extension ValueType<BodyDigest> {
    /// 32 hexadecimal digits for MD5, 64 for SHA-256.
    static let digest = ValueType(name: "DIGEST") { word, reader in
        if let digest = BodyDigest(word.text) { return digest }
        reader.report(
            .invalidNumber, "\"\(word.text)\" is not a digest", at: word.span,
            help: ["32 hexadecimal digits for MD5, as genhash prints it, or 64 for SHA-256"])
        return nil
    }
}

extension ValueType<BodyPattern.Option> {
    /// A compile option of PCRE2.
    static let patternOption = ValueType.choice(
        "an option of PCRE2", BodyPattern.Option.allCases.map { ($0.rawValue, $0) })
}
