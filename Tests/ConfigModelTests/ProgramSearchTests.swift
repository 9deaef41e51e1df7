import HealthChecks
import LoadBalancing
import Testing
import VRRP

@testable import ConfigModel

@Suite struct ProgramSearchTests {
    private func host(_ files: [String: HostDescription.File]) -> HostDescription {
        var host = HostDescription()
        for (path, file) in files { host.files[path] = .present(file) }
        return host
    }

    @Test func `a name may be in every directory, a path is itself`() {
        #expect(ProgramSearch.candidates("/a/b") == ["/a/b"])
        let candidates = ProgramSearch.candidates("b")
        #expect(candidates.first == "/usr/local/sbin/b" && candidates.last == "/bin/b")
        #expect(candidates.count == ProgramSearch.directories.count)
    }

    @Test func `the first file that can be run is the program`() {
        let program = HostDescription.File()
        #expect(host([:]).path(of: "x") == nil)
        #expect(host([:]).path(of: "/x") == "/x")
        #expect(host(["/bin/x": program]).path(of: "x") == "/bin/x")
        #expect(host(["/bin/x": program, "/usr/sbin/x": program]).path(of: "x") == "/usr/sbin/x")
        let text = HostDescription.File(mode: 0o644)
        #expect(host(["/bin/x": program, "/usr/sbin/x": text]).path(of: "x") == "/bin/x")
        let directory = HostDescription.File(isDirectory: true)
        #expect(host(["/bin/x": program, "/usr/sbin/x": directory]).path(of: "x") == "/bin/x")
        #expect(host(["/usr/sbin/x": text]).path(of: "x") == nil)
    }

    /// Every place where a program can be written, each with a name of its own.
    private let text =
        "global_defs {\nnotify_fifo /run/f\nnotify_fifo_script \"a 1\"\n}\n"
        + "vrrp_script s {\nscript \"b 2\"\n}\n"
        + Sample.instance(
            lines: """
                notify_master c
                notify_backup d
                notify_fault e
                notify_stop f
                notify "g 3"
                notify_deleted h
                track_script {
                    s
                }
                """)
        + Sample.instance("VI_2", id: 52, address: 101)
        + "vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\nnotify n\n}\n"
        + Sample.service(
            lines: "protocol TCP\nquorum_up i\nquorum_down j",
            servers: Sample.server(
                "192.0.2.21 80",
                "notify_up k\nnotify_down l\nMISC_CHECK {\nmisc_path \"m 4\"\n}\nTCP_CHECK {\n}")
        )

    private func commands(_ configuration: Configuration?) -> [[String]] {
        let checks = (configuration?.virtualServers ?? []).flatMap(\.realServers).flatMap(\.checks)
        let scripts = checks.compactMap { check -> [String]? in
            if case .script(let script) = check.kind { script.command } else { nil }
        }
        let notified = configuration?.notifications.scripts.map(\.command) ?? []
        let tracked = configuration?.tracked.scripts.map(\.command) ?? []
        return (scripts + notified + tracked).sorted { $0[0] < $1[0] }
    }

    @Test func `every program of a configuration gets its path, and keeps its arguments`() {
        let loaded = Sample.load(text)
        let written = commands(loaded.configuration)
        #expect(written.map { $0[0] } == "abcdefghijklmn".map { "\($0)" }, "\(loaded.text)")
        var files: [String: HostDescription.File] = [:]
        for name in "abcdefghijklmn" { files["/usr/bin/\(name)"] = HostDescription.File() }
        let located = commands(loaded.seen(on: host(files)).configuration)
        #expect(located == written.map { ["/usr/bin/\($0[0])"] + $0.dropFirst() })
    }

    @Test func `what is nowhere gets the path of a file that is not there`() {
        let located = commands(Sample.load(text).seen(on: host([:])).configuration)
        #expect(located.map { $0[0] } == "abcdefghijklmn".map { "/usr/local/sbin/\($0)" })
    }

    @Test func `a path stays as it is`() {
        let text = Sample.instance(lines: "notify_master \"/x/a b\"") + Sample.service()
        let loaded = Sample.load(text)
        #expect(
            loaded.seen(on: host(["/usr/bin/a": HostDescription.File()])).configuration
                == loaded.configuration)
    }
}
