import ConfigSyntax
import LoadBalancing
import NetTypes
import Timekeeping
import VRRP

/// The options of checks that are inherited: virtual_server, real_server, checker; the nearest wins.
struct ScheduleDraft: Blank, Sendable {
    var delayLoop: Located<Interval>?
    var retry: Located<Int>?
    var delayBeforeRetry: Located<Interval>?
    var connectTimeout: Located<Interval>?
    var warmup: Located<Interval>?
    var alpha: Located<Bool>?
    var rise: Located<Int>?
    var fall: Located<Int>?
    var probeTimeout: Located<Interval>?
    var logsAllFailures: Located<Bool>?

    /// These options, and those of `outer` where there are none.
    func inheriting(_ outer: ScheduleDraft) -> ScheduleDraft {
        ScheduleDraft(
            delayLoop: delayLoop ?? outer.delayLoop, retry: retry ?? outer.retry,
            delayBeforeRetry: delayBeforeRetry ?? outer.delayBeforeRetry,
            connectTimeout: connectTimeout ?? outer.connectTimeout, warmup: warmup ?? outer.warmup,
            alpha: alpha ?? outer.alpha, rise: rise ?? outer.rise,
            // The nearest of the two words for one thing wins.
            fall: fall ?? (retry == nil ? outer.fall : nil),
            probeTimeout: probeTimeout ?? outer.probeTimeout,
            logsAllFailures: logsAllFailures ?? outer.logsAllFailures)
    }
}

/// A block with those options.
protocol ScheduledDraft: Draft {
    var schedule: ScheduleDraft { get set }
}

/// What stands after `virtual_server`.
enum ServiceHeader: Hashable, Sendable {
    case address(IPAddress, port: UInt16)
    case mark(FirewallMark, AddressFamily?)
    case group(String)
}

/// `virtual_server` as written.
struct VirtualServerDraft: ScheduledDraft {
    var origin: Origin
    /// nil when it could not be read.
    var header: Located<ServiceHeader>?
    /// Of a group that is named; nil until `ServiceGroupChecks` has found it.
    var members: ServiceMembers?
    @Seldom var schedule: ScheduleDraft
    var scheduler: Located<String>?
    var forwarding: Located<ForwardingMethod>?
    var transport: Located<TransportProtocol>?
    var persistenceTimeout: Located<UInt32>?
    var persistenceGranularity: Located<UInt8>?
    @Seldom var persistenceEngine: Located<String>?
    var encapsulation: Located<Encapsulation>?
    /// `lb_kind FULLNAT`.
    @Seldom var translatesSource: Located<Bool>?
    /// `fullnat_source`.
    @Seldom var sourceAddress: Located<IPAddress>?
    /// Flags by the keyword that asks for each.
    var flags: [Located<SchedulerFlag>] = []
    var ipFamily: Located<AddressFamily>?
    var weight: Located<UInt32>?
    var quorum: Located<UInt32>?
    var hysteresis: Located<UInt32>?
    var sorryServerInhibit: Located<Bool>?
    var sorryServerForwarding: Located<ForwardingMethod>?
    var sorryServerEncapsulation: Located<Encapsulation>?
    var inhibitOnFailure: Located<Bool>?
    var suspends: Located<Bool>?
    @Seldom var virtualHost: Located<String>?
    var loopGuard: Located<Bool>?
    var guardMark: Located<FirewallMark>?
    @Seldom var quorumUp: Located<NotifyScript>?
    @Seldom var quorumDown: Located<NotifyScript>?
    var omega: Located<Bool>?
    var mails: Located<Bool>?
    /// At most one, in a place of its own: few services have one.
    var sorryServers: [RealServerDraft] = []
    var realServers: [RealServerDraft] = []

    /// Gives the sorry server what is said about it by keywords of the service.
    mutating func completeSorryServer() {
        guard var server = sorryServer else { return }
        server.forwarding = sorryServerForwarding
        server.encapsulation = sorryServerEncapsulation
        server.inhibitOnFailure = sorryServerInhibit ?? Located(false, at: server.origin.header)
        // Alone in the table, it needs no share.
        server.weight = Located(1, at: server.origin.header)
        sorryServer = server
    }

    /// Gives each FILE_CHECK that says no weight that of its file.
    mutating func completeFileChecks(_ objects: TrackedObjectsDraft) {
        guard !objects.files.isEmpty else { return }
        for server in realServers.indices {
            for check in realServers[server].checks.indices {
                guard let name = realServers[server].checks[check].file.name,
                    realServers[server].checks[check].file.weight == nil
                else { continue }
                let weight = objects.weight(.file, name.value)
                realServers[server].checks[check].file.weight = Located(weight, at: name.span)
            }
        }
    }

    /// The server that takes all traffic while too few others are up.
    var sorryServer: RealServerDraft? {
        get { sorryServers.first }
        set { sorryServers = newValue.map { [$0] } ?? [] }
    }

    /// What it balances is known: there is a header, and the group that it names.
    var isKnown: Bool { if case .group = header?.value { members != nil } else { header != nil } }

    /// True for a service named by mark, or by a group of nothing else.
    var isMarked: Bool {
        if case .mark = header?.value { true } else { members?.isMarked ?? false }
    }

    /// The family: of the address, as written after the mark or as `ip_family`, or of its servers;
    /// IPv4 otherwise.
    var family: AddressFamily {
        switch header?.value {
        case .address(let address, _): address.family
        case .mark(_, let family):
            family ?? impliedFamily
        case .group: members?.family ?? impliedFamily
        case nil: .inet
        }
    }

    /// That of the first server that is in no tunnel; where all are, the one they have in common, or IPv4.
    private var impliedFamily: AddressFamily {
        if let family = ipFamily?.value { return family }
        func direct(_ servers: [RealServerDraft]) -> AddressFamily? {
            servers.lazy.filter { forwarding(to: $0) != .tunnel }.compactMap(\.address).first?.value.family
        }
        func isAllOfSix(_ servers: [RealServerDraft]) -> Bool {
            servers.allSatisfy { $0.address.map { $0.value.family == .inet6 } ?? true }
        }
        if let family = direct(realServers) ?? direct(sorryServers) { return family }
        let isSix = isAllOfSix(realServers) && isAllOfSix(sorryServers)
        return isSix && (realServers + sorryServers).contains { $0.address != nil } ? .inet6 : .inet
    }

    /// How packets reach `server`.
    func forwarding(to server: RealServerDraft) -> ForwardingMethod {
        server.forwarding?.value ?? forwarding?.value ?? .masquerade
    }

    /// Every server to which packets go by `method`, those included that take over from the others.
    func servers(by method: ForwardingMethod) -> [RealServerDraft] {
        realServers.filter { forwarding(to: $0) == method }
            + sorryServers.filter {
                ($0.forwarding ?? sorryServerForwarding ?? forwarding)?.value ?? .masquerade == method
            }
    }

    /// The service's port; 0 for every port, for a mark, and for a group whose members have different ones.
    var port: UInt16 {
        if case .address(_, let port) = header?.value { port } else { members?.port ?? 0 }
    }

    /// Every port of the service, each once; none for a mark.
    var ports: [UInt16] {
        if case .address(_, let port) = header?.value { [port] } else { members?.ports.map(\.value) ?? [] }
    }

    /// The port of `server`; the service's own where none is written.
    func port(of server: RealServerDraft) -> UInt16 { server.port?.value ?? port }

    /// True for the address and port of the service, or of a member of its group.
    func isVirtual(_ endpoint: Endpoint) -> Bool {
        if case .address(let address, let port) = header?.value {
            return endpoint == Endpoint(address, port: port)
        }
        return members?.endpoints.contains(endpoint) ?? false
    }

    /// The weight of `server`.
    func weight(of server: RealServerDraft) -> UInt32 { server.weight?.value ?? weight?.value ?? 1 }

    /// The flags that count: those of the scheduler that is used, and `ops` where there is UDP.
    var effectiveFlags: ServiceFlags {
        ServiceFlags(flags.map(\.value).filter { isOf($0) }.map(\.flag))
    }

    /// The keyword means something in this service.
    func isOf(_ flag: SchedulerFlag) -> Bool {
        if flag == .ops { return isMarked || transport == nil || transport?.value == .udp }
        return flag.scheduler == nil || flag.scheduler == (scheduler?.value ?? "wlc")
    }

    /// The address, or the members of the group, as written; empty where they could not be read.
    var headers: [Located<ServiceHeader>] { members?.list ?? header.map { [$0] } ?? [] }

    /// The service's name in the kernel, of a group the first member's; nil where it could not be read.
    var identity: ServiceIdentity? { headers.first.flatMap { identity(of: $0.value) } }

    /// What the kernel knows a header or member as.
    func identity(of header: ServiceHeader) -> ServiceIdentity? {
        switch header {
        case .address(let address, let port):
            transport.map { .address($0.value, Endpoint(address, port: port)) }
        case .mark(let mark, let written): .mark(written ?? family, mark)
        case .group: nil
        }
    }
}

/// `real_server` or `sorry_server` as written.
struct RealServerDraft: ScheduledDraft {
    var origin: Origin
    /// nil when it could not be read.
    var address: Located<IPAddress>?
    var port: Located<UInt16>?
    @Seldom var schedule: ScheduleDraft
    var weight: Located<UInt32>?
    var forwarding: Located<ForwardingMethod>?
    @Seldom var encapsulation: Located<Encapsulation>?
    @Seldom var upperThreshold: Located<UInt32>?
    @Seldom var lowerThreshold: Located<UInt32>?
    @Seldom var inhibitOnFailure: Located<Bool>?
    @Seldom var virtualHost: Located<String>?
    var checks: [CheckDraft] = []
    @Seldom var notifyUp: Located<NotifyScript>?
    @Seldom var notifyDown: Located<NotifyScript>?
    @Seldom var mails: Located<Bool>?

    /// What is probed: of a check with `host` blocks, each of those.
    var probes: [CheckDraft] {
        checks.contains { !$0.hosts.isEmpty } ? checks.flatMap(\.expanded) : checks
    }

    init(origin: Origin) { self.origin = origin }
}
