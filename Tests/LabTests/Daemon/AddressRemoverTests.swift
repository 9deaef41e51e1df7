import LinuxIO
import Testing
import Timekeeping

/// Removing an address takes no other one along. Needs root and namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct AddressRemoverTests {
    @Test func `others of the subnet stay when its primary address goes`() throws {
        let bench = try DirectorBench()
        let text = DirectorBench.instance(150, vip: "198.51.100.7")
        let director = try bench.start("a", on: bench.a, text, flags: ["-P"])
        #expect(try Tools.wait(.seconds(30)) { try bench.a.holds("198.51.100.7") } != nil)
        try bench.a.run(
            Tools.ipPath, "address", "add", "198.51.100.8/24", "broadcast", "198.51.100.77", "dev", "eth0",
            "label", "eth0:own", "valid_lft", "9000", "preferred_lft", "8000")
        _ = try bench.write("a", DirectorBench.instance(150, vip: "198.51.100.9"))
        director.send(.hangup)
        #expect(try Tools.wait(.seconds(20)) { try !bench.a.holds("198.51.100.7") } != nil)
        #expect(try bench.a.holds("198.51.100.8") && bench.a.holds("198.51.100.9"), "\(bench.log("a"))")
        let list = try bench.a.run(Tools.ipPath, "-4", "-o", "address", "show").output.text
        #expect(list.contains("eth0:own") && list.contains("brd 198.51.100.77"), "\(list)")
        #expect(list.contains("valid_lft 8") || list.contains("valid_lft 9"), "\(list)")
        #expect(!bench.log("a").contains("put back"))
    }
}
