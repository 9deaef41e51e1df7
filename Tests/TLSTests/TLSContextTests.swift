import TLS
import Testing

@Suite struct TLSContextTests {
    @Test func `a file of authorities must be readable, and is not looked at without need`() throws {
        #expect(throws: TLSError.self) { try TLSContext(verifies: true, authorities: "/nonexistent/ca.pem") }
        _ = try TLSContext(verifies: false, authorities: "/nonexistent/ca.pem")
        _ = try TLSContext(verifies: true)
    }

    @Test func `the error names the file`() {
        do {
            _ = try TLSContext(verifies: true, authorities: "/nonexistent/ca.pem")
            Issue.record("accepted")
        } catch {
            #expect(error.description.hasPrefix("/nonexistent/ca.pem: "))
            #expect(error == TLSError(error.description))
        }
    }
}
