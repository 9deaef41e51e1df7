import Testing

@testable import VRRP

@Suite struct FileNumberTests {
    /// Measured with keepalived 2.2.7.
    @Test(
        arguments: [
            ("10\n", 10), ("abc\n", 0), ("-20\n", -20), ("5 garbage\n", 5), ("\n", 0), ("", 0), (" 30\n", 30),
            ("0x10\n", 16), ("12\n3", 12), (String(repeating: " ", count: 300) + "9", 0), ("0\n", 0),
        ] as [(String, Int32)])
    func `numbers are read as keepalived reads them`(text: String, number: Int32) {
        #expect(FileNumber(text.utf8) == .number(number))
    }

    @Test(
        arguments: [
            ("010", 8), ("0x", 0), ("0xg", 0), ("0XfF", 255), ("08", 0), ("+7", 7), ("--7", 0),
            ("\t\r\n 4", 4),
            ("2147483647", Int32.max), ("-2147483648", Int32.min), ("1.5", 1), ("-0x10", -16), ("-", 0),
        ] as [(String, Int32)])
    func `and as strtol does`(text: String, number: Int32) {
        #expect(FileNumber(text.utf8) == .number(number))
    }

    @Test(arguments: ["99999999999", "2147483648", "-2147483649", "0xFFFFFFFFFFFFFFFFFFFF"])
    func `what is too large says nothing`(text: String) {
        #expect(FileNumber(text.utf8) == .outOfRange)
    }

    @Test func `any octets are something`() {
        for octet in UInt8.min...UInt8.max {
            _ = FileNumber([octet])
            _ = FileNumber([UInt8](repeating: octet, count: 4096))
        }
        #expect(FileNumber([0x80, 0x31]) == .number(0))
    }
}
