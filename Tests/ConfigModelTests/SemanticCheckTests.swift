import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct SemanticCheckTests {
    @Test func `every area is checked, and one fault hides no other`() {
        let text =
            "global_defs {\nlvs_sync_daemon eth0 nowhere\n}\n" + Sample.instance(lines: "advert_int 0.5")
            + Sample.instance("VI_2", address: 101) + Sample.service(lines: "")
            + Sample.service("fwmark 3", lines: "loop_guard", servers: Sample.server("192.0.2.21"))
        #expect(
            Sample.codes(text) == [
                .unknownSyncInstance, .advertisementInterval, .duplicateRouterID, .protocolMissing,
                .guardOnMark,
                .guardWithoutPeer, .checkWithoutPort,
            ])
    }

    @Test func `duplicates point at the first of their kind`() {
        var reader = SchemaReader(diagnostics: Diagnostics())
        let values = [(1, 0), (2, 10), (1, 20), (nil, 30), (nil, 40), (1, 50)] as [(Int?, Int)]
        reader.reportDuplicates(
            among: values, by: \.0, at: { Span(file: 0, start: $0.1, end: $0.1 + 1) }, .givenTwice,
            { "\($0.0 ?? 0) again" })
        #expect(reader.diagnostics.all.map(\.message) == ["1 again", "1 again"])
        #expect(reader.diagnostics.all.map(\.primary.span.start) == [20, 50])
        #expect(reader.diagnostics.all.flatMap { $0.related.map(\.span.start) } == [0, 0])
    }
}
