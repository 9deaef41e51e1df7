import LinuxIO
import Testing

@Suite struct BoundedCaptureTests {
    @Test func `the first octets are kept and the rest counted`() {
        var capture = BoundedCapture(limit: 5)
        capture.append([1, 2, 3])
        capture.append([4, 5, 6, 7])
        capture.append([8])
        #expect(capture.octets == [1, 2, 3, 4, 5])
        #expect(capture.dropped == 3)
    }

    @Test func `ill-formed text is replaced`() {
        var capture = BoundedCapture(limit: 10)
        capture.append([0x61, 0xFF])
        #expect(capture.text == "a\u{FFFD}")
    }
}
