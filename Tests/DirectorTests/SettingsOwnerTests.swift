import LinuxIO
import LoadBalancing
import Testing

@testable import Director

@Suite struct SettingsOwnerTests {
    typealias Outcome = SettingsOwner.Outcome

    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
        for (name, value) in [
            ("backup_only", "0\n"), ("sync_threshold", "3\t50\n"), ("sync_ports", "1\n"),
        ] { _ = try scratch.write(name, value) }
    }

    /// An owner with the ledger that its predecessors wrote.
    private func make(after claims: [Claim] = []) throws -> (owner: SettingsOwner, ledger: LedgerWriter) {
        let ledger = LedgerWriter(adopting: try Files.openForAppending("\(scratch.path)/ledger"))
        ledger.inherit(claims)
        return (SettingsOwner(ledger: ledger, log: quietLog(), root: scratch.path), ledger)
    }

    private func value(_ name: String) throws -> String? {
        // What is written may be shorter than what was there; the kernel's files have no rest.
        IPVSSetting.value(in: try scratch.read(name))
    }

    @Test func `what is wanted is set, once, and put back`() throws {
        let (owner, ledger) = try make()
        let wanted: [IPVSSetting: String] = [.backupOnly: "1", .syncThreshold: "1 10"]
        #expect(owner.set([:]) == Outcome())
        #expect(owner.set(wanted) == Outcome(changed: [.backupOnly, .syncThreshold]))
        #expect(try value("backup_only") == "1")
        #expect(try value("sync_threshold") == "1 10")
        #expect(owner.set(wanted) == Outcome())
        #expect(owner.set([.backupOnly: "1"]) == Outcome(changed: [.syncThreshold]))
        #expect(try value("backup_only") == "1")
        #expect(try value("sync_threshold") == "3 50")
        #expect(ledger.claims == [.sysctl(.backupOnly, before: "0")])
        #expect(owner.set([:]) == Outcome(changed: [.backupOnly]))
        #expect(try value("backup_only") == "0")
        #expect(ledger.claims.isEmpty)
    }

    @Test func `what was there is written down before it is changed, and once`() throws {
        let (owner, _) = try make()
        _ = owner.set([.syncThreshold: "1 10"])
        _ = owner.set([.syncThreshold: "2 10"])
        _ = owner.set([:])
        let lines = ["sysctl sync_threshold 3 50", "unclaim sysctl sync_threshold 3 50"]
        #expect(try scratch.read("ledger") == lines.map { $0 + "\n" }.joined())
    }

    @Test func `nothing is changed that cannot be written down`() throws {
        var pipe = try OwnedFD.pipe()
        let reading = pipe.takeFirst()
        let ledger = LedgerWriter(adopting: pipe.takeSecond())
        reading.close()
        Signal.pipe.ignore()
        let owner = SettingsOwner(ledger: ledger, log: quietLog(), root: scratch.path)
        #expect(owner.set([.backupOnly: "1"]) == Outcome(isComplete: false))
        #expect(try value("backup_only") == "0")
    }

    @Test func `what somebody else changes is set again`() throws {
        let (owner, _) = try make()
        _ = owner.set([.syncPorts: "2"])
        _ = try scratch.write("sync_ports", "8\n")
        #expect(owner.set([.syncPorts: "2"]) == Outcome(changed: [.syncPorts]))
        #expect(try value("sync_ports") == "2")
        #expect(owner.set([:]) == Outcome(changed: [.syncPorts]))
        #expect(try value("sync_ports") == "1", "what was there at first")
    }

    @Test func `a successor puts back what its predecessor changed`() throws {
        let (first, ledger) = try make()
        _ = first.set([.backupOnly: "1"])
        let (successor, rest) = try make(after: Array(ledger.claims))
        #expect(successor.set([.backupOnly: "1"]) == Outcome())
        #expect(successor.set([:]) == Outcome(changed: [.backupOnly]))
        #expect(try value("backup_only") == "0")
        #expect(rest.claims.isEmpty)
    }

    @Test func `what was as wanted before us stays`() throws {
        let (owner, ledger) = try make()
        #expect(owner.set([.syncThreshold: "3 50"]) == Outcome())
        #expect(owner.set([:]) == Outcome())
        #expect(try value("sync_threshold") == "3 50")
        #expect(ledger.claims.isEmpty)
    }

    @Test func `one that the kernel does not have keeps no other from being set`() throws {
        let (owner, _) = try make()
        let both: [IPVSSetting: String] = [.estimates: "0", .backupOnly: "1"]
        #expect(owner.set(both) == Outcome(changed: [.backupOnly], isComplete: false))
        #expect(owner.set([.backupOnly: "1"]) == Outcome())
    }

    @Test func `without IPVS there is nothing to put back`() throws {
        let (owner, _) = try make(after: [.sysctl(.conntrack, before: "0")])
        #expect(owner.set([:]) == Outcome())
    }

    @Test func `nonsense in the file is an error`() throws {
        _ = try scratch.write("backup_only", "what")
        let (owner, _) = try make()
        #expect(owner.set([.backupOnly: "1"]) == Outcome(isComplete: false))
    }
}
