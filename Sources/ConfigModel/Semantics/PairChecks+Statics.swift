import ConfigSyntax
import NetTypes
import VRRP

// What each director holds whoever is master: addresses that are nobody else's.

extension PairCheck {
    mutating func compareStatics(_ mine: ConfigurationDraft, _ theirs: ConfigurationDraft) {
        let others = Self.statics(of: theirs)
        let (fixed, moving) = (Self.places(others), Self.places(Self.virtual(of: theirs)))
        for (address, place) in Self.statics(of: mine) {
            if let there = fixed[address] {
                report(
                    .pairStatic, "both directors have the static address \(address)", at: place,
                    note: "neighbours reach now one of them, now the other", in: there)
            } else if let there = moving[address] {
                report(
                    .pairStatic, "\(address) is static here and a virtual address of the peer", at: place,
                    note: "this director holds it whoever is master", in: there)
            }
        }
        let virtual = Self.places(Self.virtual(of: mine))
        for (address, there) in others {
            guard let place = virtual[address] else { continue }
            report(
                .pairStatic, "\(address) is a virtual address here and static on the peer", at: place,
                note: "the peer holds it whoever is master", in: there)
        }
    }

    private typealias Written = (address: IPAddress, place: Span)

    private static func places(_ lines: [Written]) -> [IPAddress: Span] {
        Dictionary(lines.map { ($0.address, $0.place) }) { first, _ in first }
    }

    /// The static addresses that others hear of: those of the loopback interface may be on many hosts.
    private static func statics(of draft: ConfigurationDraft) -> [Written] {
        draft.statics.addresses.compactMap { line in
            guard draft.statics.interface(of: line.value, draft.global) != "lo" else { return nil }
            return (line.value.prefix.address, line.span)
        }
    }

    private static func virtual(of draft: ConfigurationDraft) -> [Written] {
        draft.instances.flatMap { $0.addresses + $0.excluded }.map { ($0.value.prefix.address, $0.span) }
    }
}
