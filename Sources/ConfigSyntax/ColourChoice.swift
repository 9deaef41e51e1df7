/// Whether text for people is coloured, as `--color` says.
package enum ColourChoice: String, Hashable, Sendable, CaseIterable {
    /// On a terminal, unless the environment says otherwise.
    case auto
    /// Whatever the environment says.
    case always
    /// No colour.
    case never

    /// True when to colour. For `auto` the first of these decides: `NO_COLOR` that is not empty
    /// (no-color.org), `CLICOLOR_FORCE` that is neither empty nor 0 (bixense.com/clicolors), `TERM` that is
    /// `dumb`, whether the output is a terminal.
    package func isColoured(isTerminal: Bool, environment: (_ name: String) -> String?) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto:
            if !(environment("NO_COLOR") ?? "").isEmpty { return false }
            if !["", "0"].contains(environment("CLICOLOR_FORCE") ?? "") { return true }
            return isTerminal && environment("TERM") != "dumb"
        }
    }
}

/// What a piece of a finding is, which gives it its colour (ECMA-48, Select Graphic Rendition).
enum TextRole {
    case severity(Severity)
    case message
    /// Line numbers, bars and what is related.
    case frame

    /// The piece between the sequences that switch its colour on and off.
    func painted(_ text: String, _ isColoured: Bool) -> String {
        guard isColoured, !text.isEmpty else { return text }
        let parameters =
            switch self {
            case .severity(.error): "1;31"
            case .severity(.warning): "1;33"
            case .message: "1"
            case .frame: "34"
            }
        return "\u{1B}[\(parameters)m\(text)\u{1B}[0m"
    }
}
