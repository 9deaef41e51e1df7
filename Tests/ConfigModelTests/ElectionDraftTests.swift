import ConfigModel
import Testing
import Timekeeping
import VRRP

@Suite struct ElectionDraftTests {
    @Test func `nothing written is the protocol's default`() {
        #expect(Sample.router("")?.election == ElectionOptions())
    }

    @Test(arguments: [
        (
            "down_timer_adverts 7", "vrrp_down_timer_adverts 9", \ElectionOptions.downTimerAdverts,
            [3, 9, 7, 7]
        )
    ])
    func `the instance's number counts, else the global one`(
        own: String, global: String, path: any KeyPath<ElectionOptions, Int64> & Sendable, values: [Int64]
    ) {
        let found = [("", ""), ("", global), (own, ""), (own, global)].map {
            Sample.router($0.0, global: $0.1)?.election[keyPath: path]
        }
        #expect(found == values)
    }

    @Test(arguments: [
        ("lower_prio_no_advert", \ElectionOptions.answersLowerPriority, true, false),
        ("higher_prio_send_advert", \.tellsWinner, true, true),
        ("owner_ignore_adverts", \.ownerIgnoresAdverts, false, true),
        ("skip_check_adv_addr", \.skipsListOfKnownMaster, false, true),
    ])
    func `a flag is on, off or as the global one`(
        name: String, path: any KeyPath<ElectionOptions, Bool> & Sendable, standard: Bool, on: Bool
    ) {
        func value(_ own: String, _ global: String) -> Bool? {
            Sample.router(own, global: global)?.election[keyPath: path]
        }
        #expect(value("", "") == standard)
        #expect(value(name, "") == on)
        #expect(value("\(name) off", "") == (name == "higher_prio_send_advert" ? false : standard))
        #expect(value("", "vrrp_\(name)") == on)
        #expect(value("\(name) off", "vrrp_\(name)") == value("\(name) off", ""))
        #expect(value("\(name) on", "vrrp_\(name) off") == on)
    }

    @Test func `the sum's form is inherited, too`() {
        #expect(Sample.router("", global: "v3_checksum_as_v2")?.checksum == .messageOnly)
        #expect(
            Sample.router("v3_checksum_as_v2 off", global: "v3_checksum_as_v2")?.checksum == .pseudoHeader)
    }
}
