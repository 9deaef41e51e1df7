/// Names of definitions: letters, digits and `_`, no digit first.
enum DefinitionName {
    /// One past the name that begins at `start`; `start` itself when none does.
    static func end(_ octets: [UInt8], from start: Int) -> Int {
        guard start < octets.count, isPart(octets[start]), !isDigit(octets[start]) else { return start }
        var end = start + 1
        while end < octets.count, isPart(octets[end]) { end += 1 }
        return end
    }

    private static func isDigit(_ octet: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
    }

    private static func isPart(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "_"):
            true
        default: isDigit(octet)
        }
    }
}
