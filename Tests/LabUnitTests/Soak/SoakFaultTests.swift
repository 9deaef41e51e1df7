import FoundationEssentials
import Testing
import Timekeeping

@testable import Lab

@Suite struct SoakFaultTests {
    private static let (a, b) = (LabPlan.directorA, LabPlan.directorB)

    @Test(arguments: [
        (SoakFault.killRoles(director: a, roles: ["vrrp", "lvs"]), "director-a: vrrp, lvs killed"),
        (.hangRole(director: b, role: "checker"), "director-b: checker hangs"),
        (.killSupervisor(director: a), "director-a: the supervisor killed"),
        (.killAll(director: a), "director-a: every process killed"),
        (.restart(director: b), "director-b: stopped and started"),
        (.freeze(director: a, .seconds(2)), "director-a: does not run for 2.000 s"),
        (.cable(director: a, .seconds(1)), "director-a: its cable out for 1.000 s"),
        (.flap(director: b, times: 3), "director-b: its cable out and in 3 times"),
        (.partition(.seconds(3)), "no advert for 3.000 s"),
        (.loss(director: b, percent: 9, .seconds(4)), "director-b: 9 % lost towards it for 4.000 s"),
        (.clearTable(director: a), "director-a: ipvsadm -C"),
        (.changeWeight(director: a), "director-a: a weight changed by hand"),
        (.removeAddress, "director-a: the address removed by hand"),
        (.reloadStorm(director: a, times: 9), "director-a: 9 reloads, one configuration after the other"),
        (.reload(director: a, variant: 2), "director-a: reloaded with configuration 2"),
        (.badFile(director: a), "director-a: reloaded with half a file"),
        (.killServer(.seconds(2), roles: []), "a real server dead for 2.000 s"),
        (
            .killServer(.seconds(2), roles: ["lvs"]),
            "a real server dead for 2.000 s, and lvs of director-a meanwhile"
        ),
        (.switchOver, "director-a: switched over, and back"),
    ])
    func `a fault is told in a sentence, and survives a file`(fault: SoakFault, sentence: String) throws {
        #expect(fault.sentence == sentence)
        #expect(try JSONDecoder().decode(SoakFault.self, from: JSONEncoder().encode(fault)) == fault)
    }

    @Test(arguments: [
        SoakFault.killRoles(director: a, roles: SoakFault.roles), .hangRole(director: a, role: "vrrp"),
        .changeWeight(director: a), .reload(director: a, variant: 1), .reloadStorm(director: a, times: 9),
        .badFile(director: a), .killAll(director: b), .killSupervisor(director: b),
        .cable(director: b, .seconds(7)), .freeze(director: b, .seconds(8)),
        .freeze(director: a, .seconds(1)), .clearTable(director: b),
    ])
    func `nobody notices it`(fault: SoakFault) {
        let promise = fault.promise
        #expect(!promise.mayMove && promise.outage == nil && promise.lostRequests == 0)
    }

    @Test(arguments: [SoakFault.restart(director: a), .switchOver])
    func `a planned hand-over has no outage`(fault: SoakFault) {
        let promise = fault.promise
        #expect(promise.mayMove && promise.outage == nil && promise.lostRequests > 0)
        #expect(!SoakFault.restart(director: Self.b).promise.mayMove)
        #expect(SoakFault.restart(director: Self.b).promise.lostRequests == 0)
    }

    @Test(arguments: [
        SoakFault.killAll(director: a), .cable(director: a, .seconds(1)), .flap(director: a, times: 2),
        .freeze(director: a, .seconds(3)), .partition(.seconds(1)),
        .loss(director: b, percent: 5, .seconds(1)),
    ])
    func `what takes the master away has an outage with an end`(fault: SoakFault) {
        #expect(fault.promise.mayMove && fault.promise.outage == SoakPromise.failover)
    }

    @Test func `a table, an address and a server come back without a move`() {
        for fault in [
            SoakFault.clearTable(director: Self.a), .removeAddress, .killServer(.seconds(1), roles: []),
        ] {
            #expect(!fault.promise.mayMove && fault.promise.outage != nil, "\(fault)")
        }
    }
}
