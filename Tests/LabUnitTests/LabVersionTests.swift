import Lab
import Testing

@Suite struct LabVersionTests {
    @Test func `the version has three numbers`() {
        #expect(LabVersion.text.split(separator: ".").compactMap { Int($0) }.count == 3)
    }
}
