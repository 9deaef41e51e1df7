import LinuxIO
import Testing

@testable import Director

@Suite struct VRRPEstateTests {
    @Test(.enabled(if: Privileges.effectiveUser == 0, "needs CAP_NET_RAW"))
    func `every role is born with the same open files`() throws {
        let estate = try VRRPEstate()
        let first = try estate.descriptors()
        #expect(first.keys.sorted() == [Inheritance.adverts, Inheritance.announcements, Inheritance.claims])
        #expect(Set(first.values).count == 3)
        #expect(try estate.descriptors() == first)
    }
}
