import ControlProtocol
import Testing
import Timekeeping

@Suite struct StatusDocumentTests {
    static let daemon: JSONValue = [
        "kind": "daemon", "schema": 1, "host": "lvs-a", "version": "holdfastd 0.1.0", "process": 7,
        "uptime_seconds": .seconds(.seconds(1_051_200)),
        "config": ["digest": "4f1c09e", "loaded_seconds": 7260, "last_reload": nil],
        "roles": [
            ["role": "vrrp", "state": "running"], ["role": "lvs", "state": "restarting"],
            ["role": "checker", "state": "absent"],
        ],
    ]

    static func instance(
        _ state: JSONValue = "master", present: Bool = true, priority: Int = 150, master: JSONValue = nil
    ) -> JSONValue {
        [
            "kind": "instance", "name": "VI_1", "interface": "ka0", "vrid": 51, "state": state,
            "since_seconds": 90, "reason": "no advert for 3.609 s", "priority": .integer(priority),
            "base_priority": 150, "master": master,
            "vips": [["address": "198.51.100.10/24", "interface": "ka0", "present": .bool(present)]],
        ]
    }

    static func service(
        _ state: JSONValue = "degraded", quorum: Bool = true, sorry: Bool = false
    ) -> JSONValue {
        [
            "kind": "service", "id": "198.51.100.10:80/tcp", "programmed_as": ["fwmark:3"],
            "scheduler": "wrr",
            "forwarding": "dr", "state": state, "present": true, "quorum": 1, "quorum_up": .bool(quorum),
            "servers": 2, "servers_up": 1, "sorry_server": "198.51.100.9:80",
            "sorry_server_active": .bool(sorry),
        ]
    }

    static let servers: [JSONValue] = [
        [
            "kind": "server", "service": "198.51.100.10:80/tcp", "address": "198.51.100.21:80", "state": "up",
            "since_seconds": 7300, "weight": 3, "config_weight": 3, "active": 31004, "inactive": 12,
            "checks": [
                [
                    "target": "HTTP 198.51.100.21:80", "result": "L7OK", "text": "status 200",
                    "duration_seconds": .number(0.00187),
                ]
            ],
        ],
        [
            "kind": "server", "service": "198.51.100.10:80/tcp", "address": "198.51.100.23:80",
            "state": "down", "since_seconds": 1440, "weight": nil, "config_weight": 1, "active": nil,
            "inactive": nil, "checks": [["target": "TCP 198.51.100.23:80", "result": nil]],
        ],
    ]

    private func document(_ lines: [JSONValue]) throws -> StatusDocument {
        try #require(StatusDocument([Self.daemon] + lines))
    }

    @Test func `people see everything under each other`() throws {
        let text = try document([Self.instance(), Self.service()] + Self.servers).text
        #expect(
            text == """
                lvs-a  holdfastd 0.1.0, up 12 d 4 h  config 4f1c09e, loaded 2 h 1 min ago  \
                (vrrp running, lvs restarting)

                VI_1                       MASTER for 90 s  vrid 51 on ka0  priority 150  \
                no advert for 3.609 s
                  198.51.100.10/24 on ka0  held

                198.51.100.10:80/tcp  DEGRADED  wrr, dr           1 of 2 up, quorum 1 met    as fwmark:3
                  198.51.100.21:80    up        weight 3          31004 active, 12 inactive  for 2 h 1 min  \
                L7OK status 200, 1.9 ms
                  198.51.100.23:80    DOWN      not in the table  0 active, 0 inactive       for 24 min

                """, "\(text)")
    }

    /// The first server as it is when an operator has said something about it.
    static func server(_ admin: JSONValue, weight: JSONValue = nil, until: JSONValue = nil) -> JSONValue {
        let override: JSONValue = [
            "weight": weight, "by": "uid 1000", "reason": "kernel update",
            "since": "2026-08-09T14:02:11.002Z", "until": until,
        ]
        return .object(servers[0].members + [.init("admin", admin), .init("override", override)])
    }

    @Test func `what an operator wants is told with who, why and until when`() throws {
        let lines = [
            Self.service(), Self.server("drain", until: "2026-08-09T16:02:11.002Z"),
            Self.server("ready", weight: 5), Self.server("maint"),
        ]
        let rows = try document(lines).text.split(separator: "\n").dropFirst(2)
        #expect(
            rows.map { $0.split(separator: "  ")[1].drop { $0 == " " } } == ["up DRAIN", "up", "up MAINT"])
        let notes = [
            "L7OK status 200, 1.9 ms; drain by uid 1000 since 2026-08-09T14:02:11.002Z, until "
                + "2026-08-09T16:02:11.002Z: kernel update",
            "; weight 5 by uid 1000 since 2026-08-09T14:02:11.002Z: kernel update",
            "; maint by uid 1000 since 2026-08-09T14:02:11.002Z: kernel update",
        ]
        for (row, note) in zip(rows, notes) { #expect(row.hasSuffix(note), "\(row)") }
    }

    @Test func `a backup's master, tracked priorities and lost quorums are told`() throws {
        let master: JSONValue = ["address": "198.51.100.3", "priority": 200, "last_advert_seconds": 0]
        let text = try document([
            Self.instance("backup", present: false, priority: 130, master: master),
            Self.service("down", quorum: false, sorry: true),
        ]).text
        #expect(text.contains("BACKUP for 90 s"))
        #expect(text.contains("priority 130 (base 150)  master 198.51.100.3, priority 200, heard 0 s ago"))
        #expect(text.contains("198.51.100.10/24 on ka0  not held"))
        #expect(text.contains("quorum 1 LOST  sorry server 198.51.100.9:80 takes the traffic; as fwmark:3"))
    }

    @Test func `a refused reload is told with its reasons`() throws {
        let config: JSONValue = [
            "digest": "x", "loaded_seconds": 1,
            "last_reload": [
                "accepted": false, "at": "2026-08-09T10:02:11.120Z", "findings": ["a:1:1: error"],
            ],
        ]
        let daemon = JSONValue.object(
            Self.daemon.members.map { $0.name == "config" ? .init("config", config) : $0 })
        let text = try #require(StatusDocument([daemon])).text
        #expect(text.hasSuffix("the last reload was refused (2026-08-09T10:02:11.120Z):\n  a:1:1: error\n"))
    }

    @Test func `servers stand in their service, without what only belongs to a line`() throws {
        let json = try document([Self.instance(), Self.service()] + Self.servers + [["kind": "news"]]).json
        #expect(json["schema"] == 1 && json["kind"] == nil && json["host"] == "lvs-a")
        #expect(json["vrrp"]?[0]?["name"] == "VI_1" && json["vrrp"]?[0]?["kind"] == nil)
        let service = json["virtual_servers"]?[0]
        #expect(service?["id"] == "198.51.100.10:80/tcp" && service?["kind"] == nil)
        #expect(
            service?["real_servers"]?.elements.map { $0["address"] } == [
                "198.51.100.21:80", "198.51.100.23:80",
            ])
        #expect(service?["real_servers"]?[0]?["service"] == nil)
        #expect(json["virtual_servers"]?.elements.count == 1)
    }

    @Test func `an answer without a daemon is none, a server without a service is left out`() throws {
        #expect(StatusDocument([Self.instance()]) == nil)
        let json = try document(Self.servers).json
        #expect(json["virtual_servers"] == [])
    }

    static let health: [(lines: [JSONValue], isWell: Bool)] = [
        ([], true), ([instance()], true), ([instance("backup", present: false)], true),
        ([instance(present: false)], false), ([instance("fault")], false), ([instance("init")], false),
        ([service("up")], true), ([service("degraded")], false), ([service("down")], false),
        ([instance(), service("up"), instance("fault")], false),
    ]

    @Test(arguments: health) func `all is well when everything is`(lines: [JSONValue], isWell: Bool) throws {
        let document = try document(lines)
        #expect(document.isWell == isWell)
    }
}
