/// Text for a POSIX shell.
package enum ShellText {
    /// One word that the shell takes literally.
    package static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    /// A command line of literal words.
    package static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}
