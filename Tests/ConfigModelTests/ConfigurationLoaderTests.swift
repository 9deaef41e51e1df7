import ConfigModel
import ConfigSyntax
import Testing
import VRRP

@Suite struct ConfigurationLoaderTests {
    private func load(_ text: String) -> LoadResult {
        ConfigurationLoader.load(path: "/etc/x.conf", configID: "a") { path in
            path == "/etc/x.conf" ? .success(Array(text.utf8)) : .failure(FileProblem("no such file"))
        }
    }

    private let good = """
        vrrp_instance VI_1 {
            interface eth0
            virtual_router_id 51
            virtual_ipaddress {
                192.0.2.100/24
            }
        }
        """

    @Test func `a good file gives a configuration, no text and exit status 0`() throws {
        let result = load(good)
        let configuration = try #require(result.configuration)
        #expect(configuration.instances.count == 1)
        #expect(result.diagnostics.isEmpty)
        #expect(result.text.isEmpty)
        #expect(result.lines.isEmpty)
        #expect(result.exitCode == 0)
        #expect(!result.hasErrors)
        #expect(result.sources.files.map(\.name) == ["/etc/x.conf"])
    }

    @Test func `warnings do not stop a configuration`() {
        let result = load(good.replacing("100/24", with: "100"))
        #expect(result.configuration != nil)
        #expect(result.exitCode == 0)
        #expect(result.diagnostics.map(\.code) == [.implicitHostPrefix])
        #expect(result.text.hasSuffix("0 errors, 1 warning in 1 file\n"))
    }

    @Test(arguments: ["", "# nothing\n", "nonsense", "vrrp_instance VI_1 {"])
    func `a file that is empty or broken is refused with exit status 4`(text: String) {
        let result = load(text)
        #expect(result.configuration == nil)
        #expect(result.exitCode == 4)
        #expect(!result.lines.isEmpty)
    }

    @Test func `a file with an error has no meaning`() {
        let broken = load(good.replacing("51", with: "0"))
        #expect(broken.model == nil && broken.configuration == nil)
        let whole = load(good)
        #expect(whole.model != nil && whole.model == whole.configuration)
    }

    @Test func `services may inherit what is written after them`() {
        let server = Sample.server("192.0.2.21 80", "MISC_CHECK {\nmisc_path /c\n}")
        let result = load(Sample.service(servers: server) + "global_defs {\nscript_user daemon\n}\n")
        let dump = result.configuration.map { ConfigurationDump.text($0) } ?? ""
        #expect(dump.contains(" user daemon"))
    }

    @Test func `services end at a number`() {
        let count = ConfigurationLoader.maximumServices + 1
        let result = load(String(repeating: "virtual_server {}\n", count: count))
        #expect(result.diagnostics.contains { $0.code == .tooLarge })
    }

    @Test func `a file that is not there is refused with exit status 4`() {
        let result = ConfigurationLoader.load(path: "/nowhere", configID: "a") { _ in
            .failure(FileProblem("no such file"))
        }
        #expect(result.exitCode == 4)
        #expect(result.lines == ["/nowhere:1:1: error: cannot read /nowhere: no such file [E001]"])
    }

    @Test func `a reference that cannot be resolved hides what else is wrong with its word`() {
        let result = load("$IF=eth0\n" + good.replacing("eth0", with: "$IF/x"))
        #expect(result.diagnostics.map(\.code) == [.bareReference])
        #expect(result.configuration == nil)
    }

    @Test func `findings come in reading order and not without end`() {
        let result = load(String(repeating: "nonsense\n", count: 2000))
        #expect(result.diagnostics.count == Diagnostics.limit)
        #expect(result.dropped == 2000 - Diagnostics.limit)
        #expect(result.lines.first == "/etc/x.conf:1:1: error: unknown keyword \"nonsense\" [E101]")
        #expect(result.text.contains("1500 more not shown"))
        let logged = result.lines(limit: 3)
        #expect(logged == result.lines.prefix(3) + ["497 more like these [E101]: see `holdfastd -t`"])
        #expect(result.exitCode == 4)
    }
}
