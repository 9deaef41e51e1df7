import Testing

@testable import Lab

@Suite struct LabUpCommandTests {
    @Test func `a lab without an example is not built`() {
        let options = LabUpOptions(example: "/nonexistent", command: [], daemon: nil)
        let guest = GuestJob(command: [], directory: "/", environment: [:])
        #expect(LabUpCommand.run(options, place: .guest, guest: guest) == 125)
    }
}
