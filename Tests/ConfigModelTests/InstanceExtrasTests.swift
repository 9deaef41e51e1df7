import Testing
import Timekeeping

@testable import ConfigModel

@Suite struct InstanceExtrasTests {
    private func extras(_ lines: String, global: String = "") -> InstanceExtras? {
        let text = (global.isEmpty ? "" : "global_defs {\n\(global)\n}\n") + Sample.instance(lines: lines)
        return Sample.load(text).model?.extras["VI_1"]
    }

    @Test func `an instance that asks for nothing has no entry`() {
        #expect(Sample.load(Sample.instance()).model?.extras == [:])
        #expect(extras("strict_mode off") == nil)
    }

    @Test(arguments: [
        ("", "vrrp_strict", true), ("strict_mode", "", true), ("strict_mode on", "", true),
        ("strict_mode off", "vrrp_strict", nil), ("", "", nil),
    ])
    func `strict mode is the instance's, else that of all`(own: String, global: String, isStrict: Bool?) {
        #expect(extras(own, global: global)?.isStrict == isStrict)
    }
}
