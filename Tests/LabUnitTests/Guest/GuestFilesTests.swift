import Testing

@testable import Lab

@Suite struct GuestFilesTests {
    @Test func `module paths are taken from insmod lines, built-in ones left out`() {
        let text = """
            builtin unix
            insmod /r/lib/modules/6/kernel/virtio.ko\u{20}
            insmod /r/lib/modules/6/kernel/9p.ko option=1
            """
        #expect(
            GuestKernel.modulePaths(fromDependencies: text) == [
                "/r/lib/modules/6/kernel/virtio.ko", "/r/lib/modules/6/kernel/9p.ko",
            ])
    }

    @Test func `a kernel that is not there is an error that names the file`() {
        let kernel = GuestKernel(folder: "/nonexistent", release: "6")
        let job = GuestJob(command: ["true"], directory: "/", environment: [:])
        #expect(throws: LabError("cannot read /nonexistent/unpacked/bin/busybox")) {
            try kernel.initialFiles(for: job, nonce: "n")
        }
    }
}
