import NetTypes
import Testing
import Timekeeping

@testable import HealthChecks

struct CheckSpecificationTests {
    private let target = Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 80)

    @Test func `the defaults are keepalived's`() {
        let schedule = CheckSchedule()
        #expect(schedule.delayLoop == .seconds(60))
        #expect(schedule.retry == 1)
        #expect(schedule.delayBeforeRetry == .seconds(1))
        #expect(schedule.warmup == schedule.delayLoop)
        #expect(!schedule.startsDown)
        #expect(TCPCheck(target: target).timeout == .seconds(5))
        #expect(HTTPURL().statusCodes == [200...299])
    }

    @Test func `warmup follows delay_loop unless given`() {
        #expect(CheckSchedule(delayLoop: .seconds(7)).warmup == .seconds(7))
        #expect(CheckSchedule(delayLoop: .seconds(7), warmup: .zero).warmup == .zero)
    }

    @Test func `equal specifications are one key, and any difference is another`() {
        let base = CheckSpecification(kind: .tcp(TCPCheck(target: target)), schedule: CheckSchedule())
        var slower = base
        slower.schedule.delayLoop = .seconds(61)
        let http = CheckSpecification(
            kind: .http(HTTPCheck(target: target, urls: [HTTPURL()])), schedule: CheckSchedule())
        let again = CheckSpecification(kind: .tcp(TCPCheck(target: target)), schedule: CheckSchedule())
        #expect(Set([base, again, slower, http]).count == 3)
    }

    @Test func `a source is bound only where something is said about it`() throws {
        let other = Endpoint(.v6(IPv6Address(high: 1, low: 2)), port: 80)
        #expect(ProbeSource().endpoint(for: target) == nil)
        #expect(ProbeSource(interface: "eth0").endpoint(for: target) == nil)
        let address = IPAddress.v4(IPv4Address(192, 0, 2, 2))
        #expect(ProbeSource(address: address).endpoint(for: target) == Endpoint(address, port: 0))
        #expect(ProbeSource(address: address, port: 7000).endpoint(for: target)?.port == 7000)
        #expect(ProbeSource(port: 7000).endpoint(for: target)?.description == "0.0.0.0:7000")
        #expect(
            ProbeSource(port: 7000).endpoint(for: other)?.address.octets == [UInt8](repeating: 0, count: 16))
    }

    @Test func `each kind has the timeout it was given`() {
        let tcp = CheckSpecification.Kind.tcp(TCPCheck(target: target, timeout: .seconds(1)))
        let http = CheckSpecification.Kind.http(HTTPCheck(target: target, timeout: .seconds(2), urls: []))
        let script = CheckSpecification.Kind.script(ScriptCheck(command: ["/bin/true"], timeout: .seconds(3)))
        #expect([tcp, http, script].map(\.timeout) == [.seconds(1), .seconds(2), .seconds(3)])
    }

    @Test func `what is probed is named for people`() {
        func name(_ kind: CheckSpecification.Kind) -> String {
            CheckSpecification(kind: kind, schedule: CheckSchedule()).target
        }
        #expect(name(.tcp(TCPCheck(target: target))) == "TCP 192.0.2.21:80")
        #expect(name(.http(HTTPCheck(target: target, urls: []))) == "HTTP 192.0.2.21:80")
        let script = ScriptCheck(command: ["/bin/check", "x"], timeout: .seconds(3))
        #expect(name(.script(script)) == "script /bin/check")
    }
}
