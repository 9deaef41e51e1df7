import NetTypes
import Testing

@testable import IPVSAdmin

@Suite struct ConnectionEntryTests {
    /// As Linux 6.1 wrote them.
    private static let lines = [
        "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData",
        "UDP 0A090064 B1BF 0A090064 0035 0A090001 0035 UDP             299",
        "UDP 2001:0db8:0000:0000:0000:0000:0000:0064 92F9 2001:0db8:0000:0000:0000:0000:0000:0064 0035 "
            + "2001:0db8:0000:0000:0000:0000:0000:0001 0035 UDP             299",
        "TCP 0A090064 B0F6 0A090064 0050 0A090001 0050 ESTABLISHED     899",
        "UDP 0A090064 0000 0A090064 0035 0A090001 0035 NONE             99",
    ]

    private func listing(_ line: String, _ lines: [String] = ConnectionEntryTests.lines) throws -> String {
        guard case .list(let request) = try Sample.command(line) else { return "" }
        let text = ConnectionText(request, names: Sample.names)
        return text.head + lines.compactMap { ConnectionEntry(line: $0) }.map(text.row).joined()
    }

    @Test func `connections are listed to the byte as ipvsadm lists them`() throws {
        #expect(
            try listing("-Lnc") == """
                IPVS connection entries
                pro expire state       source             virtual            destination
                UDP 04:59  UDP         10.9.0.100:45503   10.9.0.100:53      10.9.0.1:53
                UDP 04:59  UDP         [2001:db8::64]:37625 [2001:db8::64]:53  [2001:db8::1]:53
                TCP 14:59  ESTABLISHED 10.9.0.100:45302   10.9.0.100:80      10.9.0.1:80
                UDP 01:39  NONE        10.9.0.100:0       10.9.0.100:53      10.9.0.1:53

                """)
        #expect(
            try listing("-Lc") == """
                IPVS connection entries
                pro expire state       source             virtual            destination
                UDP 04:59  UDP         10.9.0.100:45503   10.9.0.100:domain  10.9.0.1:domain
                UDP 04:59  UDP         [2001:db8::64]:37625 [2001:db8::64]:domain [2001:db8::1]:domain
                TCP 14:59  ESTABLISHED 10.9.0.100:45302   10.9.0.100:http    10.9.0.1:http
                UDP 01:39  NONE        10.9.0.100:0       10.9.0.100:domain  10.9.0.1:domain

                """)
    }

    @Test func `nothing has a head`() throws {
        #expect(
            try listing("-Lnc --persistent-conn", []) == """
                IPVS connection entries
                pro expire state       source             virtual            destination        \
                pe name          pe_data

                """)
    }

    private static let call =
        "UDP 0A090064 13C4 0A090064 13C4 0A090001 13C4 UDP             120 sip abc@192.0.2.1"

    @Test func `what a persistence engine knows is shown on request`() throws {
        #expect(
            try listing("-Lnc", [Self.call]).split(separator: "\n").last
                == "UDP 02:00  UDP         10.9.0.100:5060    10.9.0.100:5060    10.9.0.1:5060")
        #expect(
            try listing("-Lnc --persistent-conn", [Self.call]).split(separator: "\n").last
                == "UDP 02:00  UDP         10.9.0.100:5060    10.9.0.100:5060    10.9.0.1:5060    "
                + "sip                abc@192.0.2.1")
        let entry = ConnectionEntry(line: Self.call)
        #expect(entry?.engine == "sip" && entry?.engineData == "abc@192.0.2.1")
    }

    @Test func `a mark's template has no ports with names`() throws {
        let template = "IP  0A090064 0000 00000003 0000 0A090001 0050 NONE           6000"
        #expect(ConnectionEntry(line: template)?.transport == nil)
        #expect(
            try listing("-Lc", [template]).split(separator: "\n").last
                == "IP  100:00  NONE        10.9.0.100:0       0.0.0.3:0          10.9.0.1:80")
    }

    @Test(
        arguments: [
            "", "UDP", "UDP 0A090064 B1BF 0A090064 0035 0A090001 0035 UDP",
            "UDP 0A09006X B1BF 0A090064 0035 0A090001 0035 UDP 299",
            "UDP 0A090064 1B1BF 0A090064 0035 0A090001 0035 UDP 299",
            "UDP 1A0900640 B1BF 0A090064 0035 0A090001 0035 UDP 299",
            "UDP 0A090064 B1BF 2001::0db8::1 0035 0A090001 0035 UDP 299",
            "UDP 0A090064 B1BF 0A090064 0035 0A090001 0035 UDP -1",
        ])
    func `other lines are none`(line: String) { #expect(ConnectionEntry(line: line) == nil) }

    @Test func `protocols have numbers by their names`() {
        for (name, transport) in [("TCP", TransportProtocol.tcp), ("UDP", .udp), ("SCTP", .sctp)] {
            let line = "\(name) 0A090064 B1BF 0A090064 0035 0A090001 0035 NONE 1"
            #expect(ConnectionEntry(line: line)?.transport == transport)
        }
    }
}
