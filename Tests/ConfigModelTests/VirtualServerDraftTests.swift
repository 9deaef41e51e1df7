import ConfigSyntax
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

@testable import ConfigModel

@Suite struct VirtualServerDraftTests {
    private let span = Span(file: 0, start: 0, end: 1)

    private func origin() -> Origin { Origin(Statement(keyword: Word("x", span: span), arguments: [])) }

    private func service(_ header: ServiceHeader?) -> VirtualServerDraft {
        VirtualServerDraft(origin: origin(), header: header.map { Located($0, at: span) })
    }

    private func server(_ address: String, port: UInt16? = nil) throws -> RealServerDraft {
        var server = RealServerDraft(origin: origin())
        server.address = Located(try #require(IPAddress(address)), at: span)
        server.port = port.map { Located($0, at: span) }
        return server
    }

    private func addressed(port: UInt16 = 80) throws -> VirtualServerDraft {
        service(.address(try #require(IPAddress("192.0.2.100")), port: port))
    }

    private func marked(_ family: AddressFamily? = nil) throws -> VirtualServerDraft {
        service(.mark(try #require(FirewallMark(3)), family))
    }

    @Test func `the family comes from the address, the word, or the first server`() throws {
        #expect(try addressed().family == .inet)
        #expect(try marked().family == .inet)
        #expect(try marked(.inet6).family == .inet6)
        var service = try marked()
        service.realServers = [try server("2001:db8::1"), try server("192.0.2.1")]
        #expect(service.family == .inet6)
        #expect(self.service(nil).family == .inet)
    }

    @Test func `the identity needs a protocol unless there is a mark`() throws {
        var service = try addressed()
        #expect(service.identity == nil)
        service.transport = Located(.udp, at: span)
        #expect(service.identity?.description == "192.0.2.100:80/udp")
        #expect(try marked().identity?.description == "fwmark:3")
        #expect(self.service(nil).identity == nil)
    }

    @Test func `of a service that was read, the checks are left that others are concerned with`() throws {
        var (plain, bound, failed) = (
            CheckDraft(.tcp, origin: origin()), CheckDraft(.tcp, origin: origin()),
            CheckDraft(.tcp, origin: origin())
        )
        plain.connectPort = Located(80, at: span)
        bound.sourceInterface = Located("eth0", at: span)
        failed.origin.failed = ["bindto"]
        var (service, server) = (try addressed(), try server("192.0.2.21"))
        server.checks = [plain, bound, failed]
        server.checks += [.tls, .script].map { CheckDraft($0, origin: origin()) }
        service.realServers = [server]
        var draft = ConfigurationDraft(start: span)
        draft.take(&service)
        let rest = try #require(draft.virtualServers.first?.realServers.first)
        #expect(rest.address == server.address)
        #expect(rest.checks.map(\.kind) == [.tcp, .tcp, .tls, .script])
        #expect(draft.checks.map(\.kind) == [.tcp, .tcp, .tls, .script])
        #expect(draft.checks.first?.sourceInterface?.value == "eth0")
    }

    @Test func `of a service that was read, its programs are kept in order`() throws {
        func script(_ path: String) -> Located<NotifyScript> { Located(NotifyScript([path]), at: span) }
        var (service, server) = (try addressed(), try server("192.0.2.21"))
        service.quorumDown = script("/quorum")
        server.notifyUp = script("/up")
        server.notifyDown = script("/down")
        service.realServers = [server]
        var draft = ConfigurationDraft(start: span)
        draft.take(&service)
        draft.take(&service)
        let paths = draft.serviceScripts.flatMap(\.value.command)
        #expect(paths == ["/quorum", "/up", "/down", "/quorum", "/up", "/down"])
    }

    @Test func `a server's port is its own, else the service's, else none`() throws {
        let (plain, with) = (try server("192.0.2.21"), try server("192.0.2.21", port: 8080))
        #expect(try addressed().port(of: with) == 8080)
        #expect(try addressed().port(of: plain) == 80)
        #expect(try marked().port(of: plain) == 0)
        #expect(service(nil).port(of: plain) == 0)
    }

    @Test(arguments: [
        (ForwardingMethod.directRouting, UInt16(0)), (.tunnel, 0), (.masquerade, 8080),
    ])
    func `by mark the kernel holds a port for NAT alone`(method: ForwardingMethod, port: UInt16) throws {
        var service = try marked()
        service.forwarding = Located(method, at: span)
        #expect(service.kernelPort(of: try server("192.0.2.21", port: 8080)) == port)
        var addressed = try addressed()
        addressed.forwarding = service.forwarding
        #expect(addressed.kernelPort(of: try server("192.0.2.21", port: 8080)) == 8080)
    }

    @Test func `a server's forwarding is its own, else the service's, else NAT`() throws {
        var (service, server) = (try addressed(), try server("192.0.2.21"))
        #expect(service.forwarding(to: server) == .masquerade)
        service.forwarding = Located(.directRouting, at: span)
        #expect(service.forwarding(to: server) == .directRouting)
        server.forwarding = Located(.tunnel, at: span)
        #expect(service.forwarding(to: server) == .tunnel)
    }

    @Test func `the nearest option wins, one by one`() {
        var (outer, inner) = (ScheduleDraft(), ScheduleDraft())
        outer.retry = Located(1, at: span)
        outer.delayLoop = Located(.seconds(1), at: span)
        outer.delayBeforeRetry = Located(.seconds(2), at: span)
        outer.connectTimeout = Located(.seconds(3), at: span)
        outer.warmup = Located(.seconds(4), at: span)
        outer.alpha = Located(true, at: span)
        inner.retry = Located(9, at: span)
        inner.alpha = Located(false, at: span)
        let both = inner.inheriting(outer)
        #expect(both.retry?.value == 9)
        #expect(both.alpha?.value == false)
        #expect(both.delayLoop?.value == .seconds(1))
        #expect(both.delayBeforeRetry?.value == .seconds(2))
        #expect(both.connectTimeout?.value == .seconds(3))
        #expect(both.warmup?.value == .seconds(4))
        #expect(ScheduleDraft().inheriting(ScheduleDraft()).retry == nil)
    }
}
