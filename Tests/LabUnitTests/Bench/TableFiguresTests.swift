import Testing

@testable import Lab

@Suite struct TableFiguresTests {
    /// A netlink message to family 20 or another, with this generic netlink command and so many octets more.
    private func message(
        _ command: UInt8, family: UInt16 = 20, flags: UInt16 = 5, payload: Int = 0
    ) -> [UInt8] {
        func native<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
            (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number.littleEndian >> Number($0 * 8)) }
        }
        let head = native(UInt32(20 + payload)) + native(family) + native(flags) + native(UInt32(1))
        let whole = head + native(UInt32(0)) + [command, 1, 0, 0] + [UInt8](repeating: 0, count: payload)
        return whole + [UInt8](repeating: 0, count: (4 - whole.count % 4) % 4)
    }

    @Test func `every message of a datagram counts, but no question`() {
        var count = RequestCount()
        count.add(datagram: message(1) + message(5, payload: 3) + message(5, payload: 8), family: 20)
        count.add(datagram: message(8), family: 20)
        #expect(count == RequestCount(writes: 3, datagrams: 1))
    }

    @Test func `answers and what goes to others do not count`() {
        var count = RequestCount()
        count.add(datagram: message(5, flags: 2), family: 20)
        count.add(datagram: message(5, family: 16), family: 20)
        #expect(count == RequestCount())
    }

    @Test(arguments: [0, 3, 19]) func `what is cut ends the count`(length: Int) {
        var count = RequestCount()
        count.add(datagram: message(1) + message(5).prefix(length), family: 20)
        #expect(count == RequestCount(writes: 1, datagrams: 1))
        // A message that says to be empty.
        count.add(datagram: [UInt8](repeating: 0, count: 64), family: 20)
        #expect(count.writes == 1)
    }
}
