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
            let all = live.complaints.prefix(5) + (filters.isEmpty ? [] : [told(filters)])
            return finding(8, name, .warning, all.joined(separator: "; "), cure: cure)
        }
        guard let first = filters.first else {
            return finding(8, name, .ok, "modules, settings, interfaces and scripts are there")
        }
        guard !isRouted else { return finding(8, name, .info, told(filters)) }
        let dropped =
            live.newlyMisdirected.map { "\($0) packets were dropped for such a reason now" }
            ?? "whether packets are dropped for such a reason now was not watched"
        return finding(
            8, name, live.newlyMisdirected ?? 0 > 0 ? .warning : .info,
            "\(told(filters)); \(dropped), \(live.misdirected) since this host was started",
            cure: "sysctl -w \(HostChecks.reverseFilter(on: first).sysctlName)=2")
    }

    /// Clients may be dropped: whether that goes on is worth a look.
    package var mayMisdirect: Bool { live.misdirected > 0 && !isRouted && !reverseFilters.isEmpty }

    /// Which way back clients have is not for the default routes to say.
    private var isRouted: Bool { live.hasRoutingRules ?? false }

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

    private func told(_ filters: [String]) -> String {
        let strict =
            "rp_filter is strict on \(Self.list(filters)), and the default route is another interface's"
        return isRouted
            ? "\(strict); rules choose among routing tables here (ip rule), so whether clients from beyond "
                + "are heard was not judged"
            : "\(strict): clients from beyond are not heard"
    }
}
