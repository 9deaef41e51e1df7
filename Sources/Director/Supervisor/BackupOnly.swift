import ConfigModel
import LoadBalancing
import NetTypes
import VRRP

/// When `net.ipv4.vs.backup_only` may be used beside the marks. It switches all of IPVS off in this network
/// namespace while the sync daemon is a backup, so it is right only where that state speaks for every
/// service.
package enum BackupOnly {
    /// True when the sync daemon follows an instance and every virtual server's address is one of that
    /// instance's; for a service by mark, when there is no other instance.
    package static func isSafe(_ configuration: Configuration) -> Bool {
        guard let name = configuration.global.syncDaemon?.instance,
            let instance = configuration.instances.first(where: { $0.name == name })
        else { return false }
        let held = Set((instance.virtualAddresses + instance.excludedAddresses).map(\.prefix.address))
        return configuration.virtualServers.lazy.flatMap(\.identities).allSatisfy { identity in
            switch identity {
            case .address(_, let endpoint): held.contains(endpoint.address)
            case .mark: configuration.instances.count == 1
            }
        }
    }
}
