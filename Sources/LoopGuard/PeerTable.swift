import NetTypes

/// What is known of the other directors' link-layer addresses. The lvs role feeds it from the neighbour
/// table.
///
/// A peer given by address starts as `asking`, and while one is, no packet is marked. Of the two ways to be
/// wrong, marking is the worse: a packet that a peer forwarded and that is marked here loops (a quarter of
/// all new connections fail, each costing 60 packets), while an unmarked one is served by this host's own
/// server, which every host with a guard has. But the state must end, or a director that boots while its peer
/// is dead would never balance again. It ends with an answer, or with the kernel's verdict that nobody
/// answers (NUD_FAILED, about 3 s): a host that does not answer for its address has not forwarded anything
/// either, since frames to us need an answer of ours first, and asking us is what enters the peer into our
/// neighbour table. `silent` peers are asked again and again, and are known before their first forwarded
/// packet can come.
///
/// An address once learned is kept when the peer falls silent: excluding a host that is not there does no
/// harm.
package struct PeerTable: Hashable, Sendable, Codable {
    /// How much is known of one peer.
    package enum Knowledge: Hashable, Sendable, Codable {
        /// Asked for, no word yet.
        case asking
        /// Its frames come from here.
        case known(MACAddress)
        /// Asked for without an answer.
        case silent
    }

    private var knowledge: [Peer: Knowledge]

    /// Fixed addresses are known at once; the others are kept from `earlier` when it knows them (reload, or a
    /// role that was restarted).
    package init(_ configuration: LoopGuardConfiguration, keeping earlier: PeerTable? = nil) {
        knowledge = [:]
        for peer in configuration.peers {
            switch peer {
            case .mac(let mac): knowledge[peer] = .known(mac)
            case .address: knowledge[peer] = earlier?.knowledge[peer] ?? .asking
            }
        }
    }

    /// What is known of `peer`; nil when it is not configured.
    package subscript(peer: Peer) -> Knowledge? { knowledge[peer] }

    /// The peers whose address is not known, in a fixed order: solicit them now and every few seconds.
    package var unresolved: [Peer] {
        let peers = knowledge.keys.filter { peer in
            if case .known = knowledge[peer] { false } else { true }
        }
        return peers.sorted { "\($0)" < "\($1)" }
    }

    /// The peers given by address, known or not, in a fixed order: what to look up in the neighbour table.
    package var watched: [Peer] {
        knowledge.keys.filter { if case .address = $0 { true } else { false } }.sorted { "\($0)" < "\($1)" }
    }

    /// The link-layer addresses whose frames MUST stay unmarked.
    package var exemptions: Set<MACAddress> {
        Set(knowledge.values.compactMap { if case .known(let mac) = $0 { mac } else { nil } })
    }

    /// The peers that are asked for, without a word yet.
    package var asking: Set<Peer> { Set(knowledge.filter { $0.value == .asking }.keys) }

    /// False while a peer is being asked for: then nothing may be marked.
    package var permitsMarks: Bool { asking.isEmpty }

    /// The neighbour table has `mac` for `peer`. A group address is no host's and is ignored. True when this
    /// is news.
    package mutating func learned(_ mac: MACAddress, of peer: Peer) -> Bool {
        guard case .address = peer, let old = knowledge[peer], !mac.isMulticast, mac.rawValue != 0,
            old != .known(mac)
        else { return false }
        knowledge[peer] = .known(mac)
        return true
    }

    /// The kernel gave up asking for `peer`. True when this is news.
    package mutating func unanswered(by peer: Peer) -> Bool {
        guard knowledge[peer] == .asking else { return false }
        knowledge[peer] = .silent
        return true
    }
}

extension Peer: CustomStringConvertible {
    /// `192.0.2.3`, `192.0.2.3 dev eth1` or `02:00:00:00:00:0b`.
    package var description: String {
        switch self {
        case .address(let address, nil): "\(address)"
        case .address(let address, let interface?): "\(address) dev \(interface)"
        case .mac(let mac): "\(mac)"
        }
    }
}
