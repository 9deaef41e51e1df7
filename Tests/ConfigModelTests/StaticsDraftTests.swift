import Testing
import VRRP

@testable import ConfigModel

@Suite struct StaticsDraftTests {
    private func interface(_ line: String, global: String = "") -> String? {
        let text = "global_defs {\n\(global)\n}\nstatic_ipaddress {\n\(line)\n}\n"
        return Sample.load(text).configuration?.statics.addresses.first?.interface
    }

    @Test func `a static address goes where it says, to the default interface, or to eth0`() {
        #expect(interface("198.51.100.9/24 dev eth1", global: "default_interface eth7") == "eth1")
        #expect(interface("198.51.100.9/24", global: "default_interface eth7") == "eth7")
        #expect(interface("198.51.100.9/24") == "eth0")
    }

    @Test func `a group has who is written in it`() {
        let text = "track_group G {\ngroup {\nVI_1 VI_2\nVI_3\n}\n}\n"
        let instances = (1...3).map { Sample.instance("VI_\($0)", id: $0, address: $0) }.joined()
        let groups = Sample.load(text + instances).configuration?.trackGroups
        #expect(groups == [TrackGroup(name: "G", members: ["VI_1", "VI_2", "VI_3"])])
    }
}
