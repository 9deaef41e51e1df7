import ConfigModel
import Testing

@Suite struct NotificationDumpTests {
    private func dump(_ lines: String) -> [Substring] {
        let configuration = Sample.load(Sample.instance(lines: lines)).configuration
        return (configuration.map { ConfigurationDump.text($0) } ?? "").split(separator: "\n")
            .map { $0.drop { $0 == " " } }
            .filter { $0.hasPrefix("notify") }
    }

    @Test func `scripts are written with their words quoted, in one order`() {
        let text = """
            notify_deleted
            notify "/n 'a b' c" nobody nogroup
            notify_stop /s
            notify_master /m root
            """
        #expect(
            dump(text) == [
                "notify_master /m root", "notify_stop /s", "notify \"/n 'a b' c\" nobody nogroup",
                "notify_deleted",
            ])
        #expect(dump("notify_deleted /d nobody") == ["notify_deleted /d nobody"])
        #expect(dump("") == [])
    }
}
