import ConfigSyntax
import NetTypes
import Testing
import VRRP

@testable import ConfigModel

@Suite struct InstanceDraftTests {
    private let span = Span(file: 0, start: 0, end: 1)

    private func draft() -> InstanceDraft {
        InstanceDraft(
            origin: Origin(Statement(keyword: Word("vrrp_instance", span: span), arguments: [])),
            name: Located("VI_1", at: span))
    }

    @Test func `the version is the instance's, else the global one, else 2`() {
        var (instance, global) = (draft(), ConfigurationDraft(start: span).global)
        #expect(instance.version(global) == .v2)
        global.version = Located(.v3, at: span)
        #expect(instance.version(global) == .v3)
        instance.version = Located(.v2, at: span)
        #expect(instance.version(global) == .v2)
    }

    @Test func `an address goes to its own interface, else to the instance's`() throws {
        var instance = draft()
        let prefix = try #require(Prefix("192.0.2.1/24"))
        #expect(instance.interface(of: VirtualAddress(prefix: prefix)).isEmpty)
        instance.interface = Located("eth0", at: span)
        #expect(instance.interface(of: VirtualAddress(prefix: prefix)) == "eth0")
        #expect(instance.interface(of: VirtualAddress(prefix: prefix, interface: "eth1")) == "eth1")
    }
}
