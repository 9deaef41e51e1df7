import Testing

@testable import HealthChecks

struct BodyCriterionTests {
    @Test func `the number of digits tells the algorithm`() throws {
        let md5 = try #require(BodyDigest("D41D8CD98F00B204E9800998ECF8427E"))
        #expect(md5.algorithm == .md5)
        #expect(md5.octets.count == DigestAlgorithm.md5.count)
        #expect(md5.octets.prefix(2) == [0xD4, 0x1D])
        #expect(md5.description == "d41d8cd98f00b204e9800998ecf8427e")
        let sha = try #require(BodyDigest(String(repeating: "0f", count: 32)))
        #expect(sha.algorithm == .sha256)
        #expect(sha.octets == [UInt8](repeating: 15, count: DigestAlgorithm.sha256.count))
    }

    @Test(arguments: [
        "", "0", String(repeating: "0", count: 31), String(repeating: "0", count: 33),
        String(repeating: "g", count: 32), String(repeating: "0", count: 40),
        "-1" + String(repeating: "0", count: 30),
        String(repeating: "é", count: 16),
    ])
    func `anything else is no digest`(text: String) {
        #expect(BodyDigest(text) == nil)
    }

    @Test func `a pattern is found anywhere unless told otherwise`() {
        let pattern = BodyPattern("ok")
        #expect(pattern.options.isEmpty && !pattern.isInverted)
        #expect(pattern.minimumOffset == 0 && pattern.maximumOffset == nil)
        #expect(Set(BodyPattern.Option.allCases.map(\.rawValue)).count == BodyPattern.Option.allCases.count)
    }

    @Test func `octets and digits`() {
        #expect(digits([0, 0x9A, 0xFF]) == "009aff")
        #expect((0...255).filter { hexadecimal(UInt8($0)) != nil }.count == 22)
        #expect(hexadecimal(UInt8(ascii: "f")) == 15 && hexadecimal(UInt8(ascii: "F")) == 15)
    }
}
