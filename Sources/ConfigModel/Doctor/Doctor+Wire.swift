import LoadBalancing
import NetTypes
import VRRP

// Who has the virtual addresses by what the host has heard of its neighbours, and what its filters say.
// Nothing is asked on the wire.

extension Doctor {
    /// The virtual addresses that other hosts have now.
    private var held: Set<IPAddress> {
        Set(configuration.instances.flatMap(\.heldAddresses).map(\.prefix.address)).subtracting(ownAddresses)
    }

    /// Those whose Ethernet address the kernel knows.
    private var seen: [(address: IPAddress, mac: MACAddress)] {
        held.sorted().compactMap { address in live.neighbours[address].map { (address, $0) } }
    }

    /// What is said when there is nothing to compare.
    private func unseen(_ number: Int, _ name: String) -> DoctorFinding {
        guard let other = held.min() else {
            return finding(
                number, name, .info, "this director has the virtual addresses: the other one can tell")
        }
        return finding(
            number, name, .info,
            "\(other) is not in the neighbour table: ping it from here, and ask again")
    }

    var addressAnswers: DoctorFinding {
        let name = "DR and ARP"
        let directors = ownAddresses.union(peers)
        let direct = Set(servers(.directRouting).map(\.server.endpoint.address)).subtracting(directors)
        guard !direct.isEmpty else { return finding(6, name, .info, "no service uses direct routing") }
        let others = seen
        guard !others.isEmpty else { return unseen(6, name) }
        let wrong = others.compactMap { address, mac in
            direct.sorted().first { live.neighbours[$0] == mac }.map { "\(address) is at \(mac), \($0)" }
        }
        guard wrong.isEmpty else {
            return finding(
                6, name, .failure, "\(Self.list(wrong)): a real server answers for a virtual address",
                cure: "on it: sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2, "
                    + "and the virtual address as a /32 on lo")
        }
        return finding(6, name, .ok, "no real server answers for a virtual address")
    }

    var duplicates: DoctorFinding {
        let name = "duplicate VIP"
        guard !configuration.instances.isEmpty else {
            return finding(12, name, .info, "no virtual address is configured")
        }
        // Where the master has another interface for them, adverts do not tell its Ethernet address.
        let elsewhere = Set(
            configuration.instances.flatMap { instance in
                instance.heldAddresses.filter { ($0.interface ?? instance.interface) != instance.interface }
            }.map(\.prefix.address))
        let others = seen.filter { !elsewhere.contains($0.address) }
        guard !others.isEmpty else { return unseen(12, name) }
        let masters = live.masters.subtracting(ownAddresses)
        let known = masters.compactMap { live.neighbours[$0] }
        guard !masters.isEmpty, known.count == masters.count else {
            return finding(12, name, .info, "the master's Ethernet address is not known here")
        }
        let virtual = configuration.instances.map {
            VirtualInterface.mac(of: $0.virtualRouterID, $0.family)
        }
        let wrong = others.filter { !known.contains($0.mac) && !virtual.contains($0.mac) }
        guard wrong.isEmpty else {
            return finding(
                12, name, .failure,
                "\(Self.list(wrong.map { "\($0.address) is at \($0.mac)" })), and the master is at "
                    + Self.list(known.map { "\($0)" }),
                cure: "take the address from whoever else has it; the neighbour table tells who: ip neigh")
        }
        return finding(12, name, .ok, "the master alone has the virtual addresses, by the neighbour table")
    }

    /// The families of addresses whose filters adverts pass.
    package static func families(of configuration: Configuration) -> Set<AddressFamily> {
        Set(configuration.instances.map(\.family))
    }

    var firewall: DoctorFinding {
        let name = "firewall"
        guard !configuration.instances.isEmpty else { return finding(10, name, .info, "no instance") }
        let found = [listedFilters(name), ownChains(name)].compactMap { $0 }
        for level in [DoctorFinding.Level.failure, .unknown, .info] {
            if let worst = found.first(where: { $0.level == level }) { return worst }
        }
        return found.first ?? finding(10, name, .ok, "no rule drops adverts")
    }

    /// What iptables and ip6tables list; nil when adverts pass.
    private func listedFilters(_ name: String) -> DoctorFinding? {
        let families = Dictionary(grouping: configuration.instances, by: \.family)
        for family in [AddressFamily.inet, .inet6] {
            guard let instances = families[family] else { continue }
            let program = family == .inet ? "iptables" : "ip6tables"
            guard let text = live.filters[family] else {
                return finding(10, name, .unknown, "\(program)-save did not answer: it is there for root")
            }
            let hasHeader = instances.contains(where: \.authentication.isHeader)
            let filter = FilterText(
                text, protocols: hasHeader ? ["vrrp", "112", "ah", "51"] : ["vrrp", "112"],
                interfaces: Set(instances.map(\.interface)))
            let cure = "\(program) -I INPUT -p \(hasHeader ? 51 : 112) -j ACCEPT"
            if !filter.drops.isEmpty {
                let told = filter.drops.prefix(3).map { "\($0.rule) (\($0.packets) packets)" }
                return finding(
                    10, name, .failure, "adverts are dropped: \(told.joined(separator: "; "))", cure: cure)
            }
            guard !filter.mayRefuse else {
                return finding(
                    10, name, .info,
                    "\(program) lets in what INPUT lists; whether adverts meet the conditions "
                        + "of a rule there is not known")
            }
            guard !filter.refusesRest else {
                return finding(
                    10, name, .failure,
                    "\(program) lets in what INPUT lists, and adverts are not among it", cure: cure)
            }
        }
        return nil
    }

    /// The chains that nft has by itself; nil when adverts pass.
    private func ownChains(_ name: String) -> DoctorFinding? {
        guard let text = live.ruleset else {
            return finding(10, name, .ok, "no rule of iptables drops adverts; those of nft are not known")
        }
        let ruleset = NftRuleset(text)
        var doubtful: Set<String> = []
        var seen: Set<AdvertPacket> = []
        for packet in configuration.instances.flatMap(AdvertPacket.all) where seen.insert(packet).inserted {
            switch ruleset.fate(of: packet, saved: live.filters[packet.family] ?? "") {
            case .passes: continue
            case .unknown(let chain): doubtful.insert(chain)
            case .dropped(let chain, let reason):
                return finding(
                    10, name, .failure, "adverts are dropped by nft's chain \(chain): \(reason.prefix(120))",
                    cure: "nft insert rule \(chain) meta l4proto \(packet.network) accept")
            }
        }
        guard let first = doubtful.min() else { return nil }
        return finding(
            10, name, .info,
            "whether adverts meet the conditions of these chains of nft is not known: "
                + doubtful.sorted().prefix(3).joined(separator: ", "), cure: "nft list chain \(first)")
    }
}
