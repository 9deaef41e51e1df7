import LoadBalancing
import Testing

@testable import IPVSAdmin

@Suite struct SchedulerFlagNamesTests {
    @Test(
        arguments: [
            ("sh", "sh-port", .scheduler2), ("sh", "sh-fallback", .scheduler1),
            ("sh", "sh-port,sh-fallback", [.scheduler1, .scheduler2]), ("mh", "mh-port", .scheduler2),
            ("mh", "flag-1", .scheduler1),
            ("rr", "flag-1,flag-2,flag-3", [.scheduler1, .scheduler2, .scheduler3]),
            ("rr", "", []), ("sh", "sh-port,", .scheduler2), ("sh", ",sh-port", .scheduler2),
            ("sh", "sh-port,sh-port", .scheduler2), ("sh", "flag-3", .scheduler3),
        ] as [(String, String, ServiceFlags)])
    func `names are flags`(scheduler: String, text: String, flags: ServiceFlags) throws {
        #expect(try SchedulerFlagNames.flags(text, scheduler: scheduler) == flags)
    }

    @Test(
        arguments: [
            ("wlc", "sh-port", "scheduler wlc has no flag sh-port"),
            ("sh", "mh-port", "scheduler sh has no flag mh-port"),
            ("sh", "nosuch", "no scheduler has a flag nosuch"),
            ("sh", "sh-port,flag-4", "no scheduler has a flag flag-4"),
        ])
    func `other names are refused`(scheduler: String, text: String, reason: String) {
        do throws(CommandError) {
            _ = try SchedulerFlagNames.flags(text, scheduler: scheduler)
            Issue.record("\(text) is no flag of \(scheduler)")
        } catch {
            #expect(error.description == reason && error.status == 2)
        }
    }

    @Test(
        arguments: [
            ("sh", [.scheduler1, .scheduler2, .scheduler3], ["sh-fallback", "sh-port"]),
            ("mh", [.scheduler2], ["mh-port"]), ("mh", [], []), ("sh", [.scheduler3], []),
            ("wlc", [.scheduler1, .scheduler2, .scheduler3, .onePacket], ["flag-1", "flag-2", "flag-3"]),
            ("wlc", [.onePacket], []),
        ] as [(String, ServiceFlags, [String])])
    func `flags have names`(scheduler: String, flags: ServiceFlags, names: [String]) {
        #expect(SchedulerFlagNames.names(of: flags, scheduler: scheduler) == names)
    }
}
