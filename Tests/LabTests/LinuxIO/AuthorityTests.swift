import Glibc
import LinuxIO
import Testing
import Timekeeping

/// Privileges and scheduling, as root: each test in a process of its own, which it spoils.
@Suite(.enabled(if: mayMakeNamespaces, "needs root")) struct AuthorityKernelTests {
    @Test func `a role becomes another user and keeps the capabilities it was left`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            guard let nobody = try UserAccount.find("nobody") else { exit(1) }
            try Privileges.drop(to: nobody, keeping: [.networkAdmin, .networkRaw])
            guard try Privileges.effective() == [.networkAdmin, .networkRaw] else { exit(2) }
            guard Privileges.effectiveUser == nobody.user, Privileges.hasNoNewPrivileges else { exit(3) }
            // Neither the way back nor a capability that was not kept.
            guard setuid(0) != 0, setgid(0) != 0 else { exit(4) }
            guard (try? Files.read("/etc/shadow", limit: 1 << 20)) == nil else { exit(5) }
            let status = String(
                decoding: try Files.read("/proc/thread-self/status", limit: 100_000), as: UTF8.self)
            func bits(_ name: String) -> Substring? {
                status.split(separator: "\n").first { $0.hasPrefix(name) }?.split(separator: "\t").last
            }
            guard bits("CapBnd:") == "0000000000003000", bits("CapInh:") == "0000000000000000",
                bits("CapAmb:") == "0000000000000000", bits("CapPrm:") == "0000000000003000"
            else { exit(6) }
            // A program started from here has nothing.
            let child = try Program("/bin/grep", ["CapEff", "/proc/self/status"]).run(timeout: .seconds(60))
            exit(child.output.text == "CapEff:\t0000000000000000\n" ? 42 : 7)
        }
    }

    @Test func `root without capabilities starts programs without any`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            try Privileges.drop(to: nil, keeping: [])
            let child = try Program("/bin/grep", ["CapEff", "/proc/self/status"]).run(timeout: .seconds(60))
            exit(child.output.text == "CapEff:\t0000000000000000\n" ? 42 : 1)
        }
    }

    @Test func `real-time scheduling is not inherited and memory is locked`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            try Scheduling.limitRealTime(soft: .seconds(5), hard: .seconds(10))
            try Scheduling.becomeRealTime(priority: 10)
            guard Scheduling.isRealTime else { exit(1) }
            // A container without CAP_SYS_RESOURCE may not raise the limit, and then nothing is locked.
            let locks: Bool
            do throws(SystemError) {
                try Scheduling.lockMemory(onFault: true)
                locks = true
            } catch {
                locks = false
                guard error.errno == .notPermitted, try !Privileges.effective().contains(.resources) else {
                    exit(2)
                }
            }
            let status = String(decoding: try Files.read("/proc/self/status", limit: 100_000), as: UTF8.self)
            let locked = status.split(separator: "\n").first { $0.hasPrefix("VmLck:") }
            guard locked?.hasSuffix("\t       0 kB") == !locks else { exit(3) }
            let child = try Program("/bin/cat", ["/proc/self/sched"]).run(timeout: .seconds(60))
            let policy = child.output.text.split(separator: "\n").first { $0.hasPrefix("policy") }
            exit(policy == nil || policy?.hasSuffix(" 0") == true ? 42 : 4)
        }
    }
}
