import TLS
import Testing

@Suite struct TLSContextTests {
    @Test func `a file of authorities must be readable, and is not looked at without need`() throws {
        #expect(throws: TLSError.self) { try TLSContext(verifies: true, authorities: "/nonexistent/ca.pem") }
        _ = try TLSContext(verifies: false, authorities: "/nonexistent/ca.pem")
        _ = try TLSContext(verifies: true)
    }

    @Test func `a certificate or a key that is none is an error that says which`() throws {
        let context = try TLSContext(verifies: false)
        let error = #expect(throws: TLSError.self) {
            try context.identify(certificate: Array("no certificate".utf8), key: [], password: nil)
        }
        #expect(error?.description.hasPrefix("certificate: ") == true)
        #expect(throws: TLSError.self) { try context.identify(certificate: [], key: [], password: "x") }
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
