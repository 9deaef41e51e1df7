import NetTypes
import Testing
import VRRP

@testable import ConfigModel

@Suite struct StaticsResolutionTests {
    /// As keepalived 2.2.7 numbers them.
    @Test func `static rules are numbered before those that move, each family by itself`() throws {
        let text = """
            static_rules {
                from 192.0.2.0/24 table 5
                from 2001:db8::/64 table 5
                from 192.0.3.0/24 table 5 preference 9
                from 192.0.4.0/24 table 5
            }

            """
        let rules = "virtual_rules {\nfrom 192.0.5.0/24 table 5\nfrom 2001:db8:1::/64 table 5\n}"
        let configuration = try #require(Sample.load(text + Sample.instance(lines: rules)).configuration)
        #expect(configuration.statics.rules.map(\.preference) == [16384, 16384, 9, 16383])
        #expect(configuration.instances.first?.rules.map(\.preference) == [16382, 16383])
    }

    @Test func `an instance tracks the groups that it is in, and no others`() throws {
        let text = """
            track_group G {
                group {
                    VI_1
                }
            }
            track_group H {
                group {
                    VI_2
                    VI_1
                }
            }

            """
        let instances = Sample.instance() + Sample.instance("VI_2", id: 52, address: 101)
        let configuration = try #require(Sample.load(text + instances).configuration)
        #expect(
            configuration.instances.map(\.tracking.items) == [
                [Tracked(.statics, "G"), Tracked(.statics, "H")], [Tracked(.statics, "H")],
            ])
    }
}
