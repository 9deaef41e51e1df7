import ConfigSyntax
import Testing

@Suite struct DiagnosticCodeTests {
    @Test(arguments: DiagnosticCode.allCases) func `a code is a letter and three digits`(code: DiagnosticCode)
    {
        let text = Array(code.rawValue.utf8)
        #expect(text.count == 4)
        #expect(text.first == UInt8(ascii: "E") || text.first == UInt8(ascii: "W"))
        #expect(UInt16(code.rawValue.dropFirst()) != nil)
        #expect(code.severity == (text.first == UInt8(ascii: "E") ? .error : .warning))
    }

    @Test func `a number is not both an error and a warning of one area's start`() {
        let areas = Set(DiagnosticCode.allCases.map { $0.rawValue.dropFirst().prefix(1) })
        #expect(areas == ["0", "1", "2", "3", "4", "5", "6", "7", "8"])
    }

    /// Scripts and people refer to these: a change here is a change of contract.
    @Test(arguments: [
        (DiagnosticCode.unreadableFile, "E001"), (.unknownKeyword, "E101"), (.unclosedBlock, "E103"),
        (.unsupportedKeyword, "E105"), (.missingKeyword, "E112"), (.outOfRange, "E204"),
        (.implicitHostPrefix, "W213"), (.duplicateRouterID, "E301"), (.portTranslation, "E401"),
        (.duplicateVirtualServer, "E402"), (.guardWithoutPeer, "E501"), (.guardWithoutSync, "W501"),
    ])
    func `published codes stay`(code: DiagnosticCode, text: String) {
        #expect(code.rawValue == text)
    }

    @Test(arguments: DiagnosticCode.allCases) func `every code says why it matters`(code: DiagnosticCode) {
        #expect(code.explanation.count > 25 && code.explanation.hasSuffix("."))
    }

    @Test func `area 6 compares two directors, area 7 looks at the host`() {
        #expect(DiagnosticCode.missingInterface.level == .host)
        #expect(DiagnosticCode.pairSync.level == .pair)
        #expect(DiagnosticCode.portTranslation.level == .file)
    }

    @Test func `a cure is an instruction on one line, without a full stop`() {
        let cures = DiagnosticCode.allCases.compactMap(\.cure)
        #expect(cures.count > 40)
        for cure in cures { #expect(cure.first?.isLowercase == true && !cure.hasSuffix("."), "\(cure)") }
    }
}
