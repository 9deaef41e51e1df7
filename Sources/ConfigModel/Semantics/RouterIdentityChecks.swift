import ConfigSyntax
import NetTypes
import VRRP

/// What must be unique among all `vrrp_instance`s.
enum RouterIdentityChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        checkNames(draft.instances, &reader)
        checkRouterIDs(draft.instances, draft.global, &reader)
        checkVirtualInterfaces(draft.instances, &reader)
        checkAddresses(draft.instances, &reader)
    }

    private static func checkVirtualInterfaces(_ instances: [InstanceDraft], _ reader: inout SchemaReader) {
        let bases = Set(instances.compactMap { $0.interface?.value })
        let written = instances.compactMap(\.extras.virtualMAC)
        for place in written {
            guard let name = place.value.name, bases.contains(name) else { continue }
            reader.report(
                .duplicateVirtualInterface, "\(name) is the interface of an instance", at: place.span)
        }
        reader.reportDuplicates(
            among: written, by: \.value.name, at: \.span, .duplicateVirtualInterface,
            { "\($0.value.name ?? "") is the interface of another virtual router" })
        checkHardware(instances, &reader)
    }

    private struct Hardware: Hashable {
        var base: String
        var mac: MACAddress
    }

    private static func checkHardware(_ instances: [InstanceDraft], _ reader: inout SchemaReader) {
        var own: [Located<Hardware>] = []
        for instance in instances {
            guard let place = instance.extras.virtualMAC else {
                guard let flag = instance.extras.sendsFromBase, flag.value,
                    instance.origin.isAbsent("use_vmac")
                else { continue }
                reader.report(
                    .keywordWithoutEffect, "vmac_xmit_base has no effect without use_vmac", at: flag.span,
                    help: ["leave it out, or write use_vmac"])
                continue
            }
            guard let base = instance.interface?.value, let id = instance.virtualRouterID?.value else {
                continue
            }
            let mac = place.value.mac ?? VirtualInterface.mac(of: id, instance.family)
            own.append(Located(Hardware(base: base, mac: mac), at: place.span))
        }
        reader.reportDuplicates(
            among: own, by: \.value, at: \.span, .duplicateVirtualInterface,
            { "\($0.value.mac) is the Ethernet address of another virtual router on \($0.value.base)" },
            notes: ["the kernel lets only one of the two interfaces up"])
    }

    private static func checkNames(_ instances: [InstanceDraft], _ reader: inout SchemaReader) {
        reader.reportDuplicates(
            among: instances,
            by: { (instance: InstanceDraft) -> String? in
                instance.name.value.isEmpty ? nil : instance.name.value
            }, at: \.name.span,
            .duplicateInstance, { "a second vrrp_instance is named \($0.name.value)" })
    }

    /// Two instances with one VRID are apart when they speak to others: over another family, to another
    /// group, or to other peers.
    private struct RouterKey: Hashable {
        var interface: String
        var virtualRouterID: UInt8
        var audience: IPAddress
    }

    private static func checkRouterIDs(
        _ instances: [InstanceDraft], _ global: GlobalDraft, _ reader: inout SchemaReader
    ) {
        var taken: [RouterKey: Span] = [:]
        for instance in instances {
            guard let interface = instance.interface?.value, let id = instance.virtualRouterID else {
                continue
            }
            let keys = instance.transport(global).destinations.map {
                RouterKey(interface: interface, virtualRouterID: id.value, audience: $0)
            }
            if let first = keys.compactMap({ taken[$0] }).first {
                reader.report(
                    .duplicateRouterID, "virtual_router_id \(id.value) is in use on \(interface) already",
                    at: id.span, related: [Label(first, "first here")],
                    notes: ["the two would take each other's adverts for their own peer's"])
            }
            for key in keys where taken[key] == nil { taken[key] = id.span }
        }
    }

    private static func checkAddresses(_ instances: [InstanceDraft], _ reader: inout SchemaReader) {
        var all: [Located<AddressPlace>] = []
        for instance in instances {
            let own = instance.places
            reader.reportDuplicates(
                among: own, by: \.value, at: \.span, .repeatedAddress,
                { "\($0.value.address) is in this instance already" },
                notes: ["adverts list it as often as virtual_ipaddress does"])
            var seen = Set<AddressPlace>()
            all += own.filter { seen.insert($0.value).inserted }
        }
        reader.reportDuplicates(
            among: all, by: \.value, at: \.span, .duplicateVirtualAddress,
            { "\($0.value.address) is a virtual address already" },
            notes: ["who loses one election would take the address from who won the other"])
    }
}
