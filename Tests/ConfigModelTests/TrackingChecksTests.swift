import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct TrackingChecksTests {
    private static let script = "vrrp_script s {\nscript /bin/true\nweight -50\n}\n"

    private func found(_ text: String) -> [Diagnostic] {
        Sample.load(text).diagnostics.filter { $0.code != .unsupportedKeyword }
    }

    @Test func `a name that nothing has is said with the nearest one`() {
        let found = found(
            "vrrp_script check {\nscript /x\n}\n" + Sample.instance(lines: "track_script {\nchec\n}"))
        #expect(found.map(\.code) == [.unknownTracked])
        #expect(found.last?.suggestion == "check")
        #expect(found.last?.notes.last == "defined: check")
    }

    @Test func `what a name could be is listed, the first ten of many`() {
        func note(_ count: Int) -> String? {
            let scripts = (0..<count).map { "vrrp_script s\($0) {\nscript /x\n}\n" }.joined()
            let found = found(scripts + Sample.instance(lines: "track_script {\nother\n}"))
            return found.first { $0.code == .unknownTracked }?.notes.last
        }
        #expect(note(0) == "no vrrp_script is defined")
        #expect(note(2) == "defined: s0, s1")
        #expect(note(11) == "defined: s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, ...")
    }

    private func balanced(_ check: String) -> [Diagnostic] {
        found(
            "track_file load {\nfile /x\n}\n"
                + Sample.service(servers: Sample.server("192.0.2.21 80", "FILE_CHECK {\n\(check)\n}")))
    }

    @Test func `a check of a file names one that is there`() {
        #expect(balanced("track_file load").map(\.code) == [])
        let unknown = balanced("track_file lod")
        #expect(unknown.map(\.code) == [.unknownTracked])
        #expect(unknown.first?.suggestion == "load")
        #expect(balanced("weight 3").map(\.code) == [.missingKeyword])
        #expect(balanced("track_file load\nweight 2147483648").map(\.code) == [.outOfRange])
    }

    @Test func `what nobody tracks is warned about`() {
        #expect(found(Self.script + Sample.instance()).map(\.code) == [.neverTracked])
    }

    @Test func `two things of one kind need two names`() {
        let found = found(
            Self.script + Self.script + "track_file s {\nfile /x\n}\n"
                + Sample.instance(lines: "track_script {\ns\n}\ntrack_file {\ns\n}"))
        #expect(found.map(\.code) == [.duplicateTracked])
        #expect(found.first?.related.map(\.text) == ["first here"])
    }

    @Test func `a second line for one thing is warned about`() {
        let found = found(Self.script + Sample.instance(lines: "track_script {\ns\ns weight 3\n}"))
        #expect(found.map(\.code) == [.trackedTwice])
    }

    @Test(arguments: [
        ("priority 255", [DiagnosticCode.claimsOwnership, .weightWithoutEffect]),
        ("state MASTER", [.impliedOwner, .weightWithoutEffect]), ("state MASTER\npriority 90", []),
        ("priority 254", []),
    ])
    func `an owner's priority is fixed`(line: String, codes: [DiagnosticCode]) {
        let text = Self.script + Sample.instance(lines: "\(line)\ntrack_script {\ns\n}")
        #expect(found(text).map(\.code) == codes)
        let fault = Self.script + Sample.instance(lines: "\(line)\ntrack_script {\ns weight 0\n}")
        #expect(found(fault).map(\.code) == codes.filter { $0 != .weightWithoutEffect })
    }

    @Test(arguments: [
        ("s weight -9", [DiagnosticCode.narrowWeight]), ("s weight 2", [.narrowWeight]),
        ("s weight -10", []), ("s weight 0", []), ("s weight -5\n}\ntrack_interface {\neth1 weight 5", []),
    ])
    func `a weight that hardly moves the priority is said`(lines: String, codes: [DiagnosticCode]) {
        let text = Self.script + Sample.instance(lines: "track_script {\n\(lines)\n}")
        #expect(found(text).map(\.code) == codes)
    }

    private static let instances =
        Sample.instance("A", id: 1, address: 1) + Sample.instance("B", id: 2, address: 2)

    @Test(
        arguments: [
            ("vrrp_sync_group G {\nA B\n}\n", []), ("vrrp_sync_group G {\nA\n}\n", [.groupOfOne]),
            ("vrrp_sync_group G {\nA B C\n}\n", [.unknownMember]),
            ("vrrp_sync_group G {\nA B A\n}\n", [.memberOfTwoGroups]),
            (
                "vrrp_sync_group G {\nA B\n}\nvrrp_sync_group H {\nB\n}\n",
                [.memberOfTwoGroups, .groupOfOne]
            ),
            (
                "vrrp_sync_group G {\nA\n}\nvrrp_sync_group G {\nB\n}\n",
                [.groupOfOne, .duplicateGroup, .groupOfOne]
            ),
        ] as [(String, [DiagnosticCode])])
    func `the members of groups are checked`(groups: String, codes: [DiagnosticCode]) {
        #expect(found(groups + Self.instances).map(\.code) == codes)
    }

    @Test func `a member's weights count only where the group says so`() {
        let instances =
            Sample.instance("A", id: 1, address: 1, lines: "track_interface {\neth1 weight 5\n}")
            + Sample.instance("B", id: 2, address: 2, lines: "track_interface {\neth1\n}")
        let found = found("vrrp_sync_group G {\nA B\n}\n" + instances)
        #expect(found.map(\.code) == [.memberWeightIgnored])
        #expect(found.first?.related.map(\.text) == ["this group"])
        let kept = "vrrp_sync_group G {\nA B\nsync_group_tracking_weight\n}\n" + instances
        #expect(Sample.load(kept).diagnostics.allSatisfy { $0.code == .unsupportedKeyword })
    }

    @Test(
        arguments: [
            ("interval 2\ntimeout 10", true), ("interval 2\ntimeout 2", false), ("timeout 3", true),
            ("timeout 1", false), ("interval 9", false), ("interval x\ntimeout 10", false),
        ])
    func `a timeout beyond the interval is said`(lines: String, isFound: Bool) {
        let text =
            "vrrp_script s {\nscript /x\n\(lines)\n}\n" + Sample.instance(lines: "track_script {\ns\n}")
        #expect(found(text).contains { $0.code == .timeoutAboveInterval } == isFound)
    }
}
