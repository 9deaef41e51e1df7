import ConfigModel
import ConfigSyntax
import HealthChecks
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

@testable import Lab

@Suite struct CheckSetupTests {
    private func configuration(_ setup: CheckSetup) throws -> Configuration {
        let surroundings = Surroundings(
            configID: "checks", list: { _ in .success([]) }, environment: { _ in nil },
            read: { _ in .success(Array(setup.configuration.utf8)) })
        let result = ConfigurationLoader.load(path: "/checks.conf", surroundings)
        guard let found = result.configuration else { throw LabError("\(result.text.prefix(500))") }
        return found
    }

    @Test(arguments: [CheckSetup.Kind.tcp, .http])
    func `each server has one check a second, whatever the count`(
        kind: CheckSetup.Kind
    ) throws {
        for count in [1, 10, 1234] {
            let setup = CheckSetup(kind: kind, count: count, victims: 3)
            let found = try configuration(setup)
            #expect(found.virtualServers.count == (count + 9) / 10 + 1)
            let servers = found.virtualServers.flatMap(\.realServers)
            #expect(Set(servers.map(\.endpoint)).count == count + 3)
            let checks = servers.flatMap(\.checks)
            #expect(Set(checks).count == count + 3)
            let (delay, timeout) = (CheckSetup.delayLoop, CheckSetup.timeout)
            for check in checks {
                #expect(check.schedule.delayLoop == delay && check.schedule.retry == CheckSetup.retry)
                #expect(check.schedule.delayBeforeRetry == CheckSetup.delayBeforeRetry)
                #expect(check.kind.timeout == timeout)
            }
            let pages = checks.count { if case .http = $0.kind { true } else { false } }
            #expect(pages == (kind == .http ? count : 0), "those that die are connected to")
            #expect(found.virtualServers.last?.identity.description == "\(CheckSetup.deathRow)/tcp")
        }
    }

    @Test func `all addresses are among the local ones`() throws {
        let setup = CheckSetup(kind: .tcp, count: 60_000, victims: 250)
        let places = [0, 249, 250, 59_999].map(setup.server) + [setup.victim(0), setup.victim(249)]
        for place in places {
            #expect(
                place.address.octets.prefix(2) == [10, 80] || place.address.octets.prefix(2) == [10, 81])
        }
        #expect(!CheckSetup.ports.contains(setup.victim(0).port))
        #expect(Set((0..<60_000).map { setup.server($0).address }).count == 60_000)
        #expect(setup.title == "60000 TCP")
    }

    @Test func `the bounds are those of the configuration`() {
        #expect(CheckSetup.Death.refused.bound == .seconds(2))
        #expect(CheckSetup.Death.silent.bound == .seconds(4))
    }
}
