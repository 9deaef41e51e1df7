import Glibc
import KernelNet
import Lab
import LinuxIO
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

/// True on a kernel with IPVS, as root.
let hasIPVS: Bool = (try? IPVSClient.open().observe()) != nil

/// True in a guest, whose clock, modules and memory are nobody else's.
let isInGuest = Files.exists(GuestScripts.home)

/// True when every combination is to be tested rather than one case a feature.
let fullMatrix = unsafe getenv("HOLDFAST_MATRIX").map { unsafe String(cString: $0) } == "full"

/// Programs that are no part of Holdfast and say what the kernel has, run in the thread's network namespace.
enum Judge {
    /// Runs `path` with words; its output. Fails the test when it fails.
    @discardableResult
    static func run(_ path: String, _ words: String, input: String = "") throws -> String {
        let completion = try Program(
            path, words.split(separator: " ").map(String.init),
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        ).run(input: Array(input.utf8), timeout: .seconds(60))
        try #require(completion.status.isSuccess, "\(path) \(words): \(completion.error.text)")
        return completion.output.text
    }

    /// `ipvsadm` with words.
    @discardableResult
    static func ipvsadm(_ words: String) throws -> String { try run("/usr/sbin/ipvsadm", words) }

    /// `ipvsadm -Sn`, sorted, since the kernel lists newer entries first.
    static func table() throws -> [String] {
        try ipvsadm("-Sn").split(separator: "\n").map { $0.trimmingSuffix(while: { $0 == " " }) }
            .map(String.init).sorted()
    }
}

extension StringProtocol {
    fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> SubSequence {
        var end = endIndex
        while end > startIndex, isDropped(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}

/// 192.0.2.`octet`:`port`.
func lab(_ octet: UInt8, _ port: UInt16 = 80) -> Endpoint {
    Endpoint(.v4(IPv4Address(192, 0, 2, octet)), port: port)
}

/// A service with destinations of weight 1; 192.0.2.100:80/tcp and round robin unless told otherwise.
func labService(
    _ forwarding: ForwardingMethod = .directRouting, _ endpoints: [Endpoint] = [],
    at identity: ServiceIdentity = .address(.tcp, lab(100)), scheduler: String = "rr"
) -> IPVSService {
    IPVSService(
        identity: identity, scheduler: scheduler,
        destinations: Dictionary(
            uniqueKeysWithValues: endpoints.map {
                ($0, IPVSDestination(endpoint: $0, forwarding: forwarding, weight: 1))
            }))
}

extension IPVSClient {
    /// Brings the kernel's table to `desired` and fails the test when the kernel refuses anything.
    func bring(
        to desired: [IPVSService], owned: Set<ServiceIdentity> = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let plan = Dictionary(uniqueKeysWithValues: desired.map { ($0.identity, $0) })
        let changes = PlanDiff.changes(observed: try observe(), desired: plan, owned: owned)
        #expect(try apply(changes).map(\.description) == [], sourceLocation: sourceLocation)
        let left = PlanDiff.changes(observed: try observe(), desired: plan, owned: owned)
        #expect(
            left.map(\.description) == [], "a second look finds nothing to do", sourceLocation: sourceLocation
        )
    }
}
