import Testing

struct ManifestTests {
    private let snippet = SwiftFile(
        """
        func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
            .target(name: name, dependencies: dependencies)
        }
        let package = Package(
            products: [.executable(name: "tool", targets: ["tool"])],
            targets: [
                library("Base"),
                library("Pure", ["Base"]),  // ["Comment"]
                .target(name: "CThing"),
                .systemLibrary(name: "CNet", pkgConfig: "libnl", providers: [.apt(["libnl-dev"])]),
                library("Adapter", ["CNet", "CThing", "Pure", logging]),
                .executableTarget(name: "tool", dependencies: ["Adapter"], swiftSettings: strict),
                tests("PureTests", ["Pure"], exclude: ["Golden"]),
            ])
        """, at: "Package.swift")

    @Test func `targets and their dependencies are read`() {
        let manifest = Manifest(snippet)
        #expect(manifest.targets.map(\.name) == ["Base", "Pure", "CThing", "CNet", "Adapter", "tool"])
        #expect(
            manifest.targets.map(\.dependencies) == [
                [], ["Base"], [], [], ["CNet", "CThing", "Pure", "logging"], ["Adapter"],
            ])
        #expect(manifest.tests.map(\.name) == ["PureTests"])
        #expect(manifest.tests.first?.dependencies == ["Pure"])
    }

    @Test func `what a target reaches includes itself`() {
        let manifest = Manifest(snippet)
        #expect(
            manifest.reachable(from: "tool") == [
                "tool", "Adapter", "CNet", "CThing", "Pure", "Base", "logging",
            ])
        #expect(manifest.reachable(from: "Pure") == ["Pure", "Base"])
    }

    @Test func `the real manifest is understood`() throws {
        let manifest = Manifest(Repository.manifest)
        let director = try #require(manifest.targets.first { $0.name == "Director" })
        #expect(director.dependencies.contains("LinuxIO"))
        #expect(manifest.targets.count >= 15)
        #expect(manifest.tests.contains { $0.name == "TidyTests" && $0.dependencies.isEmpty })
    }
}
