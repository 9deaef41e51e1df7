import ConfigModel
import ConfigSyntax
import LinuxIO
import Testing
import Timekeeping

/// The samples that keepalived's package installs: we read each of them, and understand it as keepalived
/// does, which is started on it in a namespace of its own and says so.
@Suite(.serialized) struct SamplesTests {
    static let directory = "/usr/share/doc/keepalived/samples"
    static let names = ((try? Files.names(in: directory)) ?? []).filter { $0.hasPrefix("keepalived.conf") }
        .sorted()

    /// What is known and not carried out yet; all else would be a wrong refusal.
    private static let unsupported: Set<DiagnosticCode> = [.unsupportedKeyword, .unsupportedValue]
    /// What is wrong in a sample itself: scripts that are redirections of a shell, and "192.168.200./24".
    private static let mistaken: Set<DiagnosticCode> = [.invalidCommand, .invalidAddress]

    private func load(_ name: String, _ octets: [UInt8], configID: String = "director") -> LoadResult {
        ConfigurationLoader.load(path: name, configID: configID) { _ in .success(octets) }
    }

    @Test func `the samples are there`() { #expect(Self.names.count >= 20) }

    @Test(arguments: names) func `a sample is refused for nothing but what is not carried out yet`(
        name: String
    ) throws {
        // One sample is meant to be read with an id that it names.
        let octets = try Files.read("\(Self.directory)/\(name)", limit: 1 << 20)
        let result = load(name, octets, configID: "high")
        let wrong = result.diagnostics.filter {
            $0.severity == .error && !Self.unsupported.contains($0.code)
                && !(["localcheck", "rules"].contains { name.hasSuffix(".vrrp.\($0)") }
                    && Self.mistaken.contains($0.code))
        }
        #expect(wrong.isEmpty, "\(result.text)")
    }

    @Test(arguments: names) func `we understand a sample as keepalived does`(name: String) throws {
        let path = "\(Self.directory)/\(name)"
        let written = try Files.read(path, limit: 1 << 20)
        var octets = written
        var result = load(name, octets)
        for _ in 0..<20 where result.model == nil {
            octets = Self.withoutUnsupported(octets, result)
            result = load(name, octets)
        }
        // A sample of nothing that we carry out has nothing to compare, nor has the one whose script has a
        // program only for the ids that it names.
        guard let model = result.model else {
            let code = name.hasSuffix("conditional_conf") ? DiagnosticCode.missingKeyword : .emptyFile
            let errors = result.diagnostics.filter { $0.severity == .error }
            #expect(errors.map(\.code) == [code], "\(result.text)")
            return
        }
        let ours = Self.statements(Array(ConfigurationDump.text(model).utf8))
        let log = try KeepalivedRun.log(
            path, of: String(decoding: written, as: UTF8.self), elects: !model.instances.isEmpty,
            balances: !model.virtualServers.isEmpty)
        let comparison = DumpComparison(ours: ours, theirs: KeepalivedDump(log: log))
        #expect(comparison.differences == [], "\(log)")
        #expect(comparison.compared >= 5 || model.instances.isEmpty && model.virtualServers.isEmpty)
    }

    private static func statements(_ octets: [UInt8]) -> [Statement] {
        var ignored = Diagnostics()
        let file = SourceFile(name: "f", octets: octets)
        return Parser.parse(file, number: 0, configID: "director", hints: Schema.hints, &ignored)
    }

    /// The file with blanks for the statements that are refused for now. A value that is refused takes the
    /// block that it stands in with it, which means little without it, and the lines that name such a block.
    private static func withoutUnsupported(_ octets: [UInt8], _ result: LoadResult) -> [UInt8] {
        var kept = octets
        let all = statements(octets)
        let refused = unsupported.union(mistaken).union([.unknownTracked])
        for diagnostic in result.diagnostics where refused.contains(diagnostic.code) {
            let path = holders(of: diagnostic.primary.span, in: all)
            let isValue = diagnostic.code == .unsupportedValue || diagnostic.code == .invalidCommand
            let target = isValue ? path.last { $0.block != nil } ?? path.last : path.last
            guard let target else { continue }
            let end = Int(target.block?.close.end ?? target.header.end)
            for offset in Int(target.keyword.span.start)..<end where kept[offset] != UInt8(ascii: "\n") {
                kept[offset] = UInt8(ascii: " ")
            }
        }
        return kept
    }

    /// The statements around a place, the outermost first.
    private static func holders(of span: Span, in statements: [Statement]) -> [Statement] {
        for statement in statements {
            let end = statement.block?.close.end ?? statement.header.end
            guard statement.keyword.span.start <= span.start, span.start < end else { continue }
            return [statement] + holders(of: span, in: Array(statement.block?.statements ?? []))
        }
        return []
    }
}
