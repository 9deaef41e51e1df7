@testable import KernelNet
import LinuxIO
import LoadBalancing
import NetTypes

/// A kernel behind the transport: carries out whole datagrams in order, refuses as IPVS does, answers in
/// octets.
final class FakeIPVS: IPVSTransport {
    static let family: UInt16 = 0x21

    private(set) var services: [ServiceIdentity: IPVSService] = [:]
    private(set) var daemons: Set<UInt8> = []
    private(set) var timeouts: [IPVSTimeout: UInt32] = [.tcp: 900, .tcpFin: 120, .udp: 300]
    /// Requests to let counters begin again that were granted.
    private(set) var zeroed = 0
    /// Messages in each datagram that came.
    private(set) var datagrams: [Int] = []
    private var answers: [[UInt8]] = []
    /// Schedulers that can be had.
    var schedulers: Set<String> = ["rr", "wlc"]
    /// Receive calls that fail with ENOBUFS.
    var overruns = 0
    /// Called before each dump of services, to write in between.
    var beforeDump: (FakeIPVS) -> Void = { _ in }

    init(_ services: [IPVSService] = []) { set(services) }

    func set(_ services: [IPVSService]) {
        self.services = Dictionary(uniqueKeysWithValues: services.map { ($0.identity, $0) })
    }

    func receive() throws(Errno) -> [UInt8] {
        if overruns > 0 {
            overruns -= 1
            answers = []
            throw .noBuffers
        }
        guard !answers.isEmpty else { throw .wouldBlock }
        return answers.removeFirst()
    }

    func send(_ datagram: [UInt8]) throws(Errno) {
        var rest = datagram[...]
        var count = 0
        while rest.count >= 20 {
            let base = rest.startIndex
            let length = Int(rest[base]) | Int(rest[base + 1]) << 8
            handle(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
            count += 1
        }
        datagrams.append(count)
    }

    private func handle(_ message: [UInt8]) {
        let sequence = Array(message[8..<12])
        let (command, attributes) = (message[16], message[20...])
        if message[7] == 3 {
            dump(command, attributes, sequence)
            return
        }
        if command == 15 {  // GET_INFO answers with an object first
            answers.append(
                object(hex("08 00 01 00 01 02 01 00 08 00 02 00 00 10 00 00"), sequence: sequence))
        }
        if command == 13 {  // GET_CONFIG likewise
            answers.append(object(GenericRequest.set(timeouts).attributes, sequence: sequence))
        }
        if command == 4, let service = identity(attributes).flatMap({ services[$0] }) {
            let attributes = GenericRequest.change(.addService(service.settings)).attributes
            answers.append(object(attributes, sequence: sequence))
        }
        let error = write(command, attributes)
        if error != 0 || message[6] & 4 != 0 { answers.append(result(error, sequence)) }
    }

    private func dump(_ command: UInt8, _ attributes: ArraySlice<UInt8>, _ sequence: [UInt8]) {
        var objects: [[UInt8]] = []
        if command == 4 {
            beforeDump(self)
            objects = services.values.map { GenericRequest.change(.addService($0.settings)).attributes }
        } else if let identity = identity(attributes), let service = services[identity] {
            objects = service.destinations.values.map {
                GenericRequest.change(.addDestination($0, to: identity)).attributes
            }
        } else if command == 11 {
            objects = daemons.map { state in
                hex("18 00 03 80 08 00 01 00") + [state, 0, 0, 0] + hex("09 00 02 00 65 74 68 30 00 00 00 00")
            }
        }
        answers += objects.map { object($0, sequence: sequence) }
        answers.append(hex("14 00 00 00 03 00 02 00") + sequence + [UInt8](repeating: 0, count: 8))
    }

    private func object(_ attributes: [UInt8], sequence: [UInt8]) -> [UInt8] {
        let length = 20 + attributes.count
        return [UInt8(length & 0xFF), UInt8(length >> 8), 0, 0, 0x21, 0, 2, 0] + sequence + [
            0, 0, 0, 0, 1, 1, 0, 0,
        ]
            + attributes
    }

    private func result(_ error: Int32, _ sequence: [UInt8]) -> [UInt8] {
        let number = UInt32(bitPattern: -error)
        return hex("14 00 00 00 02 00 00 01") + sequence + [0, 0, 0, 0]
            + [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// A service's name, taken from any request about it by adding the settings it lacks.
    private func identity(_ attributes: ArraySlice<UInt8>) -> ServiceIdentity? {
        guard attributes.count > 4 else { return nil }
        let base = attributes.startIndex
        let length = Int(attributes[base]) | Int(attributes[base + 1]) << 8
        let settings = hex("06 00 06 00 72 72 00 00 0C 00 07 00 00 00 00 00 00 00 00 00")
        let whole = length + settings.count
        let nest = attributes.prefix(length).dropFirst(4) + settings
        return IPVSService(attributes: [UInt8(whole & 0xFF), UInt8(whole >> 8), 1, 0] + nest)?.identity
    }

    private func write(_ command: UInt8, _ attributes: ArraySlice<UInt8>) -> Int32 {
        let (exists, missing, noService): (Int32, Int32, Int32) = (17, 2, 3)
        switch command {
        case 1, 2:
            guard let service = IPVSService(attributes: attributes) else { return 22 }
            let present = services[service.identity]
            guard (present == nil) == (command == 1) else { return command == 1 ? exists : noService }
            guard schedulers.contains(service.scheduler) else { return missing }
            services[service.identity] = service
            services[service.identity]?.destinations = present?.destinations ?? [:]
        case 3:
            guard let identity = identity(attributes) else { return 22 }
            guard services.removeValue(forKey: identity) != nil else { return noService }
        case 4, 16:  // one service, or the counters of one or of all
            if let identity = identity(attributes), services[identity] == nil { return noService }
            zeroed += command == 16 ? 1 : 0
        case 17: services = [:]
        case 5, 6, 7:
            return writeDestination(command, attributes)
        case 9, 10:
            let state = attributes[attributes.startIndex + 8]
            if command == 9 { return daemons.insert(state).inserted ? 0 : exists }
            return daemons.remove(state) != nil ? 0 : noService
        case 12:
            timeouts.merge(IPVSTimeout.values(attributes: attributes)) { $1 }
        default: break
        }
        return 0
    }

    private func writeDestination(_ command: UInt8, _ attributes: ArraySlice<UInt8>) -> Int32 {
        guard let identity = identity(attributes) else { return 22 }
        guard let service = services[identity] else { return 3 }
        var octets = attributes
        if command == 7 {  // a removal names no method and no weight
            let settings = hex("08 00 03 00 03 00 00 00 08 00 04 00 01 00 00 00")
            let base = octets.dropFirst(Int(octets[octets.startIndex])).startIndex
            octets[base] += UInt8(settings.count)
            octets += settings
        }
        guard let one = IPVSDestination(attributes: octets, family: identity.family) else { return 22 }
        let isPresent = service.destinations[one.endpoint] != nil
        guard isPresent == (command != 5) else { return command == 5 ? 17 : 2 }
        services[identity]?.destinations[one.endpoint] = command == 7 ? nil : one
        return 0
    }
}
