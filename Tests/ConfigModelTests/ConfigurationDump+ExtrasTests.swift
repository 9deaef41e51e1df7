import Testing

@testable import ConfigModel

@Suite struct ConfigurationDumpExtrasTests {
    private static let text = """
        global_defs {
            vrrp_startup_delay 2.5
            vrrp_delay_after_boot 30
            vrrp_garp_interval 0.01
            vrrp_gna_interval 0.02
        }

        """

    @Test(arguments: [
        "no_accept", "no_accept\nlower_prio_no_advert\nhigher_prio_send_advert off",
        "use_vmac vrrp.51 00:00:5e:00:01:33",
        "use_vmac v51 02:00:00:00:00:99\nvmac_xmit_base", "use_vmac name group 00:00:5e:00:01:33",
        "virtual_routes {\n198.51.100.0/24 src 192.0.2.1 dev eth0\nblackhole 203.0.113.0/24\n}",
        "virtual_rules {\nfrom 192.0.2.0/24 table 9 preference 5\n}", "",
    ])
    func `what is dumped reads back as the same`(lines: String) throws {
        let model = try #require(Sample.load(Self.text + Sample.instance(lines: lines)).model)
        let dump = ConfigurationDump.text(model)
        for line in lines.split(separator: "\n") { #expect(dump.contains(line)) }
        #expect(dump.contains("vrrp_garp_interval 0.01\n"))
        #expect(Sample.load(dump).model == model)
    }

    @Test func `strict mode is dumped as what it means`() throws {
        let model = try #require(Sample.load(Sample.instance(lines: "strict_mode")).model)
        let dump = ConfigurationDump.text(model)
        for line in [
            "no_accept", "lower_prio_no_advert", "higher_prio_send_advert off", "garp_lower_prio_delay 0",
            "garp_lower_prio_repeat 0",
        ] { #expect(dump.contains("    \(line)\n")) }
        #expect(!dump.contains("strict"))
        #expect(Sample.load(dump).model == model)
    }

    @Test func `what is static is dumped with its groups, and reads back as the same`() throws {
        let model = try #require(Sample.load(StaticsGrammarTests.text + Sample.instance()).model)
        let dump = ConfigurationDump.text(model)
        #expect(dump.contains("198.51.100.9/24 dev eth1 label eth1:s track_group G\n"))
        #expect(dump.contains("203.0.113.0/24 via 198.51.100.1 dev eth1 track_group G\n"))
        #expect(dump.contains("from 198.51.100.0/24 table 77 preference 500 track_group G\n"))
        #expect(!dump.contains("track_interface"))
        #expect(Sample.load(dump).model == model)
    }
}
