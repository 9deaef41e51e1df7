/// An estimate of how wide text is in an unknown sans-serif font: on the wide side, so that what fits here
/// fits there.
enum TextWidth {
    /// Width in pixels of `text` in the given font size.
    static func of(_ text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + em($1) } * size
    }

    private static func em(_ scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "i", "j", "l", "I", "|", "!", ".", ",", ":", ";", "'", " ", "(", ")", "[", "]", "/": 0.34
        case "f", "r", "t", "-": 0.41
        case "m", "w", "M", "W", "@", "%": 0.93
        case "A"..."Z": 0.70
        case "a"..."z", "0"..."9": 0.60
        case _ where scalar.value >= 0x1100 && !(0x2000...0x2BFF).contains(scalar.value): 1.05
        default: 0.65
        }
    }

    /// `text` as far as it fits, with an ellipsis where it was cut; empty when nothing fits.
    static func cut(_ text: String, size: Double, to width: Double) -> String {
        guard of(text, size: size) > width else { return text }
        var room = width - of("\u{2026}", size: size)
        var kept = ""
        for character in text {
            room -= of(String(character), size: size)
            guard room >= 0 else { break }
            kept.append(character)
        }
        while kept.last == " " { kept.removeLast() }
        return kept.isEmpty ? "" : kept + "\u{2026}"
    }

    /// Lines no wider than `width`, broken between words; at most `limit`, the last one cut.
    static func lines(_ text: String, size: Double, width: Double, limit: Int) -> [String] {
        guard limit > 0 else { return [] }
        var lines: [String] = []
        var current = ""
        let words = text.split(whereSeparator: \.isWhitespace)
        for (index, word) in words.enumerated() {
            let longer = current.isEmpty ? String(word) : "\(current) \(word)"
            if current.isEmpty || of(longer, size: size) <= width {
                current = longer
            } else if lines.count == limit - 1 {
                let rest = words[index...].joined(separator: " ")
                return lines + [cut("\(current) \(rest)", size: size, to: width)]
            } else {
                lines.append(current)
                current = String(word)
            }
        }
        if !current.isEmpty { lines.append(current) }
        return lines.map { cut($0, size: size, to: width) }
    }
}
