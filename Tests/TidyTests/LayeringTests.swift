import Testing

struct LayeringTests {
    private let manifest = Manifest(Repository.manifest)

    @Test func `no import crosses a layer`() {
        let violations = Repository.sources.flatMap(Layering.violations)
        #expect(violations.isEmpty, "\n\(violations.report)")
    }

    @Test func `no declared dependency crosses a layer`() {
        let violations = manifest.targets.flatMap { target -> [Violation] in
            guard let rule = Layering.byName[target.name] else {
                return [
                    Violation(
                        path: "Package.swift", line: target.line,
                        reason: "\(target.name) has no row in Layering.swift")
                ]
            }
            return target.dependencies.compactMap { dependency in
                Layering.objection(to: Manifest.products[dependency] ?? dependency, in: rule).map {
                    Violation(path: "Package.swift", line: target.line, reason: $0)
                }
            }
        }
        #expect(violations.isEmpty, "\n\(violations.report)")
    }

    @Test func `every row of the table is a target`() {
        #expect(Set(Layering.targets.map(\.name)).subtracting(manifest.targets.map(\.name)).isEmpty)
    }

    @Test func `nothing the daemon reaches has Foundation, Dispatch or tasks`() {
        let reached = manifest.reachable(from: "holdfastd")
        #expect(reached.isSuperset(of: ["Director", "LinuxIO", "KernelNet", "VRRP", "ConfigModel"]))
        let violations = Repository.sources.filter { reached.contains($0.target) }
            .flatMap(Layering.daemonViolations)
        #expect(violations.isEmpty, "\n\(violations.report)")
    }

    @Test func `C lives in the C targets`() {
        let homes = Layering.names(of: .foreignC)
        let strays = Repository.files.filter { file in
            [".c", ".h", ".modulemap"].contains { file.path.hasSuffix($0) } && !homes.contains(file.target)
        }
        #expect(strays.isEmpty, "C outside \(homes.sorted()): \(strays.map(\.path))")
    }

    @Test(
        arguments: [
            ("NetTypes", "Timekeeping"), ("VRRP", "Glibc"), ("VRRP", "LinuxIO"),
            ("ConfigModel", "Foundation"),
            ("HealthChecks", "Dispatch"), ("LoadBalancing", "KernelNet"), ("SimulationKit", "LinuxIO"),
            ("TLS", "CLinux"), ("LinuxIO", "KernelNet"), ("LinuxIO", "CNetlink"), ("LinuxIO", "Foundation"),
            ("Director", "Glibc"), ("Director", "CLinux"), ("Director", "Lab"), ("Lab", "Director"),
            ("holdfastd", "LinuxIO"), ("holdfastd", "ArgumentParser"), ("holdfast", "TLS"),
        ])
    func `a forbidden import is told with its reason`(target: String, module: String) throws {
        let file = SwiftFile("import \(module)\n", at: "Sources/\(target)/A.swift")
        let violation = try #require(Layering.violations(in: file).first)
        #expect(violation.line == 1)
        #expect(violation.reason.hasPrefix("\(target) must not use \(module): "))
    }

    @Test(
        arguments: [
            ("VRRP", "NetTypes"), ("ConfigModel", "VRRP"), ("LinuxIO", "Glibc"), ("KernelNet", "CNetlink"),
            ("Director", "KernelNet"), ("Lab", "FoundationEssentials"), ("holdfastd", "Director"),
        ])
    func `an allowed import is silent`(target: String, module: String) {
        let file = SwiftFile("@testable import \(module)\n", at: "Sources/\(target)/A.swift")
        #expect(Layering.violations(in: file).isEmpty)
    }

    @Test func `imports are found in every form, and not in comments`() {
        let file = SwiftFile(
            "// import A\nimport B\npackage import C\nimport struct D.E\nlet x = \"import F\"")
        #expect(Layering.imports(of: file).map(\.text) == ["B", "C", "D"])
    }

    @Test func `an unknown target must be placed first`() {
        #expect(Layering.violations(in: SwiftFile("let a = 1", at: "Sources/New/A.swift")).count == 1)
    }

    @Test(
        arguments: [
            "import Foundation", "import FoundationEssentials", "import Dispatch", "func f() async {}",
            "let x = await f()", "actor A {}", "Task { }", "Task.detached { }",
        ])
    func `what needs threads is found`(source: String) {
        #expect(Layering.daemonViolations(in: SwiftFile(source)).count == 1)
    }

    @Test func `words about threads in comments and strings are no threads`() {
        #expect(
            Layering.daemonViolations(in: SwiftFile("// async\nlet a = \"await Task\"; let tasks = 1"))
                .isEmpty)
    }
}
