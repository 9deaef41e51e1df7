import ControlProtocol
import Testing

@Suite struct MetricsTextOthersTests {
    private static let counters: JSONValue = [
        "connections": 5, "packets_in": 6, "packets_out": 1, "bytes_in": 7, "bytes_out": 2,
    ]

    private func samples(_ service: String, as others: MetricsText.Others?) -> [String] {
        let lines: [JSONValue] = [
            ["kind": "service", "id": .string(service), "counters": Self.counters],
            [
                "kind": "server", "service": .string(service), "address": "198.51.100.21:80",
                "counters": Self.counters,
            ],
            ["kind": "server", "service": .string(service), "address": "198.51.100.22:80", "counters": nil],
        ]
        return MetricsText.text(lines, alsoAs: others).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("keepalived_lvs") }
    }

    @Test func `services and servers have gen2brain's names where they are wanted`() {
        #expect(samples("198.51.100.10:80/tcp", as: nil).isEmpty)
        let vip = "{addr=\"198.51.100.10:80\",proto=\"6\"}"
        let server = "{vip=\"198.51.100.10:80\",addr=\"198.51.100.21:80\",proto=\"6\"}"
        #expect(
            Set(samples("198.51.100.10:80/tcp", as: .lvs)) == [
                "keepalived_lvs_vip_in_packets\(vip) 6", "keepalived_lvs_vip_out_packets\(vip) 1",
                "keepalived_lvs_vip_in_bytes\(vip) 7", "keepalived_lvs_vip_out_bytes\(vip) 2",
                "keepalived_lvs_vip_conn\(vip) 5", "keepalived_lvs_rs_in_packets\(server) 6",
                "keepalived_lvs_rs_out_packets\(server) 1", "keepalived_lvs_rs_in_bytes\(server) 7",
                "keepalived_lvs_rs_out_bytes\(server) 2", "keepalived_lvs_rs_conn\(server) 5",
            ])
    }

    @Test(arguments: [
        ("[2001:db8::1]:53/udp", "addr=\"[2001:db8::1]:53\",proto=\"17\""),
        ("fwmark:3/inet6", "addr=\"fwmark:3/inet6\",proto=\"0\""),
        ("fwmark:3", "addr=\"fwmark:3\",proto=\"0\""),
    ])
    func `a protocol has its number, and a mark none`(service: String, labels: String) {
        #expect(samples(service, as: .lvs).contains("keepalived_lvs_vip_conn{\(labels)} 5"))
    }
}
