import ConfigSyntax
import NetTypes
import VRRP

// What each director holds whoever is master: addresses that are nobody else's.

extension PairCheck {
    mutating func compareStatics(_ mine: ConfigurationDraft, _ theirs: ConfigurationDraft) {
        let other = Self.statics(of: theirs)
        let virtual = Self.virtual(of: mine)
        for (address, place) in Self.statics(of: mine) {
            if let there = other.first(where: { $0.address == address })?.place {
                report(
                    .pairStatic, "both directors have the static address \(address)", at: place,
                    note: "neighbours reach now one of them, now the other", in: there)
            } else if let there = Self.virtual(of: theirs).first(where: { $0.address == address })?.place {
                report(
                    .pairStatic, "\(address) is static here and a virtual address of the peer", at: place,
                    note: "this director holds it whoever is master", in: there)
            }
        }
        for (address, there) in other {
            guard let place = virtual.first(where: { $0.address == address })?.place else { continue }
            report(
                .pairStatic, "\(address) is a virtual address here and static on the peer", at: place,
                note: "the peer holds it whoever is master", in: there)
        }
    }

    private typealias Written = (address: IPAddress, place: Span)

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
