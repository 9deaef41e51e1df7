import Testing

/// The octets of hexadecimal text in pieces; blanks between octets are for the reader.
func wire(_ pieces: String..., sourceLocation: SourceLocation = #_sourceLocation) -> [UInt8] {
    let digits = pieces.joined().filter { $0 != " " }
    var octets: [UInt8] = []
    var rest = digits[...]
    while !rest.isEmpty {
        guard let octet = UInt8(rest.prefix(2), radix: 16) else {
            Issue.record("not hexadecimal: \(rest.prefix(2))", sourceLocation: sourceLocation)
            return []
        }
        octets.append(octet)
        rest = rest.dropFirst(2)
    }
    return octets
}
