import NetTypes

/// What knows names: the host's resolver and services(5), or nothing in a test.
package struct NameLookup {
    /// The first IPv4 address of a host's name.
    package var address: (String) -> IPv4Address?
    /// The port of a service's name.
    package var port: (String, TransportProtocol) -> UInt16?
    /// The name of an address.
    package var host: (IPAddress) -> String?
    /// The name of a port.
    package var service: (UInt16, TransportProtocol) -> String?

    /// A lookup that asks these.
    package init(
        address: @escaping (String) -> IPv4Address?,
        port: @escaping (String, TransportProtocol) -> UInt16?,
        host: @escaping (IPAddress) -> String?,
        service: @escaping (UInt16, TransportProtocol) -> String?
    ) {
        self.address = address
        self.port = port
        self.host = host
        self.service = service
    }

    /// Knows no name.
    package static var none: NameLookup {
        NameLookup(address: { _ in nil }, port: { _, _ in nil }, host: { _ in nil }, service: { _, _ in nil })
    }
}

/// Addresses and numbers as they are written on a command line.
enum AddressWords {
    /// An address, and a port where one is written.
    struct Place: Hashable {
        var address: IPAddress
        var port: UInt16?
    }

    /// `10.0.0.1:80`, `host:http`, `10.0.0.1`, `[2001:db8::1]:80` or `2001:db8::1`; nil when it is none of
    /// them, a number alone, or a name that is not known. Without a transport no port has a name.
    static func place(_ text: String, _ transport: TransportProtocol?, _ names: NameLookup) -> Place? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]"), let address = IPv6Address(text[..<end].dropFirst())
            else { return nil }
            let tail = text[end...].dropFirst()
            guard tail.hasPrefix(":"), let port = port(tail.dropFirst(), transport, names) else { return nil }
            return Place(address: .v6(address), port: port)
        }
        if let address = IPv6Address(text) { return Place(address: .v6(address)) }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty,
            let address = classicAddress(host) ?? names.address(String(host))
        else { return nil }
        guard parts.count == 2 else {
            return number(host, in: 0...Int.max) == nil ? Place(address: .v4(address)) : nil
        }
        guard let port = port(parts[1], transport, names) else { return nil }
        return Place(address: .v4(address), port: port)
    }

    private static func port(
        _ text: Substring, _ transport: TransportProtocol?, _ names: NameLookup
    ) -> UInt16? {
        if let number = number(text, in: 0...65535) { return UInt16(number) }
        guard let transport, !text.isEmpty else { return nil }
        return names.port(String(text), transport)
    }

    /// A decimal number as strtol(3) reads it: blanks and a sign in front are allowed, nothing behind.
    static func number(_ text: some StringProtocol, in range: ClosedRange<Int>) -> Int? {
        let digits = text.utf8.drop { $0 == UInt8(ascii: " ") || (9...13).contains($0) }
        guard let number = Int(String(decoding: digits, as: UTF8.self)), range.contains(number) else {
            return nil
        }
        return number
    }

    /// An IPv4 address as inet_aton(3) reads it: one to four parts, each decimal, octal after a 0 or
    /// hexadecimal after 0x; the last one fills the octets that are left, so that `10.1` is 10.0.0.1.
    static func classicAddress(_ text: some StringProtocol) -> IPv4Address? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { return nil }
        var value: UInt32 = 0
        for (index, part) in parts.enumerated() {
            guard let number = classicNumber(part) else { return nil }
            let isLast = index == parts.count - 1
            let bits = isLast ? 32 - 8 * index : 8
            guard UInt64(number) < UInt64(1) << UInt64(bits) else { return nil }
            value |= isLast ? number : number << UInt32(24 - 8 * index)
        }
        return IPv4Address(rawValue: value)
    }

    private static func classicNumber(_ text: some StringProtocol) -> UInt32? {
        guard let first = text.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return nil
        }
        if text.hasPrefix("0x") || text.hasPrefix("0X") { return digits(text.dropFirst(2), radix: 16) }
        return digits(text, radix: first == UInt8(ascii: "0") ? 8 : 10)
    }

    private static func digits(_ text: some StringProtocol, radix: Int) -> UInt32? {
        guard text.first != "+", text.first != "-" else { return nil }
        return UInt32(text, radix: radix)
    }
}
