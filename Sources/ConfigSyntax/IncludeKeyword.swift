/// The statements that read another file in place.
package enum IncludeKeyword: String, Hashable, Sendable, CaseIterable {
    /// The plain form.
    case include
    /// Forms of keepalived with added checks of the pattern, not supported yet.
    case includer, includem, includew, includeb, includea
}

/// Why a file could not be read, in words for people: "no such file".
package struct FileProblem: Error, Hashable, Sendable {
    /// Lower case, without the path.
    package let reason: String

    /// A problem.
    package init(_ reason: String) { self.reason = reason }
}

/// How this pure code gets at files: the whole content of the file at a path, or why not.
package typealias FileReader = (_ path: String) -> Result<[UInt8], FileProblem>
