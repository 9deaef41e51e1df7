import ConfigSyntax
import LoopGuard
import NetTypes

/// Keywords of the block `loop_guard`.
enum LoopGuardGrammar {
    static let table = BlockGrammar<LoopGuardDraft>(
        .loopGuard,
        [
            Keyword(
                "peer", arguments: "ADDRESS [dev IF]", repeatable: true,
                "Another director; its Ethernet address is looked up and followed.", tier: .own
            ) { draft, statement, reader in
                var arguments = Arguments(statement)
                guard let address = arguments.next(.address, &reader) else { return false }
                var interface: String?
                if arguments.skip("dev") {
                    guard let name = arguments.next(.interface, &reader) else { return false }
                    interface = name.value
                }
                guard arguments.finish(&reader) else { return false }
                let peer = Peer.address(address.value, interface: interface)
                return add(Located(peer, at: address.span), statement, to: &draft, &reader)
            },
            Keyword(
                "peer_mac", arguments: "MAC", repeatable: true,
                "Another director by the Ethernet address of its real interface.", tier: .own
            ) { draft, statement, reader in
                var arguments = Arguments(statement)
                guard let mac = arguments.next(.mac, &reader), arguments.finish(&reader) else { return false }
                // RFC 9568 section 7.3: 00-00-5E-00-01-{VRID}.
                guard mac.value.rawValue >> 8 != 0x0000_5E00_01 else {
                    reader.report(
                        .invalidMAC, "\(mac.value) belongs to a virtual router, not to a director",
                        at: mac.span,
                        notes: ["forwarded frames carry the address of the real interface"])
                    return false
                }
                return add(Located(.mac(mac.value), at: mac.span), statement, to: &draft, &reader)
            },
        ])

    private static func add(
        _ peer: Located<Peer>, _ statement: Statement, to draft: inout LoopGuardDraft,
        _ reader: inout SchemaReader
    ) -> Bool {
        if let earlier = draft.peers.first(where: { $0.value == peer.value }) {
            reader.noteRepeat(of: statement, earlier: earlier.span)
        } else {
            draft.peers.append(peer)
        }
        return true
    }
}
