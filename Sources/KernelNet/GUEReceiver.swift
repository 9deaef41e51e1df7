import CNetlink
import LinuxIO
import LoadBalancing
import NetTypes
import Timekeeping

/// Where the kernel takes packets out of GUE in the network namespace of the calling thread: the family "fou"
/// of generic netlink (linux/fou.h). Needs root's rights, for reading too.
struct GUEReceiver {
    private let socket: GenericNetlinkSocket
    /// FOU_GENL_VERSION.
    private static let version: UInt8 = 1
    /// FOU_ENCAP_GUE.
    fileprivate static let encapsulation: UInt8 = 2

    /// Connects to it; nil where module fou is not loaded.
    init?() throws(SystemError) {
        do throws(Errno) {
            guard let socket = try GenericNetlinkSocket(family: "fou") else { return nil }
            self.socket = socket
        } catch {
            throw SystemError("ask for the ports of GUE", error)
        }
    }

    /// The same, loading the module first where it is not there: by modprobe, for the family's name is no
    /// alias of it that the kernel could ask for. nil where there is no such module.
    static func loading() throws -> GUEReceiver? {
        if let receiver = try GUEReceiver() { return receiver }
        for path in ["/usr/sbin/modprobe", "/sbin/modprobe"] where Files.exists(path) {
            _ = try Program(path, ["fou"]).run(timeout: .seconds(30))
            break
        }
        return try GUEReceiver()
    }

    /// Where GUE is received.
    func ports() throws(SystemError) -> Set<GUEPort> {
        var ports: Set<GUEPort> = []
        try ask(FOU_CMD_GET, .dump, [], "ask for the ports of GUE") { attributes in
            if let port = GUEPort(attributes) { ports.insert(port) }
        }
        return ports
    }

    /// Has GUE be received at a port, or no longer. EADDRINUSE when the port is somebody else's.
    func set(_ port: GUEPort, isReceived: Bool) throws(SystemError) {
        var writer = AttributeWriter()
        writer.put(FOU_ATTR_PORT, bigEndian: port.port)
        writer.put(FOU_ATTR_AF, UInt8(truncatingIfNeeded: port.family.number))
        if isReceived { writer.put(FOU_ATTR_TYPE, Self.encapsulation) }
        try ask(
            isReceived ? FOU_CMD_ADD : FOU_CMD_DEL, .acknowledge, writer.octets,
            "\(isReceived ? "receive" : "stop receiving") \(port)")
    }

    private func ask(
        _ command: Int, _ flags: GenericRequest.Flags, _ attributes: [UInt8], _ operation: String,
        _ body: (ArraySlice<UInt8>) -> Void = { _ in }
    ) throws(SystemError) {
        do throws(Errno) {
            let request = GenericRequest(command: UInt8(command), flags: flags, attributes: attributes)
            try socket.ask(request, family: socket.family, version: Self.version, sequence: 1, body)
        } catch {
            throw SystemError(operation, error)
        }
    }
}

extension GUEPort {
    /// An object of the dump; nil for FOU without GUE.
    fileprivate init?(_ attributes: ArraySlice<UInt8>) {
        let reader = AttributeReader(attributes)
        guard reader.number(FOU_ATTR_TYPE, as: UInt8.self) == GUEReceiver.encapsulation,
            let family = reader.number(FOU_ATTR_AF, as: UInt8.self).flatMap({
                AddressFamily(number: UInt16($0))
            }), let port = reader.bigEndian(FOU_ATTR_PORT)
        else { return nil }
        self.init(family, port)
    }
}
