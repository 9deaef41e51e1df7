import ConfigSyntax
import LoadBalancing
import NetTypes
import VRRP

/// Whether direct routing can reach the real servers, as far as the file tells which networks the director is
/// in: those of its virtual addresses.
enum NetworkChecks {
    static func run(
        _ service: VirtualServerDraft, in draft: ConfigurationDraft, _ reader: inout SchemaReader
    ) {
        let networks = draft.instances.flatMap { $0.addresses + $0.excluded }
            .filter { $0.value.prefix.length < $0.value.prefix.address.family.bits }
        // A service on an address of another network says nothing about the servers' side.
        guard case .address(let address, _)? = service.headers.first?.value,
            let own = networks.first(where: { $0.value.prefix.contains(address) })
        else { return }
        for server in service.realServers where service.forwarding(to: server) == .directRouting {
            guard let place = server.address, place.value.family == address.family,
                !networks.contains(where: { $0.value.prefix.contains(place.value) })
            else { continue }
            reader.report(
                .foreignNetwork, "\(place.value) is in no network of the virtual addresses",
                at: place.span, related: [Label(own.span, "the service's network")],
                notes: ["direct routing reaches only what is on the same segment"],
                help: ["use lb_kind TUN or NAT, unless the director has an interface in that network"])
        }
    }
}
