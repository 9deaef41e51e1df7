import CLinux
import Glibc

/// One frame seen by a packet socket.
package struct CapturedFrame: Hashable, Sendable {
    /// Where the frame was going, seen from this host (linux/if_packet.h).
    package enum Direction: Int32, Hashable, Sendable {
        case toThisHost = 0
        case broadcast = 1
        case multicast = 2
        case toAnotherHost = 3
        case outgoing = 4
    }

    /// The frame from its Ethernet header on, perhaps cut; see `length`.
    package let octets: [UInt8]
    /// The frame's whole length, which exceeds `octets.count` when it was cut.
    package let length: Int
    /// The kernel's time of receipt.
    package let time: WallTime
    /// The interface's index.
    package let interface: Int32
    /// nil for a kind this kernel may add.
    package let direction: Direction?
}

/// Whole Ethernet frames in and out (AF_PACKET, packet(7)); needs CAP_NET_RAW.
package final class PacketSocket {
    /// Which frames are received.
    package enum Capture: Hashable, Sendable {
        /// None: the socket only sends.
        case nothing
        /// Every frame, outgoing ones included.
        case everything
        /// Incoming frames of one EtherType, such as 0x0806 for ARP.
        case etherType(UInt16)

        var number: Int32 {
            switch self {
            case .nothing: 0
            case .everything: 3  // ETH_P_ALL
            case .etherType(let type): Int32(type)
            }
        }
    }

    private let fd: OwnedFD

    /// Takes over the packet socket `fd`, which another process may have, too: what one of them receives the
    /// other does not.
    package init(adopting fd: consuming OwnedFD) { self.fd = fd }

    /// A packet socket to be adopted, by this process or by one that it starts, which captures on the
    /// interface numbered `interface`; 0 for all of them. The kernel takes some 10 ms to close the last
    /// descriptor of one, since it waits until no frame is being delivered to it (packet_release() of
    /// net/packet/af_packet.c); a process that dies with one counts as dead only then.
    package static func open(capturing: Capture, on interface: Int32 = 0) throws(SystemError) -> OwnedFD {
        try SystemError.naming("open a packet socket") { () throws(Errno) in
            OwnedFD(adopting: try Errno.check(hf_packet_open(capturing.number, interface)))
        }
    }

    /// Captures on the interface numbered `interface`; nil for all of them.
    package init(
        capturing: Capture, on interface: Int32? = nil, receiveBuffer: Int32? = nil
    ) throws(SystemError) {
        fd = try Self.open(capturing: capturing, on: interface ?? 0)
        guard let receiveBuffer else { return }
        // Without CAP_NET_ADMIN the kernel caps the size at net.core.rmem_max, which is no reason to fail.
        if hf_set_option(fd.descriptor.rawValue, SOL_SOCKET, SO_RCVBUFFORCE, receiveBuffer) < 0 {
            _ = hf_set_option(fd.descriptor.rawValue, SOL_SOCKET, SO_RCVBUF, receiveBuffer)
        }
    }

    /// For the event loop.
    package var descriptor: Descriptor { fd.descriptor }

    /// Sends one frame, Ethernet header included, out of interface `interface`; never waits (EAGAIN,
    /// ENOBUFS).
    package func send(_ frame: [UInt8], on interface: Int32) throws(Errno) {
        let result = unsafe frame.withUnsafeBytes {
            unsafe hf_packet_send(fd.descriptor.rawValue, interface, $0.baseAddress, $0.count)
        }
        try Errno.check(result)
    }

    /// Of ARP packets, which it captures, only those are received that say who has one of `addresses`: at
    /// most 2000 of them, as numbers (E2BIG).
    package func acceptARP(from addresses: [UInt32]) throws(Errno) {
        let result = unsafe hf_packet_accept_senders(fd.descriptor.rawValue, addresses, addresses.count)
        try Errno.check(result)
    }

    /// The next frame, at most `limit` octets of it; nil when none waits.
    package func receive(limit: Int = 2048) throws(Errno) -> CapturedFrame? {
        var info = hf_frame_info()
        var result: Int64 = 0
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            result = unsafe hf_packet_receive(fd.descriptor.rawValue, buffer.baseAddress, limit, &info)
            count = min(limit, max(0, Int(result)))
        }
        guard let length = try OwnedFD.unlessBlocked(result) else { return nil }
        return CapturedFrame(
            octets: octets, length: length, time: WallTime(nanoseconds: info.timestamp),
            interface: info.interface, direction: CapturedFrame.Direction(rawValue: info.type))
    }
}
