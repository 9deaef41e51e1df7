import NetTypes
import VRRP

// What the configuration asks of this host and its kernel.

extension Doctor {
    var kernel: DoctorFinding {
        let name = "kernel and host"
        let cure = "holdfast check --host tells each with its place"
        let filters = reverseFilters
        guard live.complaints.isEmpty else {
            let all = live.complaints + (filters.isEmpty ? [] : [Self.told(filters)])
            return finding(8, name, .warning, all.prefix(5).joined(separator: "; "), cure: cure)
        }
        guard let first = filters.first else {
            return finding(8, name, .ok, "modules, settings, interfaces and scripts are there")
        }
        return finding(
            8, name, live.misdirected > 0 ? .warning : .info,
            "\(Self.told(filters)); \(live.misdirected) packets were dropped for such a reason",
            cure: "sysctl -w net.ipv4.conf.\(first).rp_filter=2")
    }

    /// The interfaces with a virtual address of IPv4 where a client is heard only if the way back is the same
    /// interface, though the way to most clients is another one.
    private var reverseFilters: [String] {
        guard let ways = live.defaultInterfaces, !ways.isEmpty, !configuration.virtualServers.isEmpty else {
            return []
        }
        let places = configuration.instances.flatMap { instance in
            instance.heldAddresses.filter { $0.prefix.address.family == .inet }
                .map { $0.interface ?? instance.interface }
        }
        return Set(places).subtracting(ways).filter { interface in
            // The kernel takes the larger of the two; 2 asks only that there is a way back.
            let modes = ["all", interface].map { host.settings[HostChecks.reverseFilter(on: $0)] }
            return modes.contains("1") && !modes.contains("2")
        }.sorted()
    }

    private static func told(_ filters: [String]) -> String {
        "rp_filter is strict on \(list(filters)), and the default route is another interface's: clients from "
            + "beyond are not heard"
    }
}
