import Testing
import Timekeeping

@testable import ConfigModel

@Suite struct ExtrasDraftTests {
    @Test(arguments: [
        ("vrrp_startup_delay 2.5", \GlobalDefinitions.startupDelay),
        ("vrrp_delay_after_boot 2.5", \.delayAfterBoot), ("vrrp_garp_interval 2.5", \.announcementGap),
        ("vrrp_gna_interval 2.5", \.neighbourGap),
    ])
    func `each delay has a place of its own`(
        line: String, path: any KeyPath<GlobalDefinitions, Interval> & Sendable
    ) {
        let text = "global_defs {\n\(line)\n}\n" + Sample.instance()
        let global = Sample.load(text).model?.global
        #expect(global?[keyPath: path] == .milliseconds(2500))
        var other = global ?? GlobalDefinitions()
        #expect(other != GlobalDefinitions())
        other.startupDelay = .zero
        other.delayAfterBoot = .zero
        other.announcementGap = .zero
        other.neighbourGap = .zero
        #expect(other == GlobalDefinitions())
    }
}
