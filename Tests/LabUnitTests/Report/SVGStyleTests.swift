import Testing

@testable import Lab

struct SVGStyleTests {
    @Test(arguments: Tone.allCases)
    func `every style and pattern of a tone exists`(tone: Tone) throws {
        let form = ToneForm(tone)
        let names = "\(form.fill) \(form.outline) \(form.text)".split(separator: " ")
        for name in names { #expect(SVGStyle.sheet.contains(".\(name)"), "\(name)") }
        if !form.pattern.isEmpty {
            #expect(SVGStyle.patterns(prefix: "x").contains("id=\"x-\(form.pattern)\""))
        }
        #expect(form.height > 0 && form.height <= 1)
    }

    @Test func `tones that stand in one lane do not look alike`() {
        let lanes: [[Tone]] = [
            [.served, .unserved, .mixed], [.directorA, .directorB, .both, .nobody],
            [.master, .backup, .fault, .initializing, .off], [.present, .absent],
        ]
        for lane in lanes {
            let forms = lane.map { tone in
                let form = ToneForm(tone)
                return "\(form.fill) \(form.pattern) \(form.outline)"
            }
            #expect(Set(forms).count == lane.count)
        }
    }

    @Test func `good and bad differ by pattern, not by colour alone`() {
        #expect(ToneForm(.served).pattern.isEmpty && !ToneForm(.unserved).pattern.isEmpty)
        #expect(ToneForm(.present).pattern.isEmpty && !ToneForm(.absent).pattern.isEmpty)
        let symbols = [Tone.directorA, .directorB, .fault].map { TimelineLane.symbol($0, 0, 0) }
        #expect(Set(symbols).count == 3)
    }

    @Test func `patterns are well-formed and their names kept apart`() throws {
        let first = try MarkupReader.read(SVGStyle.patterns(prefix: "a"))
        let second = try MarkupReader.read(SVGStyle.patterns(prefix: "b"))
        let ids = (first.all("pattern") + second.all("pattern")).compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
        #expect(ids.count == 8)
    }

    @Test func `the sheet knows light and dark, and loads nothing`() {
        #expect(SVGStyle.sheet.contains("prefers-color-scheme:dark"))
        #expect(!SVGStyle.sheet.contains("url(") && !SVGStyle.sheet.contains("@import"))
        #expect(SVGStyle.sheet.count { $0 == "{" } == SVGStyle.sheet.count { $0 == "}" })
    }
}
