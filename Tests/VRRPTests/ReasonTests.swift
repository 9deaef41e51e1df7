import NetTypes
import Testing
import Timekeeping

@testable import VRRP

@Suite struct ReasonTests {
    private static let heard = HeardAdvertisement(
        source: .v4(IPv4Address(192, 0, 2, 2)), priority: 150, at: at(1))

    @Test(arguments: [
        (
            Reason.silence(.milliseconds(3609), last: heard),
            "no advert for 3.609 s (last from 192.0.2.2, priority 150)"
        ),
        (.silence(.seconds(3), last: nil), "no advert for 3.000 s, none heard before"),
        (.higherPriority(heard), "advert with higher priority 150 from 192.0.2.2"),
        (.higherAddress(heard), "advert with equal priority 150 from higher address 192.0.2.2"),
        (.preempting(heard), "preempting 192.0.2.2, whose priority 150 is lower"),
        (.masterResigned(heard.source), "192.0.2.2 resigned"),
        (.handedOver(to: heard), "shutting down; handed over to 192.0.2.2, priority 150"),
        (.noSuccessor(.milliseconds(1096)), "shutting down; nobody took over within 1.096 s"),
        (.switched(to: heard), "handed over to 192.0.2.2, priority 150, as asked"),
        (.adopted, "going on as master after a restart"),
        (.deposed(.seconds(5), by: heard), "did not run for 5.000 s; 192.0.2.2, priority 150, is master"),
    ])
    func `reasons read as sentences with the numbers that matter`(reason: Reason, text: String) {
        #expect(reason.description == text)
    }

    @Test func `each has one word for programs`() {
        let reasons: [Reason] = [
            .started, .ownsAddresses, .adopted, .silence(.seconds(1), last: nil),
            .masterResigned(Self.heard.source),
            .preempting(Self.heard), .higherPriority(Self.heard), .higherAddress(Self.heard),
            .stalled(.seconds(1)), .deposed(.seconds(1), by: Self.heard), .interfaceDown, .interfaceUp,
            .unfit(Tracked(.script, "chk")), .fit, .handedOver(to: Self.heard),
            .noSuccessor(.seconds(1)), .switched(to: Self.heard), .groupFault(of: "A"), .groupFit,
            .groupFollows("A"), .shutdown,
        ]
        let words = Set(reasons.map(\.word))
        #expect(words.count == reasons.count)
        #expect(words.allSatisfy { $0.allSatisfy { $0 == "_" || ("a"..."z").contains($0) } })
        #expect(Reason.silence(.seconds(9), last: Self.heard).word == "advert_timeout")
    }

    @Test func `a log line keeps the familiar phrase`() {
        #expect(
            Router.StateName.master.line(instance: "VI_1", because: .started)
                == "(VI_1) Entering MASTER STATE: started")
    }

    @Test func `a handover that nobody takes is told`() {
        let note = Note.noSuccessor(.milliseconds(1096))
        #expect("\(note)" == "nobody took over within 1.096 s; going on as master")
        #expect(note.kind == "no-successor")
    }

    @Test func `a drop that suggests two masters says so`() {
        #expect(Note.dropped(.interval, from: Self.heard.source).description.hasSuffix("both may be master"))
        #expect(
            Note.dropped(.checksum, from: Self.heard.source).description
                == "advert from 192.0.2.2 dropped: wrong checksum")
    }

    @Test func `kinds of notes are limited one by one`() {
        let notes: [Note] = [
            .dropped(.checksum, from: peer), .dropped(.length, from: peer), .otherAddresses(from: peer),
            .otherInterval(.zero, from: peer), .secondMaster(Self.heard), .secondOwner(peer),
            .leaseExpired(.zero), .timerLate(.zero),
        ]
        #expect(Set(notes.map(\.kind)).count == notes.count)
        #expect(Note.dropped(.length, from: own).kind == Note.dropped(.length, from: peer).kind)
    }
}
