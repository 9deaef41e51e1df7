import Testing

@testable import Lab

@Suite struct GuestScriptsTests {
    @Test func `the first process mounts the host read-only and ends in the second`() {
        #expect(GuestScripts.initialize.hasPrefix("#!/bin/busybox sh\n"))
        #expect(GuestScripts.initialize.contains("files ro,cache=loose host /host"))
        #expect(
            GuestScripts.initialize.hasSuffix(
                "exec switch_root /whole /run/holdfast-guest/busybox sh /run/holdfast-guest/supervise\n"))
    }

    @Test func `the boot log tells that the first process runs before anything can go wrong`() {
        #expect(
            GuestScripts.initialize.hasPrefix(
                "#!/bin/busybox sh\nfail() { echo \"holdfast guest: cannot $*\"; /bin/busybox poweroff -f; "
                    + "sleep 9; }\necho \"\(GuestScripts.started)\"\n"))
    }

    @Test func `continued lines stay continued`() {
        #expect(GuestScripts.initialize.contains("overlay /whole \\\n"))
    }

    @Test func `the status goes behind the output on both ports`() {
        #expect(GuestScripts.supervise.contains(#"echo "$nonce $status" >"$output_port""#))
        #expect(GuestScripts.supervise.contains(#"echo "$nonce $status" >"$error_port""#))
    }
}
