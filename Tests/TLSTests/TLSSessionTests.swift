import TLS
import Testing

/// What needs no server; with servers it is tested in the checker.
@Suite struct TLSSessionTests {
    private func session(_ name: String? = nil, peer: String = "www.example.org") throws -> TLSSession {
        try TLSSession(TLSContext(verifies: false), serverName: name, peer: peer)
    }

    private func hello(_ name: String?) throws -> [UInt8] {
        let session = try session(name)
        #expect(try !session.handshake())
        return session.takeOutput()
    }

    @Test func `a session begins with a ClientHello that asks for the name`() throws {
        let name = "www.example.org"
        let octets = try hello(name)
        #expect(octets.prefix(2) == [0x16, 0x03])
        #expect(String(decoding: octets, as: UTF8.self).contains(name))
        #expect(try !String(decoding: hello(nil), as: UTF8.self).contains(name))
    }

    @Test func `output is taken once`() throws {
        let session = try session()
        #expect(session.takeOutput().isEmpty)
        _ = try session.handshake()
        #expect(!session.takeOutput().isEmpty)
        #expect(session.takeOutput().isEmpty)
        #expect(!session.isSecured)
        session.end()
        #expect(session.takeOutput().isEmpty, "nobody to say good-bye to")
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "220 smtp\r\n", "\u{16}\u{3}\u{1}\u{0}\u{4}junk"])
    func `garbage is an error`(text: String) throws {
        let session = try session()
        _ = try session.handshake()
        try session.feed(Array(text.utf8))
        #expect(throws: TLSError.self) { try session.handshake() }
    }

    @Test func `an alert is an error in words`() throws {
        let session = try session()
        _ = try session.handshake()
        try session.feed([0x15, 0x03, 0x03, 0, 2, 2, 40])  // fatal handshake_failure (RFC 8446 section 6)
        do {
            _ = try session.handshake()
            Issue.record("accepted")
        } catch {
            #expect(error.description.contains("handshake failure"))
        }
    }

    @Test func `part of an answer is waited for`() throws {
        let session = try session()
        _ = try session.handshake()
        try session.feed([0x16, 0x03, 0x03, 0, 80, 2])
        #expect(try !session.handshake())
        try session.feed([])
        #expect(try !session.handshake())
    }

    @Test func `no name can be longer than DNS allows`() {
        #expect(throws: TLSError.self) { try session(String(repeating: "a", count: 300)) }
    }

    @Test(arguments: ["192.0.2.1", "2001:db8::1", "www.example.org"])
    func `a certificate can be asked for an address or a name`(peer: String) throws {
        _ = try TLSSession(TLSContext(verifies: true), serverName: nil, peer: peer)
    }
}
