import KernelNet
import LinuxIO
import NetTypes
import Testing
import VRRP

/// The third host of a segment with a client says what it is told to say as VRRP, true or not: version 3 of
/// virtual router 51 and of others, to the group.
final class AdvertSource {
    let address: IPAddress
    /// The bridge's index.
    let index: Int32
    private let socket: VRRPSocket
    private let frames: PacketSocket

    init(_ client: Segment.Host) throws {
        let home = try client.enter()
        defer { try? home.enter() }
        address = try #require(IPAddress(client.address))
        index = try HostFacts.interfaceIndex("br0")
        socket = try VRRPSocket(on: "br0", index: index, for: .group(VRRPNumbers.group))
        frames = try PacketSocket(capturing: .nothing)
    }

    /// An advert with one address, as keepalived sums it up after the change.
    func advert(
        _ priority: UInt8, router: UInt8 = 51, of vip: String = DirectorBench.vip, centiseconds: UInt8 = 25,
        changing change: (inout [UInt8]) -> Void = { _ in }
    ) -> [UInt8] {
        var octets: [UInt8] = [0x31, router, priority, 1, 0, centiseconds, 0, 0]
        octets += IPAddress(vip)?.octets ?? []
        change(&octets)
        guard octets.count >= 8 else { return octets }
        var sum = InternetChecksum()
        sum.add(address.octets + VRRPNumbers.group.octets)
        sum.add([0, 112, 0, UInt8(octets.count)] + octets)
        (octets[6], octets[7]) = (UInt8(sum.value >> 8), UInt8(sum.value & 0xFF))
        return octets
    }

    /// Sends octets as they are.
    func send(_ octets: [UInt8]) throws { try socket.send(octets, from: address, to: VRRPNumbers.group) }

    /// Sends them in a packet that the kernel would not make: in another's name, behind IP options, or as a
    /// fragment (RFC 791's flags and offset).
    func send(
        _ octets: [UInt8], as source: IPAddress, options: [UInt8] = [], fragment: UInt16 = 0
    ) throws {
        let length = UInt8(20 + options.count + octets.count)
        var header: [UInt8] = [0x45 + UInt8(options.count / 4), 0xC0, 0, length, 0x12, 0x34]
        header += [UInt8(fragment >> 8), UInt8(fragment & 0xFF), 255, 112, 0, 0]
        header += source.octets + VRRPNumbers.group.octets + options
        let sum = InternetChecksum.of(header)
        (header[10], header[11]) = (UInt8(sum >> 8), UInt8(sum & 0xFF))
        let ethernet: [UInt8] = [1, 0, 0x5E, 0, 0, 18, 2, 0, 0, 0, 0, 9, 8, 0]
        try frames.send(ethernet + header + octets, on: index)
    }
}
