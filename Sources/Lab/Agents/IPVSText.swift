import NetTypes

/// The kernel's IPVS table as text (/proc/net/ip_vs): enough to see servers come and go.
package enum IPVSText {
    /// Every destination as `address:port*weight`, in the table's order.
    package static func destinations(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count >= 4, words[0] == "->", let endpoint = endpoint(words[1]),
                let weight = Int(words[3])
            else {
                return nil
            }
            return "\(endpoint)*\(weight)"
        }
    }

    /// `C0000215:0050` is 192.0.2.21:80; nil for IPv6 and for anything else.
    private static func endpoint(_ text: Substring) -> Endpoint? {
        let parts = text.split(separator: ":")
        guard parts.count == 2, parts[0].count == 8, let address = UInt32(parts[0], radix: 16),
            let port = UInt16(parts[1], radix: 16)
        else { return nil }
        return Endpoint(.v4(IPv4Address(rawValue: address)), port: port)
    }
}
