/// What Package.swift says about targets, read from its text: asking SwiftPM would wait for the lock of the
/// very build that runs the tests.
struct Manifest {
    struct Target: Equatable {
        var name: String
        /// Names of targets, and of the constants that stand for products.
        var dependencies: [String]
        var line: Int
    }

    /// Targets other than tests.
    var targets: [Target] = []
    var tests: [Target] = []

    init(_ file: SwiftFile) {
        let code = file.code
        for index in code.indices.dropFirst() where index + 1 < code.count && code[index + 1].reads("(") {
            switch code[index].text {
            case "library" where !code[index - 1].reads("func"): targets.append(Self.target(code, index + 1))
            case "target" where code[index - 1].reads("."),
                "executableTarget" where code[index - 1].reads("."),
                "systemLibrary" where code[index - 1].reads("."):
                targets.append(Self.target(code, index + 1))
            case "tests" where !code[index - 1].reads("func"): tests.append(Self.target(code, index + 1))
            default: continue
            }
        }
        // The two helper functions of the manifest contain a call with a variable for a name.
        targets.removeAll { $0.name.isEmpty }
        tests.removeAll { $0.name.isEmpty }
    }

    /// The call whose parenthesis is at `open`: its first string is the name, its first unlabelled or
    /// `dependencies` list the dependencies.
    private static func target(_ code: [Token], _ open: Int) -> Target {
        var target = Target(name: "", dependencies: [], line: code[open].line)
        var depth = 0
        var listed = false
        var index = open
        while index < code.count {
            let token = code[index]
            switch token.text {
            case "(" where token.kind == .sign: depth += 1
            case ")" where token.kind == .sign: depth -= 1
            case "[" where token.kind == .sign && depth == 1 && !listed && isDependencyList(code, index):
                listed = true
                let list = code[(index + 1)...].prefix { !$0.reads("]") }
                target.dependencies = list.filter { $0.kind != .sign }.map(\.text)
            default:
                if token.kind == .string, depth == 1, target.name.isEmpty, isName(code, index, open) {
                    target.name = token.text
                }
            }
            guard depth > 0 else { break }
            index += 1
        }
        return target
    }

    private static func isName(_ code: [Token], _ index: Int, _ open: Int) -> Bool {
        index == open + 1 || index == open + 3 && code[open + 1].reads("name")
    }

    private static func isDependencyList(_ code: [Token], _ index: Int) -> Bool {
        !code[index - 1].reads(":") || code[index - 2].reads("dependencies")
    }

    /// The target and everything that it uses, directly or not.
    func reachable(from name: String) -> Set<String> {
        var found: Set<String> = [name]
        var open = [name]
        while let next = open.popLast() {
            for dependency in targets.first(where: { $0.name == next })?.dependencies ?? []
            where found.insert(dependency).inserted {
                open.append(dependency)
            }
        }
        return found
    }

    /// The module that a constant of the manifest stands for.
    static let products = [
        "argumentParser": "ArgumentParser", "logging": "Logging", "collections": "DequeModule",
    ]
}
