import KernelNet
import LoadBalancing
import NetTypes
import Testing

@Suite struct IPVSRequestsTests {
    static let vip = Endpoint(.v4(IPv4Address(192, 0, 2, 100)), port: 80)
    static let web = ServiceIdentity.address(.tcp, vip)
    static let server = Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 8080)

    static func mark(_ number: UInt32, _ family: AddressFamily = .inet) throws -> ServiceIdentity {
        .mark(family, try #require(FirewallMark(number)))
    }

    static let webService = """
        ; the service, by address
        06 00 01 00 02 00 00 00                                      ; AF_INET
        06 00 02 00 06 00 00 00                                      ; TCP
        14 00 03 00 C0 00 02 64 00 00 00 00 00 00 00 00 00 00 00 00  ; 192.0.2.100, padded to 16
        06 00 04 00 00 50 00 00                                      ; port 80, network order
        """

    @Test func `a service is added with all four compulsory settings`() {
        let request = GenericRequest.change(.addService(IPVSService(identity: Self.web, scheduler: "wrr")))
        #expect(request.command == 1)
        #expect(request.flags == [])
        #expect(
            request.attributes
                == hex(
                    "54 00 01 80  ; SERVICE, nested\n" + Self.webService + """

                        08 00 06 00 77 72 72 00              ; scheduler "wrr"
                        0C 00 07 00 00 00 00 00 FD FF FF FF  ; no flag, all but HASHED meant
                        08 00 08 00 00 00 00 00              ; timeout 0
                        08 00 09 00 FF FF FF FF              ; netmask /32, network order
                        """))
    }

    @Test func `persistence, flags and engine go along`() throws {
        let service = IPVSService(
            identity: try Self.mark(0x5000_0003), scheduler: "sh",
            persistence: Persistence(timeoutSeconds: 360, prefixLength: 20), flags: [.scheduler2],
            persistenceEngine: "sip")
        let request = GenericRequest.change(.editService(from: service, to: service))
        #expect(request.command == 2)
        #expect(
            request.attributes
                == hex(
                    """
                    40 00 01 80                          ; SERVICE
                    06 00 01 00 02 00 00 00              ; AF_INET
                    08 00 05 00 03 00 00 50              ; mark 0x50000003
                    07 00 06 00 73 68 00 00              ; "sh"
                    0C 00 07 00 11 00 00 00 FD FF FF FF  ; PERSISTENT | SCHED2
                    08 00 08 00 68 01 00 00              ; 360 s
                    08 00 09 00 FF FF F0 00              ; /20
                    08 00 0B 00 73 69 70 00              ; "sip"
                    """))
    }

    @Test func `the netmask of IPv6 is a prefix length in the host's order`() throws {
        let service = IPVSService(identity: try Self.mark(3, .inet6), scheduler: "rr")
        #expect(
            GenericRequest.change(.addService(service)).attributes.suffix(8) == hex("08 00 09 00 80 00 00 00")
        )
    }

    @Test func `a service is removed by its name alone`() throws {
        let request = GenericRequest.change(.deleteService(Self.web))
        #expect(request.command == 3)
        #expect(request.attributes == hex("30 00 01 80\n" + Self.webService))
    }

    @Test func `a destination is added with weight, method and thresholds`() {
        let destination = IPVSDestination(
            endpoint: Self.server, forwarding: .directRouting, weight: 3, upperThreshold: 10,
            lowerThreshold: 5)
        let request = GenericRequest.change(.addDestination(destination, to: Self.web))
        #expect(request.command == 5)
        #expect(
            request.attributes
                == hex(
                    "30 00 01 80\n" + Self.webService + """

                        40 00 02 80                                                  ; DEST, nested
                        14 00 01 00 C0 00 02 15 00 00 00 00 00 00 00 00 00 00 00 00  ; 192.0.2.21
                        06 00 02 00 1F 90 00 00                                      ; port 8080
                        08 00 03 00 03 00 00 00                                      ; DROUTE
                        08 00 04 00 03 00 00 00                                      ; weight 3
                        08 00 05 00 0A 00 00 00                                      ; upper threshold
                        08 00 06 00 05 00 00 00                                      ; lower threshold
                        """))
    }

    @Test func `a tunnel tells its encapsulation and another family`() throws {
        let address = try #require(IPAddress("2001:db8::21"))
        let destination = IPVSDestination(
            endpoint: Endpoint(address, port: 0), forwarding: .tunnel, weight: 1,
            encapsulation: Encapsulation(type: 1, port: 6080, flags: 1))
        let request = GenericRequest.change(
            .editDestination(from: destination, to: destination, of: try Self.mark(3)))
        #expect(request.command == 6)
        #expect(
            request.attributes.dropFirst(20)
                == hex(
                    """
                    60 00 02 80                                                  ; DEST
                    14 00 01 00 20 01 0D B8 00 00 00 00 00 00 00 00 00 00 00 21  ; 2001:db8::21
                    06 00 02 00 00 00 00 00                                      ; port 0
                    06 00 0B 00 0A 00 00 00                                      ; AF_INET6
                    08 00 03 00 02 00 00 00                                      ; TUNNEL
                    08 00 04 00 01 00 00 00                                      ; weight 1
                    08 00 05 00 00 00 00 00 08 00 06 00 00 00 00 00              ; no thresholds
                    05 00 0D 00 01 00 00 00                                      ; GUE
                    06 00 0E 00 17 C0 00 00                                      ; UDP port 6080
                    06 00 0F 00 01 00 00 00                                      ; checksum
                    """)[...])
    }

    @Test func `a destination is removed by address and port`() {
        let request = GenericRequest.change(.deleteDestination(Self.server, from: Self.web))
        #expect(request.command == 7)
        #expect(
            request.attributes.suffix(32)
                == hex(
                    """
                    20 00 02 80
                    14 00 01 00 C0 00 02 15 00 00 00 00 00 00 00 00 00 00 00 00
                    06 00 02 00 1F 90 00 00
                    """)[...])
    }

    @Test func `destinations are asked for by service`() throws {
        let request = GenericRequest.destinations(of: try Self.mark(3, .inet6))
        #expect(request.command == 8)
        #expect(request.flags == .dump)
        #expect(
            request.attributes
                == hex(
                    """
                    14 00 01 80
                    06 00 01 00 0A 00 00 00  ; AF_INET6
                    08 00 05 00 03 00 00 00  ; mark 3
                    """))
    }

    @Test func `a sync thread starts with what is configured and leaves the rest to the kernel`() {
        let plain = GenericRequest.start(.backup, SyncDaemonConfiguration(interface: "eth0", syncID: 51))
        #expect(plain.command == 9)
        #expect(plain.flags == .acknowledge)
        #expect(
            plain.attributes
                == hex(
                    """
                    20 00 03 80                          ; DAEMON
                    08 00 01 00 02 00 00 00              ; backup
                    09 00 02 00 65 74 68 30 00 00 00 00  ; "eth0"
                    08 00 03 00 33 00 00 00              ; id 51
                    """))
        let full = GenericRequest.start(
            .master,
            SyncDaemonConfiguration(
                interface: "eth0", syncID: 0, maximumLength: 1400, group: .v4(IPv4Address(224, 0, 0, 82)),
                port: 8849, ttl: 3))
        #expect(
            full.attributes.suffix(32)
                == hex(
                    """
                    06 00 04 00 78 05 00 00  ; maxlen 1400
                    08 00 05 00 E0 00 00 52  ; 224.0.0.82
                    06 00 07 00 91 22 00 00  ; port 8849, the host's order
                    05 00 08 00 03 00 00 00  ; ttl
                    """)[...])
    }

    @Test func `an IPv6 group has an attribute of its own`() throws {
        let group = try #require(IPAddress("ff02::81"))
        let request = GenericRequest.start(.master, SyncDaemonConfiguration(interface: "lo", group: group))
        #expect(
            request.attributes.suffix(20)
                == hex("14 00 06 00 FF 02 00 00 00 00 00 00 00 00 00 00 00 00 00 81")[...])
    }

    @Test func `a sync thread stops by its state alone`() {
        let request = GenericRequest.stop(.master)
        #expect(request.command == 10)
        #expect(request.attributes == hex("0C 00 03 80 08 00 01 00 01 00 00 00"))
    }

    @Test func `reading needs no attribute`() {
        #expect(GenericRequest.syncDaemons.command == 11)
        #expect(GenericRequest.syncDaemons.flags == .dump)
        #expect(GenericRequest.information.command == 15)
        #expect(GenericRequest.information.flags == .acknowledge)
    }

    @Test func `one service is asked for by its name`() throws {
        let request = GenericRequest.service(try Self.mark(3, .inet6))
        #expect(request.command == 4 && request.flags == .acknowledge)
        #expect(
            request.attributes
                == hex(
                    """
                    14 00 01 80              ; SERVICE
                    06 00 01 00 0A 00 00 00  ; AF_INET6
                    08 00 05 00 03 00 00 00  ; mark 3
                    """))
    }

    @Test func `clearing names nothing, zeroing may name a service`() {
        #expect(GenericRequest.flush.command == 17 && GenericRequest.flush.attributes == [])
        #expect(GenericRequest.zero(nil).command == 16 && GenericRequest.zero(nil).attributes == [])
        #expect(GenericRequest.zero(Self.web).attributes == GenericRequest.service(Self.web).attributes)
        #expect(GenericRequest.flush.flags == .acknowledge && GenericRequest.zero(nil).flags == .acknowledge)
    }

    @Test func `a mask with gaps goes to the kernel as it is`() {
        let service = IPVSService(
            identity: Self.web, scheduler: "rr",
            persistence: Persistence(timeoutSeconds: 360, mask: 0xFF00_FF01))
        let octets = GenericRequest.change(.addService(service)).attributes
        #expect(octets.suffix(8) == hex("08 00 09 00 FF 00 FF 01")[...])
    }
}
