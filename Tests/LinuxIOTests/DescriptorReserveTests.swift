import Testing

@testable import LinuxIO

@Suite struct DescriptorReserveTests {
    @Test func `what is kept can be used by the one it is lent to, and is kept again`() throws {
        let reserve = DescriptorReserve(size: 3)
        #expect(reserve.count == 3)
        let inside = reserve.lend { reserve.count }
        #expect(inside == 0)
        #expect(reserve.count == 3)
    }

    @Test func `an error of the borrower is passed on`() {
        let reserve = DescriptorReserve(size: 1)
        #expect(throws: Errno.self) { try reserve.lend { throw Errno.notPermitted } }
        #expect(reserve.count == 1)
    }

    @Test func `open standard streams stay as they are`() throws {
        StandardDescriptors.ensure()
        let next = try StandardDescriptors.openNull()
        #expect(next.descriptor.rawValue > 2)
    }
}
