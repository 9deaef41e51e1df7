import LinuxIO
import LoadBalancing
import NetTypes
import Testing

@testable import Director

@Suite struct RunDirectoryTests {
    let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    @Test func `a second daemon in the same namespace is refused by name`() throws {
        let first = try RunDirectory(root: scratch.path)
        let error = #expect(throws: RunDirectory.Refusal.self) { try RunDirectory(root: scratch.path) }
        #expect(error.map { "\($0)" }?.contains("another holdfastd runs in this network namespace") == true)
        #expect(first.path.hasPrefix("\(scratch.path)/net-"))
    }

    @Test func `the lock ends with its holder`() throws {
        do { _ = try RunDirectory(root: scratch.path) }
        #expect(throws: Never.self) { try RunDirectory(root: scratch.path) }
    }

    @Test func `with nothing to remember the directory goes with its daemon`() throws {
        let path = try {
            let directory = try RunDirectory(root: scratch.path)
            try directory.writeProcessID(to: nil)
            #expect(Files.exists("\(directory.path)/holdfastd.pid"))
            try directory.leave()
            return directory.path
        }()
        #expect(!Files.exists(path))
        let next = try RunDirectory(root: scratch.path)
        try next.rewrite("vrrp", [.chain(.inet)])
        try next.leave()
        #expect(try next.claims("vrrp") == [.chain(.inet)])
        #expect(Files.exists("\(path)/lock"), "a ledger is to be remembered")
    }

    @Test func `those of others go, unless a daemon runs there or something is to be remembered`() throws {
        for name in ["net-1", "net-2", "net-3", "other"] {
            try Files.createDirectory("\(scratch.path)/\(name)")
            try Files.replace("\(scratch.path)/\(name)/lock", with: [])
        }
        try Files.replace("\(scratch.path)/net-1/control.sock", with: [])
        try Files.replace("\(scratch.path)/net-2/vrrp.ledger", with: [])
        let running = try FileLock.take("\(scratch.path)/net-3/lock")
        let directory = try RunDirectory(root: scratch.path)
        let left = Set(try Files.names(in: scratch.path)).subtracting([".", ".."])
        let own = try #require(directory.path.split(separator: "/").last).description
        #expect(left == ["net-2", "net-3", "other", own])
        withExtendedLifetime(running) {}
    }

    @Test func `a ledger is read back, and voided by its header`() throws {
        let directory = try RunDirectory(root: scratch.path)
        #expect(try directory.claims("vrrp") == [])
        try directory.rewrite("vrrp", [.chain(.inet)])
        #expect(try directory.claims("vrrp") == [.chain(.inet)])
        let path = "\(directory.path)/vrrp.ledger"
        try Files.replace(path, with: Array("holdfast-ledger 1 boot other net 1\nchain inet\n".utf8))
        #expect(try directory.claims("vrrp") == [])
        try directory.compactLedger("vrrp")
        #expect(!Files.exists(path))
    }

    @Test func `a ledger of a namespace that is gone is void though its inode came again`() throws {
        let directory = try RunDirectory(root: scratch.path)
        let cookie = try #require(HostFacts.networkNamespaceCookie(), "Linux 5.14 or later")
        try directory.rewrite("vrrp", [.chain(.inet)])
        let path = "\(directory.path)/vrrp.ledger"
        let text = String(decoding: try Files.read(path, limit: 1000), as: UTF8.self)
        #expect(text.contains(" cookie \(cookie)\n"))
        let other = text.replacing(" cookie \(cookie)", with: " cookie 9\(cookie)")
        try Files.replace(path, with: Array(other.utf8))
        #expect(try directory.claims("vrrp") == [])
    }

    @Test func `what operators want is remembered, and forgotten with the last of it`() throws {
        let directory = try RunDirectory(root: scratch.path)
        let times = ReportTimes(now: at(100), wall: WallTime(nanoseconds: 1_800_000_000_000_000_000))
        #expect(try directory.overrides(times) == [])
        let name = ServerName(service: virtualServer().identity, server: endpoint("192.0.2.21", 80))
        let entry = ServerOverride(name, .drain, by: "uid 0", reason: "disk", since: at(90), until: at(900))
        try directory.remember([entry], times)
        #expect(try directory.overrides(times) == [entry])
        let path = "\(directory.path)/overrides.json"
        #expect(try Files.status(of: path).mode & 0o777 == 0o600)
        try Files.append(Array("x".utf8), to: path)
        #expect(throws: OverrideFile.Malformed.self) { try directory.overrides(times) }
        try directory.remember([], times)
        #expect(!Files.exists(path))
        try directory.remember([], times)
    }

    @Test func `compacting keeps each claim once`() throws {
        let directory = try RunDirectory(root: scratch.path)
        try directory.rewrite("lvs", [.chain(.inet), .syncThread(.backup)])
        try Files.append(
            Array("chain inet\ngarbage\nsync master\ncut off".utf8), to: "\(directory.path)/lvs.ledger")
        try directory.compactLedger("lvs")
        let expected: [Claim] = [.chain(.inet), .syncThread(.backup), .syncThread(.master)]
        #expect(try directory.claims("lvs") == expected)
        let text = String(
            decoding: try Files.read("\(directory.path)/lvs.ledger", limit: 1000), as: UTF8.self)
        #expect(text.split(separator: "\n").count == 4)
    }

    @Test func `an opened ledger is appended to, and made when absent`() throws {
        let directory = try RunDirectory(root: scratch.path)
        let writer = LedgerWriter(adopting: try directory.openLedger("vrrp"))
        try writer.claim([.chain(.inet6)])
        #expect(try directory.claims("vrrp") == [.chain(.inet6)])
        try directory.removeLedger("vrrp")
        #expect(try directory.claims("vrrp") == [])
        #expect(throws: Never.self) { try directory.removeLedger("vrrp") }
    }

    @Test func `a line that a killed role left without its end goes before the next is written`() throws {
        let directory = try RunDirectory(root: scratch.path)
        try LedgerWriter(adopting: directory.openLedger("lvs")).claim([.chain(.inet6)])
        #expect(try directory.hasWholeLedger("lvs") && !directory.hasWholeLedger("vrrp"))
        try Files.append(Array("chain in".utf8), to: "\(directory.path)/lvs.ledger")
        #expect(try !directory.hasWholeLedger("lvs"))
        try LedgerWriter(adopting: directory.openLedger("lvs")).claim([.syncThread(.master)])
        #expect(try directory.claims("lvs") == [.chain(.inet6), .syncThread(.master)])
    }

    @Test func `whether there is a ledger can be asked without making anything`() throws {
        #expect(!RunDirectory.hasLedgers(root: scratch.path))
        #expect(try Files.names(in: scratch.path).sorted() == [".", ".."])
        let directory = try RunDirectory(root: scratch.path)
        #expect(!RunDirectory.hasLedgers(root: scratch.path))
        _ = try directory.openLedger("lvs")
        #expect(RunDirectory.hasLedgers(root: scratch.path))
    }

    @Test func `the process id is written where asked, and removed`() throws {
        let directory = try RunDirectory(root: scratch.path)
        try directory.writeProcessID(to: nil)
        let inside = "\(directory.path)/holdfastd.pid"
        #expect(try Files.read(inside, limit: 20) == Array("\(HostFacts.process)\n".utf8))
        try directory.rewrite("vrrp", [.chain(.inet)])
        try directory.leave()
        #expect(!Files.exists(inside))
        try directory.writeProcessID(to: "\(scratch.path)/own.pid")
        #expect(Files.exists("\(scratch.path)/own.pid"))
    }
}
