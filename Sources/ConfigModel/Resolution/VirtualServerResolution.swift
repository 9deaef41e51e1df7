import HealthChecks
import LoadBalancing
import NetTypes
import Timekeeping

extension VirtualServer {
    /// The service with every default applied; nil when something required is not there.
    init?(_ draft: VirtualServerDraft, _ global: GlobalDraft) {
        guard draft.isKnown, let identity = draft.identity else { return nil }
        var servers: [RealServer] = []
        servers.reserveCapacity(draft.realServers.count)
        for index in draft.realServers.indices {
            guard let resolved = RealServer(draft.realServers[index], of: draft, global) else { return nil }
            servers.append(resolved)
        }
        let total = draft.totalWeight
        let quorum = draft.quorum?.value ?? 1
        self.init(
            identity: identity, scheduler: draft.scheduler?.value ?? "wlc",
            forwarding: draft.forwarding?.value ?? .masquerade, persistence: Persistence(draft),
            realServers: servers,
            sorryServer: draft.sorryServer.flatMap { RealServer($0, of: draft, global) },
            // Never 0: a service whose servers all have weight 0 has no quorum.
            quorum: total == 0 ? quorum : UInt32(clamping: min(UInt64(quorum), total)),
            guardMark: draft.mark)
        if case .group(let name) = draft.header?.value, let members = draft.members {
            group = ServiceGroup(
                name: name, transport: members.isMarked ? nil : draft.transport?.value, family: draft.family,
                lines: members.lines.map(\.value))
        }
        encapsulation = draft.encapsulation?.value ?? .ipip
        if draft.translatesSource != nil {
            sourceTranslation = draft.sourceAddress.map { .address($0.value) } ?? .masquerade
        }
        flags = draft.effectiveFlags
        suspendsChecks = draft.suspends?.value == true && !draft.isMarked
        persistenceEngine = draft.persistenceEngine?.value
        hysteresis = min(draft.hysteresis?.value ?? 0, max(self.quorum, 1) - 1)
    }
}

extension Persistence {
    /// nil when the service is not persistent. A granularity or an engine alone means the default
    /// time, and so does a service without a port, or a group with such a member.
    init?(_ draft: VirtualServerDraft) {
        var implied = draft.persistenceGranularity != nil || draft.persistenceEngine != nil
        if draft.ports.contains(0) { implied = true }
        guard draft.persistenceTimeout != nil || implied else { return nil }
        self.init(
            timeoutSeconds: draft.persistenceTimeout?.value ?? 360,
            prefixLength: draft.persistenceGranularity?.value ?? draft.family.bits)
    }
}

extension RealServer {
    /// The server with what it inherits; nil when its address is not there. The drafts are looked at where
    /// they are: for a hundred thousand servers, copies of them would count.
    init?(
        _ draft: borrowing RealServerDraft, of service: borrowing VirtualServerDraft,
        _ global: borrowing GlobalDraft
    ) {
        guard let address = draft.address else { return nil }
        let endpoint = Endpoint(address.value, port: service.port(of: draft))
        var checks: [CheckSpecification] = []
        var schedule = draft.schedule.inheriting(service.schedule)
        schedule.logsAllFailures = global.logsAllFailures
        let host = draft.virtualHost ?? service.virtualHost
        let probes = draft.probes
        checks.reserveCapacity(probes.count)
        for index in probes.indices {
            guard
                let resolved = CheckSpecification(probes[index], endpoint, schedule, host, global.scriptUser)
            else { return nil }
            checks.append(resolved)
        }
        self.init(
            endpoint: endpoint, weight: service.weight(of: draft), forwarding: draft.forwarding?.value,
            inhibitOnFailure: draft.inhibitOnFailure?.value ?? service.inhibitOnFailure?.value ?? false,
            checks: checks)
        encapsulation = draft.encapsulation?.value ?? .ipip
        upperThreshold = draft.upperThreshold?.value ?? 0
        lowerThreshold = draft.lowerThreshold?.value ?? 0
    }
}

extension CheckSpecification {
    /// The check with what it inherits: `schedule` and `host` from the server and the service.
    init?(
        _ draft: CheckDraft, _ endpoint: Endpoint, _ schedule: ScheduleDraft, _ host: Located<String>?,
        _ scriptUser: Located<ScriptUser>?
    ) {
        let options = draft.schedule.inheriting(schedule)
        let target = Endpoint(
            draft.connectAddress?.value ?? endpoint.address, port: draft.connectPort?.value ?? endpoint.port)
        let timeout = options.connectTimeout?.value ?? .seconds(5)
        let delayLoop = options.delayLoop?.value ?? .seconds(60)
        let kind: Kind
        switch draft.kind {
        case .tcp:
            var check = TCPCheck(target: target, timeout: timeout, source: ProbeSource(draft))
            (check.greeting, check.expected) = (draft.greeting?.value, draft.expected?.value)
            kind = .tcp(check)
        case .http, .tls:
            let host = draft.virtualHost ?? host
            var check = HTTPCheck(
                target: target, timeout: timeout,
                urls: draft.urls.map { HTTPURL($0, of: draft, host?.value) },
                source: ProbeSource(draft))
            check.version = draft.httpVersion?.value ?? .v10
            if draft.kind == .tls {
                var settings = TLSSettings(verifies: draft.verifies?.value ?? false)
                if settings.verifies {
                    (settings.authorities, settings.peer) = (draft.authorities?.value, draft.peerName?.value)
                }
                check.tls = settings
            }
            kind = .http(check)
        case .smtp:
            let name = draft.heloName?.value ?? "smtpchecker.keepalived.org"
            kind = .smtp(
                SMTPCheck(target: target, timeout: timeout, source: ProbeSource(draft), heloName: name))
        case .dns:
            kind = .dns(
                DNSCheck(
                    target: target, timeout: timeout, source: ProbeSource(draft),
                    type: draft.queryType?.value ?? .SOA, name: draft.queryName?.value ?? "."))
        case .udp:
            let shortest = draft.shortestReply?.value ?? 0
            kind = .udp(
                UDPCheck(
                    target: target, timeout: timeout, source: ProbeSource(draft),
                    payload: draft.payload?.value, requiresReply: draft.requiredReply != nil,
                    reply: draft.requiredReply?.value.pattern,
                    replyLength: shortest...max(shortest, draft.longestReply?.value ?? 255)))
        case .ping:
            kind = .ping(
                PingCheck(address: target.address, timeout: timeout, source: ProbeSource(draft)))
        case .script:
            guard let command = draft.command else { return nil }
            let user = (draft.user ?? scriptUser)?.value
            var check = ScriptCheck(
                command: command.value, timeout: draft.scriptTimeout?.value ?? delayLoop, user: user?.name)
            check.group = user?.group
            check.isDynamic = draft.isDynamic?.value ?? false
            kind = .script(check)
        case .file:
            guard let name = draft.file.name, let weight = draft.file.weight else { return nil }
            kind = .file(
                FileCheck(name: name.value, weight: weight.value.value, isReversed: weight.value.isReversed))
        }
        // Nothing is scheduled where nothing is probed.
        self.init(
            kind: kind, schedule: kind.isProbed ? CheckSchedule(draft.kind, options) : CheckSchedule())
    }
}

extension URLDraft {
    /// The expression with its options, with every default applied; nil without one.
    var bodyPattern: BodyPattern? {
        pattern.map { pattern in
            BodyPattern(
                pattern.value, options: Set(patternOptions?.value ?? []),
                isInverted: patternInverted?.value ?? false, minimumOffset: minimumOffset?.value ?? 0,
                maximumOffset: maximumOffset?.value)
        }
    }
}

extension HTTPURL {
    /// The page with what it inherits from the check; `host` is the check's virtualhost, its own or not.
    init(_ draft: URLDraft, of check: CheckDraft, _ host: String?) {
        self.init(
            path: draft.path?.value ?? "/", statusCodes: draft.statusCodes?.value ?? [200...299],
            host: draft.virtualHost?.value ?? host)
        method = draft.method?.value ?? method
        headers = draft.headers.map(\.value)
        bodyLimit = draft.bodyLimit?.value ?? bodyLimit
        digest = draft.digest?.value
        pattern = draft.bodyPattern
        guard check.kind == .tls else { return }
        serverName = (draft.serverName ?? check.serverName)?.value
        if serverName == nil, check.asksForName?.value == true {
            // A port belongs into the Host header, not into TLS, and an address into neither (RFC 6066).
            serverName = self.host.map { String($0.prefix { $0 != ":" }) }.flatMap {
                $0.isEmpty || $0.hasPrefix("[") || IPAddress($0) != nil ? nil : $0
            }
        }
    }
}

extension ProbeSource {
    /// Where the check's connections come from.
    init(_ draft: borrowing CheckDraft) {
        self.init(
            address: draft.sourceAddress?.value, port: draft.sourcePort?.value ?? 0,
            interface: draft.sourceInterface?.value, mark: draft.sourceMark?.value)
    }
}

extension CheckSchedule {
    /// The options, else the defaults of the kind of check.
    init(_ kind: CheckDraft.Kind, _ options: ScheduleDraft) {
        self.init(
            delayLoop: options.delayLoop?.value ?? .seconds(60),
            retry: options.fall.map { $0.value - 1 } ?? options.retry?.value
                ?? (kind == .script ? 0 : kind == .dns ? 3 : 1),
            delayBeforeRetry: options.delayBeforeRetry?.value ?? Self.wait(kind, options),
            warmup: options.warmup?.value, startsDown: options.alpha?.value ?? false)
        rise = options.rise?.value ?? rise
        logsAllFailures = options.logsAllFailures?.value ?? false
        probeTimeout = kind == .script ? nil : options.probeTimeout?.value
    }

    /// The default of delay_before_retry.
    private static func wait(_ kind: CheckDraft.Kind, _ options: ScheduleDraft) -> Interval {
        switch kind {
        case .http, .tls: .seconds(3)
        case .dns: options.delayLoop?.value ?? .seconds(60)
        case .tcp, .smtp, .udp, .ping, .script, .file: .seconds(1)
        }
    }
}
