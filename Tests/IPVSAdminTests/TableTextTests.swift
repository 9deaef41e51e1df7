import LoadBalancing
import NetTypes
import Testing

@testable import IPVSAdmin

/// The files of Golden are what ipvsadm printed; `Sample.everything` is what it had been given.
@Suite struct TableTextTests {
    private func text(_ line: String, _ records: [ServiceRecord]) throws -> String {
        guard case .list(let request) = try Sample.command(line) else {
            Issue.record("\(line) lists nothing")
            return ""
        }
        return TableText(request, names: Sample.names).text(records)
    }

    private static let title = TableText.title(version: "1.2.1", connectionTableSize: 4096)

    @Test(
        arguments: [
            ("-Ln", "list"), ("-L", "list-names"), ("-Ln --stats", "stats"), ("-Ln --stats -X", "stats"),
            ("-Ln --rate", "rate"), ("-Ln --thresholds", "thresholds"),
            ("-Ln --persistent-conn", "persistent-conn"), ("-Ln --tun-info", "tun-info"),
            ("-Ln --sort", "list"),
        ])
    func `listings are ipvsadm's to the byte`(line: String, file: String) throws {
        let printed = try Sample.golden(file)
        #expect(Self.title + (try text(line, Sample.table(Sample.everything))) == printed)
    }

    @Test func `one service has no title`() throws {
        let records = try Sample.table(Sample.everything)
            .filter { $0.settings.identity.description == "10.9.0.100:80/tcp" }
        let printed = try Sample.golden("one-service")
        #expect(try text("-Ln -t 10.9.0.100:80", records) == printed)
    }

    @Test func `an empty table has a head`() throws {
        #expect(
            try text("-L", []) == """
                Prot LocalAddress:Port Scheduler Flags
                  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn

                """)
    }

    private var busy: ServiceRecord {
        get throws {
            var record = try #require(
                try Sample.table("-A -u 10.9.0.100:53 -p\n-a -u 10.9.0.100:53 -r 10.9.0.1 -m").first)
            record.counters.connections = 1
            record.counters.packetsIn = 18628
            record.counters.octetsIn = 1_118_141_684
            record.counters.octetsOut = 99_999_999
            record.rates.connections = 3
            record.rates.packetsIn = 1539
            record.rates.octetsIn = 92_381_484
            record.destinations[0].counters = record.counters
            record.destinations[0].rates = record.rates
            record.destinations[0].active = 2
            record.destinations[0].inactive = 1
            record.destinations[0].persistent = 4
            return record
        }
    }

    @Test func `counts are shortened unless they are to be exact`() throws {
        #expect(
            try text("-Ln --stats", [busy]).split(separator: "\n").suffix(2) == [
                "UDP  10.9.0.100:53                       1    18628        0    1118M 99999999",
                "  -> 10.9.0.1:53                         1    18628        0    1118M 99999999",
            ])
        #expect(
            try text("-Ln --stats --exact", [busy]).split(separator: "\n").suffix(2) == [
                "UDP  10.9.0.100:53                       1    18628        0 1118141684 99999999",
                "  -> 10.9.0.1:53                         1    18628        0 1118141684 99999999",
            ])
        #expect(
            try text("-Ln --rate", [busy]).split(separator: "\n").suffix(2) == [
                "UDP  10.9.0.100:53                       3     1539        0 92381484        0",
                "  -> 10.9.0.1:53                         3     1539        0 92381484        0",
            ])
    }

    @Test func `connections are counted by kind`() throws {
        #expect(
            try text("-Ln", [busy]).split(separator: "\n").last
                == "  -> 10.9.0.1:53                  Masq    1      2          1         ")
        #expect(
            try text("-Ln --persistent-conn", [busy]).split(separator: "\n").last
                == "  -> 10.9.0.1:53                  1         4           2          1         ")
    }

    @Test func `what no option writes is shown too`() throws {
        var record = try busy
        record.destinations[0].isLocal = true
        #expect(try text("-Ln", [record]).contains("Local   1      2"))
        record.destinations[0].isLocal = false
        record.destinations[0].destination.forwarding = .bypass
        #expect(try text("-Ln", [record]).contains("(null)  1      2"))
        record.settings.persistenceEngine = ""
        #expect(try !text("-Ln", [record]).contains("pe "))
    }

    @Test func `unsorted is the kernel's order`() throws {
        let records = try Sample.table("-A -t 10.9.0.2:80\n-A -t 10.9.0.1:80\n-A -f 2\n-A -t 10.9.0.3:80")
        #expect(
            try text("-Ln --nosort", records).split(separator: "\n").dropFirst(2) == [
                "TCP  10.9.0.2:80 wlc", "TCP  10.9.0.1:80 wlc", "FWM  2 wlc", "TCP  10.9.0.3:80 wlc",
            ])
    }

    @Test func `names of any length are whole`() throws {
        var names = Sample.names
        names.host = { _ in "a-real-server-with-a-long-name.example" }
        guard case .list(let request) = try Sample.command("-L") else { return }
        let rows = TableText(request, names: names).text(try Sample.table(Sample.everything))
        #expect(rows.contains("TCP  a-real-server-with-a-long-name.example:http wlc\n"))
        #expect(rows.contains("  -> a-real-server-with-a-long-name.example:http Route   1      0"))
    }

    @Test func `an engine without persistence does nothing and is not shown`() throws {
        let records = try Sample.table("-A -f 3 --pe sip\n-A -f 4 -p --pe sip")
        #expect(
            try text("-L", records).split(separator: "\n").dropFirst(2) == [
                "FWM  3 wlc", "FWM  4 wlc persistent 360 pe sip",
            ])
    }

    @Test func `masks with gaps are shown as they are`() throws {
        let records = try Sample.table("-A -t 10.9.0.1:80 -p -M 255.0.255.0\n-A -f 9 -p -M 64")
        let rows = try text("-Ln", records).split(separator: "\n").dropFirst(2)
        #expect(
            rows == [
                "TCP  10.9.0.1:80 wlc persistent 360 mask 255.0.255.0",
                "FWM  9 wlc persistent 360 mask 0.0.0.64",
            ])
    }
}
