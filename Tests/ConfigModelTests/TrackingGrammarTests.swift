import ConfigSyntax
import Testing
import VRRP

@testable import ConfigModel

@Suite struct TrackingGrammarTests {
    private static let objects = """
        vrrp_script s {
            script /bin/true
            weight 7 reverse
        }
        vrrp_track_process p {
            process nginx
        }
        track_file f {
            file /run/number
        }

        """

    private func errors(_ lines: String) -> [DiagnosticCode] {
        Sample.errors(Self.objects + Sample.instance(lines: lines)).filter { $0 != .unsupportedKeyword }
    }

    private func items(_ lines: String) -> [Tracked]? {
        Sample.load(Self.objects + Sample.instance(lines: lines)).model?.instances.first?.tracking.items
    }

    @Test func `dont_track_primary takes no value`() {
        #expect(Sample.errors(Sample.instance(lines: "dont_track_primary")) == [])
        #expect(
            Sample.errors(Sample.instance(lines: "dont_track_primary off"))
                == [.unexpectedWord])
    }

    @Test(
        arguments: [
            ("track_interface {\neth1\n}", Tracked(.interface, "eth1")),
            ("track_interface {\neth1 weight -253\n}", Tracked(.interface, "eth1", weight: -253)),
            (
                "track_interface {\neth1 weight 5 reverse\n}",
                Tracked(.interface, "eth1", weight: 5, isReversed: true)
            ),
            ("track_script {\ns\n}", Tracked(.script, "s", weight: 7, isReversed: true)),
            ("track_script {\ns noreverse\n}", Tracked(.script, "s", weight: 7)),
            ("track_script {\ns weight 3 no_reverse\n}", Tracked(.script, "s", weight: 3)),
            ("track_process {\np weight 254\n}", Tracked(.process, "p", weight: 254)),
            ("track_file {\nf\n}", Tracked(.file, "f", weight: 1)),
            ("track_file {\nf weight 2 reverse\n}", Tracked(.file, "f", weight: 2, isReversed: true)),
        ])
    func `a line says what is tracked, and inherits what it does not say`(lines: String, item: Tracked) {
        #expect(items(lines) == [item])
    }

    @Test func `several blocks add up`() {
        let names = items("track_interface {\na\n}\ntrack_script {\ns\n}\ntrack_interface {\nb\n}")
        #expect(names?.map(\.name) == ["a", "b", "s"])
    }

    @Test(
        arguments: [
            ("track_interface {\na/b\n}", .invalidName), ("track_interface {\na weight\n}", .missingValue),
            ("track_interface {\na weight 254\n}", .outOfRange), ("track_interface a", .missingBlock),
            ("track_script {\ns weight x\n}", .invalidNumber), ("track_interface", .missingBlock),
            ("track_script {\ns wait 3\n}", .unexpectedWord), ("track_script {\ns {\n}\n}", .unexpectedBlock),
            ("track_process {\np weight 255\n}", .outOfRange), ("track_script {\nt\n}", .unknownTracked),
        ] as [(String, DiagnosticCode)])
    func `what is wrong with a line is said`(lines: String, code: DiagnosticCode) {
        #expect(errors(lines).contains(code), "\(errors(lines))")
    }
}
