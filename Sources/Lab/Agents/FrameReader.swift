import NetTypes
import VRRP

/// What the watcher understands of an Ethernet frame. Reads nothing it does not need, and nothing behind
/// the end.
package enum FrameReader {
    /// What a frame can tell.
    package enum Content: Hashable, Sendable {
        /// A VRRP advertisement, versions 2 and 3.
        case advert(source: IPv4Address, router: UInt8, priority: UInt8)
        /// A gratuitous ARP: sender and target are the same address.
        case announcement(mac: MACAddress, address: IPv4Address)
        /// A TCP packet to `destination`; `key` is the same for one packet however often it is forwarded.
        case segment(source: MACAddress, destination: Endpoint, key: String)
    }

    /// The content of a frame that begins with its Ethernet header; nil for anything else.
    package static func read(_ frame: [UInt8]) -> Content? {
        guard frame.count >= 34 else { return nil }
        switch (frame[12], frame[13]) {
        case (0x08, 0x00): return packet(frame)
        case (0x08, 0x06): return resolution(frame)
        default: return nil
        }
    }

    private static func address(_ frame: [UInt8], at offset: Int) -> IPv4Address {
        IPv4Address(frame[offset], frame[offset + 1], frame[offset + 2], frame[offset + 3])
    }

    private static func number(_ frame: [UInt8], at offset: Int, octets: Int) -> UInt32 {
        frame[offset..<(offset + octets)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func resolution(_ frame: [UInt8]) -> Content? {
        guard frame.count >= 42, frame[14..<20].elementsEqual([0, 1, 8, 0, 6, 4]) else { return nil }
        let sender = address(frame, at: 28)
        guard sender == address(frame, at: 38), let mac = MACAddress(octets: frame[22..<28]) else {
            return nil
        }
        return .announcement(mac: mac, address: sender)
    }

    private static func packet(_ frame: [UInt8]) -> Content? {
        let start = 14 + Int(frame[14] & 0x0F) * 4
        guard frame[14] >> 4 == 4, start >= 34, frame.count >= start + 8 else { return nil }
        let source = address(frame, at: 26)
        switch frame[23] {
        case 112:
            guard frame[start] & 0x0F == 1, (2...3).contains(frame[start] >> 4) else { return nil }
            return .advert(source: source, router: frame[start + 1], priority: frame[start + 2])
        case 6:
            let fragment = number(frame, at: 20, octets: 2) & 0x1FFF
            guard fragment == 0, let mac = MACAddress(octets: frame[6..<12]) else { return nil }
            let port = UInt16(number(frame, at: start + 2, octets: 2))
            let key = [
                "\(source):\(number(frame, at: start, octets: 2))", String(number(frame, at: 18, octets: 2)),
                String(number(frame, at: start + 4, octets: 4)),
            ].joined(separator: "/")
            return .segment(
                source: mac, destination: Endpoint(.v4(address(frame, at: 30)), port: port), key: key)
        default: return nil
        }
    }
}
