import LoadBalancing
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
            cure: "sysctl -w \(HostChecks.reverseFilter(on: first).sysctlName)=2")
    }

    /// The interfaces with a service's address of IPv4 where a client is heard only if the way back is the
    /// same interface, though the way to most clients is another one.
    private var reverseFilters: [String] {
        guard let ways = live.defaultInterfaces, !ways.isEmpty else { return [] }
        var services: Set<IPAddress> = []
        var hasMarks = false
        for identity in configuration.virtualServers.flatMap(\.identities) {
            switch identity {
            case .address(_, let endpoint): services.insert(endpoint.address)
            case .mark: hasMarks = true
            }
        }
        let places = configuration.instances.flatMap { instance in
            instance.heldAddresses.compactMap { held -> String? in
                let address = held.prefix.address
                guard address.family == .inet, hasMarks || services.contains(address) else { return nil }
                // The instance's own interface, where it has one, is set up for that by the director.
                return held.interface ?? (instance.virtualInterface == nil ? instance.interface : nil)
            }
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
