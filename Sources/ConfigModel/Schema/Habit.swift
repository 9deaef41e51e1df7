import ConfigSyntax

/// What people write who come from other languages, or from other programs, and what they mean by it.
struct Habit {
    /// What is wrong.
    private(set) var place: Span
    /// The keyword that is meant; nil for none.
    var keyword: String?
    /// What to write in the place; nil where only `help` can tell.
    var suggestion: String?
    var help: [String] = []

    /// The checks of other programs.
    private static let checks = [
        "HTTPS_GET": "SSL_GET", "HTTPS_CHECK": "SSL_GET", "SSL_CHECK": "SSL_GET", "TLS_CHECK": "SSL_GET",
        "HTTP_CHECK": "HTTP_GET", "ICMP_CHECK": "PING_CHECK", "SCRIPT_CHECK": "MISC_CHECK",
        "EXEC_CHECK": "MISC_CHECK",
    ]

    /// The habit behind a statement whose keyword is not known; nil for a plain mistake.
    init?(_ statement: Statement, isLegal: (String) -> Bool) {
        let name = statement.keyword.text
        place = statement.keyword.span
        if ["//", "/*", "*/", "--", ";", "<!--"].contains(where: name.hasPrefix) {
            help = ["a comment begins with \"#\" or \"!\""]
        } else if let check = Self.checks[name.uppercased()], isLegal(check) {
            (keyword, suggestion) = (check, check)
        } else if let sign = name.firstIndex(where: { $0 == "=" || $0 == ":" }),
            isLegal(String(name[..<sign]))
        {
            keyword = String(name[..<sign])
            let value = name[name.index(after: sign)...]
            suggestion = value.isEmpty ? keyword : "\(name[..<sign]) \(value)"
        } else if let next = statement.arguments.first, isLegal("\(name)_\(next.text)") {
            // `virtual server` for virtual_server: the two words are replaced.
            keyword = "\(name)_\(next.text)"
            suggestion = keyword
            place = statement.keyword.span.through(next.span)
        } else {
            return nil
        }
    }
}
