import Glibc
import LinuxIO
import Testing
import Timekeeping

/// Holdfast and the distribution's keepalived share one virtual router: both roles, both protocol versions.
/// The bounds are the protocol's own (3 x interval + skew < 4 s at these settings) plus a margin for a busy
/// machine.
@Suite(.serialized) final class VRRPInteropTests {
    static let vip = "192.0.2.100"
    let directory: String
    let segment: Segment

    init() throws {
        var template = Array("/run/holdfast-interop-XXXXXX\0".utf8.map(CChar.init(bitPattern:)))
        let made = unsafe template.withUnsafeMutableBufferPointer {
            unsafe $0.baseAddress.flatMap { unsafe mkdtemp($0) } != nil
        }
        try #require(made)
        directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        segment = try Segment()
    }

    deinit {
        for file in [
            "ours.conf", "keepalived.conf", "ours.log", "keepalived.log", "trace.pcap", "ours.pid", "k.pid",
            "kv.pid", "kc.pid",
        ] {
            try? Files.remove("\(directory)/\(file)")
        }
        _ = unsafe rmdir(directory)
    }

    private func configuration(name: String, version: Int, priority: Int, password: String?) throws -> String
    {
        let authentication = password.map { "authentication {\n auth_type PASS\n auth_pass \($0)\n }" } ?? ""
        let text = """
            vrrp_instance VI_1 {
                state BACKUP
                interface eth0
                virtual_router_id 51
                priority \(priority)
                advert_int 1
                version \(version)
                \(authentication)
                virtual_ipaddress {
                    \(Self.vip)/24
                }
            }

            """
        let path = "\(directory)/\(name).conf"
        try Files.replace(path, with: Array(text.utf8), mode: 0o644)
        return path
    }

    private func startOurs(
        on host: Segment.Host, version: Int, priority: Int, password: String? = nil
    ) throws -> ChildProcess {
        let file = try configuration(name: "ours", version: version, priority: priority, password: password)
        return try host.start(
            Tools.holdfastd, ["-n", "-l", "-D", "-P", "-f", file, "-p", "\(directory)/ours.pid"],
            log: "\(directory)/ours.log")
    }

    private func startKeepalived(
        on host: Segment.Host, version: Int, priority: Int, password: String? = nil
    ) throws -> ChildProcess {
        let file = try configuration(
            name: "keepalived", version: version, priority: priority, password: password)
        return try host.start(
            "/usr/sbin/keepalived",
            [
                "-n", "-l", "-D", "-P", "-f", file, "-p", "\(directory)/k.pid", "-r", "\(directory)/kv.pid",
                "-c",
                "\(directory)/kc.pid",
            ], log: "\(directory)/keepalived.log")
    }

    private var logs: String {
        ["ours", "keepalived"].map { name in
            let octets = try? Files.read("\(directory)/\(name).log", limit: 1 << 16)
            return "--- \(name)\n" + String(decoding: octets ?? [], as: UTF8.self)
        }.joined(separator: "\n")
    }

    private func stop(_ child: ChildProcess, with signal: Signal) {
        if signal == .kill { child.sendToGroup(.kill) } else { child.send(signal) }
        _ = Tools.wait(.seconds(10)) { (try? child.reap()) ?? nil != nil }
    }

    @Test(arguments: [2, 3])
    func `we yield to a better keepalived, take over when it resigns, and give way when it returns`(
        version: Int
    ) throws {
        let (ours, theirs) = (segment.a, segment.b)
        _ = try startOurs(on: ours, version: version, priority: 100)
        #expect(
            try Tools.wait(.seconds(10)) { try ours.holds(Self.vip) } != nil, "alone, we are master\n\(logs)")

        let peer = try startKeepalived(on: theirs, version: version, priority: 150)
        #expect(
            try Tools.wait(.seconds(12)) { try theirs.holds(Self.vip) && !ours.holds(Self.vip) } != nil,
            "\(logs)")
        usleep(2_500_000)
        #expect(try !ours.holds(Self.vip), "we stay backup while its adverts come\n\(logs)")

        stop(peer, with: .terminate)
        let takeover = try Tools.wait(.seconds(6)) { try ours.holds(Self.vip) }
        #expect(
            takeover.map { $0 < .seconds(3) } == true,
            "priority 0 shortens the wait to the skew: \(takeover as Any)\n\(logs)")

        _ = try startKeepalived(on: theirs, version: version, priority: 150)
        #expect(
            try Tools.wait(.seconds(12)) { try theirs.holds(Self.vip) && !ours.holds(Self.vip) } != nil,
            "\(logs)")
    }

    @Test(arguments: [2, 3])
    func `keepalived waits behind us, takes over when we resign or vanish`(version: Int) throws {
        let (ours, theirs) = (segment.a, segment.b)
        let trace = try PacketTrace(namespace: theirs.name)
        _ = try startKeepalived(on: theirs, version: version, priority: 100)
        #expect(
            try Tools.wait(.seconds(10)) { try theirs.holds(Self.vip) } != nil, "alone, it is master\n\(logs)"
        )

        let director = try startOurs(on: ours, version: version, priority: 150)
        #expect(
            try Tools.wait(.seconds(12)) { try ours.holds(Self.vip) && !theirs.holds(Self.vip) } != nil,
            "\(logs)")
        usleep(2_500_000)
        #expect(try !theirs.holds(Self.vip), "it stays backup while our adverts come\n\(logs)")

        stop(director, with: .terminate)
        #expect(try !ours.holds(Self.vip), "a clean stop leaves no address behind\n\(logs)")
        let takeover = try Tools.wait(.seconds(6)) { try theirs.holds(Self.vip) }
        #expect(
            takeover.map { $0 < .seconds(3) } == true, "it heard our priority 0: \(takeover as Any)\n\(logs)")

        try trace.collect()
        try judge(trace.adverts(from: ours.address), version: version)
    }

    @Test func `a shared password is accepted and another one is not`() throws {
        let (ours, theirs) = (segment.a, segment.b)
        let peer = try startKeepalived(on: theirs, version: 2, priority: 150, password: "secret")
        #expect(try Tools.wait(.seconds(10)) { try theirs.holds(Self.vip) } != nil)
        let director = try startOurs(on: ours, version: 2, priority: 100, password: "secret")
        usleep(5_000_000)
        #expect(try !ours.holds(Self.vip), "the same password: we wait\n\(logs)")
        stop(director, with: .terminate)
        _ = try startOurs(on: ours, version: 2, priority: 100, password: "other")
        #expect(
            try Tools.wait(.seconds(10)) { try ours.holds(Self.vip) } != nil,
            "its adverts are dropped\n\(logs)")
        stop(peer, with: .terminate)
    }

    /// tshark must find each of our adverts well-formed, with a right checksum, TTL 255 and nothing to remark
    /// on.
    private func judge(_ adverts: [CapturedFrame], version: Int) throws {
        #expect(adverts.count >= 3)
        let fields = [
            "vrrp.version", "vrrp.virt_rtr_id", "vrrp.prio", "ip.ttl", "ip.dst", "vrrp.checksum.status",
            "_ws.malformed",
            "_ws.expert.message", "vrrp.ip_addr",
        ]
        let lines = try PacketTrace.dissect(adverts, fields: fields, in: directory)
        #expect(lines.count == adverts.count)
        for line in lines.dropLast() {
            #expect(line == "\(version)|51|150|255|224.0.0.18|1|||\(Self.vip)")
        }
        #expect(lines.last == "\(version)|51|0|255|224.0.0.18|1|||\(Self.vip)", "the last advert resigns")
    }
}
