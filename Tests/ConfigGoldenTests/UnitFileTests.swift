import Foundation
import Testing

/// The unit of systemd, as text and as `systemd-analyze` judges it. UnitRightsTests tries what it leaves.
@Suite struct UnitFileTests {
    @Test func `the journal's catalog has a text for each event, and for no other`() throws {
        func read(_ path: String) throws -> String {
            try String(contentsOf: Golden.repository.appendingPathComponent(path), encoding: .utf8)
        }
        let source = try read("Sources/Director/LogEvent.swift")
        let numbers = source.matches(of: /case [a-z]+ = "([0-9a-f]{32})"/).map { String($0.1) }
        let catalog = try read("Systemd/holdfast.catalog")
        let entries = catalog.matches(of: /\n-- ([0-9a-f]{32})\nSubject: .+\nDefined-By: holdfast\n/)
        #expect(numbers.count == 6 && entries.map { String($0.1) } == numbers)
        // What a text takes from an event, the event has.
        let fields = Set(catalog.matches(of: /@([A-Z_]+)@/).map { String($0.1) })
        let told = try [
            "LVSRole/LVSState", "VRRPRole/Instance", "Supervisor/SupervisorProcess",
            "Supervisor/SupervisorProcess+Control", "Supervisor/Supervisor",
        ].map {
            try read("Sources/Director/\($0).swift")
        }.joined()
        #expect(fields.allSatisfy { told.contains("\"\($0)\": ") }, "\(fields)")
    }

    private static let path = Golden.repository.appendingPathComponent("Systemd/holdfast.service")
    private static let analyzer = "/usr/bin/systemd-analyze"

    private func settings() throws -> [String: [String]] {
        let text = try String(contentsOf: Self.path, encoding: .utf8)
        var settings: [String: [String]] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { settings[parts[0], default: []].append(parts[1]) }
        }
        return settings
    }

    @Test func `it starts, reloads, watches and cleans up by options that there are`() throws {
        let settings = try settings()
        let usage = try BuiltProgram.run("holdfastd", ["--help"]).output
        let reload = try BuiltProgram.run("holdfast", ["help", "reload"]).output
        for command in (settings["ExecStart"] ?? []) + (settings["ExecStopPost"] ?? []) {
            let words = command.split(separator: " ")
            #expect(words.first == "/usr/sbin/holdfastd")
            for option in words.dropFirst() { #expect(usage.contains(option), "\(option)") }
        }
        #expect(settings["ExecReload"] == ["/usr/bin/holdfast reload --wait"] && reload.contains("--wait"))
        #expect(settings["Type"] == ["notify"] && settings["NotifyAccess"] == ["exec"])
        #expect(settings["WatchdogSec"] == ["60"] && settings["Restart"] == ["always"])
        // Five seconds for vrrp and five for lvs, five for a handover, and three for what waits in buffers.
        let patience = try #require(settings["TimeoutStopSec"]?.first.flatMap { Int($0) })
        #expect(patience > 18)
        // And what lvs is waited for at least while it shows that it goes on.
        #expect(patience > 18 + 30)
    }

    @Test func `it is not started again where another try would end in the same way`() throws {
        let statuses = try #require(try settings()["RestartPreventExitStatus"]?.first).split(separator: " ")
        #expect(statuses == ["2", "3", "4", "6"])
        let manual = Golden.repository.appendingPathComponent("docs/man/holdfastd.8")
        let text = try String(contentsOf: manual, encoding: .utf8)
        for status in statuses { #expect(text.contains("\\fB\(status)\\fR\n"), "\(status)") }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: analyzer), "needs systemd-analyze"))
    func `its exposure is 3_5 at most`() throws {
        let outcome = try BuiltProgram.run(
            at: Self.analyzer, ["security", "--offline=true", "--no-pager", Self.path.path])
        let last = try #require(outcome.output.split(separator: "\n").last, "\(outcome.error)")
        let score = try #require(last.split(separator: " ").lazy.compactMap { Double($0) }.first, "\(last)")
        #expect(score <= 3.5 && score > 0)
    }

    @Test func `what is installed beside it is there`() throws {
        func lines(_ name: String) throws -> [Substring] {
            try String(contentsOf: Golden.repository.appendingPathComponent(name), encoding: .utf8).split(
                separator: "\n")
        }
        #expect(try lines("Etc/modules-load.d/holdfast.conf").contains("ip_vs"))
        for name in ["Etc/sysctl.d/holdfast.conf", "Etc/sysctl.d/real-server.conf"] {
            let settings = try lines(name).filter { !$0.hasPrefix("#") }
            #expect(settings.count == 2)
            for setting in settings {
                let path = setting.prefix { $0 != " " }.replacing(".", with: "/")
                #expect(FileManager.default.fileExists(atPath: "/proc/sys/\(path)"), "\(setting)")
                #expect(setting.contains(" = "))
            }
        }
    }
}
