import ConfigModel
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct SupervisorSwitchTests {
    /// A director that is master of these.
    private func play(_ instances: [RouterConfiguration]) -> Play {
        var play = Play.running(pair(instances: instances))
        for instance in instances {
            play.feed(.reported(.vrrp(.state(instance: instance.name, .master))))
            play.feed(.advertised([instance.name: play.now]))
        }
        _ = play.take()
        return play
    }

    private static let grouped = ["VI_1", "VI_2"].enumerated().map { place, name in
        var member = router(name, id: UInt8(51 + place), addresses: ["192.0.2.10\(place)/24"])
        member.group = "G"
        return member
    }

    private func refusal(_ play: Play, _ name: String = "VI_1", back: Bool = false) -> String {
        do throws(Supervisor.SwitchRefusal) {
            return try play.supervisor.switched(name, back: back).joined(separator: ", ")
        } catch {
            return error.description
        }
    }

    @Test func `an instance goes alone, one of a group with its group`() throws {
        #expect(try play([router()]).supervisor.switched("VI_1", back: false) == ["VI_1"])
        let group = play(Self.grouped + [router("VI_3", id: 53, addresses: ["192.0.2.103/24"])])
        #expect(try group.supervisor.switched("VI_2", back: false) == ["VI_1", "VI_2"])
        #expect(try group.supervisor.switched("VI_3", back: false) == ["VI_3"])
    }

    @Test func `what cannot be switched is told why`() {
        var play = play([router()])
        #expect(refusal(play, "VI_9") == "there is no instance of this name; there is: VI_1")
        #expect(refusal(play, back: true) == "VI_1 has not handed over: it takes over as configured")
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .backup))))
        #expect(refusal(play) == "VI_1 is BACKUP here: switch it where it is master")
        let owner = self.play([router(priority: 255)])
        #expect(refusal(owner) == "VI_1 owns its addresses (priority 255) and keeps them")
        play.feed(.stopRequested)
        #expect(refusal(play) == "the vrrp role does not run now")
    }

    @Test func `the role is told, and told again when it has died, until it is master again`() {
        var play = play([router()])
        play.feed(.switchOver(["VI_1"], back: false))
        #expect(play.take() == [.send(.vrrp(.switchOver(["VI_1"])))])
        play.feed(.roleEnded(.vrrp, how: "killed"))
        let begun = play.take().vrrpAssignment
        #expect(begun?.yielding == ["VI_1"] && begun?.masters == [:], "it does not go on as master")
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .backup))))
        play.feed(.configured(pair(instances: [router(priority: 200)])))
        #expect(play.take().vrrpAssignment?.yielding == ["VI_1"], "a reload changes nothing about it")
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        #expect(play.supervisor.yielding.isEmpty)
    }

    @Test func `it is over when nobody took over, when it is taken back, and with its instance`() {
        var kept = play([router()])
        kept.feed(.switchOver(["VI_1"], back: false))
        var back = kept
        var gone = kept
        kept.feed(.reported(.vrrp(.kept(instance: "VI_1", because: "nobody"))))
        #expect(kept.supervisor.yielding.isEmpty)
        _ = back.take()
        back.feed(.switchOver(["VI_1"], back: true))
        #expect(back.take() == [.send(.vrrp(.reclaim(["VI_1"])))] && back.supervisor.yielding.isEmpty)
        gone.feed(.configured(pair(instances: [router(id: 99)])))
        #expect(gone.supervisor.yielding.isEmpty, "another virtual router by the same name")
    }
}
