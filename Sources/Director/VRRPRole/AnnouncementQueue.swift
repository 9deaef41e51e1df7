import ConfigModel
import NetTypes
import Timekeeping

/// How far apart the packets are that tell an interface's neighbours where addresses are.
package struct AnnouncementGaps: Hashable, Sendable, Codable {
    /// `vrrp_garp_interval`: gratuitous ARP; zero for none.
    package var arp = Interval.zero
    /// `vrrp_gna_interval`: unsolicited neighbour advertisements; zero for none.
    package var neighbour = Interval.zero

    /// No gaps.
    package init() {}

    /// Those of a configuration.
    package init(_ global: GlobalDefinitions) {
        (arp, neighbour) = (global.announcementGap, global.neighbourGap)
    }
}

/// Announcements that are to be sent, one interface and family after its own pace. No longer than what is
/// announced: an address that is announced again while it waits has its packets counted once.
struct AnnouncementQueue {
    /// What one pace holds for.
    private struct Lane: Hashable {
        var interface: String
        var family: AddressFamily
    }

    private struct Waiting {
        var address: HeldAddress
        var packets: Int
    }

    /// In force from the next packet on.
    var gaps = AnnouncementGaps() {
        didSet { if gaps != oldValue { freeAt = [:] } }
    }
    /// In the order they are sent; one that has packets left goes to the end.
    private var waiting: [Lane: [Waiting]] = [:]
    /// When each lane may send again; older than now for one that may.
    private var freeAt: [Lane: Instant] = [:]

    /// What is waiting.
    var addresses: Set<HeldAddress> { Set(waiting.values.joined().map(\.address)) }

    /// So many packets for each of `addresses`, one round after the other.
    mutating func add(_ addresses: some Sequence<HeldAddress>, packets: Int) {
        guard packets > 0 else { return }
        let lanes = Dictionary(grouping: addresses) {
            Lane(interface: $0.interface, family: $0.prefix.address.family)
        }
        for (lane, addresses) in lanes {
            var list = waiting.removeValue(forKey: lane) ?? []
            var places = Dictionary(list.indices.map { (list[$0].address, $0) }) { first, _ in first }
            for address in addresses {
                if let place = places[address] {
                    list[place].packets = max(list[place].packets, packets)
                } else {
                    places[address] = list.count
                    list.append(Waiting(address: address, packets: packets))
                }
            }
            waiting[lane] = list
        }
    }

    /// Forgets all others.
    mutating func keep(only addresses: Set<HeldAddress>) {
        for lane in waiting.keys { waiting[lane]?.removeAll { !addresses.contains($0.address) } }
        waiting = waiting.filter { !$0.value.isEmpty }
    }

    /// When `due(at:)` has something; in the past when it has it now.
    var nextDeadline: Instant? {
        waiting.keys.reduce(nil as Instant?) {
            Instant?.earlier($0, freeAt[$1] ?? Instant(nanoseconds: .min))
        }
    }

    /// What is to be sent now, a packet each: everything, or where there is a gap the next one. Gaps that
    /// have passed unused are not made up for.
    mutating func due(at now: Instant) -> [HeldAddress] {
        freeAt = freeAt.filter { $0.value > now }
        var packets: [HeldAddress] = []
        for (lane, list) in waiting where freeAt[lane] == nil {
            let gap = lane.family == .inet ? gaps.arp : gaps.neighbour
            var rest = list
            if gap > .zero {
                var next = rest.removeFirst()
                packets.append(next.address)
                next.packets -= 1
                if next.packets > 0 { rest.append(next) }
                freeAt[lane] = now + gap
            } else {
                for round in 0..<(rest.map(\.packets).max() ?? 0) {
                    packets += rest.filter { $0.packets > round }.map(\.address)
                }
                rest = []
            }
            waiting[lane] = rest.isEmpty ? nil : rest
        }
        return packets
    }
}
