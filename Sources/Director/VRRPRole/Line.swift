import KernelNet
import LinuxIO
import NetTypes
import VRRP

/// What one socket serves: instances on one interface that speak with the same audience in the same way.
struct Line: Hashable {
    let interface: String
    let audience: VRRPSocket.Audience
    /// With `auth_type AH`.
    let isAuthenticated: Bool
    /// With `use_vmac` adverts leave by the virtual interface, and are heard on the one below: a backup that
    /// joined a group there would be taken for the master by every switch.
    let onlySends: Bool

    /// Where adverts are heard.
    init(_ configuration: RouterConfiguration) { self.init(configuration, speaking: nil) }

    /// Where adverts leave.
    init(speaking configuration: RouterConfiguration) {
        let interface = configuration.sendsFromBase ? nil : configuration.virtualInterface
        self.init(configuration, speaking: interface)
    }

    private init(_ configuration: RouterConfiguration, speaking virtual: VirtualInterface?) {
        interface = virtual?.name ?? configuration.interface
        onlySends = virtual != nil
        audience =
            switch configuration.transport {
            case .multicast(let group): .group(group)
            case .unicast(let unicast): .peers(configuration.family, timeToLive: unicast.timeToLive)
            }
        isAuthenticated = configuration.authentication.isHeader
    }

    /// Its socket, on the interface with this index.
    func open(index: Int32) throws(SystemError) -> VRRPSocket {
        try VRRPSocket(
            on: interface, index: index, for: audience, isAuthenticated: isAuthenticated,
            onlySends: onlySends)
    }
}

extension ReceivedDatagram {
    /// What a socket of a line received; nil when what should be an Authentication Header is none.
    init?(_ datagram: IPDatagram) {
        if let packet = datagram.packet {
            self.init(ipPacket: packet)
        } else {
            self.init(
                payload: datagram.payload, timeToLive: datagram.ttl, source: datagram.source,
                destination: datagram.destination)
        }
    }
}

/// Why an advert with an Authentication Header cannot be sent.
struct UnavailableDigest: Error, CustomStringConvertible {
    var description: String { "OpenSSL computes no HMAC-MD5 here" }
}
