import LinuxIO
import Testing
import Timekeeping

/// The role that becomes a script. Needs root.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct ExecRoleKernelTests {
    /// A shell that stands for the supervisor, and the script it has started: its process id is the output.
    private func start(_ words: String) throws -> (shell: ChildProcess, script: Int32) {
        let line = "\(Tools.holdfastd) --role exec --user 65534 --groups 65534 --parent $$ -- \(words)"
        let shell = try ChildProcess(
            Program(
                "/bin/sh", ["-c", "\(line) & echo $!; wait $!; exit $?"], environment: Tools.environment),
            ChildStreams(output: .pipe))
        var text = ""
        _ = Tools.wait(.seconds(60)) {
            if case .octets(let octets)? = try? shell.readOutput() {
                text += String(decoding: octets, as: UTF8.self)
            }
            return text.hasSuffix("\n")
        }
        return (shell, try #require(Int32(text.dropLast())))
    }

    private func name(_ pid: Int32) -> String? {
        (try? Files.read("/proc/\(pid)/comm", limit: 64)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `a script does not outlive the supervisor`() throws {
        let (shell, script) = try start("/bin/sleep 60")
        defer { try? Signal.kill.send(to: script) }
        #expect(Tools.wait(.seconds(60)) { name(script) == "sleep\n" } != nil)
        shell.send(.kill)
        #expect(Tools.wait(.seconds(60)) { (try? shell.reap()) ?? nil != nil } != nil)
        // Whoever takes the orphan may be slow to reap it.
        let isGone = Tools.wait(.seconds(60)) {
            let stat = (try? Files.read("/proc/\(script)/stat", limit: 4096)) ?? []
            return stat.isEmpty || String(decoding: stat, as: UTF8.self).contains(") Z ")
        }
        #expect(isGone != nil)
    }

    @Test func `a script whose supervisor has died is not started`() throws {
        let program = Program(
            Tools.holdfastd,
            ["--role", "exec", "--user", "65534", "--groups", "65534", "--parent", "1", "--", "/bin/true"])
        #expect(try program.run(timeout: .seconds(60)).status == .signalled(63))
    }

    @Test func `what others can change is not run where only root's programs are`() throws {
        let script = "/run/holdfast-exec-\(HostFacts.process).sh"
        defer { try? Files.remove(script) }
        for (option, mode, status) in [
            ("", 0o777, 7), ("--roots-own", 0o777, 128 + 62), ("--roots-own", 0o775, 7),
            ("--roots-own", 0o755, 7),
        ] as [(String, UInt32, Int32)] {
            try? Files.remove(script)
            try Files.replace(script, with: Array("#!/bin/sh\nexit 7\n".utf8), mode: mode)
            _ = try Program("/bin/chmod", [String(mode, radix: 8), script]).run(timeout: .seconds(60))
            let line = "\(Tools.holdfastd) --role exec --user 0 --groups 0 --parent $$ \(option) -- \(script)"
            let shell = Program("/bin/sh", ["-c", "\(line); exit $?"], environment: Tools.environment)
            #expect(try shell.run(timeout: .seconds(60)).status == .exited(status), "\(line)")
        }
    }

    @Test func `a script finds every signal as programs expect it`() throws {
        // SIGPIPE is bit 12; a shell's background jobs ignore some others.
        for pattern in ["^SigIgn:.[0-9a-f]{12}[02468ace][0-9a-f]{3}$", "^SigBlk:.0{16}$"] {
            let (shell, _) = try start("/bin/grep -qE '\(pattern)' /proc/self/status")
            #expect(Tools.wait(.seconds(60)) { (try? shell.reap()) ?? nil != nil } != nil)
            #expect(shell.exitStatus == .exited(0), "\(pattern)")
        }
    }

    @Test(.enabled(if: hasIPVS, "needs a kernel with IPVS"))
    func `a check's script goes with a supervisor that is killed`() throws {
        let bench = try DirectorBench()
        let proof = "\(bench.directory)/proof"
        try Files.replace(proof, with: [], mode: 0o666)
        let script = "\(bench.directory)/check.sh"
        let body = "#!/bin/sh\necho $$ > \(proof)\nexec sleep 60\n"
        try Files.replace(script, with: Array(body.utf8), mode: 0o755)
        let check = "MISC_CHECK {\n            misc_path \(script)\n            misc_timeout 60\n        }"
        let text = DirectorBench.service(["192.0.2.3"], options: "delay_loop 1").replacing(
            "weight 1", with: "weight 1\n        \(check)")
        let director = try bench.start("a", on: bench.a, text)
        let pid = {
            Int32(String(decoding: (try? Files.read(proof, limit: 20)) ?? [], as: UTF8.self).dropLast())
        }
        #expect(Tools.wait(.seconds(30)) { pid().flatMap(name) == "sleep\n" } != nil, "\(bench.log("a"))")
        let sleeping = try #require(pid())
        director.send(.kill)
        #expect(Tools.wait(.seconds(60)) { name(sleeping) != "sleep\n" } != nil)
    }
}
