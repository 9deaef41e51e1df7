import LinuxIO
import NetTypes
import Testing
import Timekeeping

@testable import Director

@Suite struct TablesProgramTests {
    static let names: [(request: TablesRequest, name: String)] = [
        (.save(.inet), "iptables-save"), (.save(.inet6), "ip6tables-save"),
        (.restore(.inet, "x"), "iptables-restore"), (.restore(.inet6, "x"), "ip6tables-restore"),
        (.list(.inet), "nft"), (.load(.inet6, "x"), "nft"),
    ]

    @Test(arguments: names) func `a request has its program`(request: TablesRequest, name: String) {
        #expect(TablesProgram.name(for: request) == name)
        #expect(TablesProgram.package(for: request) == (name == "nft" ? "nftables" : "iptables"))
    }

    @Test func `directories are searched in order`() throws {
        let found = try #require(
            TablesProgram.find(for: .save(.inet)) {
                ["/bin/iptables-save", "/sbin/iptables-save"].contains($0)
            })
        #expect(found.program.path == "/sbin/iptables-save")
        #expect(found.program.arguments == ["/sbin/iptables-save", "-t", "mangle"])
        #expect(found.input.isEmpty)
    }

    @Test func `a save is of the table that was asked for`() throws {
        let found = try #require(TablesProgram.find(for: .save(.inet6, .nat)) { _ in true })
        #expect(found.program.arguments == ["/usr/local/sbin/ip6tables-save", "-t", "nat"])
    }

    @Test func `a restore keeps what others wrote, waits for the lock, and reads the rules`() throws {
        let found = try #require(TablesProgram.find(for: .restore(.inet6, "*mangle\n")) { _ in true })
        #expect(found.program.arguments == ["/usr/local/sbin/ip6tables-restore", "--wait", "5", "--noflush"])
        #expect(found.input == Array("*mangle\n".utf8))
        #expect(found.program.environment.keys.sorted() == ["LC_ALL", "PATH"])
    }

    @Test func `nft lists the table of a family, and reads what it is to make`() throws {
        let list = try #require(TablesProgram.find(for: .list(.inet6)) { $0 == "/usr/sbin/nft" })
        #expect(list.program.arguments == ["/usr/sbin/nft", "list", "table", "ip6", "holdfast"])
        let load = try #require(TablesProgram.find(for: .load(.inet, "table ip holdfast\n")) { _ in true })
        #expect(load.program.arguments.dropFirst() == ["-f", "-"])
        #expect(load.input == Array("table ip holdfast\n".utf8))
    }

    @Test func `a table that is not there is an empty one, and other failures are told`() {
        let missing = "Error: No such file or directory\nlist table ip holdfast\n              ^^^^^^^^\n"
        #expect(TablesProgram.answer(to: .list(.inet), .exited(1), error: missing) == .done(""))
        guard case .failed(let why) = TablesProgram.answer(to: .load(.inet, ""), .exited(1), error: missing)
        else {
            Issue.record("a failure to load is none")
            return
        }
        #expect(why.hasPrefix("nft: ") && why.contains("No such file or directory; list table"))
        #expect(
            TablesProgram.answer(to: .list(.inet), .signalled(9), error: "") != .done(""))
    }

    @Test func `what is not installed is not found`() {
        #expect(TablesProgram.find(for: .save(.inet)) { _ in false } == nil)
    }

    @Test(arguments: ["", "# Table `nat' contains incompatible base-chains, use 'nft' tool to list them.\n"])
    func `a table that cannot be shown is no empty table`(before: String) {
        // As iptables-nft-save 1.8.9 writes it, and exits with 0.
        let saved = before + "# Table `mangle' is incompatible, use 'nft' tool.\n"
        guard case .failed(let why) = TablesProgram.answer(of: "iptables-save", saved) else {
            Issue.record("taken for a table")
            return
        }
        #expect(why.hasPrefix("iptables-save cannot show the table: nft has rules in it"))
    }

    static let tables = [
        "", "*nat\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n",
        "# Table `nat' contains incompatible base-chains, use 'nft' tool to list them.\n*nat\nCOMMIT\n",
        "*nat\n:O - [0:0]\n-A O -m comment --comment \"# Table `nat' is incompatible\" -j DROP\nCOMMIT\n",
    ]

    @Test(arguments: tables) func `what is shown is the answer as it is`(saved: String) {
        #expect(TablesProgram.answer(of: "iptables-save", saved) == .done(saved))
    }
}

@Suite struct TablesRunnerTests {
    @Test func `a program runs beside the loop and answers, and one at a time`() throws {
        // Whatever this machine has: missing, refused for want of rights, or a table. Each is an answer.
        let loop = try EventLoop<TablesEvent>()
        let runner = TablesRunner(in: loop) { $0 }
        var answer = runner.run(.save(.inet), at: Clock.now())
        if answer == nil {
            #expect(runner.nextDeadline != nil)
            #expect(
                runner.run(.save(.inet6), at: Clock.now()) == .failed("another run of iptables has not ended")
            )
        }
        let deadline = Clock.now() + .seconds(20)
        while answer == nil, Clock.now() < deadline {
            for ready in try loop.wait(until: deadline) where loop.isCurrent(ready.registration) {
                if let came = runner.handle(ready.token) { answer = came }
            }
        }
        switch try #require(answer) {
        case .done(let text): #expect(text.isEmpty || text.contains("mangle"))
        case .failed(let sentence): #expect(sentence.contains("iptables-save"))
        }
        #expect(runner.nextDeadline == nil)
        #expect(loop.count == 0)
    }
}
