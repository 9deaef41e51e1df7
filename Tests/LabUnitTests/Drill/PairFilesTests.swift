import ConfigModel
import FoundationEssentials
import Testing

@testable import Lab

@Suite struct PairFilesTests {
    /// The repository's own examples, found from this file.
    static let examples =
        #filePath.split(separator: "/").dropLast(4).reduce(into: "") { $0 += "/\($1)" } + "/Examples"

    @Test(arguments: ["dr-pair", "nat", "fullnat", "tun", "fwmark-loop-guard"])
    func `every example is a pair with a master`(name: String) throws {
        let pair = try PairFiles(folder: "\(Self.examples)/\(name)")
        #expect(pair.master == LabPlan.directorA)
        #expect(pair.backup == LabPlan.directorB)
        #expect(pair.name == name)
        #expect(pair.isGuarded == (name == "fwmark-loop-guard"))
        #expect(!pair.isMarkedByHand)
    }

    @Test func `a folder without the files is an error that names the file`() {
        let error = #expect(throws: LabError.self) { try PairFiles(folder: "/nonexistent") }
        #expect(error?.description.hasPrefix("cannot read /nonexistent/director-") == true)
    }

    @Test func `taking the guard away leaves a pair that can be loaded and has none`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "holdfast-pair-\(UInt64.random(in: 0...UInt64.max))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let guarded = try PairFiles(folder: "\(Self.examples)/fwmark-loop-guard")
        let bare = try guarded.withoutGuard(in: folder)
        #expect(!bare.isGuarded)
        #expect(bare.configurations[LabPlan.directorA]?.loopGuard == nil)
        #expect(bare.configurations[LabPlan.directorA]?.virtualServers.count == 1)
        #expect(bare.name == guarded.name)
    }

    @Test func `only the guard's lines go`() {
        let text = """
            loop_guard {
                peer 192.0.2.3    # } not the end
                nested { x }
            }
            # loop_guard in a comment stays
            virtual_server 192.0.2.100 80 {
                loop_guard        # on
                loop_guard_mark 7
                lb_kind DR
            }
            """
        #expect(
            GuardLines.removed(from: text) == """
                # loop_guard in a comment stays
                virtual_server 192.0.2.100 80 {
                    lb_kind DR
                }
                """)
    }

    @Test func `a guard on one line goes too`() {
        #expect(GuardLines.removed(from: "loop_guard { peer 192.0.2.3 }\nrest") == "rest")
    }
}
