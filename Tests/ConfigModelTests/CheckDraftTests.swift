import ConfigSyntax
import HealthChecks
import LoadBalancing
import Testing

@testable import ConfigModel

@Suite struct CheckDraftTests {
    @Test func `every host of a mail check is a check`() throws {
        let text = """
            SMTP_CHECK {
                connect_port 2525
                retry 4
                host {
                    connect_ip 192.0.2.31
                    retry 5
                }
                host {
                    connect_port 26
                }
            }
            """
        let service = Sample.virtualServer(
            Sample.service(servers: Sample.server("192.0.2.21 80", text)))
        let checks = service?.realServers[0].checks ?? []
        let targets = checks.map { check -> String in
            if case .smtp(let smtp) = check.kind { "\(smtp.target)" } else { "" }
        }
        #expect(targets == ["192.0.2.31:2525", "192.0.2.21:26"])
        #expect(checks.map(\.schedule.retry) == [5, 4])
    }

    @Test func `checks by TCP are told from the others`() {
        let kinds: [CheckDraft.Kind] = [.tcp, .http, .tls, .smtp, .dns, .udp, .ping, .script]
        #expect(kinds.filter(\.connects).count == 4)
    }

    @Test func `a new check inherits everything`() {
        let span = Span(file: 0, start: 0, end: 1)
        let check = CheckDraft(
            .http, origin: Origin(Statement(keyword: Word("HTTP_GET", span: span), arguments: [])))
        #expect(check.kind == .http)
        #expect(check.urls.isEmpty)
        #expect(check.connectAddress == nil)
        #expect(check.schedule.delayLoop == nil)
        #expect(check.origin.title == "HTTP_GET")
    }

    @Test func `a page accepts anything when nothing says what is good`() {
        let place = Span(file: 0, start: 0, end: 1)
        let statement = Statement(keyword: Word("url", span: place), arguments: [])
        var page = URLDraft(origin: Origin(statement))
        #expect(!page.acceptsAnything)  // it has no path, which is said elsewhere
        page.path = Located("/", at: place)
        #expect(page.acceptsAnything)
        page.origin.failed = ["status_code"]
        #expect(!page.acceptsAnything)
        page.origin.failed = []
        page.statusCodes = Located([200...200], at: place)
        #expect(!page.acceptsAnything)
    }
}
