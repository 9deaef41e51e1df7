import NetTypes
import Timekeeping
import VRRP

extension ConfigurationDump {
    /// The interface with the virtual router's own Ethernet address.
    static func write(
        _ interface: VirtualInterface, isBesideAdverts: Bool, _ writer: inout DumpWriter
    ) {
        let isWord = VirtualMACGrammar.words.contains(interface.name)
        writer.line("use_vmac", (isWord ? ["name"] : []) + [interface.name, interface.mac.description])
        if isBesideAdverts { writer.line("vmac_xmit_base") }
    }

    /// What an instance holds beside its addresses.
    static func writeRouting(of instance: RouterConfiguration, _ writer: inout DumpWriter) {
        write(
            [
                ("virtual_routes", instance.routes.map(\.words)),
                ("virtual_rules", instance.rules.map(\.words)),
            ], &writer)
    }

    /// Delays of links, what the director holds whoever is master, and who cares.
    static func writeStatics(of configuration: Configuration, _ writer: inout DumpWriter) {
        let delays = configuration.linkDelays.map {
            [$0.interface, seconds($0.down), seconds($0.up)]
        }
        write([("interface_up_down_delays", delays)], &writer)
        for group in configuration.trackGroups {
            writer.block("track_group", group.name) { writer in
                writer.block("group") { writer in
                    for member in group.members { writer.line(member) }
                }
            }
        }
        let statics = configuration.statics
        write(statics.addresses, "static_ipaddress", &writer)
        write(
            [
                ("static_routes", statics.routes.map(\.words)),
                ("static_rules", statics.rules.map(\.words)),
            ], &writer)
    }

    private static func write(_ blocks: [(String, [[String]])], _ writer: inout DumpWriter) {
        for (name, lines) in blocks where !lines.isEmpty {
            writer.block(name) { writer in
                for line in lines { writer.line(line[0], Array(line.dropFirst())) }
            }
        }
    }

    /// When elections start, and how far apart announcements are.
    static func writePacing(of global: GlobalDefinitions, _ writer: inout DumpWriter) {
        let delays = [
            ("vrrp_startup_delay", global.startupDelay), ("vrrp_delay_after_boot", global.delayAfterBoot),
            ("vrrp_garp_interval", global.announcementGap), ("vrrp_gna_interval", global.neighbourGap),
        ]
        for (name, delay) in delays where delay > .zero { writer.line(name, seconds(delay)) }
    }

    /// Where dump files go.
    static func write(_ dumps: DumpFiles, _ writer: inout DumpWriter) {
        let places = [
            ("state_dump_file", dumps.state), ("stats_dump_file", dumps.statistics),
            ("json_dump_file", dumps.json),
        ]
        for (name, place) in places { if let place { writer.line(name, place) } }
    }
}
