import Testing

@testable import Director

@Suite struct MailQueueTests {
    private func mail(_ number: Int) -> Mail { Mail(subject: "\(number)", body: "") }

    @Test func `one mail is under way at a time, in order`() {
        var queue = MailQueue()
        #expect(queue.isIdle)
        #expect(queue.next() == nil)
        for number in 1...3 { queue.add(mail(number)) }
        for number in 1...3 {
            #expect(queue.next() == mail(number))
            #expect(queue.next() == nil)
            #expect(!queue.isIdle)
            queue.finished()
        }
        #expect(queue.isIdle)
    }

    @Test func `too much is left out, oldest first`() {
        var queue = MailQueue()
        for number in 1...(MailQueue.limit + 5) { queue.add(mail(number)) }
        #expect(queue.dropped == 5)
        #expect(queue.next() == mail(6))
    }

    @Test func `the one under way is not left out`() {
        var queue = MailQueue()
        queue.add(mail(0))
        #expect(queue.next() == mail(0))
        for number in 1...(MailQueue.limit + 1) { queue.add(mail(number)) }
        #expect(queue.current == mail(0))
        #expect(queue.dropped == 1)
    }
}
