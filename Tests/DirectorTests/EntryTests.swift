import LinuxIO
import Testing
import Timekeeping

@testable import Director

@Suite struct EntryTests {
    let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    @Test func `a good configuration tests to 0, a broken or missing one to 4`() throws {
        let good = try scratch.write("good.conf", "global_defs {\n    router_id a\n}\n")
        let broken = try scratch.write("broken.conf", "vrrp_instance VI_1 {\n    virtual_router_id 999\n")
        #expect(Entry.run(["-t", "-f", good]) == 0)
        #expect(Entry.run(["-t", "-f", broken]) == 4)
        #expect(Entry.run(["-t", "-f", "\(scratch.path)/none.conf"]) == 4)
    }

    @Test func `what is missing on this host tests to 5, a file that cannot be read to 4`() throws {
        let lines = [
            "interface nosuchif0", "virtual_router_id 1", "virtual_ipaddress {", "192.0.2.1/24", "}",
        ]
        let instance = "vrrp_instance A {\n" + lines.joined(separator: "\n") + "\n}\n"
        #expect(Entry.run(["-t", "-f", try scratch.write("interface.conf", instance)]) == 5)
        let allowed = "global_defs {\ndynamic_interfaces\n}\n" + instance
        #expect(Entry.run(["-t", "-f", try scratch.write("dynamic.conf", allowed)]) == 0)
        let script = "global_defs {\nscript_user nosuchuser_hf\n}\n" + instance
        #expect(Entry.run(["-t", "-f", try scratch.write("user.conf", script)]) == 5)
        #expect(Entry.run(["-t", "-f", scratch.path]) == 4)
    }

    @Test func `a test with a log adds to it, and never through a link`() throws {
        let broken = try scratch.write("broken.conf", "vrrp_instance VI_1 {\n    virtual_router_id 999\n")
        _ = try scratch.write("log", "before\n")
        #expect(Entry.run(["--config-test=\(scratch.path)/log", "-f", broken]) == 4)
        let text = try scratch.read("log")
        #expect(text.hasPrefix("before\n") && text.contains("999 is outside 1...255"), "\(text)")
        #expect(Entry.run(["-t\(scratch.path)/none/log", "-f", broken]) == Entry.Status.fatal)
        let link = "\(scratch.path)/link"
        _ = try Program("/bin/ln", ["-s", "\(scratch.path)/log", link]).run(timeout: .seconds(10))
        #expect(Files.exists(link))
        #expect(Entry.run(["-t\(link)", "-f", broken]) == Entry.Status.fatal)
        #expect(try scratch.read("log") == text)
    }

    @Test func `what no other try would mend has an exit status of its own`() {
        #expect(Entry.refusal(user: 0, objections: [])?.status == nil)
        let old = Entry.refusal(user: 0, objections: ["this kernel is Linux 4.19", "this C library"])
        #expect(old?.status == 3 && old?.reason == "this kernel is Linux 4.19")
        #expect(Entry.refusal(user: 7, objections: [])?.status == 4)
    }

    @Test func `with all files wanted, an include that finds none is an error`() throws {
        let file = try scratch.write("a.conf", "include none.d/*.conf\nglobal_defs {\n    router_id a\n}\n")
        #expect(Entry.run(["-t", "-f", file]) == 0)
        #expect(Entry.run(["-t", "-e", "-f", file]) == 4)
    }

    @Test func `under keepalived's name it does the same`() throws {
        let file = try scratch.write("a.conf", "global_defs {\n    router_id a\n}\n")
        #expect(Entry.run(["--config-test", "--use-file=\(file)"], as: .keepalived) == 0)
        #expect(Entry.run(["--version"], as: .keepalived) == 0 && Entry.run(["-h"], as: .keepalived) == 0)
    }

    @Test func `help and version succeed, nonsense does not`() {
        #expect(Entry.run(["-h"]) == 0)
        #expect(Entry.run(["-v"]) == 0)
        #expect(Entry.run(["--nonsense"]) == 1)
        #expect(Entry.version.hasPrefix("holdfastd "))
    }

    @Test func `a daemon does not start from a broken or missing file`() throws {
        let broken = try scratch.write("broken.conf", "vrrp_instance VI_1 {\n    virtual_router_id 999\n")
        #expect(Entry.run(["-n", "-l", "-f", broken]) == Entry.Status.configuration)
        #expect(Entry.run(["-n", "-l", "-f", "\(scratch.path)/none.conf"]) == Entry.Status.noConfiguration)
    }
}
