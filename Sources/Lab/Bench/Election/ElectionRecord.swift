import ControlProtocol
import Timekeeping
import VRRP

/// One kind of failover; readings by contestant, ours first.
struct FailoverRow: Hashable, Sendable {
    var setup: ElectionSetup
    var fault: ElectionFault
    var readings: [[ElectionReading]]
}

/// How punctual one master's adverts were, by contestant.
struct JitterRow: Hashable, Sendable {
    var setup: ElectionSetup
    /// Beside four busy loops.
    var isBusy: Bool
    var gaps: [AdvertGaps]
}

/// What one daemon used. Pairs are of the master and of the backup.
struct LoadFigure: Hashable, Sendable {
    /// Microseconds of processor time of the vrrp process for each advert, one value a window.
    var perAdvert: [[Double]] = [[], []]
    /// KiB of the vrrp process.
    var resident = [0, 0]
    /// KiB of all processes of the daemon, pages that they share counted in each.
    var residentInAll = [0, 0]
    /// Adverts of the backup, which should send none.
    var strayAdverts = 0
}

/// What daemons used with this many instances, by contestant.
struct LoadRow: Hashable, Sendable {
    var setup: ElectionSetup
    var figures: [LoadFigure]
}

/// Everything that the bench measured.
package struct ElectionRecord: Hashable, Sendable {
    var programs: [String]
    var failovers: [FailoverRow] = []
    var jitter: [JitterRow] = []
    var loads: [LoadRow] = []

    init(programs: [String]) { self.programs = programs }

    /// For people: tables in Markdown, with the targets beside the figures.
    package var text: String {
        var text = programs.enumerated().map { "\(Self.name($0)): \($1)\n" }.joined()
        if !failovers.isEmpty { text += "\n" + ElectionTable.failovers(failovers) }
        if !jitter.isEmpty { text += "\n" + ElectionTable.jitter(jitter) }
        if !loads.isEmpty { text += "\n" + ElectionTable.loads(loads) }
        return text
    }

    /// How a contestant is called.
    static func name(_ index: Int) -> String { index == 0 ? "holdfastd" : "keepalived" }

    /// The same for programs, with every reading. Times are seconds, processor time is microseconds.
    package var json: String {
        JSONWriter.text(
            .object([
                .init("schema", .integer(1)), .init("kind", .string("holdfast-bench-vrrp")),
                .init("programs", .array(programs.map { .string($0) })),
                .init("failovers", .array(failovers.map(\.json))),
                .init("jitter", .array(jitter.map(\.json))), .init("loads", .array(loads.map(\.json))),
            ]))
    }
}

extension ElectionSetup {
    fileprivate var members: [JSONValue.Member] {
        [
            .init("version", .integer(version == .v2 ? 2 : 3)), .init("interval", .seconds(interval)),
            .init("instances", .integer(instances)),
        ]
    }
}

extension FailoverRow {
    fileprivate var json: JSONValue {
        .object(
            setup.members + [
                .init("fault", .string(fault.rawValue)),
                .init("bound", JSONValue(fault.bound(setup)) { .seconds($0) }),
                .init(
                    "readings",
                    .array(
                        readings.map { list in
                            .array(
                                list.map { reading in
                                    .object([
                                        .init("outage", .seconds(reading.outage)),
                                        .init("lost", .integer(reading.lost)),
                                        .init("handover", JSONValue(reading.handover) { .seconds($0) }),
                                        .init("held_by_nobody", .seconds(reading.heldByNobody)),
                                    ])
                                })
                        })),
            ])
    }
}

extension JitterRow {
    fileprivate var json: JSONValue {
        .object(
            setup.members + [
                .init("busy", .bool(isBusy)),
                .init(
                    "gaps_ms",
                    .array(
                        gaps.map { gap in
                            .object([
                                .init("count", .integer(gap.count)), .init("mean", .number(gap.mean)),
                                .init("deviation", .number(gap.deviation)),
                                .init("p99", .number(gap.percentile99)), .init("max", .number(gap.greatest)),
                            ])
                        })),
            ])
    }
}

extension LoadRow {
    fileprivate var json: JSONValue {
        .object(
            setup.members + [
                .init(
                    "figures",
                    .array(
                        figures.map { figure in
                            .object([
                                .init(
                                    "us_per_advert",
                                    .array(figure.perAdvert.map { .array($0.map { .number($0) }) })),
                                .init("rss_kib", .array(figure.resident.map { .integer($0) })),
                                .init("rss_all_kib", .array(figure.residentInAll.map { .integer($0) })),
                                .init("stray_adverts", .integer(figure.strayAdverts)),
                            ])
                        }))
            ])
    }
}
