import Timekeeping

/// One row of the timeline.
struct Lane: Hashable, Sendable, Codable {
    /// Its name at the left: `client`, `VIP holder`, `director-a`.
    var title: String
    /// What is drawn in it.
    var content: Content

    /// Spans that last or points that do not.
    enum Content: Hashable, Sendable, Codable {
        case spans([LaneSpan])
        case ticks([LaneTick])
    }

    /// Who of the two holds the virtual address.
    static func holder(_ spans: [LaneSpan]) -> Lane { Lane(title: "VIP holder", content: .spans(spans)) }

    /// The VRRP state of a director.
    static func state(of director: String, _ spans: [LaneSpan]) -> Lane {
        Lane(title: director, content: .spans(spans))
    }

    /// The adverts that a director sent.
    static func adverts(of director: String, _ ticks: [LaneTick]) -> Lane {
        Lane(title: "adverts of \(director)", content: .ticks(ticks))
    }
}

/// A stretch of a lane.
struct LaneSpan: Hashable, Sendable, Codable {
    /// Where it begins, since the fault.
    var from: Interval
    /// Where it ends, since the fault; not before `from`.
    var to: Interval
    /// How it looks.
    var tone: Tone
    /// What stands in it when there is room: `MASTER`, `director-b`. Empty: the tone's own word.
    var label: String = ""
}

/// A point of a lane.
struct LaneTick: Hashable, Sendable, Codable {
    /// When, since the fault.
    var at: Interval
    /// How it looks.
    var tone: Tone
    /// What it is: `priority 150`.
    var label: String
}

/// A point that is marked across all lanes.
struct EventMark: Hashable, Sendable, Codable {
    /// When, since the fault.
    var at: Interval
    /// What happened: `fault`, `rs1 removed`, `rules flushed`.
    var label: String
    /// The fault itself is drawn stronger.
    var isFault: Bool = false
}

/// What a stretch of a lane means; colour and pattern follow from it.
enum Tone: String, Hashable, Sendable, Codable, CaseIterable {
    /// The client gets good replies.
    case served
    /// The client gets none.
    case unserved
    /// Several of these, too short to be drawn apart.
    case mixed
    /// Director A holds the address, or sent the advert.
    case directorA = "director-a"
    /// Director B holds the address, or sent the advert.
    case directorB = "director-b"
    /// Both hold it: split brain.
    case both
    /// Nobody holds it.
    case nobody
    /// VRRP state MASTER.
    case master
    /// VRRP state BACKUP.
    case backup
    /// VRRP state FAULT.
    case fault
    /// VRRP state INIT, or starting.
    case initializing
    /// No process, or powered off.
    case off
    /// In order, for lanes of other kinds (rules present, server in the pool).
    case present
    /// Out of order or missing, for lanes of other kinds.
    case absent

    /// The word that stands in the legend, and in a span without a label.
    var word: String {
        switch self {
        case .served: "good replies"
        case .unserved: "no good reply"
        case .mixed: "mixed"
        case .directorA: "director-a"
        case .directorB: "director-b"
        case .both: "both"
        case .nobody: "nobody"
        case .master: "MASTER"
        case .backup: "BACKUP"
        case .fault: "FAULT"
        case .initializing: "INIT"
        case .off: "off"
        case .present: "present"
        case .absent: "absent"
        }
    }
}
