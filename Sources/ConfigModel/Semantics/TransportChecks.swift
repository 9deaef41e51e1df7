import ConfigSyntax
import NetTypes
import VRRP

/// How the adverts of one `vrrp_instance` travel.
enum TransportChecks {
    static func run(_ instance: InstanceDraft, _ reader: inout SchemaReader) {
        checkFamilies(instance, &reader)
        checkPeers(instance, &reader)
        checkUse(instance, &reader)
        checkIPv6(instance, &reader)
    }

    private static func checkFamilies(_ instance: InstanceDraft, _ reader: inout SchemaReader) {
        let family = instance.family
        let own = instance.addresses.first.map { [Label($0.span, "the adverts are of this one's")] } ?? []
        for address in instance.addresses where address.value.prefix.address.family != family {
            reader.report(
                .mixedAddressFamilies, "\(address.value.prefix.address) is of the other family",
                at: address.span, related: own, notes: ["an advert carries addresses of one family"],
                help: ["move it to virtual_ipaddress_excluded, or into an instance of its own"])
        }
        let transport = instance.transport
        let sources = [transport.multicastSource, transport.unicastSource, transport.group]
        let peers = transport.peers.map { Located($0.value.address, at: $0.span) }
        for address in sources.compactMap({ $0 }) + peers where address.value.family != family {
            reader.report(
                .mixedAddressFamilies, "\(address.value) is not of the family of the adverts",
                at: address.span, related: own)
        }
    }

    private static func checkPeers(_ instance: InstanceDraft, _ reader: inout SchemaReader) {
        let virtual = instance.addresses + instance.excluded
        for peer in instance.transport.peers {
            let address = peer.value.address
            if let source = instance.transport.source, source.value == address {
                reader.report(
                    .peerIsOneself, "\(address) is this director itself", at: peer.span,
                    related: [Label(source.span, "adverts are sent from it")])
            } else if let vip = virtual.first(where: { $0.value.prefix.address == address }) {
                reader.report(
                    .peerIsOneself, "\(address) is a virtual address", at: peer.span,
                    related: [Label(vip.span)],
                    notes: ["the master would send its adverts to itself"])
            }
        }
        reader.reportDuplicates(
            among: instance.transport.peers, by: { $0.value.address }, at: \.span, .duplicatePeer,
            { "\($0.value.address) is a peer already" }, notes: ["it would get every advert twice"])
    }

    /// Keywords of the transport that is not used.
    private static func checkUse(_ instance: InstanceDraft, _ reader: inout SchemaReader) {
        let transport = instance.transport
        guard instance.origin.isAbsent("unicast_peer") else { return }
        guard transport.peers.isEmpty else {
            if let group = transport.group {
                reader.report(
                    .transportIgnored, "mcast_dst_ip has no effect with unicast_peer", at: group.span,
                    related: transport.peers.first.map { [Label($0.span, "adverts go to peers")] } ?? [])
            }
            return
        }
        if let fault = transport.faultsWithoutPeer {
            reader.report(
                .noPeer, "\(instance.origin.title) has no unicast_peer", at: fault.span,
                notes: ["it stays in fault, as unicast_fault_no_peer says"])
            return
        }
        let spans = [transport.unicastSource?.span, transport.timeToLive?.span, transport.checksSource?.span]
        guard let span = spans.compactMap({ $0 }).first else { return }
        reader.report(
            .noPeer, "\(instance.origin.title) has no unicast_peer", at: span,
            notes: ["adverts are multicast, as in keepalived"])
    }

    private static func checkIPv6(_ instance: InstanceDraft, _ reader: inout SchemaReader) {
        guard instance.family == .inet6 else { return }
        if let version = instance.version, version.value == .v2 {
            reader.report(
                .versionOfFamily, "VRRP version 2 has no IPv6; version 3 is spoken", at: version.span)
        }
        if let first = instance.addresses.first, case .v6(let address) = first.value.prefix.address,
            !address.isLinkLocal
        {
            reader.report(
                .firstAddressNotLinkLocal, "\(address) is listed first, and is not link-local",
                at: first.span, notes: ["the first IPv6 address is the virtual router's own (RFC 9568)"],
                help: ["begin with one such as fe80::1/64; keepalived lets it pass, others drop the advert"])
        }
        if let group = instance.transport.group, case .v6(let address) = group.value,
            address.high >> 48 & 0xF != 2
        {
            reader.report(
                .invalidAddress, "\(address) is not a group of the link", at: group.span,
                help: ["write a group that begins with ff02, ff12, ... or ff32"])
        }
    }
}
