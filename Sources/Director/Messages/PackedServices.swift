import HealthChecks
import LoadBalancing
import NetTypes

// The long lists of an assignment on the wire. There may be ten thousand real servers and as many checks, of
// which most differ in their address alone: what several have in common is said once, field by field, and of
// each of them a few numbers follow. So no field can be forgotten here, whatever the types come to hold.

/// Virtual servers in a message: a list of three lists and numbers, see `ServicePacker`.
@propertyWrapper
package struct PackedServices: Hashable, Sendable, Codable {
    /// The virtual servers.
    package var wrappedValue: [VirtualServer]

    /// These virtual servers.
    package init(wrappedValue: [VirtualServer]) { self.wrappedValue = wrappedValue }

    /// As `encode` writes them; a `MalformedMessage` for anything else.
    package init(from decoder: any Decoder) throws {
        let reader = try BinaryReader.behind(decoder)
        wrappedValue = try reader.insideList { reader in
            let unpacker = ServiceUnpacker(
                services: try reader.whole([VirtualServer].self),
                servers: try reader.whole([RealServer].self),
                checks: try reader.whole(PackedChecks.self).wrappedValue)
            var services: [VirtualServer] = []
            for _ in 0..<(try reader.place()) { services.append(try unpacker.service(reader)) }
            return services
        }
    }

    /// For the messages of this package alone.
    package func encode(to encoder: any Encoder) throws {
        var packer = ServicePacker()
        for service in wrappedValue { packer.add(service) }
        let writer = try BinaryWriter.behind(encoder)
        writer.openList()
        try writer.write(whole: packer.services.values)
        try writer.write(whole: packer.servers.values)
        try writer.write(whole: PackedChecks(wrappedValue: packer.checks.values))
        writer.write(wrappedValue.count)
        for number in packer.numbers { writer.write(number) }
    }
}

/// Checks in a message: a list of a list and numbers, of each check the place of what it has in common with
/// others, and its target.
@propertyWrapper
package struct PackedChecks: Hashable, Sendable, Codable {
    /// The checks.
    package var wrappedValue: [CheckSpecification]

    /// These checks.
    package init(wrappedValue: [CheckSpecification]) { self.wrappedValue = wrappedValue }

    /// As `encode` writes them; a `MalformedMessage` for anything else.
    package init(from decoder: any Decoder) throws {
        let reader = try BinaryReader.behind(decoder)
        wrappedValue = try reader.insideList { reader in
            let kinds = try reader.whole([CheckSpecification].self)
            var checks: [CheckSpecification] = []
            for _ in 0..<(try reader.place()) {
                let kind = try reader.element(of: kinds)
                checks.append(kind.aim == nil ? kind : kind.aimed(at: try reader.endpoint()))
            }
            return checks
        }
    }

    /// For the messages of this package alone.
    package func encode(to encoder: any Encoder) throws {
        var kinds = Places<CheckSpecification>()
        var numbers: [UInt64] = []
        for check in wrappedValue {
            numbers.append(kinds.place(of: check.aimed(at: .nowhere)))
            check.aim?.append(to: &numbers)
        }
        let writer = try BinaryWriter.behind(encoder)
        writer.openList()
        try writer.write(whole: kinds.values)
        writer.write(wrappedValue.count)
        for number in numbers { writer.write(number) }
    }
}

// MARK: Services

/// Values, each once.
private struct Places<Value: Hashable> {
    private(set) var values: [Value] = []
    private var places: [Value: Int] = [:]
    /// Where the value before is: most are like their neighbours, and to compare takes less than to hash.
    private var latest = 0

    /// Where `value` is in `values`.
    mutating func place(of value: Value) -> UInt64 {
        guard values.isEmpty || values[latest] != value else { return UInt64(latest) }
        latest = places[value] ?? values.count
        if latest == values.count {
            places[value] = latest
            values.append(value)
        }
        return UInt64(latest)
    }
}

/// Takes services apart: into what several have in common, and numbers.
private struct ServicePacker {
    /// Services without name and servers.
    private(set) var services = Places<VirtualServer>()
    /// Servers without address and checks.
    private(set) var servers = Places<RealServer>()
    private(set) var checks = Places<CheckSpecification>()
    /// Of each service its place above, its name, how many sorry servers and real servers it has, and of each
    /// of those the place above, the address, how many checks it has, and their places.
    private(set) var numbers: [UInt64] = []

    mutating func add(_ service: VirtualServer) {
        var common = service
        (common.identity, common.sorryServer, common.realServers) = (.nameless, nil, [])
        numbers.append(services.place(of: common))
        service.identity.append(to: &numbers)
        numbers.append(service.sorryServer == nil ? 0 : 1)
        if let sorry = service.sorryServer { add(sorry) }
        numbers.append(UInt64(service.realServers.count))
        for server in service.realServers { add(server) }
    }

    private mutating func add(_ server: RealServer) {
        var common = server
        (common.endpoint, common.checks) = (.nowhere, [])
        numbers.append(servers.place(of: common))
        server.endpoint.append(to: &numbers)
        numbers.append(UInt64(server.checks.count))
        for check in server.checks { numbers.append(checks.place(of: check)) }
    }
}

/// Puts services together again.
private struct ServiceUnpacker {
    let services: [VirtualServer]
    let servers: [RealServer]
    let checks: [CheckSpecification]

    func service(_ reader: BinaryReader) throws(MalformedMessage) -> VirtualServer {
        var service = try reader.element(of: services)
        service.identity = try reader.identity()
        if try reader.place() > 0 { service.sorryServer = try server(reader) }
        for _ in 0..<(try reader.place()) { service.realServers.append(try server(reader)) }
        return service
    }

    private func server(_ reader: BinaryReader) throws(MalformedMessage) -> RealServer {
        var server = try reader.element(of: servers)
        server.endpoint = try reader.endpoint()
        for _ in 0..<(try reader.place()) { server.checks.append(try reader.element(of: checks)) }
        return server
    }
}

// MARK: Numbers

extension BinaryWriter {
    /// What writes the message that `encoder` is for.
    fileprivate static func behind(_ encoder: any Encoder) throws -> BinaryWriter {
        guard let encoder = encoder as? ValueEncoder else { throw MalformedMessage.invalid }
        return encoder.writer
    }
}

extension BinaryReader {
    /// What reads the message that `decoder` is for.
    fileprivate static func behind(_ decoder: any Decoder) throws -> BinaryReader {
        guard let decoder = decoder as? ValueDecoder else { throw MalformedMessage.invalid }
        return decoder.reader
    }

    /// What `body` makes of the next value, which must be a list, and of nothing but it.
    fileprivate func insideList<Value>(_ body: (BinaryReader) throws -> Value) throws -> Value {
        guard try open(BinaryTag.list) else { throw MalformedMessage.invalid }
        let inside = depth
        let value = try body(self)
        guard depth == inside, try isAtEndOfList() else { throw MalformedMessage.invalid }
        return value
    }

    /// The next number, of whatever width is asked for.
    private func number<Number: FixedWidthInteger>(
        as _: Number.Type = Number.self
    ) throws(MalformedMessage) -> Number {
        guard let number: Number = try integer() else { throw .invalid }
        return number
    }

    /// The next number, which counts or is a place.
    fileprivate func place() throws(MalformedMessage) -> Int {
        let place = try number(as: Int.self)
        guard place >= 0 else { throw .invalid }
        return place
    }

    /// The element whose place is the next number.
    fileprivate func element<Element>(of list: [Element]) throws(MalformedMessage) -> Element {
        let place = try place()
        guard list.indices.contains(place) else { throw .invalid }
        return list[place]
    }

    fileprivate func endpoint() throws(MalformedMessage) -> Endpoint {
        let first = try number(as: UInt32.self)
        guard let port = UInt16(exactly: first >> 1) else { throw .invalid }
        let address: IPAddress =
            first & 1 == 0
            ? .v4(IPv4Address(rawValue: try number()))
            : .v6(IPv6Address(high: try number(), low: try number()))
        return Endpoint(address, port: port)
    }

    fileprivate func identity() throws(MalformedMessage) -> ServiceIdentity {
        let first = try number(as: UInt8.self)
        if let transport = TransportProtocol(rawValue: first) { return .address(transport, try endpoint()) }
        guard first < 2, let mark = FirewallMark(try number()) else { throw .invalid }
        return .mark(first == 0 ? .inet : .inet6, mark)
    }
}

extension Endpoint {
    /// In place of those that are said apart.
    fileprivate static let nowhere = Endpoint(.v4(IPv4Address(rawValue: 0)), port: 0)

    /// The port and the family in one, then the address.
    fileprivate func append(to numbers: inout [UInt64]) {
        switch address {
        case .v4(let v4):
            numbers.append(UInt64(port) << 1)
            numbers.append(UInt64(v4.rawValue))
        case .v6(let v6):
            numbers.append(UInt64(port) << 1 | 1)
            numbers.append(v6.high)
            numbers.append(v6.low)
        }
    }
}

extension ServiceIdentity {
    /// In place of those that are said apart.
    fileprivate static let nameless = ServiceIdentity.address(.tcp, .nowhere)

    /// The protocol, or the family of a mark, which is below every protocol, then the address or the mark.
    fileprivate func append(to numbers: inout [UInt64]) {
        switch self {
        case .address(let transport, let endpoint):
            numbers.append(UInt64(transport.rawValue))
            endpoint.append(to: &numbers)
        case .mark(let family, let mark):
            numbers.append(family == .inet ? 0 : 1)
            numbers.append(UInt64(mark.rawValue))
        }
    }
}

extension CheckSpecification {
    /// Where probes go, of the kinds that have one place.
    fileprivate var aim: Endpoint? {
        switch kind {
        case .tcp(let check): check.target
        case .http(let check): check.target
        case .dns(let check): check.target
        case .udp(let check): check.target
        case .smtp(let check): check.target
        case .ping, .script, .file: nil
        }
    }

    /// The same check of another place, where it has one.
    fileprivate func aimed(at target: Endpoint) -> CheckSpecification {
        var kind = kind
        switch kind {
        case .tcp(var check):
            check.target = target
            kind = .tcp(check)
        case .http(var check):
            check.target = target
            kind = .http(check)
        case .dns(var check):
            check.target = target
            kind = .dns(check)
        case .udp(var check):
            check.target = target
            kind = .udp(check)
        case .smtp(var check):
            check.target = target
            kind = .smtp(check)
        case .ping, .script, .file: break
        }
        return CheckSpecification(kind: kind, schedule: schedule)
    }
}
