import ControlProtocol
import Testing

@Suite struct WhyTextTests {
    private static let down: JSONValue = [
        "kind": "server", "service": "198.51.100.10:80/tcp", "address": "198.51.100.23:80", "state": "down",
        "since_seconds": 1452, "weight": nil, "active": nil, "inactive": nil,
        "checks": [
            [
                "target": "TCP 198.51.100.23:80", "verdict": "down", "result": "L4CON",
                "text": "connection refused", "duration_seconds": .number(0.0003), "failures": 64,
                "at": "2026-08-09T14:22:13.000Z",
            ]
        ],
        "history": [
            [
                "at": "2026-08-09T13:58:07.310Z", "state": "down", "result": "L4CON",
                "text": "refused after 0.3 ms, 3 of 3 tries",
            ]
        ],
    ]

    private func text(_ target: String, _ lines: [JSONValue]) throws -> String {
        try #require(WhyText(of: target, in: lines)).text
    }

    @Test func `the latest probe says what its parts took, where it has several`() throws {
        func last(_ members: [(String, JSONValue)]) throws -> String? {
            var check: [JSONValue.Member] = [
                JSONValue.Member("target", "HTTPS 198.51.100.23:443"), JSONValue.Member("verdict", "up"),
                JSONValue.Member("result", "L7OK"), JSONValue.Member("text", "status 200"),
                JSONValue.Member("duration_seconds", .number(0.0042)), JSONValue.Member("at", "T"),
            ]
            check += members.map { JSONValue.Member($0, $1) }
            let line: JSONValue = [
                "kind": "server", "service": "198.51.100.10:443/tcp", "address": "198.51.100.23:443",
                "state": "up", "since_seconds": 9, "weight": 1, "active": 0, "inactive": 0,
                "checks": .array([.object(check)]), "history": [],
            ]
            return try text("198.51.100.23", [line]).split(separator: "\n").first { $0.contains("  last ") }
                .map { $0.split(separator: " ").dropFirst(2).joined(separator: " ") }
        }
        #expect(try last([]) == "L7OK status 200 after 4.2 ms")
        #expect(
            try last([("connect_seconds", .number(0.0042)), ("tls_seconds", .null)])
                == "L7OK status 200 after 4.2 ms")
        #expect(
            try last([("connect_seconds", .number(0.0008)), ("tls_seconds", .number(0.0021))])
                == "L7OK status 200 after 4.2 ms (connect 0.8 ms, TLS 2.1 ms)")
        #expect(
            try last([("connect_seconds", .number(0.0008))])
                == "L7OK status 200 after 4.2 ms (connect 0.8 ms)")
    }

    @Test func `a server that is down tells its check, its last answer and its history`() throws {
        #expect(
            try text("198.51.100.23", [StatusDocumentTests.service("down", quorum: false), Self.down]) == """
                198.51.100.23:80 in 198.51.100.10:80/tcp has been DOWN for 24 min
                  check      TCP 198.51.100.23:80: down
                  last       2026-08-09T14:22:13.000Z  L4CON connection refused after 0.3 ms
                  failures   64 in a row
                  history    2026-08-09T13:58:07.310Z  DOWN  L4CON refused after 0.3 ms, 3 of 3 tries
                  traffic    none: the kernel's table does not have it
                  quorum     LOST: too few servers are up

                """)
    }

    @Test func `a server tells what an operator wants of it`() throws {
        let text = try text("198.51.100.21", [StatusDocumentTests.server("drain")])
        #expect(
            text.contains("  operator   drain by uid 1000 since 2026-08-09T14:02:11.002Z: kernel update\n"),
            "\(text)")
    }

    @Test func `a server without checks is up because nothing says otherwise`() throws {
        let server: JSONValue = [
            "kind": "server", "service": "s", "address": "192.0.2.1:80", "state": "up", "since_seconds": 3,
            "weight": 2, "active": 1, "inactive": 0, "checks": [], "history": [],
        ]
        #expect(
            try text("192.0.2.1", [server]) == """
                192.0.2.1:80 in s has been UP for 3 s
                  check      none: always up
                  traffic    weight 2, 1 active, 0 inactive

                """)
    }

    @Test func `an instance tells what each thing that it tracks makes of it`() throws {
        func tracking(
            _ kind: JSONValue, _ name: JSONValue, _ state: JSONValue, _ added: JSONValue
        ) -> JSONValue {
            let weight: JSONValue = name == "nginx" ? 0 : 5
            return ["kind": kind, "name": name, "weight": weight, "state": state, "added": added]
        }
        let instance = JSONValue.object(
            StatusDocumentTests.instance("fault", priority: 137).members + [
                .init(
                    "tracking",
                    [
                        tracking("track_script", "chk", "counted", -20),
                        tracking("track_file", "load", "counted", 7),
                        tracking("track_interface", "eth1", "fault", nil),
                        tracking("track_process", "nginx", "counted", 0),
                        tracking("track_script", "bad", "counted", 0),
                        tracking("track_script", "new", "unknown", nil),
                    ])
            ])
        #expect(
            try text("VI_1", [instance]).contains(
                "  tracks     track_script chk: -20; track_file load: +7; track_interface eth1: FAULT; "
                    + "track_process nginx: in order; track_script bad: +0; track_script new: not known yet\n"
            ))
    }

    @Test func `an instance tells why, whom it follows and what it threw away`() throws {
        let instance = JSONValue.object(
            StatusDocumentTests.instance("master", present: false, priority: 130).members + [
                .init("counters", ["sent": 4, "dropped-ttl": 3, "dropped-type": 0])
            ])
        #expect(
            try text("VI_1", [instance]) == """
                VI_1 has been MASTER for 90 s
                  because    no advert for 3.609 s
                  priority   130, configured 150: what it tracks has changed it
                  addresses  missing: 198.51.100.10/24
                  dropped    adverts: 3 ttl

                """)
        let master: JSONValue = ["address": "198.51.100.3", "priority": 200, "last_advert_seconds": 0]
        let backup = try text(
            "VI_1", [StatusDocumentTests.instance("backup", present: false, master: master)])
        #expect(backup.contains("  master     198.51.100.3, priority 200, heard 0 s ago\n"))
        #expect(!backup.contains("missing") && backup.contains("  priority   150\n"))
    }

    @Test func `a service tells its quorum and who is down`() throws {
        let service = JSONValue.object(
            StatusDocumentTests.service("down", quorum: false, sorry: true).members + [
                .init("live_weight", 0)
            ])
        #expect(
            try text("198.51.100.10:80/tcp", [service, Self.down]) == """
                198.51.100.10:80/tcp is DOWN
                  quorum     LOST, live weight 0 of 1
                  down       198.51.100.23:80
                  sorry      198.51.100.9:80 takes the traffic

                """)
    }

    @Test func `a part of a name finds all that have it, a whole one only itself`() throws {
        let lines = [StatusDocumentTests.service()] + StatusDocumentTests.servers
        #expect(try text("198.51.100.2", lines).contains("198.51.100.21:80 in"))
        #expect(try text("198.51.100.2", lines).contains("198.51.100.23:80 in"))
        #expect(try !text("198.51.100.10:80/tcp", lines).contains("198.51.100.21:80 in"))
        #expect(try text("198.51.100.21:80@198.51.100.10:80/tcp", lines).hasPrefix("198.51.100.21:80 in"))
        #expect(WhyText(of: "VI_9", in: lines) == nil)
        #expect(WhyText(of: "VI_1", in: [StatusDocumentTests.daemon]) == nil)
    }

    private static func server(_ state: String, held: Bool = false, admin: String = "ready") -> JSONValue {
        [
            "kind": "server", "service": "192.0.2.100:80/tcp", "address": "192.0.2.21:80",
            "state": .string(state), "admin": .string(admin), "checks": [["held": .bool(held)]],
        ]
    }

    static let health: [(line: JSONValue, isWell: Bool)] = [
        (server("up"), true), (server("up", admin: "drain"), true), (server("down"), false),
        (server("up", held: true), false), (StatusDocumentTests.instance("backup", present: false), true),
        (StatusDocumentTests.instance("master", present: false), false),
        (StatusDocumentTests.instance("fault"), false),
        (StatusDocumentTests.service("up"), true), (StatusDocumentTests.service("degraded"), false),
    ]

    @Test(arguments: health) func `it says whether that is well`(line: JSONValue, isWell: Bool) throws {
        let target = try #require((line["address"] ?? line["name"] ?? line["id"])?.text)
        #expect(try #require(WhyText(of: target, in: [line])).isWell == isWell)
    }

    @Test func `of several things each must be well, and nothing else`() throws {
        let lines = [Self.server("up"), StatusDocumentTests.instance("fault")]
        #expect(try #require(WhyText(of: "192.0.2.21", in: lines)).isWell, "the instance was not asked for")
        let both = lines + [Self.server("down")]
        #expect(try #require(WhyText(of: "192.0.2.21", in: both)).isWell == false)
    }
}
