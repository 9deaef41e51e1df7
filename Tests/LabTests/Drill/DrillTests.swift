// The drill as operators run it, on this kernel: what it says of a healthy pair must be good, and it must
// leave nothing behind. Each example of the repository is run here.

import FoundationEssentials
import LinuxIO
import Testing
import Timekeeping

/// The tool beside the test binary.
enum Tool {
    static let folder: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)) ?? ""
        return String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)])
    }()

    static let repository = #filePath.split(separator: "/").dropLast(4).reduce(into: "") { $0 += "/\($1)" }

    static func run(_ arguments: [String], timeout: Interval = .seconds(600)) throws -> Completion {
        try Program(
            "\(folder)/holdfast", arguments,
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/"], directory: repository
        ).run(timeout: timeout)
    }

    /// The same for a drill; one that says it could not run (2), as on a machine that is too busy, is
    /// repeated.
    static func drill(_ arguments: [String]) throws -> Completion {
        for _ in 0..<2 {
            let end = try run(arguments)
            if end.status != .exited(2) { return end }
        }
        return try run(arguments)
    }

    /// Namespaces that exist now.
    static var namespaces: Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")) ?? [])
    }
}

/// One drill to make.
struct DrillCase: Sendable, CustomStringConvertible {
    let scenario: String
    let example: String
    var daemon: String?

    /// Seconds, generous for an emulated machine that others use too; what the protocol promises is the
    /// business of `make drill`.
    var budget: String { scenario == "stop" ? "3" : "8" }

    var description: String { "\(scenario) of \(example)\(daemon.map { " with \($0)" } ?? "")" }

    static let chosen = [
        DrillCase(scenario: "crash", example: "nat"),
        DrillCase(scenario: "stop", example: "tun"),
        DrillCase(scenario: "loop-guard-on", example: "fwmark-loop-guard"),
        DrillCase(scenario: "guard-repair", example: "fwmark-loop-guard"),
    ]

    static let matrix =
        ["crash", "stop", "server", "connection"].flatMap { scenario in
            ["dr-pair", "nat", "tun", "fwmark-loop-guard"].map { DrillCase(scenario: scenario, example: $0) }
        } + [
            DrillCase(scenario: "crash", example: "dr-pair", daemon: "keepalived"),
            DrillCase(scenario: "loop-guard-on", example: "dr-pair"),
            DrillCase(scenario: "loop-guard-off", example: "fwmark-loop-guard"),
        ]

    static var all: [DrillCase] { chosen + (fullMatrix ? matrix : []) }
}

@Suite(.serialized, .enabled(if: hasIPVS)) struct DrillTests {
    @Test(arguments: DrillCase.all)
    func `a drill of a healthy pair passes and leaves nothing behind`(drill: DrillCase) throws {
        let before = Tool.namespaces
        var arguments = [
            "drill", drill.scenario, "--place", "native", "--example", "Examples/\(drill.example)",
            "--interval", "4", "--budget", drill.budget,
        ]
        if let daemon = drill.daemon { arguments += ["--daemon", daemon] }
        let end = try Tool.drill(arguments)
        #expect(end.status == .exited(0), "\(end.output.text)\(end.error.text)")
        #expect(Tool.namespaces == before)
    }

    @Test func `the hand-written form of the guard works as the guard does`() throws {
        let folder =
            "\(FileManager.default.temporaryDirectory.path)/by-hand-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for side in ["a", "b"] {
            try FileManager.default.copyItem(
                atPath: "\(Tool.repository)/Examples/fwmark-loop-guard/by-hand-\(side).conf",
                toPath: "\(folder)/director-\(side).conf")
        }
        let end = try Tool.drill([
            "drill", "loop-guard-on", "--place", "native", "--example", folder, "--interval", "4",
        ])
        #expect(end.status == .exited(0), "\(end.output.text)\(end.error.text)")
    }

    @Test func `a budget that nobody can keep fails the drill`() throws {
        let end = try Tool.run([
            "drill", "crash", "--place", "native", "--budget", "0.05", "--interval", "4",
        ])
        #expect(end.status == .exited(1), "\(end.output.text)\(end.error.text)")
    }
}
