/// The colours of report and pictures, each for light and for dark surroundings. Tones differ in lightness
/// and pattern too, so that they can be told apart in grey.
enum Palette: String, CaseIterable {
    case page, card, ink, muted, rule, faint
    case served, unserved, mixed, directorA, directorB, onA, onB, master, onMaster, backup, onBackup, edge
    case bound, budget, fault, phase1, phase2, phase3, phase4
    case pass, passTint, fail, failTint, skip, skipTint, stuck, stuckTint

    /// For light surroundings.
    var light: String { colors.light }
    /// For dark surroundings.
    var dark: String { colors.dark }

    private var colors: (light: String, dark: String) {
        switch self {
        case .page: ("#f6f6f3", "#101215")
        case .card: ("#ffffff", "#181b20")
        case .ink: ("#1d2229", "#e7e9ec")
        case .muted: ("#5c6672", "#9aa4b0")
        case .rule: ("#d9dde1", "#343a42")
        case .faint: ("#eceef0", "#262b31")
        case .served: ("#3f9a7a", "#3c9677")
        case .unserved: ("#c43d36", "#ee6a60")
        case .mixed: ("#d69a2d", "#d8a23e")
        case .directorA: ("#2b5c92", "#5b97d6")
        case .directorB: ("#efb54d", "#f0bf66")
        case .onA: ("#ffffff", "#0b1520")
        case .onB: ("#33230a", "#2a1d08")
        case .master: ("#39424d", "#c9d0d8")
        case .onMaster: ("#ffffff", "#15181c")
        case .backup: ("#e9ecef", "#2a3037")
        case .onBackup: ("#3a434e", "#c3cad2")
        case .edge: ("#b4bcc5", "#566069")
        case .bound: ("#8a5a00", "#e0ad4c")
        case .budget: ("#7a2f8f", "#c58ad6")
        case .fault: ("#c43d36", "#ee6a60")
        case .phase1: ("#34404d", "#d5dde5")
        case .phase2: ("#4f7fa6", "#8db4d6")
        case .phase3: ("#93b9d3", "#567fa3")
        case .phase4: ("#d2a35a", "#c79a55")
        case .pass: ("#17684a", "#6fd3ab")
        case .passTint: ("#e2f2ea", "#15302a")
        case .fail: ("#a32a24", "#ff9389")
        case .failTint: ("#fae4e2", "#3b1b1a")
        case .skip: ("#56606c", "#a5afba")
        case .skipTint: ("#edeff1", "#262b31")
        case .stuck: ("#7d5200", "#ecc063")
        case .stuckTint: ("#faefd8", "#332811")
        }
    }

    /// Style rules for `rows` of selector, property and colour: light first, dark where the reader prefers
    /// that on a screen.
    static func rules(_ rows: [(selector: String, property: String, color: Palette)]) -> String {
        func text(_ color: (Palette) -> String) -> String {
            rows.map { "\($0.selector){\($0.property):\(color($0.color))}" }.joined(separator: "\n")
        }
        return "\(text(\.light))\n@media screen and (prefers-color-scheme:dark){\n\(text(\.dark))\n}\n"
    }
}

extension Outcome {
    /// The word of a badge.
    var word: String {
        switch self {
        case .passed: "PASS"
        case .failed: "FAIL"
        case .skipped: "SKIP"
        case .couldNotRun: "COULD NOT RUN"
        }
    }

    /// The style class of a badge.
    var style: String {
        switch self {
        case .passed: "pass"
        case .failed: "fail"
        case .skipped: "skip"
        case .couldNotRun: "stuck"
        }
    }
}
