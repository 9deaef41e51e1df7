import ConfigModel
import ConfigSyntax
import LoadBalancing
import Testing
import VRRP

@testable import Lab

@Suite struct SoakFilesTests {
    private func load(_ text: String) -> LoadResult {
        ConfigurationLoader.load(path: "t", configID: LabPlan.directorA) { path in
            path == "t" ? .success(Array(text.utf8)) : .failure(FileProblem("no such file"))
        }
    }

    @Test func `all configurations are good, and have one instance and one service in common`() throws {
        for director in LabPlan.directors {
            var tables: Set<[String]> = []
            for variant in 0..<SoakFiles.variants {
                let result = load(SoakFiles.text(of: director, variant: variant))
                let configuration = try #require(result.configuration, "\(result.text)")
                #expect(result.diagnostics.isEmpty, "\(result.text)")
                #expect(configuration.instances.map(\.name) == [SoakFiles.instance])
                #expect(configuration.virtualServers.contains { $0.title.contains("192.0.2.100:80/") })
                tables.insert(SoakFiles.table(of: configuration))
            }
            #expect(tables.count == SoakFiles.variants)
        }
    }

    @Test func `the first director is the better one`() throws {
        let priorities = try LabPlan.directors.map {
            try #require(load(SoakFiles.text(of: $0, variant: 0)).configuration?.instances.first?.priority)
        }
        #expect(priorities == [150, 100])
    }

    @Test func `half a file is none`() {
        #expect(load(SoakFiles.half(of: LabPlan.directorA)).configuration == nil)
    }

    @Test func `a table has every destination of every service with its weight`() throws {
        let configuration = try #require(
            load(SoakFiles.text(of: LabPlan.directorA, variant: 1)).configuration)
        #expect(
            SoakFiles.table(of: configuration) == [
                "192.0.2.21:80*1", "192.0.2.21:8001*3", "192.0.2.22:80*1", "192.0.2.22:8001*3",
                "192.0.2.23:80*1",
            ])
        #expect(try LabPlan(configuration).serverNames.count == SoakFiles.servers.count)
    }
}
