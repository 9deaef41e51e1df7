import KernelNet
import LinuxIO
import LoopGuard
import NetTypes
import Timekeeping

/// Follows the other directors' link-layer addresses in the kernel's neighbour table.
final class PeerWatch {
    /// Known peers are asked again this often, so that a replaced network card is noticed without traffic.
    static let refresh = Interval.seconds(30)

    private let routes: RouteSocket
    private let log: Log
    private var refreshAt = Instant(nanoseconds: .min)
    private var places: [Peer: Int32] = [:]
    /// Peers in a network that no interface has: they cannot be asked, so nothing is known of them.
    private(set) var unreachable: Set<Peer> = []
    private var complaints: Set<String> = []

    init(log: Log) throws {
        routes = try RouteSocket()
        self.log = log
    }

    /// The interface a peer is reached by: the named one, or the first that has a network with the peer in
    /// it.
    static func interface(
        of address: IPAddress, named name: String?, links: [Link], addresses: [InterfaceAddress]
    ) -> Int32? {
        if let name { return links.first { $0.name == name }?.index }
        return addresses.first {
            $0.prefix.length < $0.prefix.address.family.bits && $0.prefix.contains(address)
        }?
        .interface
    }

    /// Asks the network for every peer that is not known, from time to time for the others, and reads what
    /// the kernel knows. True when the table has changed.
    func poll(_ table: inout PeerTable, at now: Instant) -> Bool {
        var changed = false
        do {
            let all = now >= refreshAt
            if all { refreshAt = now + Self.refresh }
            let asked = all ? table.watched : table.unresolved
            guard !asked.isEmpty else { return false }
            let (links, addresses) = (try routes.links(), try routes.addresses())
            for case .address(let address, let name) in asked {
                let peer = Peer.address(address, interface: name)
                guard
                    let index = Self.interface(of: address, named: name, links: links, addresses: addresses)
                else {
                    places[peer] = nil
                    unreachable.insert(peer)
                    complain("loop guard: no interface has a network with peer \(peer); it cannot be asked")
                    continue
                }
                unreachable.remove(peer)
                places[peer] = index
                if let neighbour = try routes.neighbour(of: address, on: index) {
                    changed = apply(neighbour, to: &table) || changed
                }
                try routes.solicit(address, on: index)
            }
        } catch {
            complain("loop guard: \(error)")
        }
        return changed
    }

    /// News was lost: the next `poll` asks for every peer.
    func askAgain() { refreshAt = Instant(nanoseconds: .min) }

    /// News of the kernel. True when the table has changed.
    func apply(_ neighbour: Neighbour, to table: inout PeerTable) -> Bool {
        var changed = false
        for peer in table.watched {
            guard case .address(neighbour.address, _) = peer, places[peer] == neighbour.interface else {
                continue
            }
            if let mac = neighbour.usableMAC {
                guard table.learned(mac, of: peer) else { continue }
                log.notice("loop guard: peer \(peer) is at \(mac)")
                changed = true
            } else if neighbour.state.contains(.failed), table.unanswered(by: peer) {
                log.notice("loop guard: peer \(peer) does not answer; guarding without it")
                changed = true
            }
        }
        return changed
    }

    private func complain(_ sentence: String) {
        if complaints.count < 100, complaints.insert(sentence).inserted { log.error(sentence) }
    }
}
