import ConfigModel
import ConfigSyntax
import Testing

@Suite struct NotificationChecksTests {
    private func codes(_ lines: String) -> [DiagnosticCode] {
        Sample.codes("global_defs {\n\(lines)\n}\n" + Sample.instance())
    }

    @Test func `each FIFO has a path of its own`() {
        #expect(codes("notify_fifo /a\nvrrp_notify_fifo /b\nlvs_notify_fifo /c") == [])
        #expect(codes("notify_fifo /a\nvrrp_notify_fifo /b\nlvs_notify_fifo /a") == [.duplicatePipe])
        #expect(codes("vrrp_notify_fifo /a\nlvs_notify_fifo /a") == [.duplicatePipe])
    }

    @Test func `what cannot be mailed is said where it is asked for`() {
        #expect(codes("smtp_alert_vrrp") == [.mailWithoutServer])
        #expect(codes("smtp_server 192.0.2.25\nnotification_email {\na@b\n}\nsmtp_alert") == [])
        #expect(codes("smtp_server\nnotification_email {\na@b\n}") == [.missingValue])
    }

    @Test(arguments: ["notify_fifo", "vrrp_notify_fifo", "lvs_notify_fifo"])
    func `a reader needs its FIFO`(name: String) {
        #expect(codes("\(name)_script /bin/x") == [.readerWithoutPipe])
        #expect(codes("\(name) /a\n\(name)_script /bin/x") == [])
        #expect(codes("\(name) a\n\(name)_script /bin/x") == [.invalidName], "one mistake, one message")
    }
}
