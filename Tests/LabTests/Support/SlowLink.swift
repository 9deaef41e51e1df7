import Glibc
import LinuxIO
import NetTypes
import Timekeeping

/// An interface that says how fast it is, as the virtual cables of a lab cannot be told to: slow0,
/// 198.51.100.1/30, all of whose packets somebody takes and throws away.
final class SlowLink {
    /// linux/if_tun.h and linux/ethtool.h.
    private static let (setInterface, ethtool) = (UInt(0x4004_54CA), UInt(0x8946))
    private let host: Segment.Host

    init(_ host: Segment.Host) throws {
        self.host = host
        if !Files.exists("/dev/net/tun") {
            _ = try Program("/usr/sbin/modprobe", ["tun"]).run(timeout: .seconds(60))
        }
        let home = try host.enter()
        defer { try? home.enter() }
        let tunnel = OwnedFD(adopting: unsafe open("/dev/net/tun", O_RDWR))
        // IFF_TUN, IFF_NO_PI: packets of IP as they are.
        var request = Array("slow0".utf8) + [UInt8](repeating: 0, count: 35)
        (request[16], request[17]) = (0x01, 0x10)
        let result = unsafe request.withUnsafeMutableBytes { octets in
            unsafe octets.baseAddress.map { unsafe ioctl(tunnel.descriptor.rawValue, Self.setInterface, $0) }
        }
        guard result == 0 else { throw Tools.Failure(description: "no tunnel: errno \(errno)") }
        // It is there while somebody has it open.
        let reader = try ChildProcess(
            Program("/bin/cat", [], environment: Tools.environment),
            ChildStreams(input: .descriptor(tunnel.descriptor), output: .null, error: .null))
        host.running.append(reader)
        try Tools.ip(["-n", host.name, "address", "add", "198.51.100.1/30", "dev", "slow0"])
        try Tools.ip(["-n", host.name, "link", "set", "slow0", "up"])
    }

    /// Has it say that it sends so many Mbit/s.
    func say(megabits: UInt16) throws {
        let home = try host.enter()
        defer { try? home.enter() }
        let socket = OwnedFD(adopting: socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
        // ETHTOOL_SSET: its number, what is supported and advertised, the speed.
        var settings = [UInt8](repeating: 0, count: 44)
        settings[0] = 2
        (settings[12], settings[13]) = (UInt8(truncatingIfNeeded: megabits), UInt8(megabits >> 8))
        let result = unsafe settings.withUnsafeMutableBytes { octets in
            var request = Array("slow0".utf8) + [UInt8](repeating: 0, count: 35)
            let address = UInt64(UInt(bitPattern: octets.baseAddress))
            for place in 0..<8 {
                request[16 + place] = UInt8(truncatingIfNeeded: address >> (8 * UInt64(place)))
            }
            return unsafe request.withUnsafeMutableBytes { octets in
                unsafe octets.baseAddress.map { unsafe ioctl(socket.descriptor.rawValue, Self.ethtool, $0) }
            }
        }
        guard result == 0 else { throw Tools.Failure(description: "no speed: errno \(errno)") }
    }

    /// Sends packets of 1400 octets out of it, one after the other, until the host's processes end.
    func send() throws {
        let loop = "while :; do printf '%1400s' > /dev/udp/198.51.100.2/9; done"
        _ = try host.start("/bin/bash", ["-c", loop], log: "/dev/null")
    }
}
