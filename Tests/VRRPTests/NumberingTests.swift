import Testing

@testable import VRRP

@Suite struct NumberingTests {
    @Test func `it goes on above whatever was sent or heard`() {
        var numbering = Numbering()
        #expect(numbering.next() == 1 && numbering.next() == 2)
        numbering.hear(10)
        #expect(numbering.next() == 11)
        numbering.first = 100
        #expect(numbering.next() == 101 && numbering.next() == 102)
        numbering.hear(50)
        #expect(numbering.heard == 50 && numbering.next() == 103)
    }

    @Test func `what was heard is a repetition, and what is older than our own`() {
        var numbering = Numbering()
        numbering.hear(5)
        #expect(!numbering.accepts(5) && !numbering.accepts(4) && numbering.accepts(6))
        _ = numbering.next()
        _ = numbering.next()
        #expect(numbering.sent == 7 && !numbering.accepts(6), "older than our own")
        numbering.hear(3)
        #expect(!numbering.accepts(5), "a lower one moves nothing")
    }

    /// Both take over before they hear each other: neither may be deaf to the other.
    @Test func `two that count alike hear each other`() {
        var (one, other) = (Numbering(), Numbering())
        for _ in 0..<3 {
            let (mine, yours) = (one.next(), other.next())
            #expect(mine == yours && one.accepts(yours) && other.accepts(mine))
            one.hear(yours)
            other.hear(mine)
            #expect(!one.accepts(yours))
        }
    }

    /// Where adverts travel for an interval each way it has sent two.
    @Test(arguments: [(0, true), (1, true), (2, false)])
    func `an answer is heard while no more than one advert was sent meanwhile`(sent: Int, isHeard: Bool) {
        var (master, better) = (Numbering(), Numbering())
        better.hear(master.next())
        let answer = better.next()
        for _ in 0..<sent { _ = master.next() }
        #expect(master.accepts(answer) == isHeard)
    }

    @Test func `the very end is not followed`() {
        #expect(!Numbering().accepts(.max) && !Numbering().accepts(.max - 0xFFFF))
        #expect(Numbering().accepts(.max - 0x10000))
    }
}
