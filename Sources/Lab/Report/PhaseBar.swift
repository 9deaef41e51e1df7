import Timekeeping

/// One part of an outage: what was waited for.
struct Phase: Hashable, Sendable {
    /// The milestone that ended it.
    var end: Milestone
    /// How long it took.
    var length: Interval

    /// What went on, in a few words.
    var words: String {
        let who = end.detail.isEmpty ? "" : " (\(end.detail))"
        return switch end.kind {
        case .lastAdvert: "until the old master's last advert\(who)"
        case .fault: "until the fault\(who)"
        case .firstAdvert: "the backup waits for the old master\(who)"
        case .addressAdded: "the new master takes the address\(who)"
        case .firstAnnouncement: "it tells the network by gratuitous ARP\(who)"
        case .firstReply: "the client's first good reply\(who)"
        }
    }

    /// What was seen later than this after the first good reply has nothing to do with it.
    static let lateness = Interval.milliseconds(250)

    /// The phases from the fault, or the last good reply when that came later, to the first good reply. Empty
    /// when the service did not come back, or when the fault cost nothing. Who watches may see things late:
    /// what was seen after something that follows from it counts as of that moment.
    static func phases(of run: RunRecord) -> [Phase] {
        guard let outage = run.outage, outage.isOver else { return [] }
        let begin = max(outage.from, .zero)
        let reply =
            run.milestones.first { $0.kind == .firstReply } ?? Milestone(kind: .firstReply, at: outage.to)
        var inside = [reply]
        for kind in Milestone.Kind.allCases.reversed() where kind != .firstReply && kind != .fault {
            guard var milestone = run.milestones.first(where: { $0.kind == kind }), milestone.at > begin,
                milestone.at <= reply.at + lateness
            else { continue }
            milestone.at = min(milestone.at, inside[0].at)
            inside.insert(milestone, at: 0)
        }
        let starts = [begin] + inside.map(\.at)
        return zip(starts, inside).map { Phase(end: $1, length: max($1.at - $0, .zero)) }
    }
}

/// Where the time went: the outage of one run as a bar of its phases.
struct PhaseBar {
    /// What is drawn.
    let run: RunRecord
    /// Keeps names apart from those of other pictures of a page.
    var prefix = "phases"

    static let width = 1000.0

    /// The forms of the phases, in turn: they differ in lightness.
    private static let forms = ["p-1", "p-2", "p-3", "p-4"]

    /// The picture, for a page; nil when there are no phases.
    func svg() -> String? {
        let phases = Phase.phases(of: run).filter { $0.length > .zero }
        let total = phases.reduce(Interval.zero) { $0 + $1.length }
        guard total > .zero else { return nil }
        var body = SVGWriter()
        let scale = Scale(from: 0, through: total.seconds, onto: 0, Self.width)
        var at = Interval.zero
        for (index, phase) in phases.enumerated() {
            // Counted from the right too, so that short last phases stay visible beside a long first one.
            let left = min(
                scale.place(at.seconds), Self.width - 4 * Double(phases.count - index))
            let right = min(
                scale.place((at + phase.length).seconds), Self.width - 4 * Double(phases.count - index - 1))
            let form = Self.forms[index % Self.forms.count]
            body.rectangle(
                x: left, y: 2, width: max(right - left - 1, 2), height: 22, style: form,
                title: "\(phase.words): \(phase.length)")
            at = at + phase.length
        }
        for (index, phase) in phases.enumerated() {
            let y = 50 + Double(index) * 22
            body.rectangle(
                x: 0, y: y - 10, width: 12, height: 12, style: Self.forms[index % Self.forms.count],
                radius: 2)
            body.label(
                Decimals.people(phase.length), x: 100, y: y, size: 12.5, style: "ink strong", anchor: .end)
            body.label(
                TextWidth.cut(phase.words, size: 12.5, to: Self.width - 270), x: 114, y: y, size: 12.5)
            let share = phase.length.seconds / total.seconds * 100
            body.label(
                share < 0.1 ? "< 0.1 %" : "\(Decimals.fixed(share, places: 1)) %", x: Self.width - 4, y: y,
                size: 12.5, style: "muted", anchor: .end)
        }
        let words = phases.map { "\($0.words): \(Decimals.people($0.length))" }
        return Picture(
            title: "Where the time went in run \(run.number)",
            description: "\(words.joined(separator: "; ")).", width: Self.width,
            height: 42 + Double(phases.count) * 22, prefix: prefix, isStandalone: false
        ).svg(body.finish())
    }
}
