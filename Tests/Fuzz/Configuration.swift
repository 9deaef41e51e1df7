import ConfigModel
import ConfigSyntax

/// Reads a configuration that libFuzzer made up, looks at everything that is said about it, and reads its
/// dump again when it is accepted. What is looked for is a trap, an overflow, a leak or a hang.
@_cdecl("LLVMFuzzerTestOneInput")
public func readConfiguration(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let octets = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let result = load(octets)
    for line in result.lines { precondition(!line.isEmpty, "a finding without words") }
    precondition(result.text.isEmpty == result.diagnostics.isEmpty, "findings and text disagree")
    guard let configuration = result.configuration else { return 0 }
    let again = load(Array(ConfigurationDump.text(configuration).utf8))
    precondition(again.configuration == configuration, "the dump reads back as something else")
    return 0
}

/// The octets as a file that includes only itself.
private func load(_ octets: [UInt8]) -> LoadResult {
    let surroundings = Surroundings(
        configID: "a", list: { _ in .success(["f", "g"]) }, environment: { $0.isEmpty ? nil : "1" }
    ) { path in
        path.hasSuffix("f") ? .success(octets) : .failure(FileProblem("no such file"))
    }
    return ConfigurationLoader.load(path: "/f", surroundings)
}
