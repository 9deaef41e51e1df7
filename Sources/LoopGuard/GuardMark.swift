import LoadBalancing
import NetTypes

/// The firewall mark of a guarded service. Both directors MUST use the same one: connection sync binds a
/// synced connection to its service by the mark, and with different marks the entries stay unbound.
package enum GuardMark {
    /// The upper four bits of every computed mark. They keep computed marks clear of the small numbers people
    /// write and of the bits that other software sets (Kubernetes 0x4000 and 0x8000, Tailscale 0xff0000); and
    /// they keep them below 2^31, because `ipvsadm -S` writes marks as signed numbers that it cannot read
    /// back.
    package static let pattern: UInt32 = 0x5000_0000

    /// The mark of `service`, a function of family, protocol, address and port alone: the 32-bit FNV-1a hash
    /// of the octets `4` or `6`, the IP protocol number, the address in network order and the port in network
    /// order; its upper four bits are folded onto its lower four by exclusive or and replaced by `pattern`. A
    /// service by mark keeps its own.
    ///
    /// Two services may get the same mark (28 bits: about one in 5,000 for 300 services); the configuration
    /// refuses that and `loop_guard_mark` settles it.
    package static func mark(for service: ServiceIdentity) -> FirewallMark {
        switch service {
        case .mark(_, let mark): return mark
        case .address(let transport, let endpoint):
            var octets: [UInt8] = [endpoint.address.family == .inet ? 4 : 6, transport.rawValue]
            octets += endpoint.address.octets
            octets += [UInt8(endpoint.port >> 8), UInt8(endpoint.port & 0xFF)]
            let hash = FNV1a.shortHash(octets)
            let mark = pattern | ((hash ^ hash >> 28) & 0x0FFF_FFFF)
            guard let mark = FirewallMark(mark) else {
                preconditionFailure("the pattern \(pattern) leaves no mark zero")
            }
            return mark
        }
    }
}
