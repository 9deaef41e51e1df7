import ControlProtocol
import Testing

@Suite struct PlanDocumentTests {
    private static let head: JSONValue = ["kind": "plan", "schema": 1, "file": "/a", "digest": "abc"]

    private static func change(
        _ kind: JSONValue, _ object: JSONValue, _ item: JSONValue, _ detail: JSONValue = "",
        interrupts: Bool = false, effect: JSONValue = "at once"
    ) -> JSONValue {
        [
            "kind": "change", "object": object, "item": item, "change": kind, "detail": detail,
            "effect": effect, "interrupts": .bool(interrupts),
        ]
    }

    private static let service: JSONValue = "virtual_server 192.0.2.100:80/tcp"
    private static let weight = change(
        "change", service, "real_server 192.0.2.22:80", "weight 1 -> 3", effect: "in place")
    private static let gone = change(
        "remove", service, "real_server 192.0.2.21:80", interrupts: true, effect: "7 connections are cut")

    private static func override(_ order: JSONValue, of server: JSONValue, ends: JSONValue) -> JSONValue {
        [
            "kind": "override", "service": "s", "server": server, "order": order, "by": "uid 7", "ends": ends,
        ]
    }

    private func document(_ lines: [JSONValue]) throws -> PlanDocument {
        try #require(PlanDocument([Self.head] + lines))
    }

    @Test func `nothing to change is told in a sentence, and well`() throws {
        let document = try document([])
        #expect(document.text == "nothing would change\n" && document.exitStatus == 0)
        #expect(document.json["interrupts"] == false && document.json["changes"] == [])
    }

    @Test func `changes stand under their object, with what they do`() throws {
        let document = try document([
            Self.weight, Self.gone, Self.change("add", "virtual_server 192.0.2.101:80/tcp", nil),
            Self.override("drain", of: "a", ends: false), Self.override("maint", of: "b", ends: true),
        ])
        #expect(
            document.text == """
                  virtual_server 192.0.2.100:80/tcp
                    ~ real_server 192.0.2.22:80  weight 1 -> 3    in place
                    - real_server 192.0.2.21:80                 ! 7 connections are cut
                  + virtual_server 192.0.2.101:80/tcp    at once
                  kept: drain of a in s by uid 7
                  over: maint of b in s by uid 7, with its server
                1 to add, 1 to change, 1 to remove.  Interrupts traffic: yes.  Apply with: holdfast reload

                """)
    }

    @Test func `the exit status tells whether something changes, and whether that interrupts`() throws {
        #expect(try document([Self.weight]).exitStatus == 2)
        #expect(try document([Self.weight, Self.gone]).exitStatus == 3)
        #expect(try document([Self.weight]).text.contains("Interrupts traffic: no."))
    }

    @Test func `the document has all of it, without what only belongs to a line`() throws {
        let json = try document([Self.gone, ["kind": "news"]]).json
        #expect(json["kind"] == nil && json["schema"] == 1 && json["digest"] == "abc")
        #expect(json["changes"]?[0]?["kind"] == nil && json["changes"]?[0]?["change"] == "remove")
        #expect(json["changes"]?.elements.count == 1 && json["interrupts"] == true)
    }

    @Test func `an answer without a plan is none`() {
        #expect(PlanDocument([Self.weight]) == nil)
    }
}
