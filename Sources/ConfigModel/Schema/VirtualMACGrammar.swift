import ConfigSyntax
import NetTypes

/// `use_vmac [[name] NAME] [MAC]`.
enum VirtualMACGrammar {
    /// What is no name where a name may stand: `name` comes before one.
    static let words = ["name", "netlink_notify_msg", "group"]

    static func read(
        _ draft: inout InstanceDraft, _ statement: Statement, _ reader: inout SchemaReader
    ) -> Bool {
        var arguments = Arguments(statement)
        var interface = VirtualMACDraft()
        if arguments.skip("name") {
            guard let name = arguments.next(.interface, &reader) else { return false }
            interface.name = name.value
        }
        while let word = arguments.peeked {
            if words.contains(word.text) { return reader.refuseKnown(word) }
            if interface.mac == nil, word.text.contains(":") {
                guard let mac = arguments.next(.mac, &reader) else { return false }
                interface.mac = mac.value
            } else if interface.name == nil, interface.mac == nil {
                guard let name = arguments.next(.interface, &reader) else { return false }
                interface.name = name.value
            } else {
                break
            }
        }
        guard arguments.finish(&reader) else { return false }
        reader.noteRepeat(of: statement, earlier: draft.extras.virtualMAC?.span)
        draft.extras.virtualMAC = Located(interface, at: statement.header)
        return true
    }
}

extension ValueType<String> {
    /// The beginning of interface names: at most 10 octets, so that `6.255` fits behind it.
    static let interfacePrefix = ValueType(name: "PREFIX") { word, reader in
        guard let prefix = interface.parse(word, &reader) else { return nil }
        if prefix.utf8.count <= 10 { return prefix }
        reader.report(
            .invalidName, "\"\(prefix)\" is too long for the beginning of interface names", at: word.span,
            help: ["at most 10 characters"])
        return nil
    }
}
