import ControlProtocol
import LoadBalancing
import NetTypes
import Testing

@testable import IPVSAdmin

@Suite struct ListingJSONTests {
    private func services(_ lines: String) throws -> [JSONValue] {
        let records = try Sample.table(lines)
        let table = ListingJSON.table(records, version: "1.2.1", connectionTableSize: 4096)
        #expect(table["version"]?.text == "1.2.1" && table["connection_table_size"]?.integer == 4096)
        return table["services"]?.elements ?? []
    }

    @Test func `a service has all its settings`() throws {
        let service = try #require(
            try services("-A -u 10.9.0.100:5060 -s sh -b sh-port -p 100 -M 255.255.255.0 --pe sip -o").first)
        #expect(
            JSONWriter.line(service) == """
                {"protocol": "udp", "address": "10.9.0.100", "port": 5060, "scheduler": "sh", \
                "scheduler_flags": ["sh-port"], "one_packet": true, \
                "persistence": {"timeout": 100, "mask": "255.255.255.0"}, "persistence_engine": "sip", \
                "counters": {"connections": 0, "packets_in": 0, "packets_out": 0, "octets_in": 0, \
                "octets_out": 0}, "rates": {"connections": 0, "packets_in": 0, "packets_out": 0, \
                "octets_in": 0, "octets_out": 0}, "servers": []}
                """)
    }

    @Test func `a mark has a family`() throws {
        let all = try services("-A -f 4294967295 -6 -p\n-A -f 3")
        #expect(all.map { $0["fwmark"]?.integer } == [4_294_967_295, 3])
        #expect(all.map { $0["family"]?.text } == ["inet6", "inet"])
        #expect(all.first?["persistence"]?["mask"]?.text == "128")
        #expect(all.last?["persistence"] == .null && all.last?["persistence_engine"] == .null)
        #expect(all.last?["address"] == nil)
    }

    @Test func `a server has everything that is known of it`() throws {
        var record = try #require(
            try Sample.table("-A -t 10.9.0.1:80\n-a -t 10.9.0.1:80 -r 10.9.0.2:81 -m -w 7 -x 9 -y 3").first)
        record.destinations[0].active = 1
        record.destinations[0].inactive = 2
        record.destinations[0].persistent = 3
        record.destinations[0].counters.octetsIn = .max
        record.destinations[0].rates.connections = 5
        let table = ListingJSON.table([record], version: "1.2.1", connectionTableSize: 1)
        let server = try #require(table["services"]?[0]?["servers"]?[0])
        #expect(server["address"]?.text == "10.9.0.2" && server["port"]?.integer == 81)
        #expect(server["forwarding"]?.text == "masquerading" && server["tunnel"] == .null)
        #expect(server["weight"]?.integer == 7)
        #expect(server["upper_threshold"]?.integer == 9 && server["lower_threshold"]?.integer == 3)
        #expect(server["active_connections"]?.integer == 1 && server["inactive_connections"]?.integer == 2)
        #expect(server["persistent_connections"]?.integer == 3)
        #expect(server["counters"]?["octets_in"]?.integer == .max)
        #expect(server["rates"]?["connections"]?.integer == 5)
        record.destinations[0].isLocal = true
        let local = ListingJSON.table([record], version: "1.2.1", connectionTableSize: 1)
        #expect(local["services"]?[0]?["servers"]?[0]?["forwarding"]?.text == "local")
    }

    @Test(
        arguments: [
            ("-i", #"{"type": "ipip", "port": null, "checksum": false, "remote_checksum": false}"#),
            (
                "-i --tun-type gue --tun-port 6080 --tun-remcsum",
                #"{"type": "gue", "port": 6080, "checksum": false, "remote_checksum": true}"#
            ),
            (
                "-i --tun-type gre --tun-csum",
                #"{"type": "gre", "port": null, "checksum": true, "remote_checksum": false}"#
            ),
            ("-g", "null"),
        ])
    func `tunnels are told`(options: String, text: String) throws {
        let service = try services("-A -f 3\n-a -f 3 -r 10.9.0.2 \(options)").first
        let tunnel = try #require(service?["servers"]?[0]?["tunnel"])
        #expect(JSONWriter.line(tunnel) == text)
    }

    @Test func `the table is sorted`() throws {
        let all = try services("-A -t 10.9.0.2:80\n-A -t 10.9.0.1:80")
        #expect(all.map { $0["address"]?.text } == ["10.9.0.1", "10.9.0.2"])
    }

    @Test func `timeouts and sync threads`() {
        let timeouts = ListingJSON.timeouts([.tcp: 900, .tcpFin: 120, .udp: 300])
        #expect(JSONWriter.line(timeouts) == #"{"tcp": 900, "tcpfin": 120, "udp": 300}"#)
        var master = SyncDaemonConfiguration(interface: "d0", syncID: 7, maximumLength: 1472)
        master.group = .v4(IPv4Address(224, 0, 0, 81))
        master.port = 8848
        master.ttl = 1
        #expect(
            JSONWriter.line(ListingJSON.daemons(SyncDaemonState(master: master))) == """
                [{"state": "master", "interface": "d0", "syncid": 7, "maxlen": 1472, \
                "group": "224.0.0.81", "port": 8848, "ttl": 1}]
                """)
        let old = SyncDaemonState(backup: SyncDaemonConfiguration(interface: "d0"))
        #expect(ListingJSON.daemons(old)[0]?["group"] == .null)
        #expect(ListingJSON.daemons(SyncDaemonState()).elements.isEmpty)
    }

    @Test func `a connection`() throws {
        let entry = try #require(
            ConnectionEntry(
                line: "UDP 0A090064 13C4 0A090064 13C4 0A090001 0035 UDP             120 sip abc"))
        #expect(
            JSONWriter.line(ListingJSON.connection(entry)) == """
                {"protocol": "udp", "state": "UDP", "expires": 120, \
                "source": {"address": "10.9.0.100", "port": 5060}, \
                "virtual": {"address": "10.9.0.100", "port": 5060}, \
                "destination": {"address": "10.9.0.1", "port": 53}, \
                "persistence_engine": "sip", "persistence_data": "abc"}
                """)
    }
}
