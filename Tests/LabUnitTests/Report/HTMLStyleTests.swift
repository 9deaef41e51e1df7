import Testing

@testable import Lab

struct HTMLStyleTests {
    @Test func `the sheet is for light, dark and paper`() {
        #expect(HTMLStyle.sheet.contains("prefers-color-scheme:dark"))
        #expect(HTMLStyle.sheet.contains("@media print"))
        #expect(HTMLStyle.sheet.contains(SVGStyle.sheet))
    }

    @Test func `it loads nothing and cannot end its element`() {
        for word in ["url(", "@import", "http", "<", "@font-face"] {
            #expect(!HTMLStyle.sheet.contains(word), "\(word)")
        }
        #expect(HTMLStyle.sheet.count { $0 == "{" } == HTMLStyle.sheet.count { $0 == "}" })
    }

    @Test(arguments: Outcome.allCases)
    func `every outcome has its colours`(outcome: Outcome) {
        #expect(HTMLStyle.sheet.contains(".badge.\(outcome.style){background:"))
        #expect(HTMLStyle.sheet.contains("\n.\(outcome.style){color:"))
    }
}
