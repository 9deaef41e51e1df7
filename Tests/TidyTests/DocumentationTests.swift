import Testing

struct DocumentationTests {
    @Test func `everything other targets can use is documented`() {
        let violations = Repository.sources.flatMap(Documentation.violations)
        #expect(violations.isEmpty, "\n\(violations.report)")
    }

    @Test func `nothing is public, since the package has no outside users`() {
        let violations = Repository.sources.flatMap { file in
            file.code.filter { $0.kind == .word && ($0.text == "public" || $0.text == "open") }
                .filter { token in isModifier(token, file) }
                .map { file.violation($0, "`package` is the widest access here") }
        }
        #expect(violations.isEmpty, "\n\(violations.report)")
    }

    /// `open` is an ordinary name too: as a modifier it begins a line.
    private func isModifier(_ token: Token, _ file: SwiftFile) -> Bool {
        let text = file.file.lines[token.line - 1].trimmed
        return text.hasPrefix("public ") || text.hasPrefix("open class ") || text.hasPrefix("open func ")
    }

    @Test(
        arguments: [
            "package struct A {}", "package func f() {}", "    package static let a = 1",
            "// a plain comment\npackage var a: Int { 1 }", "/// Far away.\n\npackage enum A {}",
            "///\npackage init() {}",
            "@discardableResult\npackage mutating func f() {}", "package private(set) var a = 1",
            "let a = 1  /// behind\npackage let b = 2", "public struct A {}",
            "package subscript(a: Int) -> Int { a }",
            "/// A port.\npackage protocol P {\n    func f()\n}",
            "/// A port.\npackage protocol P {\n    /// Known.\n    func a()\n    func b()\n}",
            "package static func < (left: Self, right: Self) -> Bool { true }", "package unsafe func f() {}",
            "package final class A {}", "package indirect enum A {}", "package typealias A = Int",
        ])
    func `a missing comment is found`(source: String) {
        let violations = Documentation.violations(in: SwiftFile(source))
        #expect(violations.count == 1, "\(violations.report)")
    }

    @Test(
        arguments: [
            "/// Says what.\npackage struct A {}", "/// Says what.\n@frozen\npackage struct A {}",
            "    /// Says what.\n    @discardableResult package func f() {}", "package import NetTypes",
            "struct A {}", "private func f() {}", "package extension A {}",
            "/// Says.\npackage enum A {\n    case b\n    case c(Int)\n}", "let a = \"package struct B\"",
            "/// Says.\npackage protocol P {\n    /// Says.\n    func f(a: (Int) -> Void)\n}",
            "let package = Package(name: \"x\")", "// package struct A {}",
        ])
    func `a documented or inner declaration is silent`(source: String) {
        #expect(Documentation.violations(in: SwiftFile(source)).isEmpty)
    }
}
