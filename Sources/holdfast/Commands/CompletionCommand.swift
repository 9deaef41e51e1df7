import ArgumentParser

/// `holdfast completion`.
struct CompletionCommand: ParsableCommand {
    /// The shells that there are scripts for.
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash
        case zsh
        case fish

        var kind: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a completion script for a shell.",
        discussion: """
            For one session: source <(holdfast completion bash). For all of them: write it to \
            /usr/share/bash-completion/completions/holdfast, /usr/share/zsh/vendor-completions/_holdfast or \
            /usr/share/fish/vendor_completions.d/holdfast.fish.
            """)

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    func run() { print(Holdfast.completionScript(for: shell.kind)) }
}
