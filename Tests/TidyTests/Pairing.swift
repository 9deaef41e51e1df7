/// Each source file has a test file of its name, so that everybody knows where a test goes.
enum Pairing {
    /// Files without a test file of their own, each with the reason. Keep it short.
    static let exceptions = [
        "Sources/HealthChecks/Limits.swift": "constants; the tests of what they bound use them"
    ]

    /// Executables are a call each, and what they do is tested from outside.
    static let exempt: Set = ["holdfast", "holdfastd"]

    /// Source files whose test file is missing. `tests` are paths. `Router+Actions.swift` is an aspect of
    /// `Router`: `RouterTests.swift` may cover it.
    static func missing(_ sources: [String], tests: [String]) -> [Violation] {
        var known: [String: Set<String>] = [:]
        for path in tests {
            let parts = path.split(separator: "/").map(String.init)
            guard parts.count > 2, let file = parts.last else { continue }
            known[parts[1], default: []].insert(file)
        }
        return sources.compactMap { path in
            let parts = path.split(separator: "/").map(String.init)
            guard parts.count > 2, let file = parts.last, !exempt.contains(parts[1]) else { return nil }
            let expected = file.replacing(".swift", with: "Tests.swift")
            let ofType =
                file.split(separator: "+").count > 1 ? "\(file.prefix { $0 != "+" })Tests.swift" : expected
            let places =
                ["\(parts[1])Tests", "\(parts[1])UnitTests", "LabTests"]
                + (parts[1] == "SimulationKit" ? ["SimulationTests"] : [])
            guard !places.contains(where: { known[$0]?.isDisjoint(with: [expected, ofType]) == false }) else {
                return nil
            }
            return Violation(
                path: path, line: 1, reason: "has no \(expected) in \(places.joined(separator: " or "))")
        }
    }
}
