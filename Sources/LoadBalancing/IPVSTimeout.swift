/// How long IPVS keeps what it knows of idle connections (`lvs_timeouts`; IPVS_CMD_ATTR_TIMEOUT_* of
/// linux/ip_vs.h). The raw value is keepalived's word.
package enum IPVSTimeout: String, Hashable, Sendable, Codable, CaseIterable, CustomStringConvertible {
    /// Established TCP connections; the kernel's default is 900 s.
    case tcp
    /// TCP connections after a FIN; 120 s.
    case tcpFin = "tcpfin"
    /// UDP; 300 s.
    case udp

    /// 1...2147483 s: milliseconds of it fit the kernel's timers.
    package static let range: ClosedRange<UInt32> = 1...2_147_483

    /// keepalived's word.
    package var description: String { rawValue }

    /// What of `wanted` is not so in `observed`.
    package static func changes(
        observed: [IPVSTimeout: UInt32], wanted: [IPVSTimeout: UInt32]
    ) -> [IPVSTimeout: UInt32] {
        wanted.filter { observed[$0.key] != $0.value }
    }

    /// `tcp 900 tcpfin 120`, in the order of the cases.
    package static func words(_ values: [IPVSTimeout: UInt32]) -> [String] {
        allCases.flatMap { timeout in values[timeout].map { [timeout.rawValue, String($0)] } ?? [] }
    }
}
