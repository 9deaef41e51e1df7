import ConfigSyntax
import LoadBalancing

/// Keywords of `real_server`.
enum RealServerGrammar {
    static let table = BlockGrammar<RealServerDraft>(
        .realServer,
        [
            .value(
                "weight", \.weight, .integer(0...2_147_483_647), default: "of the virtual server",

                "The share of connections; 0 for no new ones.", tier: .core),
            ForwardingGrammar.row(
                "lb_kind", also: ["lvs_method"], \.forwarding, \.encapsulation,
                default: "of the virtual server", "How packets reach this server.", tier: .rare),
            .value(
                "uthreshold", \.upperThreshold, .integer(0...2_147_483_647), default: "0, for none",
                "Connections at which the server gets no new ones.", tier: .rare),
            .value(
                "lthreshold", \.lowerThreshold, .integer(0...2_147_483_647),
                default: "0, for 3/4 of uthreshold",
                "Connections below which it gets new ones again.", tier: .rare),
            .flag(
                "inhibit_on_failure", \.inhibitOnFailure, takesValue: true, default: "of the virtual server",
                "While down the server gets weight 0 instead of being removed.", tier: .common),
            .value(
                "virtualhost", \.virtualHost, .httpText("HOST"), default: "of the virtual server",
                "The Host header of checks.", tier: .common),
            check("TCP_CHECK", .tcp, CheckGrammar.tcp, "Up when a connection can be made."),
            check("HTTP_GET", .http, CheckGrammar.http, "Up when every url answers with an accepted status."),
            check("SSL_GET", .tls, CheckGrammar.tls, "As HTTP_GET, over TLS."),
            check("SMTP_CHECK", .smtp, CheckGrammar.smtp, "Up when a mail server answers HELO.", .common),
            check("DNS_CHECK", .dns, CheckGrammar.dns, "Up when a name server answers a query.", .common),
            check(
                "UDP_CHECK", .udp, CheckGrammar.udp,
                "Up unless a datagram is refused, or while it is answered.", .common),
            check("PING_CHECK", .ping, CheckGrammar.ping, "Up when an ICMP echo is answered.", .common),
            check("MISC_CHECK", .script, CheckGrammar.script, "Up when a program exits with 0."),
            check(
                "FILE_CHECK", .file, CheckGrammar.file,
                "A number in a file changes the weight, or says down.",
                .rare),
        ] + ScheduleGrammar.rows(RealServerDraft.self, retry: "", wait: "", inherited: true)
            + ScheduleGrammar.timeouts(RealServerDraft.self, inherited: true) + NotificationGrammar.servers)

    /// A check's table is put together when the first check of its kind is read.
    private static func check(
        _ name: String, _ kind: CheckDraft.Kind,
        _ grammar: @escaping @autoclosure @Sendable () -> BlockGrammar<CheckDraft>, _ meaning: String,
        _ tier: Tier = .core
    ) -> Keyword<RealServerDraft> {
        Keyword(name, body: .keywords, repeatable: true, meaning, tier: tier) { draft, statement, reader in
            let isGood = Arguments(statement).finish(&reader)
            var check = CheckDraft(kind, origin: Origin(statement))
            reader.read(statement.block?.statements ?? [], as: grammar(), into: &check)
            draft.checks.append(check)
            return isGood
        }
    }

    /// `IP [PORT]` after `real_server` and `sorry_server`.
    static func readHeader(
        _ statement: Statement, into server: inout RealServerDraft, _ reader: inout SchemaReader
    ) -> Bool {
        var arguments = Arguments(statement)
        guard let address = arguments.next(.address, &reader) else { return false }
        let port = arguments.nextIfAny(.port, &reader)
        guard port != .bad, arguments.finish(&reader) else { return false }
        server.address = address
        server.port = port.found
        return true
    }
}
