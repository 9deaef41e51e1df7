import ConfigSyntax
import NetTypes
import VRRP

// Which virtual router of one director is which of the other's, and whether it ever changes hands.

extension PairCheck {
    private typealias Instance = (draft: InstanceDraft, router: RouterConfiguration)

    mutating func compareInstances(
        _ mine: ConfigurationDraft, _ configuration: Configuration, _ theirs: ConfigurationDraft,
        _ other: Configuration
    ) {
        var alone: [Instance] = []
        var others = Array(zip(theirs.instances, other.instances))
        var pairs: [(mine: Instance, theirs: Instance)] = []
        for (draft, router) in zip(mine.instances, configuration.instances) {
            let candidates = others.indices.filter {
                others[$0].1.virtualRouterID == router.virtualRouterID && others[$0].1.family == router.family
            }
            guard
                let index = candidates.count == 1
                    ? candidates.first
                    : candidates.first(where: { others[$0].1.interface == router.interface })
            else {
                alone.append((draft, router))
                continue
            }
            let match = others.remove(at: index)
            compare(draft, router, match.0, match.1)
            compareWeights((draft, router), mine, match, theirs)
            pairs.append(((draft, router), match))
        }
        compareGroups(pairs)
        for (draft, router) in alone {
            guard let index = others.firstIndex(where: { Self.isMeant($0.1, by: router) }) else {
                report(
                    .pairInstanceMissing, "the peer has no instance with VRID \(router.virtualRouterID)",
                    at: draft.virtualRouterID?.span ?? draft.origin.header,
                    note: "nobody takes over its addresses when this director fails", in: nil)
                continue
            }
            let match = others.remove(at: index)
            report(
                .pairRouterID,
                "\(router.name) has VRID \(router.virtualRouterID) here and \(match.1.virtualRouterID) there",
                at: draft.virtualRouterID?.span ?? draft.origin.header,
                note: "each drops the other's adverts, and both become master",
                in: match.0.virtualRouterID?.span ?? match.0.origin.header)
            compare(draft, router, match.0, match.1)
        }
        for (draft, router) in others {
            report(
                .pairInstanceMissing, "only the peer has an instance with VRID \(router.virtualRouterID)",
                at: mine.instances.last?.origin.header ?? mine.origin.header,
                note: "nobody takes over its addresses when the peer fails", in: draft.origin.header)
        }
    }

    /// Two instances that share an address were meant to be one virtual router.
    private static func isMeant(_ other: RouterConfiguration, by router: RouterConfiguration) -> Bool {
        let addresses = Set(router.virtualAddresses.map(\.prefix.address))
        return other.family == router.family
            && other.virtualAddresses.contains { addresses.contains($0.prefix.address) }
    }

    /// Members of one group whose better claims are on different directors: all follow the one that becomes
    /// master, and it the one that yields.
    private mutating func compareGroups(_ pairs: [(mine: Instance, theirs: Instance)]) {
        let shared = pairs.filter { $0.mine.router.group != nil && $0.theirs.router.group != nil }
        for (group, members) in Dictionary(grouping: shared, by: { $0.mine.router.group ?? "" }) {
            let better = members.filter { $0.mine.router.priority > $0.theirs.router.priority }
            guard let best = better.first,
                let worse = members.first(where: { $0.mine.router.priority < $0.theirs.router.priority })
            else { continue }
            report(
                .pairGroup,
                "of \(group) this director has the better claim to \(best.mine.router.name), "
                    + "the peer to \(worse.mine.router.name)",
                at: worse.mine.draft.priority?.span ?? worse.mine.draft.origin.header,
                note: "members follow each other: each director takes all, and gives all up again, for ever",
                in: worse.theirs.draft.priority?.span ?? worse.theirs.draft.origin.header)
        }
    }

    /// Weights that bring the priorities of the two into no other order, whatever fails.
    private mutating func compareWeights(
        _ mine: Instance, _ own: ConfigurationDraft, _ theirs: Instance, _ other: ConfigurationDraft
    ) {
        guard let here = mine.draft.reach(from: mine.router.priority, in: own),
            let there = theirs.draft.reach(from: theirs.router.priority, in: other),
            !here.overlaps(there)
        else { return }
        let weights = (mine.draft.firstWeight(in: own), theirs.draft.firstWeight(in: other))
        guard weights.0 != nil || weights.1 != nil else { return }
        report(
            .pairWeight,
            "no weight changes who is master: the priority is \(here.words) here and \(there.words) there",
            at: weights.0 ?? mine.draft.priority?.span ?? mine.draft.origin.header,
            note: "what is tracked never moves the addresses",
            in: weights.1 ?? theirs.draft.priority?.span ?? theirs.draft.origin.header)
    }
}

extension InstanceDraft {
    /// Every priority that tracking makes of `priority`; nil where a file's number decides, or a group.
    func reach(from priority: UInt8, in draft: ConfigurationDraft) -> ClosedRange<Int>? {
        let weighted = tracking.items.filter { $0.weight(draft.tracked) != 0 }
        guard draft.groupOf[name.value] == nil, !weighted.contains(where: { $0.kind == .file })
        else { return nil }
        let base = Int(priority)
        guard base < 255 else { return base...base }
        var (low, high) = (base, base)
        for item in weighted {
            let weight = item.weight(draft.tracked)
            if weight < 0 { low += weight } else { high += weight }
        }
        return max(low, 1)...min(max(high, 1), 254)
    }

    /// The first line that weighs.
    func firstWeight(in draft: ConfigurationDraft) -> Span? {
        tracking.items.first { $0.weight(draft.tracked) != 0 }?.place
    }
}

extension ClosedRange<Int> {
    /// For people.
    fileprivate var words: String {
        lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound) to \(upperBound)"
    }
}
