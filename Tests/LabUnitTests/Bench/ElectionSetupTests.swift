import ConfigModel
import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Lab

@Suite struct ElectionSetupTests {
    @Test(
        arguments: ElectionSetup.failovers + [
            ElectionSetup(version: .v3, interval: .centiseconds(10), instances: 255)
        ])
    func `its files are what it says`(setup: ElectionSetup) throws {
        for director in LabPlan.directors {
            let text = setup.configuration(of: director)
            let result = ConfigurationLoader.load(path: "a.conf", configID: "a") { _ in
                .success(Array(text.utf8))
            }
            let configuration = try #require(result.configuration, "\(result.text)")
            #expect(configuration.instances.count == setup.instances)
            for (index, instance) in configuration.instances.enumerated() {
                #expect(instance.version == setup.version)
                #expect(instance.advertisementInterval == setup.interval)
                #expect(Int(instance.virtualRouterID) == index + 1)
                #expect(instance.priority == ElectionSetup.priorities[director])
                #expect(instance.startsAsMaster == (director == LabPlan.directorA))
            }
            #expect(configuration.instances[0].advertisedAddresses == [ElectionSetup.service.address])
        }
    }

    @Test func `the bound is the protocol's`() {
        #expect(ElectionSetup.failovers.map(\.title) == ["v2 1 s", "v3 1 s", "v3 100 ms", "v3 10 ms"])
        #expect(ElectionSetup.failovers[0].bound == .microseconds(3_609_375))
        #expect(ElectionSetup.failovers[2].bound == Interval(nanoseconds: 360_937_500))
    }

    @Test func `a stop waits for the skew alone, and nobody takes over from a restarted role`() {
        let setup = ElectionSetup.failovers[0]
        #expect(ElectionFault.stop.bound(setup) == .microseconds(609_375))
        #expect(ElectionFault.role.bound(setup) == nil)
        #expect(ElectionFault.crash.bound(setup) == setup.bound)
        #expect(ElectionFault.allCases.filter(\.silences) == [.crash, .link])
        #expect(Set(ElectionFault.allCases.map(\.title)).count == ElectionFault.allCases.count)
    }
}
