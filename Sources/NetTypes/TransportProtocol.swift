/// The transport protocols IPVS balances; the raw value is the IP protocol number.
package enum TransportProtocol: UInt8, Hashable, Sendable, Codable, CaseIterable, Comparable,
    CustomStringConvertible
{
    case tcp = 6
    case udp = 17
    case sctp = 132

    /// `tcp`, `udp` or `sctp`.
    package var description: String {
        switch self {
        case .tcp: "tcp"
        case .udp: "udp"
        case .sctp: "sctp"
        }
    }

    /// By protocol number, the order of `ipvsadm -L`.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
