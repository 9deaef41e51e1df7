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
}
