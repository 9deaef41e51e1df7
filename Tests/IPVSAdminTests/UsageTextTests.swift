import Testing

@testable import IPVSAdmin

@Suite struct UsageTextTests {
    private let text = UsageText.text(program: "ipvsadm")

    @Test func `every option is told, by its letter too`() {
        for option in AdminOption.allCases {
            #expect(text.contains("\(option) ") || text.contains("\(option)\n"), "\(option)")
        }
        for letter in AdminOption.letters.keys {
            #expect(text.contains(" -\(letter), "), "-\(letter)")
        }
    }

    @Test func `nothing is told that is none`() {
        for word in text.split(whereSeparator: { " \n[]|;,.".contains($0) }) where word.hasPrefix("--") {
            #expect(AdminOption(rawValue: String(word.dropFirst(2))) != nil, "\(word)")
        }
    }

    @Test func `the program is called what it is called`() {
        #expect(text.contains("\n  ipvsadm -C\n"))
        #expect(UsageText.text(program: "holdfast ipvs").contains("\n  holdfast ipvs -C\n"))
    }

    @Test func `it fits a page's width`() {
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 104 })
        #expect(text.hasSuffix("refuses.\n"))
    }
}
