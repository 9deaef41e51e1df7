import Foundation
import Testing

/// docs/metrics.md and the names in the program are the same.
@Suite struct MetricsPageTests {
    private func read(_ path: String) throws -> String {
        try String(contentsOf: Golden.repository.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func `each family that is told is in the page by its name`() throws {
        let source = try read("Sources/ControlProtocol/MetricsText.swift")
        let names = source.matches(of: /"((?:holdfast|keepalived|process)_[a-z_]+)"/).map { String($0.1) }
        #expect(Set(names).count > 30)
        let page = try read("docs/metrics.md")
        let missing = Set(names).filter { name in
            // Those that are put together are in one row.
            !page.contains("`\(name)`") && !page.contains("`\(name){")
        }
        let prefixes = ["holdfast_virtual_server", "holdfast_real_server"]
        #expect(missing.subtracting(prefixes).isEmpty, "\(missing)")
        let counters = source.matches(of: /\("([a-z_]+)", \["/).map { "`keepalived_\($0.1)_total`" }
        #expect(counters.count > 8 && counters.allSatisfy { page.contains($0) }, "\(counters)")
    }

    @Test func `each name of ours in the page is in the program`() throws {
        let source = try read("Sources/ControlProtocol/MetricsText.swift")
        let page = try read("docs/metrics.md")
        let names = page.matches(of: /`((?:holdfast|process)_[a-z_]+)/).map { String($0.1) }
        // The kernel's counters are told of services and of servers alike.
        let told = names.map {
            $0.replacing(/_(virtual|real)_server_connections_total/, with: "_real_server_up")
        }
        let unknown = Set(told).filter { !source.contains("\"\($0)\"") }
        #expect(names.count > 25 && unknown.isEmpty, "\(unknown)")
    }
}
