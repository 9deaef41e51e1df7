import NetTypes
import VRRP

extension ConfigurationDraft {
    /// Gives every `use_vmac` without a name one, as keepalived does: `vrrp.51`, where that is taken over
    /// IPv6 `vrrp6.51`, else `vrrp1.51` and so on.
    mutating func nameVirtualInterfaces() {
        var taken = Set(instances.compactMap { $0.interface?.value })
        taken.formUnion(instances.compactMap { $0.extras.virtualMAC?.value.name })
        let prefix = global.virtualInterfacePrefix?.value ?? "vrrp"
        // Where the numbers go on of each router's number: there may be thousands of one.
        var next: [UInt8: Int] = [:]
        for index in instances.indices {
            guard let place = instances[index].extras.virtualMAC, place.value.name == nil,
                let id = instances[index].virtualRouterID?.value
            else { continue }
            var (middle, number) = ("", next[id] ?? 1)
            while taken.contains("\(prefix)\(middle).\(id)") {
                if instances[index].family == .inet6, middle.isEmpty, !taken.contains("\(prefix)6.\(id)") {
                    middle = "6"
                } else {
                    middle = String(number)
                    number += 1
                }
            }
            let name = "\(prefix)\(middle).\(id)"
            taken.insert(name)
            next[id] = number
            instances[index].extras.virtualMAC?.value.name = name
            instances[index].extras.virtualMAC?.value.isNumbered = true
        }
    }
}

extension VirtualInterface {
    /// What `use_vmac` of a draft asks for; nil without it.
    init?(_ draft: InstanceDraft, on base: String, _ virtualRouterID: UInt8, _ family: AddressFamily) {
        guard let written = draft.extras.virtualMAC?.value, let name = written.name else { return nil }
        self.init(
            name: name, base: base, mac: written.mac ?? VirtualInterface.mac(of: virtualRouterID, family))
    }
}
