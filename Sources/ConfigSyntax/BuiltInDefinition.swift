/// Definitions that are always there.
enum BuiltInDefinition: String, CaseIterable {
    /// The directory of the file.
    case workingDirectory = "_PWD"
    /// The config-id.
    case instance = "_INSTANCE"
    /// A number in 0...32767, or from MINIMUM to MAXIMUM.
    case random = "_RANDOM"
    /// A variable of the environment.
    case environment = "_ENV"
    /// `#` that begins no comment.
    case hash = "_HASH"
    /// `!` that begins no comment.
    case bang = "_BANG"

    /// What a reference in the file at `path` stands for.
    func value(
        _ reference: DefinitionReference, path: String, _ surroundings: Surroundings,
        _ state: inout ExpansionState
    ) -> Result<String, FileProblem> {
        let words = reference.words
        switch self {
        case .random: return random(words, &state)
        case .environment:
            guard words.count == 1 else { return .failure(FileProblem("_ENV needs the name of a variable")) }
            guard let value = surroundings.environment(words[0]) else {
                return .failure(FileProblem("the environment has no \(words[0])"))
            }
            let isLine = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            return isLine ? .success(value) : .failure(FileProblem("\(words[0]) is no line of text"))
        default: break
        }
        guard words.isEmpty else { return .failure(FileProblem("\(rawValue) takes no words")) }
        switch self {
        case .workingDirectory:
            guard let slash = path.lastIndex(of: "/") else { return .success(".") }
            return .success(slash == path.startIndex ? "/" : String(path[..<slash]))
        case .hash: return .success(reference.isQuoted ? "#" : "\\#")
        case .bang: return .success(reference.isQuoted ? "!" : "\\!")
        default: return .success(surroundings.configID)
        }
    }

    private func random(_ words: [String], _ state: inout ExpansionState) -> Result<String, FileProblem> {
        let limits = words.map { UInt32($0).map(Int.init) }
        let low = limits.first ?? 0
        let high = limits.count > 1 ? limits[1] : 32767
        guard words.count <= 2, let low, let high, low <= high else {
            return .failure(FileProblem("_RANDOM takes two numbers, the smaller first"))
        }
        return .success(String(state.number(in: low...high)))
    }
}
