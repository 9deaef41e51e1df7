import LinuxIO
import NetTypes

/// Tells a segment's hosts and switches where addresses are: by gratuitous ARP, or by unsolicited neighbour
/// advertisements. One serves all interfaces.
package final class AddressAnnouncer {
    private let socket: PacketSocket

    /// A socket that only sends; needs CAP_NET_RAW.
    package static func makeSocket() throws(SystemError) -> OwnedFD {
        try PacketSocket.open(capturing: .nothing)
    }

    /// Sends through what `makeSocket` has made.
    package init(adopting socket: consuming OwnedFD) { self.socket = PacketSocket(adopting: socket) }

    /// Announces `address` at `mac` on interface `interface`; never waits. ENETDOWN while the interface is
    /// down.
    package func announce(_ address: IPAddress, at mac: MACAddress, on interface: Int32) throws(Errno) {
        let frame =
            switch address {
            case .v4(let address): GratuitousARP.frame(announcing: address, at: mac)
            case .v6(let address): NeighbourAdvertisement.frame(announcing: address, at: mac)
            }
        try socket.send(frame, on: interface)
    }
}
