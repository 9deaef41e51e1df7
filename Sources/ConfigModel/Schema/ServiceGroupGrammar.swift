import ConfigSyntax
import LoadBalancing
import NetTypes

/// The lines of `virtual_server_group`: `RANGE [PORT]` or `fwmark MARK [inet|inet6]`.
enum ServiceGroupGrammar {
    static func read(
        _ statements: Statements, into group: inout ServiceGroupDraft, _ reader: inout SchemaReader
    ) {
        for line in statements {
            if let block = line.block {
                reader.report(.unexpectedBlock, "an address takes no block", at: block.open)
                group.origin.failed.append(line.keyword.text)
            } else if let member = member(line, &reader) {
                group.lines.append(Located(member, at: line.header))
            } else {
                group.origin.failed.append(line.keyword.text)
            }
        }
    }

    private static func member(
        _ line: Statement, _ reader: inout SchemaReader
    ) -> ServiceGroup.Line? {
        var arguments = Arguments(line)
        if line.keyword.text == "fwmark" {
            guard let mark = arguments.next(.mark, &reader) else { return nil }
            let family = arguments.nextIfAny(.family, &reader)
            guard family != .bad, arguments.finish(&reader) else { return nil }
            return .mark(mark.value, family.found?.value)
        }
        guard let range = ValueType.addressRange.parse(line.keyword, &reader) else { return nil }
        let port = arguments.nextIfAny(.port, &reader)
        guard port != .bad, arguments.finish(&reader) else { return nil }
        return .addresses(range, port: port.found?.value ?? 0)
    }
}

extension ValueType<AddressRange> {
    /// Addresses that hosts can have, in one of keepalived's forms.
    static let addressRange = ValueType(name: "RANGE") { word, reader in
        guard let range = AddressRange(word.text) else {
            guard word.text.contains("-") || word.text.contains("/") else {
                return ValueType<IPAddress>.address.parse(word, &reader).flatMap { AddressRange($0, $0) }
            }
            reader.report(
                .invalidAddress, "\"\(word.text)\" is not a range of addresses", at: word.span,
                help: ["192.0.2.1-9, 192.0.2.250-192.0.3.9, 192.0.2.8/29, 2001:db8::1-ff"])
            return nil
        }
        guard !range.first.isMulticast, !range.last.isMulticast,
            range.first.octets.contains(where: { $0 != 0 })
        else {
            reader.report(.invalidAddress, "\(word.text) is not of addresses of hosts", at: word.span)
            return nil
        }
        return range
    }
}
