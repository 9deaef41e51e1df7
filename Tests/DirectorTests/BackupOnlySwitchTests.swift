import LinuxIO
import Testing

@testable import Director

@Suite struct BackupOnlySwitchTests {
    let scratch: ScratchDirectory
    let directory: RunDirectory
    let path: String

    init() throws {
        scratch = try ScratchDirectory()
        directory = try RunDirectory(root: scratch.path)
        path = try scratch.write("backup_only", "0\n")
    }

    private func make() throws -> BackupOnlySwitch { try BackupOnlySwitch(in: directory, path: path) }

    private func value() throws -> String { String(try scratch.read("backup_only").prefix(1)) }

    @Test func `it is set and put back`() throws {
        let setting = try make()
        #expect(try setting.set(false) == nil)
        #expect(try setting.set(true) == "net.ipv4.vs.backup_only set to 1")
        #expect(try value() == "1")
        #expect(try setting.set(true) == nil)
        #expect(try setting.set(false) == "net.ipv4.vs.backup_only put back to 0")
        #expect(try value() == "0")
        #expect(try setting.set(false) == nil)
    }

    @Test func `a successor puts back what its predecessor changed`() throws {
        _ = try make().set(true)
        let successor = try make()
        #expect(try successor.set(true) == nil)
        #expect(try successor.set(false) == "net.ipv4.vs.backup_only put back to 0")
        #expect(try value() == "0")
        #expect(try directory.claims("supervisor") == [])
    }

    @Test func `what somebody else changes is repaired, and put back to what it was at first`() throws {
        let setting = try make()
        _ = try setting.set(true)
        try Files.replace(path, with: Array("0\n".utf8))
        #expect(try setting.set(true) == "repaired: net.ipv4.vs.backup_only set to 1")
        #expect(try value() == "1")
        #expect(setting.repairs == 1)
        #expect(try setting.set(false) == "net.ipv4.vs.backup_only put back to 0")
        #expect(try setting.set(true) == "net.ipv4.vs.backup_only set to 1")
        #expect(setting.repairs == 1)
    }

    @Test func `what was 1 before us stays 1`() throws {
        try Files.replace(path, with: Array("1\n".utf8))
        let setting = try make()
        #expect(try setting.set(true) == nil)
        #expect(try setting.set(false) == nil)
        #expect(try value() == "1")
    }

    @Test func `it is written down before it is changed`() throws {
        _ = try make().set(true)
        #expect(try directory.claims("supervisor") == [.backupOnly(before: 0)])
    }

    @Test func `without IPVS there is nothing to put back, and nothing can be set`() throws {
        _ = try make().set(true)
        try Files.remove(path)
        #expect(try make().set(false) == nil)
        #expect(throws: SystemError.self) { try make().set(true) }
    }

    @Test func `nonsense in the file is an error`() throws {
        try Files.replace(path, with: Array("what".utf8))
        #expect(throws: SystemError.self) { try make().set(true) }
    }
}
