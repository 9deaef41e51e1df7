/// What `holdfast --experimental-dump-help` says of the tool.
struct ToolHelp: Decodable {
    struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var shouldDisplay: Bool?
        var arguments: [Argument]?
        var subcommands: [Command]?

        /// Those for people.
        var shown: [Command] {
            (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }
        }

        /// Options and operands for people.
        var ownArguments: [Argument] { (arguments ?? []).filter { $0.shouldDisplay && !$0.isHelp } }
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String
        }

        var kind: String
        var names: [Name]?
        var valueName: String?
        var isOptional: Bool
        var isRepeating: Bool
        var shouldDisplay: Bool
        var defaultValue: String?
        var abstract: String?
        var discussion: String?

        var isHelp: Bool { spellings.contains("--help") }
        var spellings: [String] { (names ?? []).map { $0.kind == "short" ? "-\($0.name)" : "--\($0.name)" } }
        var value: String { (valueName ?? "value").uppercased() }

        /// In a synopsis: `[--peer PEER]`, `FILES...`.
        var usage: String {
            let dots = isRepeating ? "..." : ""
            let word =
                switch kind {
                case "positional": "\(value)\(dots)"
                case "flag": spellings.last ?? ""
                default: "\(spellings.last ?? "") \(value)\(dots)"
                }
            return isOptional ? "[\(word)]" : word
        }
    }

    var command: Command
}

/// holdfast(1), and a page for each of its commands.
struct ToolPages {
    let help: ToolHelp

    /// File names and texts.
    var pages: [String: String] {
        var pages = ["holdfast.1": overview]
        for command in help.command.shown {
            pages["holdfast-\(command.commandName).1"] = page(command)
        }
        return pages
    }

    private var overview: String {
        var page = Troff("holdfast", section: 1)
        page.name("holdfast", Self.summary(help.command))
        page.section("Synopsis")
        page.verbatim("holdfast COMMAND [OPTIONS]")
        page.section("Description")
        page.prose(
            """
            holdfast is the operator's tool of holdfastd(8). Some commands look at configurations and touch \
            nothing; some ask the running daemon on its control socket, or have it act; some rehearse \
            failures on networks and kernels of their own.

            Each command has a page: man holdfast-check. The same is told by holdfast help check.
            """)
        page.section("Commands")
        for command in help.command.shown {
            page.item(command.commandName, "", command.abstract ?? "")
        }
        page.section("Exit status")
        page.prose("0 is success, 64 wrong usage; each command's page names its others.")
        page.section("Files")
        page.item(
            "/run/holdfast/net-INODE/control.sock", "", "Where the daemon of a network namespace is asked.")
        page.seeAlso(["holdfastd(8)", "holdfast.conf(5)"])
        return page.text
    }

    private func page(_ command: ToolHelp.Command) -> String {
        let name = "holdfast-\(command.commandName)"
        var page = Troff(name, section: 1)
        page.name(name, Self.summary(command))
        page.section("Synopsis")
        let title = "holdfast \(command.commandName)"
        if command.shown.isEmpty {
            page.verbatim(Self.synopsis(title, command))
        } else {
            page.verbatim(
                command.shown.map { Self.synopsis("\(title) \($0.commandName)", $0) }.joined(separator: "\n"))
        }
        page.section("Description")
        page.prose(command.discussion ?? command.abstract ?? "")
        Self.options(of: command, in: &page, title: "Options")
        for inner in command.shown {
            page.section("\(title) \(inner.commandName)")
            page.prose([inner.abstract, inner.discussion].compactMap { $0 }.joined(separator: "\n\n"))
            Self.options(of: inner, in: &page, title: nil)
        }
        page.seeAlso(["holdfast(1)", "holdfastd(8)", "holdfast.conf(5)"])
        return page.text
    }

    /// A small letter at the start and no full stop, as whatis(1) wants it.
    private static func summary(_ command: ToolHelp.Command) -> String {
        let text = command.abstract ?? ""
        let whole = text.hasSuffix(".") ? String(text.dropLast()) : text
        return whole.prefix(1).lowercased() + whole.dropFirst()
    }

    /// Lines that are not too long, the later ones indented.
    static func synopsis(_ title: String, _ command: ToolHelp.Command) -> String {
        var lines = [title]
        for word in command.ownArguments.map(\.usage) {
            if (lines.last ?? "").count + word.count > 68 {
                lines.append("    " + word)
            } else {
                lines[lines.count - 1] += " " + word
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func options(of command: ToolHelp.Command, in page: inout Troff, title: String?) {
        guard !command.ownArguments.isEmpty else { return }
        if let title { page.section(title) }
        for argument in command.ownArguments {
            var body = [argument.abstract, argument.discussion].compactMap { $0 }.joined(separator: "\n")
            if let value = argument.defaultValue, !value.isEmpty { body += "\nDefault: \(value)." }
            let isOperand = argument.kind == "positional"
            page.item(
                isOperand ? argument.value : argument.spellings.joined(separator: ", "),
                argument.kind == "option" ? argument.value : "", body)
        }
    }
}
