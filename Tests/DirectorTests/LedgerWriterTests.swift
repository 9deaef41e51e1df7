import LinuxIO
import LoadBalancing
import NetTypes
import Testing

@testable import Director

@Suite struct LedgerWriterTests {
    let scratch: ScratchDirectory
    let path: String

    init() throws {
        scratch = try ScratchDirectory()
        path = "\(scratch.path)/ledger"
    }

    private func text() throws -> String { try scratch.read("ledger") }

    @Test func `a claim is in the file when the call returns, and only once`() throws {
        let writer = LedgerWriter(adopting: try Files.openForAppending(path))
        try writer.claim([.chain(.inet), .chain(.inet), .syncThread(.master)])
        #expect(try text() == "chain inet\nsync master\n")
        try writer.claim([.syncThread(.master), .chain(.inet6)])
        #expect(try text() == "chain inet\nsync master\nchain inet6\n")
        #expect(writer.claims == [.chain(.inet), .chain(.inet6), .syncThread(.master)])
    }

    @Test func `what a predecessor wrote is not written again`() throws {
        let writer = LedgerWriter(adopting: try Files.openForAppending(path))
        writer.inherit([.chain(.inet)])
        try writer.claim([.chain(.inet)])
        #expect(try text().isEmpty)
        #expect(writer.claims == [.chain(.inet)])
    }

    @Test func `a claim that is given up ends with a line, and can be made again`() throws {
        let writer = LedgerWriter(adopting: try Files.openForAppending(path))
        writer.inherit([.chain(.inet)])
        try writer.claim([.chain(.inet6)])
        try writer.unclaim([.chain(.inet), .chain(.inet), .syncThread(.master)])
        #expect(try text() == "chain inet6\nunclaim chain inet\n")
        #expect(writer.claims == [.chain(.inet6)])
        try writer.claim([.chain(.inet)])
        #expect(try text() == "chain inet6\nunclaim chain inet\nchain inet\n")
    }

    @Test func `no claim, no write`() throws {
        let writer = LedgerWriter(adopting: try Files.openForAppending(path))
        try writer.claim([Claim]())
        #expect(try text().isEmpty)
    }

    @Test func `a claim that cannot be written is not held`() throws {
        var pipe = try OwnedFD.pipe()
        let reading = pipe.takeFirst()
        let writer = LedgerWriter(adopting: pipe.takeSecond())
        reading.close()
        Signal.pipe.ignore()
        #expect(throws: SystemError.self) { try writer.claim([.chain(.inet)]) }
        #expect(writer.claims.isEmpty)
    }

    @Test func `a line that was cut off claims nothing, and the next one stands`() throws {
        var pipe = try OwnedFD.pipe()
        let reading = pipe.takeFirst()
        let writer = LedgerWriter(adopting: pipe.takeSecond())
        let header = LedgerText.header(bootID: "b", namespace: "1")
        // More than a pipe holds: the write ends in the middle of a line that begins like many others.
        let services = (1...20_000).map { number in
            Claim.service(
                .address(.tcp, Endpoint(.v4(IPv4Address(rawValue: UInt32(number))), port: 10_101)))
        }
        #expect(throws: SystemError.self) { try writer.claim(services) }
        #expect(writer.claims.isEmpty)
        var octets = Array("\(header)\n".utf8)
        while case .octets(let more) = try reading.read(limit: 1 << 16) { octets += more }
        try #require(octets.last != UInt8(ascii: "\n"))
        try writer.claim([.chain(.inet)])
        while case .octets(let more) = try reading.read(limit: 1 << 16) { octets += more }
        let claims = LedgerText.claims(
            in: String(decoding: octets, as: UTF8.self), bootID: "b", namespace: "1")
        #expect(claims.last == .chain(.inet))
        #expect(claims.dropLast().allSatisfy(services.contains))
    }
}
