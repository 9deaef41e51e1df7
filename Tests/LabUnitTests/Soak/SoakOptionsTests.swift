import FoundationEssentials
import Testing
import Timekeeping

@testable import Lab

@Suite struct SoakOptionsTests {
    @Test func `they survive the way into a guest`() throws {
        let options = SoakOptions(duration: .seconds(90), seed: .max, daemon: "/d")
        #expect(try JSONDecoder().decode(SoakOptions.self, from: JSONEncoder().encode(options)) == options)
        #expect(SoakOptions(duration: .seconds(1), seed: 1).daemon == nil)
    }
}
