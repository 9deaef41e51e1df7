import ConfigSyntax
import LoadBalancing
import NetTypes
import Testing

@testable import ConfigModel

@Suite struct ServiceGroupDraftTests {
    private let span = Span(file: 0, start: 0, end: 1)

    private func group(_ lines: ServiceGroup.Line...) -> ServiceGroupDraft {
        let origin = Origin(Statement(keyword: Word("virtual_server_group", span: span), arguments: []))
        return ServiceGroupDraft(
            origin: origin, name: Located("web", at: span),
            lines: lines.enumerated().map { index, line in
                Located(line, at: Span(file: 0, start: index, end: index + 1))
            })
    }

    private func range(_ text: String, _ port: UInt16) throws -> ServiceGroup.Line {
        .addresses(try #require(AddressRange(text)), port: port)
    }

    private func mark(_ number: UInt32, _ family: AddressFamily? = nil) throws -> ServiceGroup.Line {
        .mark(try #require(FirewallMark(number)), family)
    }

    @Test func `members point at the line they come from`() throws {
        let members = try #require(
            ServiceMembers(group(try range("192.0.2.1-3", 80), try mark(3), try range("192.0.2.9", 443))))
        #expect(members.list.count == 5)
        #expect(members.list.map(\.span.start) == [0, 0, 0, 1, 2])
        #expect(members.ports.map(\.value) == [80, 443])
        #expect(members.ports.map(\.span.start) == [0, 2])
        #expect(members.port == 0, "they differ")
        #expect(members.endpoints.count == 4)
        #expect(!members.isMarked)
        #expect(members.family == .inet)
    }

    @Test func `one port of all is the group's`() throws {
        let members = try #require(
            ServiceMembers(group(try range("192.0.2.1", 80), try range("192.0.2.7", 80))))
        #expect(members.port == 80)
        #expect(!members.isMarked)
    }

    @Test func `marks alone have no port, and the family that is written`() throws {
        let members = try #require(ServiceMembers(group(try mark(3), try mark(4, .inet6))))
        #expect(members.isMarked)
        #expect(members.port == 0)
        #expect(members.family == .inet6)
        #expect(try #require(ServiceMembers(group(try mark(3)))).family == nil)
    }

    @Test func `no more members are made than allowed, and none is no group`() throws {
        let wide = group(try range("10.0.0.0/8", 80), try mark(3))
        #expect(ServiceMembers(wide, limit: 7)?.list.count == 7)
        #expect(ServiceMembers(group()) == nil)
        #expect(wide.lines.map(\.value.count) == [1 << 24, 1])
    }
}
