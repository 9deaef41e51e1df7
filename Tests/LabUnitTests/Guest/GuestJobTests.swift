import Testing
import Timekeeping

@testable import Lab

@Suite struct GuestJobTests {
    private let job = GuestJob(
        command: ["echo", "it's"], directory: "/srv/a b", environment: ["PATH": "/bin", "A": "1 2"],
        shares: ["/out", "/with,comma"], memory: 512, processors: 3, timeout: .seconds(90))

    @Test func `the command starts in its directory with its environment alone`() {
        #expect(
            job.commandScript == """
                cd '/srv/a b' || exit 126
                exec '/run/holdfast-guest/busybox' 'env' '-i' 'A=1 2' 'PATH=/bin' 'echo' 'it'\\''s'

                """)
    }

    @Test func `the guest mounts every share at its own path and knows the time limit`() {
        let script = job.jobScript(nonce: "n1")
        #expect(script.contains("nonce=n1\nlimit=120\n"))
        #expect(script.contains("files rw,cache=none share0 /whole'/out'\n"))
        #expect(script.contains("files rw,cache=none share1 /whole'/with,comma'\n"))
    }

    @Test func `the machine gets its size, its files and two output ports`() {
        let arguments = job.machineArguments(
            kernel: "/k", initialFiles: "/i", modules: "/m", console: "/c")
        for pair in [
            ["-m", "512"], ["-smp", "3"], ["-accel", "tcg,thread=multi"], ["-kernel", "/k"],
            ["-initrd", "/i"],
            ["-serial", "file:/c"], ["-chardev", "file,id=port1,path=/dev/fd/3"],
            ["-chardev", "file,id=port2,path=/dev/fd/4"],
        ] {
            #expect(zip(arguments, arguments.dropFirst()).contains { [$0, $1] == pair }, "\(pair)")
        }
    }

    @Test func `a busy host does not make the kernel give up on its timer`() throws {
        let arguments = job.machineArguments(kernel: "/k", initialFiles: "/i", modules: "/m", console: "/c")
        let index = try #require(arguments.firstIndex(of: "-append"))
        #expect(arguments[index + 1].split(separator: " ").contains("no_timer_check"))
    }

    @Test func `the host's files are read-only, shares are not, and commas are escaped`() {
        let folders = job.machineArguments(kernel: "/k", initialFiles: "/i", modules: "/m", console: "/c")
            .filter { $0.hasPrefix("local,") }
        #expect(
            folders == [
                "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
                "local,path=/m,mount_tag=modules,security_model=none,readonly=on,multidevs=remap",
                "local,path=/out,mount_tag=share0,security_model=none,multidevs=remap",
                "local,path=/with,,comma,mount_tag=share1,security_model=none,multidevs=remap",
            ])
    }

    @Test func `KVM is used only on request`() {
        var asked = job
        asked.accelerator = .kvm
        let arguments = asked.machineArguments(kernel: "", initialFiles: "", modules: "", console: "")
        #expect(arguments.prefix(4) == ["-accel", "kvm", "-cpu", "host"])
    }
}
