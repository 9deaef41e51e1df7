import ConfigSyntax
import HealthChecks
import NetTypes
import Timekeeping

/// The checks of one `real_server`.
enum ProbeChecks {
    static func run(
        _ server: RealServerDraft, of service: VirtualServerDraft, _ reader: inout SchemaReader
    ) {
        let names = ["TCP_CHECK", "HTTP_GET", "SSL_GET", "MISC_CHECK"]
        // A block with an unknown name was most likely meant to be a check.
        if server.checks.isEmpty, server.address != nil, server.origin.isWhole {
            reader.report(
                .neverChecked, "\(server.origin.title) has no check: it is taken for up for ever",
                at: server.origin.header, help: ["add one of \(names.joined(separator: ", "))"])
        }
        checkWords(server.schedule, &reader)
        guard !server.checks.isEmpty else { return }
        let inherited = server.schedule.inheriting(service.schedule)
        for check in server.checks where check.kind != .file {
            let own = check.schedule
            checkWords(own, &reader)
            let schedule = own.inheriting(inherited)
            checkRetries(check, schedule, &reader)
            checkTimeout(check, schedule, &reader)
            for page in check.urls where page.acceptsAnything {
                reader.report(
                    .urlWithoutCriterion, "every status of 200 to 299 counts as good", at: page.origin.header,
                    notes: ["a page that says that the service is broken often comes with 200"],
                    help: ["add status_code, digest or regex"])
            }
        }
        for check in server.probes where check.usesNetwork {
            if check.kind != .ping { checkPort(check, server, of: service, &reader) }
            if check.kind.connects { checkProtocol(check, of: service, &reader) }
            checkReplyLength(check, &reader)
            checkSource(check, server, &reader)
            for url in check.urls { checkURL(url, of: check, &reader) }
        }
    }

    /// `retry` and `fall` of one block say the same.
    static func checkWords(_ schedule: ScheduleDraft, _ reader: inout SchemaReader) {
        guard let retry = schedule.retry, let fall = schedule.fall else { return }
        reader.report(
            .retryBesideFall, "retry has no effect beside fall", at: retry.span,
            related: [Label(fall.span, "this counts")],
            notes: ["fall \(fall.value) is retry \(fall.value - 1)"])
    }

    private static func checkRetries(
        _ check: CheckDraft, _ schedule: ScheduleDraft, _ reader: inout SchemaReader
    ) {
        guard let loop = schedule.delayLoop,
            let place = (schedule.fall ?? schedule.retry)?.span ?? schedule.delayBeforeRetry?.span
        else { return }
        let resolved = CheckSchedule(check.kind, schedule)
        let (total, isLong) = resolved.delayBeforeRetry.nanoseconds.multipliedReportingOverflow(
            by: Int64(resolved.retry))
        guard isLong || total > loop.value.nanoseconds else { return }
        reader.report(
            .retriesAboveLoop, "\(resolved.retry) retries take longer than delay_loop", at: place,
            related: [Label(loop.span)] + (schedule.delayBeforeRetry.map { [Label($0.span)] } ?? []),
            notes: ["a dead server stays up that much longer"])
    }

    private static func checkTimeout(
        _ check: CheckDraft, _ schedule: ScheduleDraft, _ reader: inout SchemaReader
    ) {
        let (name, limit) =
            check.kind == .script
            ? ("misc_timeout", check.scriptTimeout) : ("connect_timeout", schedule.connectTimeout)
        guard let limit, let loop = schedule.delayLoop, limit.value > loop.value else { return }
        reader.report(
            .timeoutAboveLoop, "\(name) is longer than delay_loop", at: limit.span,
            related: [Label(loop.span)],
            notes: ["a server that does not answer is found out later than delay_loop makes believe"],
            help: ["lower \(name), or raise delay_loop"])
    }

    private static func checkPort(
        _ check: CheckDraft, _ server: RealServerDraft, of service: VirtualServerDraft,
        _ reader: inout SchemaReader
    ) {
        guard service.isKnown, server.address != nil, server.origin.isAbsent("real_server"),
            check.connectPort == nil, check.origin.isAbsent("connect_port"), service.port(of: server) == 0
        else { return }
        reader.report(
            .checkWithoutPort, "\(check.origin.title) has no port to connect to", at: check.origin.header,
            related: [Label(server.origin.header, "no port here")],
            notes: ["keepalived would connect to port 0, and the server would never come up"],
            help: ["add: connect_port PORT"])
    }

    private static func checkURL(_ url: URLDraft, of check: CheckDraft, _ reader: inout SchemaReader) {
        if let name = url.serverName, check.kind == .http {
            reader.report(
                .keywordWithoutEffect, "sni_name has no effect in HTTP_GET", at: name.span,
                help: ["TLS is spoken by SSL_GET"])
        }
        if let pattern = url.bodyPattern, let place = url.pattern, let problem = reader.problem(pattern) {
            reader.report(
                .invalidPattern, "regex is no expression: \(problem)", at: place.span,
                notes: ["keepalived replaces escapes first: a backslash is written twice"])
        }
        checkBody(url, &reader)
        guard url.pattern == nil, url.origin.isAbsent("regex") else { return }
        let options = [
            ("regex_options", url.patternOptions?.span), ("regex_no_match", url.patternInverted?.span),
            ("regex_min_offset", url.minimumOffset?.span), ("regex_max_offset", url.maximumOffset?.span),
        ]
        for case (let name, let span?) in options {
            reader.report(
                .optionWithoutKeyword, "\(name) has no effect without regex", at: span,
                related: [Label(url.origin.header, "in this url")], help: ["add: regex PCRE2"])
        }
    }

    private static func checkBody(_ url: URLDraft, _ reader: inout SchemaReader) {
        let criterion = url.digest?.span ?? url.pattern?.span
        if let method = url.method, method.value == .head, let criterion {
            reader.report(
                .bodyOfHead, "an answer to HEAD has no body to look at", at: criterion,
                related: [Label(method.span, "HEAD here")])
        } else if let limit = url.bodyLimit, criterion == nil, url.origin.isAbsent("regex"),
            url.origin.isAbsent("digest")
        {
            reader.report(
                .optionWithoutKeyword, "body_limit has no effect without digest or regex", at: limit.span,
                related: [Label(url.origin.header, "in this url")], notes: ["only then a body is read"],
                help: ["leave it out"])
        }
    }

    private static func checkReplyLength(_ check: CheckDraft, _ reader: inout SchemaReader) {
        guard check.origin.isAbsent("max_reply_length"), check.origin.isAbsent("min_reply_length"),
            let place = check.shortestReply ?? check.longestReply
        else { return }
        let (shortest, longest) = (check.shortestReply?.value ?? 0, check.longestReply?.value ?? 255)
        guard shortest > longest else { return }
        reader.report(
            .replyLengths, "no reply has at least \(shortest) and at most \(longest) octets", at: place.span,
            related: [Label(check.origin.header, "in this check")],
            help: ["write max_reply_length \(shortest) or more"])
    }

    private static func checkSource(
        _ check: CheckDraft, _ server: RealServerDraft, _ reader: inout SchemaReader
    ) {
        guard let source = check.sourceAddress, check.origin.isAbsent("connect_ip"),
            let target = check.connectAddress ?? server.address, source.value.family != target.value.family
        else { return }
        reader.report(
            .sourceOfOtherFamily, "\(source.value) and \(target.value) are not of one address family",
            at: source.span, related: [Label(target.span, "what is probed")],
            help: ["write an address of this director of the other family, or leave it out"])
    }

    private static func checkProtocol(
        _ check: CheckDraft, of service: VirtualServerDraft, _ reader: inout SchemaReader
    ) {
        guard let transport = service.transport, transport.value != .tcp, !service.isMarked else { return }
        let name = transport.value.description.uppercased()
        reader.report(
            .checkOfOtherProtocol,
            "\(check.origin.title) connects by TCP, the service is \(name)",
            at: check.origin.header, related: [Label(transport.span)])
    }
}
