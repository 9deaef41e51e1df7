import ConfigSyntax
import Testing

@Suite struct TrackingGrammarTests {
    @Test func `dont_track_primary takes no value`() {
        #expect(Sample.errors(Sample.instance(lines: "dont_track_primary")) == [.unsupportedKeyword])
        #expect(
            Sample.errors(Sample.instance(lines: "dont_track_primary off"))
                == [.unsupportedKeyword, .unexpectedWord])
    }
}
