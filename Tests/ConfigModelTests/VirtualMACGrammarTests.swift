import ConfigSyntax
import NetTypes
import Testing
import VRRP

@testable import ConfigModel

@Suite struct VirtualMACGrammarTests {
    private func interface(_ lines: String, global: String = "") -> VirtualInterface? {
        Sample.router(lines, global: global)?.virtualInterface
    }

    @Test(arguments: [
        ("use_vmac", "vrrp.51", "00:00:5e:00:01:33"), ("use_vmac v51", "v51", "00:00:5e:00:01:33"),
        ("use_vmac 02:00:00:00:00:99", "vrrp.51", "02:00:00:00:00:99"),
        ("use_vmac v51 02:00:00:00:00:99", "v51", "02:00:00:00:00:99"),
        ("use_vmac name v51", "v51", "00:00:5e:00:01:33"),
        ("use_vmac name group 02:00:00:00:00:99", "group", "02:00:00:00:00:99"),
    ])
    func `a name and an Ethernet address may be written`(line: String, name: String, mac: String) throws {
        let found = try #require(interface(line))
        #expect(found == VirtualInterface(name: name, base: "eth0", mac: try #require(MACAddress(mac))))
        #expect(Sample.codes(Sample.instance(lines: line)) == [])
    }

    @Test(
        arguments: [
            ("use_vmac {\n}", .unexpectedBlock), ("use_vmac name", .missingValue),
            ("use_vmac v51 v52", .unexpectedWord), ("use_vmac 02:00:00:00:00:99 v51", .unexpectedWord),
            ("use_vmac v51 02:00:00:00:00:99 02:00:00:00:00:98", .unexpectedWord),
            ("use_vmac 01:00:5e:00:00:12", .invalidMAC), ("use_vmac v51 0:1", .invalidMAC),
            ("use_vmac a/b", .invalidName), ("use_vmac name a/b", .invalidName),
            ("use_vmac netlink_notify_msg", .unsupportedValue), ("use_vmac v51 group g", .unsupportedValue),
            ("use_vmac abcdefghijklmnop", .invalidName), ("vmac_xmit_base 1", .unexpectedWord),
        ] as [(String, DiagnosticCode)])
    func `a bad line is refused for one reason`(line: String, code: DiagnosticCode) {
        #expect(Sample.codes(Sample.instance(lines: line)) == [code])
    }

    @Test func `the last one counts, which is said`() {
        #expect(Sample.codes(Sample.instance(lines: "use_vmac\nuse_vmac v51")) == [.givenTwice])
        #expect(interface("use_vmac\nuse_vmac v51")?.name == "v51")
    }

    @Test func `names begin with the prefix`() {
        #expect(interface("use_vmac", global: "vmac_prefix mac")?.name == "mac.51")
        #expect(interface("use_vmac v51", global: "vmac_prefix mac")?.name == "v51")
        let long = "global_defs {\nvmac_prefix abcdefghijk\n}\n"
        #expect(Sample.codes(long + Sample.instance()) == [.invalidName])
    }
}
