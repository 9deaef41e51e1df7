/// A digest that OpenSSL computes for a check.
package enum DigestAlgorithm: String, Hashable, Sendable, Codable {
    case md5 = "MD5"
    case sha256 = "SHA-256"

    /// The octets of a digest.
    package var count: Int { self == .md5 ? 16 : 32 }
}

/// `digest`: what the digest of a page must be.
package struct BodyDigest: Hashable, Sendable, Codable, CustomStringConvertible {
    /// MD5, as genhash prints it, or SHA-256.
    package let algorithm: DigestAlgorithm
    /// 16 or 32 octets.
    package let octets: [UInt8]

    /// Reads 32 hexadecimal digits as MD5 and 64 as SHA-256; nil for anything else.
    package init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 32 || digits.count == 64 else { return nil }
        var octets: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = hexadecimal(digits[index]), let low = hexadecimal(digits[index + 1]) else {
                return nil
            }
            octets.append(high << 4 | low)
        }
        algorithm = octets.count == 16 ? .md5 : .sha256
        self.octets = octets
    }

    /// Lower case digits.
    package var description: String { Self.text(octets) }

    /// Octets as lower case hexadecimal digits.
    package static func text(_ octets: [UInt8]) -> String { digits(octets) }
}

/// `regex` and the keywords about it: what a page must match. PCRE2 carries it out, within limits.
package struct BodyPattern: Hashable, Sendable, Codable {
    /// A compile option of PCRE2; the raw value is the keyword's word.
    package enum Option: String, Hashable, Sendable, Codable, CaseIterable {
        case allowEmptyClass = "allow_empty_class"
        case altBackslashUX = "alt_bsux"
        case altCircumflex = "alt_circumflex"
        case altVerbNames = "alt_verbnames"
        case anchored
        case caseless
        case dollarEndOnly = "dollar_endonly"
        case dotAll = "dotall"
        case duplicateNames = "dupnames"
        case endAnchored = "endanchored"
        case extended
        case extendedMore = "extended_more"
        case firstLine = "firstline"
        case literal
        case matchUnsetBackReference = "match_unset_backref"
        case multiline
        case neverBackslashC = "never_backslash_c"
        case neverProperties = "never_ucp"
        case neverUTF = "never_utf"
        case noAutoCapture = "no_auto_capture"
        case noAutoPossess = "no_auto_possess"
        case noDotstarAnchor = "no_dotstar_anchor"
        case noStartOptimize = "no_start_optimize"
        case properties = "ucp"
        case ungreedy
        case utf
    }

    /// `regex`: in the syntax of PCRE2.
    package var expression: String
    /// `regex_options`.
    package var options: Set<Option>
    /// `regex_no_match`: a page that matches is the bad one.
    package var isInverted: Bool
    /// `regex_min_offset`: octets of the page that are passed over.
    package var minimumOffset: Int
    /// `regex_max_offset`: the last octet where a match may begin; nil for any.
    package var maximumOffset: Int?

    /// A pattern.
    package init(
        _ expression: String, options: Set<Option> = [], isInverted: Bool = false, minimumOffset: Int = 0,
        maximumOffset: Int? = nil
    ) {
        self.expression = expression
        self.options = options
        self.isInverted = isInverted
        self.minimumOffset = minimumOffset
        self.maximumOffset = maximumOffset
    }
}

/// The value of a hexadecimal digit; nil for any other octet.
func hexadecimal(_ octet: UInt8) -> UInt8? {
    switch octet {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
    default: nil
    }
}

/// Octets as lower case hexadecimal digits.
func digits(_ octets: [UInt8]) -> String {
    let letters = Array("0123456789abcdef".utf8)
    return String(decoding: octets.flatMap { [letters[Int($0 >> 4)], letters[Int($0 & 15)]] }, as: UTF8.self)
}
