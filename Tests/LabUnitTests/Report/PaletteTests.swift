import Testing

@testable import Lab

struct PaletteTests {
    /// Relative luminance (WCAG 2.2, "relative luminance"); nil when the text is no colour.
    private func luminance(_ color: String) -> Double? {
        guard color.first == "#", color.utf8.count == 7, let value = Int(color.dropFirst(), radix: 16) else {
            return nil
        }
        func channel(_ shift: Int) -> Double {
            let part = Double((value >> shift) & 255) / 255
            // A polynomial close to the curve of sRGB: enough to compare.
            return part * part * (0.75 + 0.25 * part)
        }
        return 0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    private func contrast(_ left: String, _ right: String) throws -> Double {
        let (a, b) = (try #require(luminance(left)), try #require(luminance(right)))
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    @Test(arguments: Palette.allCases)
    func `every colour is a colour`(color: Palette) {
        #expect(luminance(color.light) != nil)
        #expect(luminance(color.dark) != nil)
    }

    @Test(
        arguments: [
            (Palette.ink, Palette.card), (.ink, .page), (.muted, .card), (.muted, .page), (.onA, .directorA),
            (.onB, .directorB), (.onMaster, .master), (.onBackup, .backup), (.pass, .passTint),
            (.fail, .failTint), (.skip, .skipTint), (.stuck, .stuckTint), (.pass, .card), (.fail, .card),
            (.bound, .card), (.budget, .card), (.fault, .card),
        ])
    func `text can be read on its ground`(text: Palette, ground: Palette) throws {
        #expect(try contrast(text.light, ground.light) >= 4.5)
        #expect(try contrast(text.dark, ground.dark) >= 4.5)
    }

    @Test(arguments: [
        (Palette.directorA, Palette.directorB), (.master, .backup), (.served, .card), (.unserved, .card),
        (.directorA, .card), (.phase1, .phase2), (.phase2, .phase3), (.master, .card),
    ])
    func `what must be told apart differs in lightness`(left: Palette, right: Palette) throws {
        #expect(try contrast(left.light, right.light) >= 1.5)
        #expect(try contrast(left.dark, right.dark) >= 1.5)
    }

    @Test func `rules come for light, and for dark on a screen`() throws {
        let rules = Palette.rules([(".a", "fill", .ink), (".b", "stroke", .rule)])
        let parts = rules.split(separator: "@media screen and (prefers-color-scheme:dark)")
        #expect(parts.count == 2)
        #expect(parts.first?.contains(".a{fill:\(Palette.ink.light)}") == true)
        #expect(parts.last?.contains(".b{stroke:\(Palette.rule.dark)}") == true)
    }

    @Test func `outcomes have a word and a style of their own`() {
        #expect(Set(Outcome.allCases.map(\.word)).count == 4)
        #expect(Set(Outcome.allCases.map(\.style)).count == 4)
        #expect(Outcome.passed.word == "PASS" && Outcome.failed.word == "FAIL")
    }
}
