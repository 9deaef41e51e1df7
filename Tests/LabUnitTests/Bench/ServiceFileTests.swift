import ConfigModel
import Lab
import LoadBalancing
import Testing

@Suite struct ServiceFileTests {
    private func load(_ file: ServiceFile) -> LoadResult {
        ConfigurationLoader.load(path: "f", configID: "") { _ in .success(Array(file.text.utf8)) }
    }

    @Test(arguments: [(1, 1), (3, 4), (300, 2)])
    func `a file has as many services and servers as were asked for, and nothing is wrong with it`(
        services: Int, servers: Int
    ) throws {
        let result = load(ServiceFile(services: services, servers: servers))
        #expect(result.diagnostics.isEmpty)
        let found = try #require(result.configuration).virtualServers
        #expect(found.count == services)
        #expect(found.allSatisfy { $0.realServers.count == servers })
        #expect(Set(found.map(\.identity)).count == services)
        #expect(Set(found.flatMap(\.realServers).map(\.endpoint)).count == services * servers)
    }

    @Test func `a file has a title for people`() {
        #expect(ServiceFile(services: 1, servers: 20).title == "1 service x 20 servers")
        #expect(ServiceFile(services: 2, servers: 20).title == "2 services x 20 servers")
    }
}
