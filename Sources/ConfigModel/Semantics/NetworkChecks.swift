import ConfigSyntax
import LoadBalancing
import NetTypes
import VRRP

/// Whether direct routing can reach the real servers, as far as the file tells which networks the director is
/// in: those of its virtual and static addresses.
enum NetworkChecks {
    static func run(
        _ service: VirtualServerDraft, in networks: KnownNetworks, _ reader: inout SchemaReader
    ) {
        // A service on an address of another network says nothing about the servers' side.
        guard case .address(let address, _)? = service.headers.first?.value,
            let own = networks.place(of: address)
        else { return }
        for server in service.realServers where service.forwarding(to: server) == .directRouting {
            guard let place = server.address, place.value.family == address.family,
                networks.place(of: place.value) == nil
            else { continue }
            reader.report(
                .foreignNetwork, "\(place.value) is in no network of the virtual addresses",
                at: place.span, related: [Label(own, "the service's network")],
                notes: ["direct routing reaches only what is on the same segment"],
                help: ["use lb_kind TUN or NAT, unless the director has an interface in that network"])
        }
    }
}

/// The networks of a file's virtual addresses, put together once for all services: there may be ten thousand
/// of both.
struct KnownNetworks {
    private var places: [Prefix: Span] = [:]
    /// The longest first: the nearest network is the one that is named.
    private let lengths: [UInt8]

    init(_ draft: ConfigurationDraft) {
        // With only some of them nothing can be said to be outside.
        guard draft.origin.isAbsent("vrrp_instance"), draft.origin.isAbsent("static_ipaddress") else {
            lengths = []
            return
        }
        for address in draft.instances.flatMap({ $0.addresses + $0.excluded }) + draft.statics.addresses {
            let prefix = address.value.prefix
            // The address of a host alone says nothing about the network.
            guard prefix.length < prefix.address.family.bits else { continue }
            let network = Prefix(network: prefix.address, length: prefix.length)
            if places[network] == nil { places[network] = address.span }
        }
        lengths = Set(places.keys.map(\.length)).sorted(by: >)
    }

    /// Where a virtual address of the network that `address` is in was written; nil when it is in none.
    func place(of address: IPAddress) -> Span? {
        for length in lengths where length < address.family.bits {
            if let place = places[Prefix(network: address, length: length)] { return place }
        }
        return nil
    }
}
