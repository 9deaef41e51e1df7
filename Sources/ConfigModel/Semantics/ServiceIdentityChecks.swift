import ConfigSyntax
import LoadBalancing
import NetTypes
import VRRP

/// What must hold among all `virtual_server`s.
enum ServiceIdentityChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        reader.reportDuplicates(
            among: draft.virtualServers, by: \.identity, at: \.origin.header, .duplicateVirtualServer,
            { "\($0.origin.title) is configured twice" },
            notes: ["the kernel has one such service; the two would overwrite each other"])
        checkAddresses(draft, &reader)
    }

    /// A virtual address that no instance holds is perhaps a typing error; where nothing elects, it comes
    /// from elsewhere.
    private static func checkAddresses(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        // An instance whose addresses are missing or could not be read was reported as such.
        guard !draft.instances.isEmpty,
            draft.instances.allSatisfy({ instance in
                !(instance.addresses.isEmpty && instance.excluded.isEmpty)
                    && instance.origin.isAbsent("virtual_ipaddress")
                    && instance.origin.isAbsent("virtual_ipaddress_excluded")
            })
        else { return }
        let held = Set(
            draft.instances.flatMap { ($0.addresses + $0.excluded).map(\.value.prefix.address) })
        for service in draft.virtualServers {
            guard case .address(let address, _) = service.header?.value, !held.contains(address) else {
                continue
            }
            reader.report(
                .addressWithoutInstance, "no vrrp_instance holds \(address)", at: service.origin.header,
                notes: ["packets reach this service only if something else brings them here"])
        }
    }
}
