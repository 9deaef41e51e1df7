/// Why a command line is not carried out, and what to exit with.
package struct CommandError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence without a full stop.
    package let description: String
    /// 2 for options that make no sense, 255 for a command line that cannot be read, as ipvsadm has it.
    package let status: Int32

    /// Options that make no sense.
    static func refused(_ sentence: String) -> CommandError { CommandError(description: sentence, status: 2) }

    /// A command line that cannot be read.
    static func unreadable(_ sentence: String) -> CommandError {
        CommandError(description: sentence, status: 255)
    }
}

/// Takes a command line apart as popt(3) does, which ipvsadm uses: `-Lnc`, `-srr`, `-s=rr`, `-s rr`,
/// `--scheduler rr` and `--scheduler=rr`; long names are not abbreviated, and `--` ends the options.
struct OptionReader {
    enum Item: Hashable {
        case option(AdminOption, value: String?)
        /// A word that belongs to no option.
        case word(String)
    }

    private var rest: ArraySlice<String>
    /// The letters of a group that are not read yet.
    private var group: Substring = ""
    private var optionsEnded = false

    init(_ words: [String]) { rest = words[...] }

    /// The next option or word; nil at the end.
    mutating func next() throws(CommandError) -> Item? {
        if let letter = group.popFirst() { return try short(letter) }
        while let word = rest.popFirst() {
            guard !optionsEnded, word.hasPrefix("-"), word != "-" else { return .word(word) }
            if word == "--" {
                optionsEnded = true
                continue
            }
            if word.hasPrefix("--") { return try long(word.dropFirst(2)) }
            group = word.dropFirst()
            if let letter = group.popFirst() { return try short(letter) }
        }
        return nil
    }

    private mutating func short(_ letter: Character) throws(CommandError) -> Item {
        guard let option = AdminOption.letters[letter] else {
            throw .unreadable("there is no option -\(letter)")
        }
        guard option.value != .none else { return .option(option, value: nil) }
        var attached: Substring? = group.isEmpty ? nil : group
        if attached?.first == "=" { attached = attached?.dropFirst() }
        group = ""
        return try .option(option, value: value(of: option, attached, as: "-\(letter)"))
    }

    private mutating func long(_ text: Substring) throws(CommandError) -> Item {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, let option = AdminOption(rawValue: String(name)) else {
            throw .unreadable("there is no option --\(text)")
        }
        let attached = parts.count == 2 ? parts[1] : nil
        guard option.value != .none else {
            if attached != nil { throw .unreadable("\(option) takes no value") }
            return .option(option, value: nil)
        }
        return try .option(option, value: value(of: option, attached, as: option.description))
    }

    private mutating func value(
        of option: AdminOption, _ attached: Substring?, as name: String
    ) throws(CommandError) -> String? {
        if let attached { return String(attached) }
        if option.value == .optional, rest.first?.hasPrefix("-") ?? true { return nil }
        guard let word = rest.popFirst() else { throw .unreadable("\(name) needs a value") }
        return word
    }
}
