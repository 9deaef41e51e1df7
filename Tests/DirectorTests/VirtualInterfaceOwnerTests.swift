import KernelNet
import LinuxIO
import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Director

/// What needs no interface of the kernel; the rest is in Tests/LabTests.
@Suite struct VirtualInterfaceOwnerTests {
    private static let files = ["rp_filter", "arp_ignore", "arp_announce", "arp_filter"]

    private let scratch: ScratchDirectory
    private let owner: VirtualInterfaceOwner
    private let ledger: LedgerWriter
    private let interface = VirtualInterface(
        name: "v51", base: "eth0", mac: VirtualInterface.mac(of: 51, .inet))

    init() throws {
        scratch = try ScratchDirectory()
        for directory in ["ipv4", "ipv4/conf", "ipv4/conf/v51"] {
            try Files.createDirectory("\(scratch.path)/\(directory)")
        }
        owner = try VirtualInterfaceOwner(
            log: quietLog(), settings: InterfaceSettings(root: scratch.path))
        ledger = LedgerWriter(adopting: try Files.openForAppending("\(scratch.path)/ledger"))
        ledger.inherit([.interface(name: "v51", interface.mac)])
    }

    /// The kernel has the interface, under this index.
    private func table(_ index: Int32 = 7) -> InterfaceTable {
        var table = InterfaceTable()
        let own = Link(
            index: index, name: "v51", flags: 0, mac: interface.mac, kind: "macvlan", lower: 2)
        table.replace(links: [link(2, "eth0"), own], addresses: [])
        return table
    }

    private func reconcile(_ table: InterfaceTable, isWanted: Bool = true) {
        var (table, configuration) = (table, router())
        configuration.virtualInterface = interface
        _ = owner.reconcile(
            isWanted ? [configuration] : [], raised: [], lowering: false, table: &table, ledger: ledger)
    }

    private func make(_ files: [String] = files) throws {
        for file in files { _ = try scratch.write("ipv4/conf/v51/\(file)", "7") }
    }

    private func read() throws -> [String] { try Self.files.map { try scratch.read("ipv4/conf/v51/\($0)") } }

    @Test func `settings that could be made by half are made anew until they are whole`() throws {
        try make(["rp_filter", "arp_ignore"])
        for _ in 0..<3 {
            reconcile(table())
            #expect(owner.hasFailed)
        }
        try make()
        reconcile(table())
        #expect(!owner.hasFailed)
        #expect(try read() == ["0", "1", "2", "0"])
    }

    @Test func `what another hand sets later stays, until the interface is another one`() throws {
        try make()
        reconcile(table())
        try make()
        reconcile(table())
        #expect(try read() == ["7", "7", "7", "7"])
        reconcile(table(8))
        #expect(try read() == ["0", "1", "2", "0"])
        // The kernel may give a new one the number of one that is gone.
        try make()
        var without = InterfaceTable()
        without.replace(links: [link(2, "eth0")], addresses: [])
        reconcile(without, isWanted: false)
        ledger.inherit([.interface(name: "v51", interface.mac)])
        reconcile(table(8))
        #expect(try read() == ["0", "1", "2", "0"])
    }

    @Test func `a setting of the interface below that cannot be made is tried again`() throws {
        try make()
        let directory = "\(scratch.path)/ipv4/conf/eth0"
        try Files.createDirectory(directory)
        _ = try scratch.write("ipv4/conf/eth0/arp_announce", "2")
        // What is read through a symbolic link is not written through it.
        let file = try scratch.write("elsewhere", "0")
        let link = try Program("/bin/ln", ["-s", file, "\(directory)/arp_ignore"]).run(timeout: .seconds(10))
        try #require(link.status.isSuccess)
        reconcile(table())
        #expect(owner.hasFailed)
        try Files.remove("\(directory)/arp_ignore")
        _ = try scratch.write("ipv4/conf/eth0/arp_ignore", "0")
        reconcile(table())
        #expect(!owner.hasFailed)
        #expect(try scratch.read("ipv4/conf/eth0/arp_ignore") == "1")
    }

    @Test func `an interface that is gone, or not ours, is not tried for ever`() throws {
        reconcile(table())
        #expect(owner.hasFailed)
        try ledger.unclaim([.interface(name: "v51", interface.mac)])
        reconcile(table())
        #expect(!owner.hasFailed)
    }
}
