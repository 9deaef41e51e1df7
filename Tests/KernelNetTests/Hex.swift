/// The octets of `text`: two hexadecimal digits each; blanks, line breaks and what follows `;` on a line are
/// comments.
func hex(_ text: String) -> [UInt8] {
    text.split(separator: "\n").flatMap { line in
        line.prefix { $0 != ";" }.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
}
