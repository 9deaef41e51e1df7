import NetTypes

/// Where a real server has a virtual address.
package enum RealServerDevice: String, Hashable, Sendable, CaseIterable, Comparable {
    /// For direct routing.
    case loopback = "lo"
    /// Takes IPv4 out of IPv4; the kernel's own, which takes it from every director.
    case ipv4Tunnel = "tunl0"
    /// The same for IPv6 in IPv6; IPv4 in IPv6 only when its mode is changed, which nothing here does.
    case ipv6Tunnel = "ip6tnl0"
    /// The same for IPv6 in IPv4.
    case mixedTunnel = "sit0"
    /// Takes either family out of GRE over IPv4 without a checksum, from every director.
    case greTunnel = "gre0"

    /// The interface's name.
    package var name: String { rawValue }

    /// The kernel's kind of the interface, and its module; nil for what is always there.
    package var kind: String? {
        switch self {
        case .loopback: nil
        case .ipv4Tunnel: "ipip"
        case .ipv6Tunnel: "ip6tnl"
        case .mixedTunnel: "sit"
        case .greTunnel: "gre"
        }
    }

    /// The family of the packets that others come in; nil where nothing is unpacked.
    package var outerFamily: AddressFamily? {
        switch self {
        case .loopback: nil
        case .ipv4Tunnel, .mixedTunnel, .greTunnel: .inet
        case .ipv6Tunnel: .inet6
        }
    }

    /// By name.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A UDP port at which the kernel takes IP packets out of GUE (`lb_kind TUN type gue port N`); they come out
/// of the device that they would come out of without it.
package struct GUEPort: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Of the packets that carry GUE.
    package let family: AddressFamily
    /// 1...65535.
    package let port: UInt16

    /// A port.
    package init(_ family: AddressFamily, _ port: UInt16) {
        self.family = family
        self.port = port
    }

    /// The devices that packets come out of.
    package var devices: Set<RealServerDevice> {
        family == .inet ? [.ipv4Tunnel, .mixedTunnel] : [.ipv6Tunnel]
    }

    /// `GUE at port 6080 of IPv4`.
    package var description: String { "GUE at port \(port) of \(family == .inet ? "IPv4" : "IPv6")" }

    /// By family, then by port.
    package static func < (left: Self, right: Self) -> Bool {
        (left.family.bits, left.port) < (right.family.bits, right.port)
    }
}

/// A virtual address where a real server has it: alone, as /32 or /128.
package struct RealServerAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The virtual address.
    package let address: IPAddress
    /// The interface that has it.
    package let device: RealServerDevice

    /// An address on an interface.
    package init(_ address: IPAddress, on device: RealServerDevice) {
        self.address = address
        self.device = device
    }

    /// For direct routing (`lb_kind DR`).
    package init(direct address: IPAddress) { self.init(address, on: .loopback) }

    /// For tunnelling (`lb_kind TUN`); `outer` is the family of the server's own address, by which the
    /// directors reach it.
    package init(tunnelled address: IPAddress, over outer: AddressFamily) {
        let inIPv4 = address.family == .inet ? RealServerDevice.ipv4Tunnel : .mixedTunnel
        self.init(address, on: outer == .inet ? inIPv4 : .ipv6Tunnel)
    }

    /// For tunnelling in GRE (`lb_kind TUN type gre`), to a server with an IPv4 address.
    package init(inGRE address: IPAddress) { self.init(address, on: .greTunnel) }

    /// `192.0.2.100/32 on lo`.
    package var description: String { "\(Prefix(host: address)) on \(device.name)" }

    /// By address.
    package static func < (left: Self, right: Self) -> Bool {
        (left.address, left.device) < (right.address, right.device)
    }
}

/// What a host is like that is to be a real server, as far as that matters.
package struct RealServerFacts: Hashable, Sendable {
    /// An address and the name of the interface that has it.
    package struct Held: Hashable, Sendable {
        /// The address and its prefix length.
        package let prefix: Prefix
        /// The interface's name.
        package let interface: String

        /// An address on an interface.
        package init(_ prefix: Prefix, on interface: String) {
            self.prefix = prefix
            self.interface = interface
        }
    }

    /// Of each device that there is, whether it is switched on.
    package var devices: [RealServerDevice: Bool] = [:]
    /// Every address of every interface.
    package var addresses: Set<Held> = []
    /// Where GUE is received.
    package var receiving: Set<GUEPort> = []
    /// Values of settings by their path below /proc/sys; of a device that there is not, those that it would
    /// have.
    package var settings: [String: String] = [:]

    /// Nothing known yet.
    package init() {}
}
