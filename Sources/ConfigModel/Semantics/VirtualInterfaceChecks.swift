import ConfigSyntax
import NetTypes

/// The names that `use_vmac` gets from `vmac_prefix`.
enum VirtualInterfaceChecks {
    /// The octets of an interface's name, IFNAMSIZ without the NUL.
    private static let longest = 15

    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        for place in draft.instances.compactMap(\.extras.virtualMAC) where place.value.isNumbered {
            // As many instances with one VRID as it takes to have a number behind a long prefix.
            guard let name = place.value.name, name.utf8.count > longest else { continue }
            reader.report(
                .invalidName, "\(name) is too long for the name of an interface", at: place.span,
                related: draft.global.virtualInterfacePrefix.map { [Label($0.span, "it begins like this")] }
                    ?? [], help: ["write a name after use_vmac, or a shorter vmac_prefix"])
        }
        guard let prefix = draft.global.virtualInterfacePrefix, draft.origin.isAbsent("vrrp_instance"),
            draft.instances.allSatisfy({ instance in
                // Without a number of its router there is no name yet.
                let isNamed = instance.extras.virtualMAC.map { $0.value.name != nil && !$0.value.isNumbered }
                return instance.origin.isAbsent("use_vmac") && isNamed ?? true
            })
        else { return }
        reader.report(
            .keywordWithoutEffect, "vmac_prefix has no effect: no use_vmac is without a name",
            at: prefix.span)
    }
}
