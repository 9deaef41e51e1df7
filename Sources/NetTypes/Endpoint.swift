/// An address and a port. Port 0 means "any port" in IPVS (ipvs.h: a persistent service for every port).
package struct Endpoint: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// Where to.
    package let address: IPAddress
    /// 0...65535.
    package let port: UInt16

    /// The endpoint `address`:`port`.
    package init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// `10.0.0.1:80` or `[2001:db8::1]:80`.
    package var description: String {
        switch address {
        case .v4(let v4): "\(v4):\(port)"
        case .v6(let v6): "[\(v6)]:\(port)"
        }
    }

    /// Reads what `description` writes; nil for anything else.
    package init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            text[colon...].count <= 6, text[colon...].dropFirst().allSatisfy(\.isNumber)
        else { return nil }
        let host = text[..<colon]
        if host.first == "[", host.last == "]", case .v6(let v6)? = IPAddress(host.dropFirst().dropLast()) {
            self.init(.v6(v6), port: port)
        } else if let v4 = IPv4Address(host) {
            self.init(.v4(v4), port: port)
        } else {
            return nil
        }
    }

    /// By address, then by port.
    package static func < (left: Self, right: Self) -> Bool {
        (left.address, left.port) < (right.address, right.port)
    }
}
