import LinuxIO
import Testing
import Timekeeping

/// Two fresh network namespaces joined by a cable: `eth0` in each, with fixed Ethernet addresses. The calling
/// thread is moved into the first; `leave` takes it back, and the namespaces end with this object.
final class TestNetwork {
    private let origin: Namespace
    /// The first end's namespace: eth0 is 192.0.2.1/24 at 02:00:00:00:00:01.
    let here: Namespace
    /// The other end's namespace: eth0 is 192.0.2.2/24 at 02:00:00:00:00:02.
    let there: Namespace

    private init() throws {
        origin = try Namespace.currentNetwork()
        try Namespace.unshare(.network)
        there = try Namespace.currentNetwork()
        try Namespace.unshare(.network)
        here = try Namespace.currentNetwork()
    }

    /// Runs `body` in the first of two new namespaces and returns to the old one in every case.
    static func with(_ body: (TestNetwork) throws -> Void) throws {
        let origin = try Namespace.currentNetwork()
        defer {
            do { try origin.enter() } catch {
                Issue.record("the test's thread is lost in a namespace: \(error)")
            }
        }
        let network = try TestNetwork()
        try network.ip(
            "link add eth0 address 02:00:00:00:00:01 type veth"
                + " peer name eth0 address 02:00:00:00:00:02 netns /proc/self/fd/3",
            inherited: [3: network.there.descriptor])
        for (namespace, address) in [(network.there, "192.0.2.2/24"), (network.here, "192.0.2.1/24")] {
            try namespace.enter()
            try network.ip("link set lo up")
            try network.ip("link set eth0 up")
            try network.ip("address add \(address) dev eth0")
        }
        try body(network)
    }

    /// Runs `ip` with these words in the namespace the thread is in; its output.
    @discardableResult
    func ip(_ words: String, inherited: [Int32: Descriptor] = [:]) throws -> String {
        let arguments = words.split(separator: " ").map(String.init)
        let path = try #require(
            ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip"].first(where: Files.exists))
        let completion = try Program(path, arguments).run(inherited: inherited, timeout: .seconds(60))
        try #require(completion.status.isSuccess, "ip \(words): \(completion.error.text)")
        return completion.output.text
    }

    /// Runs `body` in the second namespace.
    @discardableResult
    func there<Result>(_ body: () throws -> Result) throws -> Result {
        try there.enter()
        defer {
            do { try here.enter() } catch {
                Issue.record("the test's thread is lost in a namespace: \(error)")
            }
        }
        return try body()
    }
}

/// Calls `body` each time `descriptor` is readable until it returns a value; fails after ten seconds.
func awaiting<Result>(_ descriptor: Descriptor, _ body: () throws -> Result?) throws -> Result {
    let loop = try EventLoop<Int>()
    _ = try loop.register(descriptor, .read, 0)
    let deadline = Clock.now() + .seconds(10)
    while true {
        if let result = try body() { return result }
        try #require(Clock.now() < deadline, "nothing came in ten seconds")
        _ = try loop.wait(until: deadline)
    }
}

/// True when tests may make namespaces.
let mayMakeNamespaces = Privileges.effectiveUser == 0
