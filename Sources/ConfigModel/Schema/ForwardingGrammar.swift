import ConfigSyntax
import LoadBalancing

/// `lb_kind`, wherever it stands: `NAT`, `DR`, or `TUN` with how its packets are wrapped; of a service
/// `FULLNAT`, too.
enum ForwardingGrammar {
    typealias Path<D, Value: Sendable> = any WritableKeyPath<D, Located<Value>?> & Sendable

    /// A row of one server: FULLNAT is refused.
    static func row<D: Draft>(
        _ name: String, also: [String] = [], _ forwarding: Path<D, ForwardingMethod>,
        _ encapsulation: Path<D, Encapsulation>, default defaultText: String, _ meaning: String, tier: Tier
    ) -> Keyword<D> {
        row(name, also, forwarding, encapsulation, nil, defaultText, meaning, tier)
    }

    /// A row of a whole service, whose FULLNAT goes to `translation`.
    static func row<D: Draft>(
        _ name: String, also: [String] = [], _ forwarding: Path<D, ForwardingMethod>,
        _ encapsulation: Path<D, Encapsulation>, translation: Path<D, Bool>,
        default defaultText: String, _ meaning: String, tier: Tier
    ) -> Keyword<D> {
        row(name, also, forwarding, encapsulation, translation, defaultText, meaning, tier)
    }

    private static func row<D: Draft>(
        _ name: String, _ also: [String], _ forwarding: Path<D, ForwardingMethod>,
        _ encapsulation: Path<D, Encapsulation>, _ translation: Path<D, Bool>?,
        _ defaultText: String, _ meaning: String, _ tier: Tier
    ) -> Keyword<D> {
        let methods = translation == nil ? "NAT|DR|TUN" : "NAT|FULLNAT|DR|TUN"
        return Keyword(
            name, also: also,
            arguments: methods + " [type ipip|gue port N|gre] [nocsum|csum|remcsum]", default: defaultText,
            meaning, tier: tier
        ) { draft, statement, reader in
            var arguments = Arguments(statement)
            guard let word = arguments.next(.forwarding, &reader) else { return false }
            guard word.value != .fullNAT || translation != nil else {
                reader.report(
                    .unsupportedValue, "FULLNAT is a matter of the whole virtual_server", at: word.span,
                    help: ["leave it out here: what it says there holds for each server without a word"])
                return false
            }
            var wrapping: Encapsulation?
            if word.value == .method(.tunnel) {
                guard let read = self.encapsulation(&arguments, &reader) else { return false }
                wrapping = read
            }
            guard arguments.finish(&reader) else { return false }
            reader.noteRepeat(of: statement, earlier: draft[keyPath: forwarding]?.span)
            draft[keyPath: forwarding] = Located(word.value.method, at: word.span)
            draft[keyPath: encapsulation] = wrapping.map { Located($0, at: statement.header) }
            if let translation {
                draft[keyPath: translation] = word.value == .fullNAT ? Located(true, at: word.span) : nil
            }
            return true
        }
    }

    /// A word for how packets reach a server.
    enum Choice: Hashable, Sendable {
        case method(ForwardingMethod)
        /// NAT of both addresses.
        case fullNAT

        /// What IPVS does.
        var method: ForwardingMethod { if case .method(let method) = self { method } else { .masquerade } }
    }

    /// The words after `TUN`; nil when they are wrong, which is reported.
    private static func encapsulation(
        _ arguments: inout Arguments, _ reader: inout SchemaReader
    ) -> Encapsulation? {
        var result = Encapsulation.ipip
        if arguments.skip("type") {
            guard let type = arguments.next(.encapsulationType, &reader) else { return nil }
            result.type = type.value
            if type.value == Encapsulation.gue {
                guard arguments.skip("port") else {
                    reader.report(
                        .missingValue, "type gue needs a port", at: arguments.peeked?.span ?? type.span,
                        help: ["type gue port N"])
                    return nil
                }
                guard let port = arguments.next(.port, &reader) else { return nil }
                result.port = port.value
            }
        }
        guard let word = arguments.peeked else { return result }
        guard let flags = arguments.next(.encapsulationFlags, &reader) else { return nil }
        let allowed: UInt16 = result.type == Encapsulation.gue ? 2 : result.type == Encapsulation.gre ? 1 : 0
        guard flags.value <= allowed else {
            reader.report(
                .unknownChoice, "\"\(word.text)\" is not for this type of tunnel", at: word.span,
                help: ["gre has csum, gue has csum and remcsum, ipip has no checksum"])
            return nil
        }
        result.flags = flags.value
        return result
    }
}

extension ValueType<ForwardingGrammar.Choice> {
    /// `NAT`, `FULLNAT`, `DR` or `TUN`.
    static let forwarding = ValueType.choice(
        "a forwarding method",
        [
            ("NAT", .method(.masquerade)), ("FULLNAT", .fullNAT), ("DR", .method(.directRouting)),
            ("TUN", .method(.tunnel)),
        ])
}

extension ValueType<UInt8> {
    /// IP_VS_CONN_F_TUNNEL_TYPE_* of linux/ip_vs.h.
    static let encapsulationType = ValueType.choice(
        "a type of tunnel", [("ipip", 0), ("gue", Encapsulation.gue), ("gre", Encapsulation.gre)])
}

extension ValueType<UInt16> {
    /// IP_VS_TUNNEL_ENCAP_FLAG_* of linux/ip_vs.h.
    static let encapsulationFlags = ValueType.choice(
        "about checksums of a tunnel", [("nocsum", 0), ("csum", 1), ("remcsum", 2)])
}
