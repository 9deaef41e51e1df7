import HealthChecks
import NetTypes
import Timekeeping

// The checks of a dump.

extension ConfigurationDump {
    static func write(_ check: CheckSpecification, _ writer: inout DumpWriter) {
        switch check.kind {
        case .tcp(let tcp):
            writer.block("TCP_CHECK") { writer in
                if let text = tcp.greeting { writer.line("send", escaped(text)) }
                if let text = tcp.expected { writer.line("expect", escaped(text)) }
                write(tcp.target, tcp.timeout, tcp.source, &writer)
                write(check.schedule, &writer)
            }
        case .http(let http):
            writer.block(http.tls == nil ? "HTTP_GET" : "SSL_GET") { writer in
                for url in http.urls { write(url, &writer) }
                if http.version != .v10 { writer.line("http_protocol", http.version.rawValue) }
                if http.tls?.verifies == true { writer.line("tls_verify") }
                if let name = http.tls?.peer { writer.line("tls_name", name) }
                if let authorities = http.tls?.authorities { writer.line("tls_ca", authorities) }
                write(http.target, http.timeout, http.source, &writer)
                write(check.schedule, &writer)
            }
        case .smtp(let smtp):
            writer.block("SMTP_CHECK") { writer in
                writer.line("helo_name", smtp.heloName)
                write(smtp.target, smtp.timeout, smtp.source, &writer)
                write(check.schedule, &writer)
            }
        case .dns(let dns):
            writer.block("DNS_CHECK") { writer in
                writer.line("type", "\(dns.type)")
                writer.line("name", dns.name)
                write(dns.target, dns.timeout, dns.source, &writer)
                write(check.schedule, &writer)
            }
        case .udp(let udp):
            writer.block("UDP_CHECK") { writer in
                write(udp, &writer)
                write(udp.target, udp.timeout, udp.source, &writer)
                write(check.schedule, &writer)
            }
        case .ping(let ping):
            writer.block("PING_CHECK") { writer in
                write(Endpoint(ping.address, port: 0), ping.timeout, ping.source, &writer)
                write(check.schedule, &writer)
            }
        case .script(let script):
            writer.block("MISC_CHECK") { writer in
                writer.line("misc_path", CommandWords.joined(script.command))
                writer.line("misc_timeout", seconds(script.timeout))
                if script.isDynamic { writer.line("misc_dynamic") }
                if let user = script.user { writer.line("user", [user, script.group].compactMap { $0 }) }
                write(check.schedule, &writer)
            }
        case .file(let file):
            writer.block("FILE_CHECK") { writer in
                writer.line("track_file", file.name)
                writer.line("weight", [String(file.weight)] + (file.isReversed ? ["reverse"] : []))
            }
        }
    }

    private static func write(_ udp: UDPCheck, _ writer: inout DumpWriter) {
        if let payload = udp.payload { writer.line("payload", BodyDigest.text(payload)) }
        if udp.requiresReply { writer.line("require_reply", udp.reply.map { [$0.description] } ?? []) }
        writer.line("min_reply_length", String(udp.replyLength.lowerBound))
        writer.line("max_reply_length", String(udp.replyLength.upperBound))
    }

    private static func write(_ url: HTTPURL, _ writer: inout DumpWriter) {
        writer.block("url") { writer in
            writer.line("path", url.path)
            let codes = url.statusCodes.map { range in
                range.count == 1 ? String(range.lowerBound) : "\(range.lowerBound)-\(range.upperBound)"
            }
            writer.line("status_code", codes)
            if let host = url.host { writer.line("virtualhost", host) }
            if let name = url.serverName { writer.line("sni_name", name) }
            if url.method != .get { writer.line("method", url.method.rawValue) }
            for header in url.headers { writer.line("header", header) }
            if url.bodyLimit != HTTPURL().bodyLimit { writer.line("body_limit", String(url.bodyLimit)) }
            if let digest = url.digest { writer.line("digest", digest.description) }
            if let pattern = url.pattern { write(pattern, &writer) }
        }
    }

    private static func write(_ pattern: BodyPattern, _ writer: inout DumpWriter) {
        writer.line("regex", CommandWords.escaped(pattern.expression))
        let options = BodyPattern.Option.allCases.filter { pattern.options.contains($0) }
        if !options.isEmpty { writer.line("regex_options", options.map(\.rawValue)) }
        if pattern.isInverted { writer.line("regex_no_match") }
        if pattern.minimumOffset > 0 { writer.line("regex_min_offset", String(pattern.minimumOffset)) }
        if let offset = pattern.maximumOffset { writer.line("regex_max_offset", String(offset)) }
    }

    private static func write(
        _ target: Endpoint, _ timeout: Interval, _ source: ProbeSource, _ writer: inout DumpWriter
    ) {
        writer.line("connect_ip", target.address.description)
        if target.port != 0 { writer.line("connect_port", String(target.port)) }
        writer.line("connect_timeout", seconds(timeout))
        if let address = source.address { writer.line("bindto", address.description) }
        if source.port > 0 { writer.line("bind_port", String(source.port)) }
        if let interface = source.interface { writer.line("bind_if", interface) }
        if let mark = source.mark { writer.line("fwmark", mark.description) }
    }

    private static func write(_ schedule: CheckSchedule, _ writer: inout DumpWriter) {
        writer.line("delay_loop", seconds(schedule.delayLoop))
        writer.line("retry", String(schedule.retry))
        writer.line("delay_before_retry", seconds(schedule.delayBeforeRetry))
        writer.line("warmup", seconds(schedule.warmup))
        if schedule.startsDown { writer.line("alpha") }
        if schedule.logsAllFailures { writer.line("log_all_failures") }
        if schedule.rise != 1 { writer.line("rise", String(schedule.rise)) }
        if let timeout = schedule.probeTimeout { writer.line("probe_timeout", seconds(timeout)) }
    }

    private static func escaped(_ text: [UInt8]) -> String {
        CommandWords.escaped(String(decoding: text, as: UTF8.self))
    }
}
