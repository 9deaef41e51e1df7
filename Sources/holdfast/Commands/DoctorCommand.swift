import ArgumentParser
import ConfigModel
import ConfigSyntax
import ControlProtocol
import KernelNet
import LinuxIO
import LoadBalancing
import NetTypes
import Timekeeping

/// `holdfast doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for the classic pitfalls of Linux Virtual Server on this director.",
        discussion: """
            Nothing is sent and nothing changed. The numbers of findings stay the same. Where a service uses \
            NAT it watches the links for a second, and where adverts or packets were dropped, whether that \
            goes on, for some seconds.

            Exit status, as Nagios plugins have it: 0 when all is well, 1 with warnings, 2 with failures, or \
            when the configuration has errors, 3 when something could not be found out, 66 when the file is \
            missing.
            """)

    @Argument(
        help: "The configuration; by default that of the daemon, or in its usual place.", completion: .file())
    var file: String?
    @Flag(help: "As one JSON document; docs/doctor.schema.json describes it.") var json = false
    @OptionGroup var source: ConfigurationOptions
    @OptionGroup var daemon: SocketOptions

    private static let places = ["/etc/holdfast/holdfast.conf", "/etc/keepalived/keepalived.conf"]

    func run() throws {
        let lines = (try? daemon.ask(.status))?.lines ?? []
        let told = lines.lazy.compactMap { $0["config"]?["file"]?.text }.first
        let path = file ?? told ?? Self.places.first(where: Files.exists) ?? Self.places[0]
        let loaded = source.load(path)
        guard let configuration = loaded.configuration else {
            // Without the lines themselves: what a doctor says is shown around, and passwords are in them.
            for line in loaded.lines { StandardStream.note(line) }
            guard Files.exists(path) else { throw ExitCode(66) }
            show(Doctor.findings(ofRefused: loaded))
            throw ExitCode(2)
        }
        let host = HostSurvey.answer(loaded.questions)
        var live = live(lines, configuration, complaints: complaints(loaded, host, lines))
        if Doctor(configuration, on: host, running: live).mayMisdirect { Self.watchFilters(&live) }
        let findings = Doctor(configuration, on: host, running: live).findings
        show(findings)
        let status = DoctorFinding.exitStatus(of: findings)
        if status != 0 { throw ExitCode(status) }
    }

    private func show(_ findings: [DoctorFinding]) {
        StandardStream.show(json ? DoctorFinding.json(of: findings) : DoctorFinding.text(of: findings))
    }

    /// What the file asks of this host and the host has not; what the daemon holds is no fault.
    private func complaints(
        _ loaded: LoadResult, _ host: HostDescription, _ lines: [JSONValue]
    ) -> [String] {
        let held = Set(lines.flatMap { $0["vips"]?.elements ?? [] }.compactMap { $0["address"]?.text })
        var host = host
        host.interfaces = host.interfaces?.map { interface in
            var interface = interface
            interface.addresses.removeAll { held.contains("\($0)") }
            return interface
        }
        let codes = ["E7", "W7"]
        return loaded.seen(on: host).diagnostics
            .filter { finding in codes.contains { finding.code.rawValue.hasPrefix($0) } }.map(\.message)
    }

    private func live(
        _ lines: [JSONValue], _ configuration: Configuration, complaints: [String]
    ) -> LiveHost {
        var live = LiveHost()
        live.complaints = complaints
        live.neighbours = Self.neighbours
        live.isClockSynchronized = Clock.isSynchronized
        live.timekeepers = Set(
            Self.programs(["chronyd", "ntpd", "systemd-timesyn", "ntp-daemon", "phc2sys"]).map(\.name))
        for family in Doctor.families(of: configuration) {
            live.filters[family] = Self.rules(family == .inet ? "iptables-save" : "ip6tables-save", ["-c"])
        }
        live.ruleset = Self.rules("nft", ["-t", "-p", "list", "ruleset"], absent: nil)
        if Doctor.usesNAT(configuration) { live.loads = Self.loads() }
        live.defaultInterfaces = HostSurvey.defaultInterfaces
        live.hasRoutingRules = HostSurvey.hasRoutingRules
        live.misdirected = HostSurvey.misdirected
        live.isRunning = !lines.isEmpty
        live.otherDaemons = Self.otherDaemons
        for line in lines {
            if let master = line["master"]?["address"]?.text.flatMap({ IPAddress($0) }) {
                live.masters.insert(master)
            }
            if line["kind"] == "instance", let name = line["name"]?.text {
                live.drops[name] = Self.drops(line)
            }
            guard line["kind"] == "server", let counters = line["counters"],
                let service = line["service"]?.text.flatMap({ ServiceIdentity($0) }),
                let server = line["address"]?.text.flatMap({ Endpoint($0) }),
                let packetsIn = counters["packets_in"]?.integer
            else { continue }
            live.traffic[ServerName(service: service, server: server)] = LiveHost.Traffic(
                packetsIn: UInt64(max(0, packetsIn)),
                packetsOut: UInt64(max(0, counters["packets_out"]?.integer ?? 0)))
        }
        if Doctor.mayDrop(live.drops) { live.newDrops = newDrops(since: live.drops, lines) }
        return live
    }

    /// For so long that whoever cannot connect asks again, after 1 s and after 2 more.
    private static func watchFilters(_ live: inout LiveHost) {
        let before = live.misdirected
        Scheduling.sleep(.seconds(3))
        live.misdirected = HostSurvey.misdirected
        live.newlyMisdirected = live.misdirected >= before ? live.misdirected - before : 0
    }

    /// The adverts that an instance has thrown away, by reason.
    private static func drops(_ instance: JSONValue) -> [String: UInt64] {
        var drops: [String: UInt64] = [:]
        for counter in instance["counters"]?.members ?? [] where counter.name.hasPrefix("dropped-") {
            drops[String(counter.name.dropFirst(8))] = UInt64(max(0, counter.value.integer ?? 0))
        }
        return drops
    }

    /// Those of the next three adverts of the slowest instance, 1 to 10 s; nil when the daemon does not tell.
    private func newDrops(
        since before: [String: [String: UInt64]], _ lines: [JSONValue]
    ) -> [String: [String: UInt64]]? {
        let intervals = lines.compactMap { $0["advert_interval_seconds"]?.double }
        Scheduling.sleep(.milliseconds(Int64(min(max((intervals.max() ?? 1) * 3, 1), 10) * 1000)))
        guard let now = try? daemon.ask(.status).lines else { return nil }
        var news: [String: [String: UInt64]] = [:]
        for line in now where line["kind"] == "instance" {
            guard let name = line["name"]?.text else { continue }
            for (reason, count) in Self.drops(line) {
                let old = before[name]?[reason] ?? 0
                // Less than before: it has begun anew.
                news[name, default: [:]][reason] = count >= old ? count - old : count
            }
        }
        return news
    }

    private static var neighbours: [IPAddress: MACAddress] {
        let found = (try? RouteSocket().neighbours()) ?? []
        return Dictionary(found.compactMap { one in one.usableMAC.map { (one.address, $0) } }) { $1 }
    }

    /// What lists the rules of a packet filter says: `absent` where it is not there; nil when it does not
    /// answer this user.
    private static func rules(_ program: String, _ arguments: [String], absent: String? = "") -> String? {
        for directory in ["/usr/sbin", "/sbin"] where Files.exists("\(directory)/\(program)") {
            let done = try? Program("\(directory)/\(program)", arguments)
                .run(outputLimit: 64 << 20, timeout: .seconds(5))
            // Of a part nothing can be said.
            guard let done, done.status == .exited(0), done.output.dropped == 0 else { return nil }
            return done.output.text
        }
        return absent
    }

    /// What interfaces send, in one second.
    private static func loads() -> [LiveHost.Load] {
        func number(_ interface: String, _ file: String) -> UInt64? {
            let octets = try? Files.read("/sys/class/net/\(interface)/\(file)", limit: 4096)
            return octets.flatMap { UInt64(String(decoding: $0.prefix { $0 > 32 }, as: UTF8.self)) }
        }
        let sent = "statistics/tx_bytes"
        let names = ((try? Files.names(in: "/sys/class/net")) ?? []).filter { !$0.hasPrefix(".") }
        let before = names.map { number($0, sent) }
        let start = Clock.now()
        Scheduling.sleep(.seconds(1))
        let time = UInt64(max(1, (Clock.now() - start).nanoseconds / 1_000_000))
        return zip(names, before).compactMap { name, before in
            guard let before, let after = number(name, sent), let speed = number(name, "speed") else {
                return nil
            }
            let rate = (after &- before) &* 8000 / time
            return LiveHost.Load(interface: name, bitsPerSecond: rate, capacity: speed &* 1_000_000)
        }
    }

    /// Programs by these names in this network namespace that are not ours.
    private static var otherDaemons: Set<String> {
        guard let own = try? Files.link(at: "/proc/self/ns/net") else { return [] }
        return Set(
            programs(["keepalived", "vrrpd", "ldirectord"]).filter { process, _ in
                (try? Files.link(at: "/proc/\(process)/ns/net")) == own
                    && (try? Files.link(at: "/proc/\(process)/exe"))?.hasSuffix("/holdfastd") != true
            }.map(\.name))
    }

    /// The processes of these names, of which the kernel keeps 15 octets.
    private static func programs(_ wanted: Set<String>) -> [(process: String, name: String)] {
        ((try? Files.names(in: "/proc")) ?? []).filter { $0.allSatisfy(\.isNumber) }.compactMap { process in
            let octets = (try? Files.read("/proc/\(process)/comm", limit: 64)) ?? []
            let name = String(decoding: octets.dropLast(), as: UTF8.self)
            return wanted.contains(name) ? (process, name) : nil
        }
    }
}
