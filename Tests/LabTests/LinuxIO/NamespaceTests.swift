import LinuxIO
import Testing

@Suite(.enabled(if: mayMakeNamespaces, "needs root")) struct NamespaceKernelTests {
    @Test func `a thread goes into a new namespace and comes back`() throws {
        let origin = try Namespace.currentNetwork()
        let before = try HostFacts.networkNamespace()
        defer {
            do { try origin.enter() } catch { Issue.record("lost in a namespace: \(error)") }
        }
        try Namespace.unshare(.network)
        let inside = try HostFacts.networkNamespace()
        #expect(inside != before)
        let fresh = try Namespace.currentNetwork()
        try origin.enter()
        #expect(try HostFacts.networkNamespace() == before)
        try fresh.enter(.network)
        #expect(try HostFacts.networkNamespace() == inside)
    }

    @Test func `a namespace that is not there is an error by name`() {
        #expect(throws: SystemError("open namespace /run/netns/none", .notFound)) {
            try Namespace(path: "/run/netns/none")
        }
    }
}
