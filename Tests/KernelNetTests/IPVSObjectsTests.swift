import KernelNet
import LoadBalancing
import NetTypes
import Testing

@Suite struct IPVSObjectsTests {
    static func decoded(_ service: IPVSService) -> IPVSService? {
        IPVSService(attributes: GenericRequest.change(.addService(service)).attributes[...])
    }

    static func decoded(_ destination: IPVSDestination, of identity: ServiceIdentity) -> IPVSDestination? {
        let request = GenericRequest.change(.addDestination(destination, to: identity))
        return IPVSDestination(attributes: request.attributes[...], family: identity.family)
    }

    static func services() throws -> [IPVSService] {
        let v6 = Endpoint(try #require(IPAddress("2001:db8::64")), port: 443)
        return [
            IPVSService(identity: IPVSRequestsTests.web, scheduler: "rr"),
            IPVSService(
                identity: .address(.udp, v6), scheduler: "mh",
                persistence: Persistence(timeoutSeconds: 1, prefixLength: 64),
                flags: [.scheduler1, .onePacket]),
            IPVSService(identity: .address(.sctp, v6), scheduler: "wlc", persistenceEngine: "sip"),
            IPVSService(
                identity: try IPVSRequestsTests.mark(.max), scheduler: "wlc",
                persistence: Persistence(timeoutSeconds: 2_678_400, prefixLength: 0)),
            IPVSService(
                identity: IPVSRequestsTests.web, scheduler: "wlc",
                persistence: Persistence(timeoutSeconds: 1, mask: 0xFF00_FF00)),
            IPVSService(
                identity: try IPVSRequestsTests.mark(1, .inet6), scheduler: "wlc",
                persistence: Persistence(timeoutSeconds: 360, prefixLength: 128)),
        ]
    }

    @Test func `what is written is read back`() throws {
        for service in try Self.services() {
            #expect(Self.decoded(service) == service)
            let endpoints = [
                IPVSRequestsTests.server, Endpoint(try #require(IPAddress("2001:db8::21")), port: 65535),
            ]
            for endpoint in endpoints {
                for forwarding in [ForwardingMethod.masquerade, .tunnel, .directRouting] {
                    let one = IPVSDestination(
                        endpoint: endpoint, forwarding: forwarding, weight: 0x7FFF_FFFF, upperThreshold: 7,
                        lowerThreshold: 3,
                        encapsulation: forwarding == .tunnel
                            ? Encapsulation(type: 2, port: 9, flags: 3) : .ipip)
                    #expect(Self.decoded(one, of: service.identity) == one)
                }
            }
        }
    }

    static let head = """
        06 00 01 00 02 00 00 00 06 00 02 00 06 00 00 00              ; AF_INET, TCP
        14 00 03 00 C0 00 02 64 00 00 00 00 00 00 00 00 00 00 00 00  ; 192.0.2.100
        06 00 04 00 00 50 00 00                                      ; port 80

        """

    @Test func `a service of the kernel is read past what is not looked at`() {
        let service = IPVSService(
            attributes: hex(
                "5C 00 01 00  ; SERVICE, without the nested flag\n" + Self.head + """
                    08 00 06 00 77 6C 63 00              ; "wlc"
                    0C 00 07 00 02 00 00 00 FF FF FF FF  ; HASHED
                    08 00 08 00 00 00 00 00              ; timeout
                    08 00 09 00 FF FF FF FF              ; netmask
                    08 00 63 00 01 02 03 04              ; an attribute of a later kernel
                    """)[...])
        #expect(service == IPVSService(identity: IPVSRequestsTests.web, scheduler: "wlc"))
    }

    @Test(arguments: [
        ("unknown protocol", "06 00 02 00 06 00", "06 00 02 00 2F 00"),
        ("unknown family", "06 00 01 00 02 00", "06 00 01 00 01 00"),
        ("family of another width", "06 00 01 00 02 00", "05 00 01 00 02 00"),
        ("no port", "06 00 04 00 00 50", "06 00 44 00 00 50"),
        ("mark 0", "06 00 04 00 00 50 00 00", "08 00 05 00 00 00 00 00"),
    ])
    func `a service that cannot be ours is left out`(name: String, good: String, bad: String) {
        let tail = "08 00 06 00 77 6C 63 00 0C 00 07 00 02 00 00 00 FF FF FF FF 08 00 63 00 01 02 03 04"
        let text = "4C 00 01 00\n" + Self.head + tail
        #expect(text.contains(good))
        #expect(IPVSService(attributes: hex(text)[...]) != nil)
        #expect(IPVSService(attributes: hex(text.replacing(good, with: bad))[...]) == nil, "\(name)")
    }

    @Test(
        arguments: [
            (0, .masquerade), (1, .directRouting), (2, .tunnel), (3, .directRouting), (4, .bypass), (9, nil),
        ]
            as [(UInt8, ForwardingMethod?)])
    func `forwarding methods are the kernel's`(number: UInt8, forwarding: ForwardingMethod?) {
        let octets =
            hex(
                "30 00 02 00 14 00 01 00 0A 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 "
                    + "06 00 02 00 00 50 00 00"
            )
            + [8, 0, 3, 0, number, 0, 0, 0] + hex("08 00 04 00 01 00 00 00")
        let read = IPVSDestination(attributes: octets[...], family: .inet)
        #expect(read?.forwarding == forwarding)
    }

    @Test func `objects cut at any octet or damaged in any are read without harm`() throws {
        let service = try Self.services()[1]
        let whole = GenericRequest.change(.addService(service)).attributes
        for length in 0..<whole.count {
            #expect(IPVSService(attributes: whole.prefix(length)) == nil)
            #expect(IPVSDestination(attributes: whole.prefix(length), family: .inet) == nil)
        }
        for index in whole.indices {
            for bit in 0..<8 {
                var damaged = whole
                damaged[index] ^= 1 << bit
                let read = IPVSService(attributes: damaged[...])
                #expect(read == nil || read?.destinations.isEmpty == true)
            }
        }
    }

    @Test func `the version is three numbers`() {
        let information = IPVSInformation(
            attributes: hex("08 00 01 00 01 02 01 00 08 00 02 00 00 10 00 00")[...])
        #expect(information?.description == "1.2.1")
        #expect(information?.connectionTableSize == 4096)
        #expect(IPVSInformation(attributes: hex("08 00 01 00 01 02 01 00")[...]) == nil)
    }
}
