import CPCRE2
import HealthChecks

/// Why there is no pattern, or no answer.
package struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `missing closing parenthesis at offset 3`.
    package let description: String
    /// It lies in what was looked at, which is too hard to match, or no UTF-8 where that is wanted.
    package let isOfPage: Bool

    /// An error with this text.
    package init(description: String, isOfPage: Bool = false) {
        self.description = description
        self.isOfPage = isOfPage
    }
}

/// A compiled `regex`. What it is matched with comes from strangers, and what it says from the configuration:
/// together they may take for ever, hence every match has limits.
@safe package final class Pattern {
    /// Steps of one match (`pcre2_set_match_limit`): some hundredths of a second.
    private static let matchLimit: UInt32 = 1_000_000
    /// Nesting of one match.
    private static let depthLimit: UInt32 = 10_000
    /// KiB of memory of one match.
    private static let heapLimit: UInt32 = 4096
    /// Octets of an expression.
    private static let longest = 4096

    private let code: OpaquePointer
    private let context: OpaquePointer
    private let data: OpaquePointer
    private let pattern: BodyPattern

    /// Compiles the pattern.
    package init(_ pattern: BodyPattern) throws(PatternError) {
        var number: CInt = 0
        var offset = 0
        let octets = Array(pattern.expression.utf8)
        guard octets.count <= Self.longest else {
            throw PatternError(description: "longer than \(Self.longest) octets")
        }
        var options = pattern.options.reduce(0) { $0 | $1.bit }
        // One octet of a character: nothing that a page is looked at for.
        if !pattern.options.contains(.literal) { options |= PCRE2_NEVER_BACKSLASH_C }
        if pattern.maximumOffset != nil { options |= PCRE2_USE_OFFSET_LIMIT }
        let code = unsafe octets.withUnsafeBufferPointer {
            unsafe pcre2_compile_8($0.baseAddress, $0.count, options, &number, &offset, nil)
        }
        guard let code = unsafe code else {
            throw PatternError(description: "\(Self.text(number)) at offset \(offset)")
        }
        guard let context = unsafe pcre2_match_context_create_8(nil) else {
            unsafe pcre2_code_free_8(code)
            throw PatternError(description: "no memory")
        }
        guard let data = unsafe pcre2_match_data_create_8(1, nil) else {
            unsafe pcre2_match_context_free_8(context)
            unsafe pcre2_code_free_8(code)
            throw PatternError(description: "no memory")
        }
        unsafe pcre2_set_match_limit_8(context, Self.matchLimit)
        unsafe pcre2_set_depth_limit_8(context, Self.depthLimit)
        unsafe pcre2_set_heap_limit_8(context, Self.heapLimit)
        if let limit = pattern.maximumOffset { unsafe pcre2_set_offset_limit_8(context, max(limit, 0)) }
        unsafe (self.code, self.context, self.data) = (code, context, data)
        self.pattern = pattern
    }

    /// Why nothing can ever be matched with `pattern`; nil when it compiles.
    package static func problem(_ pattern: BodyPattern) -> String? {
        do throws(PatternError) {
            _ = try Pattern(pattern)
            return nil
        } catch {
            return error.description
        }
    }

    deinit {
        unsafe pcre2_match_data_free_8(data)
        unsafe pcre2_match_context_free_8(context)
        unsafe pcre2_code_free_8(code)
    }

    /// True when `octets` match; an error when that cannot be told within the limits.
    package func matches(_ octets: [UInt8]) throws(PatternError) -> Bool {
        let start = max(pattern.minimumOffset, 0)
        guard start <= octets.count, pattern.maximumOffset.map({ $0 >= start }) ?? true else { return false }
        let result = unsafe octets.withUnsafeBufferPointer {
            unsafe pcre2_match_8(code, $0.baseAddress, $0.count, start, 0, data, context)
        }
        if result >= 0 { return true }
        if result == PCRE2_ERROR_NOMATCH { return false }
        throw PatternError(description: Self.text(result), isOfPage: result != PCRE2_ERROR_NOMEMORY)
    }

    private static func text(_ number: CInt) -> String {
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = unsafe buffer.withUnsafeMutableBufferPointer {
            unsafe pcre2_get_error_message_8(number, $0.baseAddress, $0.count)
        }
        return count > 0 ? String(decoding: buffer.prefix(Int(count)), as: UTF8.self) : "error \(number)"
    }
}

extension BodyPattern.Option {
    /// PCRE2's bit.
    fileprivate var bit: UInt32 {
        switch self {
        case .allowEmptyClass: PCRE2_ALLOW_EMPTY_CLASS
        case .altBackslashUX: PCRE2_ALT_BSUX
        case .altCircumflex: PCRE2_ALT_CIRCUMFLEX
        case .altVerbNames: PCRE2_ALT_VERBNAMES
        case .anchored: PCRE2_ANCHORED
        case .caseless: PCRE2_CASELESS
        case .dollarEndOnly: PCRE2_DOLLAR_ENDONLY
        case .dotAll: PCRE2_DOTALL
        case .duplicateNames: PCRE2_DUPNAMES
        case .endAnchored: PCRE2_ENDANCHORED
        case .extended: PCRE2_EXTENDED
        case .extendedMore: PCRE2_EXTENDED_MORE
        case .firstLine: PCRE2_FIRSTLINE
        case .literal: PCRE2_LITERAL
        case .matchUnsetBackReference: PCRE2_MATCH_UNSET_BACKREF
        case .multiline: PCRE2_MULTILINE
        case .neverBackslashC: PCRE2_NEVER_BACKSLASH_C
        case .neverProperties: PCRE2_NEVER_UCP
        case .neverUTF: PCRE2_NEVER_UTF
        case .noAutoCapture: PCRE2_NO_AUTO_CAPTURE
        case .noAutoPossess: PCRE2_NO_AUTO_POSSESS
        case .noDotstarAnchor: PCRE2_NO_DOTSTAR_ANCHOR
        case .noStartOptimize: PCRE2_NO_START_OPTIMIZE
        case .properties: PCRE2_UCP
        case .ungreedy: PCRE2_UNGREEDY
        case .utf: PCRE2_UTF
        }
    }
}
