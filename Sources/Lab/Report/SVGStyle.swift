/// What all pictures of a report look like: classes, patterns, and the form of each tone.
enum SVGStyle {
    /// The font of pictures and report: the reader's own.
    static let fonts =
        "system-ui,-apple-system,\"Segoe UI\",\"Helvetica Neue\",Helvetica,Arial,\"DejaVu Sans\",sans-serif"

    /// The style sheet; once in a page, or once in a picture that stands alone.
    static let sheet =
        ".hf{font-family:\(fonts);font-variant-numeric:tabular-nums}\n"
        + ".hf .strong{font-weight:650}\n.hf .medium{font-weight:550}\n"
        + ".hf .halo{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}\n"
        + ".hf .none{fill:none}\n.hf line,.hf .outline{stroke-width:1}\n"
        + ".hf .dashed{stroke-dasharray:3 3;fill:none}\n.hf .l-fault{stroke-width:1.75}\n"
        + ".hf .l-bound{stroke-dasharray:6 4;stroke-width:1.5}\n"
        + ".hf .l-budget{stroke-dasharray:1.5 3;stroke-width:2;stroke-linecap:round}\n"
        + ".hf .l-mark{stroke-dasharray:1 3;stroke-linecap:round}\n"
        + ".hf .l-ink{stroke-width:1.5;fill:none}\n"
        + Palette.rules(colors)

    private static let colors: [(selector: String, property: String, color: Palette)] = [
        (".hf .ink", "fill", .ink), (".hf .muted", "fill", .muted), (".hf .paper", "fill", .card),
        (".hf .halo", "stroke", .card), (".hf .band", "fill", .faint),
        (".hf .grid", "stroke", .faint), (".hf .rule", "stroke", .rule), (".hf .edge", "stroke", .edge),
        (".hf .l-ink", "stroke", .ink), (".hf .l-mark", "stroke", .muted),
        (".hf .t-served", "fill", .served), (".hf .on-served", "fill", .card),
        (".hf .t-unserved", "fill", .unserved), (".hf .s-unserved", "stroke", .unserved),
        (".hf .t-mixed", "fill", .mixed), (".hf .s-mixed", "stroke", .mixed),
        (".hf .t-a", "fill", .directorA), (".hf .s-a", "stroke", .directorA), (".hf .on-a", "fill", .onA),
        (".hf .t-b", "fill", .directorB), (".hf .s-b", "stroke", .directorB), (".hf .on-b", "fill", .onB),
        (".hf .t-master", "fill", .master), (".hf .on-master", "fill", .onMaster),
        (".hf .t-backup", "fill", .backup), (".hf .on-backup", "fill", .onBackup),
        (".hf .fault", "fill", .fault), (".hf .l-fault", "stroke", .fault),
        (".hf .bound", "fill", .bound), (".hf .l-bound", "stroke", .bound),
        (".hf .budget", "fill", .budget), (".hf .l-budget", "stroke", .budget),
        (".hf .p-1", "fill", .phase1), (".hf .p-2", "fill", .phase2), (".hf .p-3", "fill", .phase3),
        (".hf .p-4", "fill", .phase4), (".hf .pass", "fill", .pass), (".hf .passTint", "fill", .passTint),
        (".hf .fail", "fill", .fail), (".hf .failTint", "fill", .failTint),
        (".hf .skip", "fill", .skip), (".hf .skipTint", "fill", .skipTint),
        (".hf .stuck", "fill", .stuck), (".hf .stuckTint", "fill", .stuckTint),
    ]

    /// The patterns that tones refer to; `prefix` keeps the names of several pictures in one page apart.
    static func patterns(prefix: String) -> String {
        func pattern(_ name: String, size: Int, _ content: String) -> String {
            "<pattern id=\"\(prefix)-\(name)\" width=\"\(size)\" height=\"\(size)\" "
                + "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\(content)</pattern>"
        }
        func bar(_ style: String, width: Int, of size: Int) -> String {
            "<rect width=\"\(width)\" height=\"\(size)\" class=\"\(style)\"/>"
        }
        return "<defs>"
            + pattern("unserved", size: 7, bar("paper", width: 7, of: 7) + bar("t-unserved", width: 4, of: 7))
            + pattern("mixed", size: 9, bar("t-served", width: 9, of: 9) + bar("t-unserved", width: 4, of: 9))
            + pattern("both", size: 12, bar("t-a", width: 12, of: 12) + bar("t-b", width: 6, of: 12))
            + pattern("wrong", size: 5, bar("t-backup", width: 5, of: 5) + bar("t-unserved", width: 1, of: 5))
            + "</defs>"
    }
}

/// How a span of a tone is drawn.
struct ToneForm: Hashable, Sendable {
    /// Style classes of the filling.
    var fill: String
    /// Name of the pattern laid over it, without prefix; empty for none.
    var pattern = ""
    /// Style classes of the outline; empty for none.
    var outline = ""
    /// Style classes of the text in it.
    var text: String
    /// Part of the lane's height that it fills, 0 to 1.
    var height = 1.0

    /// The form of `tone`.
    init(_ tone: Tone) {
        switch tone {
        case .served, .present: (fill, text) = ("t-served", "on-served")
        case .unserved: (fill, pattern, outline, text) = ("none", "unserved", "s-unserved", "fail")
        case .absent: (fill, pattern, outline, text) = ("none", "wrong", "s-unserved", "fail")
        case .mixed: (fill, pattern, outline, text) = ("none", "mixed", "s-mixed", "ink")
        case .directorA: (fill, text) = ("t-a", "on-a")
        case .directorB: (fill, text) = ("t-b", "on-b")
        case .both: (fill, pattern, outline, text) = ("none", "both", "s-unserved", "ink")
        case .nobody: (fill, outline, text) = ("none", "s-unserved dashed", "fail")
        case .master: (fill, text) = ("t-master", "on-master")
        case .backup: (fill, outline, text) = ("t-backup", "edge", "on-backup")
        case .fault: (fill, pattern, outline, text) = ("none", "wrong", "s-unserved", "fail")
        case .initializing: (fill, outline, text) = ("none", "edge dashed", "muted")
        case .off: (fill, text, height) = ("t-backup", "muted", 0.18)
        }
    }
}
