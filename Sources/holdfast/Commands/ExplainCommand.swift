import ArgumentParser
import ConfigModel

/// `holdfast explain`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say why a finding matters, or what a keyword does.")

    @Argument(
        help: "A code such as E401, or a keyword such as quorum.", completion: .list(Explanation.words))
    var word: String?
    @Flag(help: "Print every keyword and every finding as JSON, for editors.") var json = false

    func validate() throws {
        if (word == nil) != json { throw ValidationError("give a word, or --json alone") }
    }

    func run() throws {
        guard let word else { return print(KeywordReference.json, terminator: "") }
        guard let text = Explanation.text(of: word) else {
            let near = Explanation.nearest(to: word).map { ", did you mean \($0)?" } ?? ""
            throw ValidationError("\(word) is no code and no keyword\(near)")
        }
        print(text, terminator: "")
    }
}
