import Timekeeping

/// One command to be run in a guest kernel, and what the guest is to look like.
package struct GuestJob: Hashable, Sendable {
    /// How the guest's processors are made.
    package enum Accelerator: String, Hashable, Sendable, CaseIterable {
        /// QEMU translates instructions: works everywhere, computes 5 to 10 times slower.
        case tcg
        /// The host's virtualisation; only on request, since a /dev/kvm may exist and still hang the guest.
        case kvm
    }

    /// The command and its arguments; never empty. Looked up in the guest's PATH.
    package var command: [String]
    /// Where it starts: the same path as on the host.
    package var directory: String
    /// Its whole environment.
    package var environment: [String: String]
    /// Host folders that are writable in the guest at their own path: absolute, existing.
    package var shares: [String]
    /// Guest memory in MiB, 256 and more.
    package var memory: Int
    /// Guest processors, 1...64.
    package var processors: Int
    /// How the processors are made.
    package var accelerator: Accelerator
    /// After this the guest is ended, whatever the command does.
    package var timeout: Interval

    /// A job with two processors and 2 GiB unless told otherwise.
    package init(
        command: [String], directory: String, environment: [String: String], shares: [String] = [],
        memory: Int = 2048, processors: Int = 2, accelerator: Accelerator = .tcg,
        timeout: Interval = .seconds(3600)
    ) {
        self.command = command
        self.directory = directory
        self.environment = environment
        self.shares = shares
        self.memory = memory
        self.processors = processors
        self.accelerator = accelerator
        self.timeout = timeout
    }

    /// The script that becomes the command: exit status 126 when the directory is not there, 127 when the
    /// command is not.
    var commandScript: String {
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let env = ["\(GuestScripts.home)/busybox", "env", "-i"] + variables + command
        return """
            cd \(ShellText.quoted(directory)) || exit 126
            exec \(ShellText.line(env))

            """
    }

    /// What the guest's scripts read: the mark behind the output, the time limit and the shares. The
    /// guest's own limit comes later than ours and ends a guest whose starter was killed.
    func jobScript(nonce: String) -> String {
        let mounts = shares.enumerated().map { index, path in
            "files rw,cache=none share\(index) /whole\(ShellText.quoted(path))"
        }
        return """
            nonce=\(nonce)
            limit=\(Int(timeout.seconds) + 30)
            shares() {
            :
            \(mounts.joined(separator: "\n"))
            }

            """
    }

    /// QEMU's arguments. Descriptor 3 of QEMU takes the command's output, 4 its error output.
    func machineArguments(
        kernel: String, initialFiles: String, modules: String, console: String
    ) -> [String] {
        let processor = accelerator == .kvm ? ["-accel", "kvm", "-cpu", "host"] : Self.translated
        var arguments =
            processor + [
                "-smp", String(processors), "-m", String(memory), "-display", "none", "-nodefaults",
                "-no-reboot", "-monitor", "none", "-serial", "file:\(Self.escaped(console))",
                "-kernel", kernel, "-initrd", initialFiles,
                "-append", Self.kernelCommandLine,
                "-device", "virtio-serial-pci",
            ]
        for (port, descriptor) in [(1, 3), (2, 4)] {
            arguments += ["-chardev", "file,id=port\(port),path=/dev/fd/\(descriptor)"]
            arguments += ["-device", "virtserialport,chardev=port\(port),nr=\(port)"]
        }
        arguments += Self.folder("/", "host", writable: false)
        arguments += Self.folder(modules, "modules", writable: false)
        for (index, path) in shares.enumerated() {
            arguments += Self.folder(path, "share\(index)", writable: true)
        }
        return arguments
    }

    /// no_timer_check: on a busy host the test of the timer's interrupt times out and the kernel gives up,
    /// though QEMU's timer works.
    private static let kernelCommandLine =
        "console=ttyS0 panic=-1 quiet mitigations=off tsc=reliable no_timer_check"

    private static let translated = ["-accel", "tcg,thread=multi", "-cpu", "max"]

    private static func folder(_ path: String, _ tag: String, writable: Bool) -> [String] {
        let mode = writable ? "" : ",readonly=on"
        return [
            "-virtfs",
            "local,path=\(escaped(path)),mount_tag=\(tag),security_model=none\(mode),multidevs=remap",
        ]
    }

    /// QEMU's option lists end a value at a comma; two commas mean one.
    private static func escaped(_ value: String) -> String {
        value.split(separator: ",", omittingEmptySubsequences: false).joined(separator: ",,")
    }
}
