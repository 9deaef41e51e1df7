import ConfigModel
import ConfigSyntax
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

@Suite struct MailGrammarTests {
    private static let complete = "smtp_server 192.0.2.25\nnotification_email {\na@example.com\n}"

    private func load(
        _ global: String, instance: String = "", service: String = "", server: String = ""
    )
        -> LoadResult
    {
        Sample.load(
            "global_defs {\n\(global)\n}\n" + Sample.instance(lines: instance)
                + Sample.service(
                    lines: "protocol TCP\n\(service)",
                    servers: Sample.server("192.0.2.21 80", "\(server)\nTCP_CHECK {\n}")))
    }

    private func codes(_ global: String) -> [DiagnosticCode] { load(global).diagnostics.map(\.code) }

    private func mail(_ global: String) -> MailSettings? { load(global).configuration?.notifications.mail }

    @Test func `mail needs a server and somebody to write to`() throws {
        let found = try #require(mail(Self.complete))
        #expect(found == MailSettings(server: found.server, recipients: ["a@example.com"]))
        #expect(found.server == Endpoint(.v4(IPv4Address(192, 0, 2, 25)), port: 25))
        #expect(found.timeout == .seconds(30) && found.tellsFaults)
        #expect(mail("smtp_server 192.0.2.25") == nil)
        #expect(codes("smtp_server 192.0.2.25") == [.mailWithoutRecipient])
        #expect(codes("notification_email {\na@example.com\n}") == [.mailWithoutServer])
        #expect(codes("smtp_alert") == [.mailWithoutServer])
        #expect(codes("smtp_alert off") == [])
        #expect(mail("") == nil)
    }

    @Test func `every part can be set`() throws {
        let lines = """
            notification_email {
                a@example.com b@example.com
                c@example.com
            }
            notification_email_from lvs@example.com
            smtp_server localhost 2525
            smtp_helo_name lvs-a.example.com
            smtp_connect_timeout 2.5
            no_email_faults
            """
        let found = try #require(mail(lines))
        #expect(found.recipients == ["a@example.com", "b@example.com", "c@example.com"])
        #expect(found.sender == "lvs@example.com")
        #expect(found.server == Endpoint(.v4(IPv4Address(127, 0, 0, 1)), port: 2525))
        #expect(found.greeting == "lvs-a.example.com")
        #expect(found.timeout == .milliseconds(2500))
        #expect(!found.tellsFaults)
    }

    @Test(
        arguments: [
            ("smtp_server mail.example.com\nnotification_email {\na@b\n}", [.mailServerByName]),
            ("smtp_server 192.0.2.25 x", [.invalidNumber]), ("smtp_server", [.missingValue]),
            ("smtp_server 192.0.2.25 25 x", [.unexpectedWord]),
            ("notification_email {\n\"a b\"\n}", [.invalidName]),
            ("notification_email {\n\"a>\"\n}", [.invalidName]),
            ("notification_email_from @", [.invalidName]), ("notification_email", [.missingBlock]),
            ("smtp_helo_name \"a b\"", [.invalidName]), ("smtp_connect_timeout 0", [.outOfRange]),
            ("smtp_alert maybe", [.unknownChoice]), ("no_email_faults off", [.unexpectedWord]),
        ] as [(String, [DiagnosticCode])])
    func `what cannot be used is said`(lines: String, expected: [DiagnosticCode]) {
        #expect(codes(lines) == expected)
    }

    static let inheritance: [(global: String, own: String, instance: Bool, service: Bool, server: Bool)] = [
        ("", "", false, false, true), ("smtp_alert", "", true, true, true),
        ("smtp_alert off", "", false, false, false), ("smtp_alert_vrrp", "", true, false, true),
        ("smtp_alert_checker off", "", false, false, false), ("smtp_alert_checker", "", false, true, true),
        ("smtp_alert\nsmtp_alert_vrrp off\nsmtp_alert_checker off", "", false, false, false),
        ("", "smtp_alert", true, true, true), ("smtp_alert", "smtp_alert off", false, false, false),
    ]

    @Test(arguments: inheritance) func `smtp_alert is on for real servers, and inherited`(
        global: String, own: String, instance: Bool, service: Bool, server: Bool
    ) throws {
        let result = load("\(Self.complete)\n\(global)", instance: own, service: own, server: own)
        let configuration = try #require(result.configuration)
        let notifications = configuration.notifications
        let virtual = configuration.virtualServers[0]
        #expect((notifications.instances["VI_1"]?.mails ?? false) == instance)
        let found = notifications.services[virtual.identity]
        #expect((found?.mails ?? false) == service)
        #expect((found?.servers[virtual.realServers[0].endpoint]?.mails ?? false) == server)
    }

    @Test func `without a server nobody is to be written to, whatever smtp_alert says`() {
        let notifications = load("smtp_alert", instance: "smtp_alert").configuration?.notifications
        #expect(notifications == Notifications())
    }
}
