import ConfigSyntax
import HealthChecks
import LoadBalancing
import LoopGuard
import NetTypes
import Timekeeping
import VRRP

extension Configuration {
    /// The draft with every default applied, and its services. nil when something is missing, which the
    /// checks have reported.
    init?(_ draft: ConfigurationDraft, _ services: [VirtualServer]) {
        guard services.count == draft.virtualServers.count else { return nil }
        self.init(
            global: GlobalDefinitions(draft), virtualServers: services,
            loopGuard: draft.loopGuard.map { block in
                LoopGuardConfiguration(peers: block.peers.map(\.value))
            })
        guard let objects = TrackedObjects(draft.tracked) else { return nil }
        tracked = objects
        syncGroups = draft.syncGroups.map { SyncGroup($0, draft.tracked) }
        statics = Statics(draft)
        linkDelays = draft.effectiveLinkDelays
        trackGroups = draft.trackGroups.map {
            TrackGroup(name: $0.name.value, members: $0.members.map(\.value))
        }
        var concerned: [String: [Tracked]] = [:]
        for group in trackGroups {
            for member in Set(group.members) {
                concerned[member, default: []].append(Tracked(.statics, group.name))
            }
        }
        for instance in draft.instances {
            guard var router = RouterConfiguration(instance, draft.global) else { return nil }
            router.tracking = Tracking(instance.tracking, draft.tracked)
            router.group = draft.groupOf[router.name].map { syncGroups[$0].name }
            router.tracking.items += concerned[router.name] ?? []
            instances.append(router)
        }
        numberRules()
        notifications = Notifications(draft)
    }

    /// True when the sync daemon's role says for every virtual service whether this director balances it, so
    /// that `net.ipv4.vs.backup_only` may be set: it switches off all of IPVS in the namespace while the
    /// backup thread runs. The daemon's instance must hold every service's address; a service by mark counts
    /// as held where there is one instance alone.
    package var syncInstanceGovernsEveryService: Bool {
        guard let name = global.syncDaemon?.instance,
            let instance = instances.first(where: { $0.name == name })
        else { return false }
        let held = Set(instance.heldAddresses.map(\.prefix.address))
        return virtualServers.lazy.flatMap(\.identities).allSatisfy { identity in
            switch identity {
            case .address(_, let endpoint): held.contains(endpoint.address)
            case .mark: instances.count == 1
            }
        }
    }
}

extension ConfigurationDraft {
    /// Takes `lvs_sync_daemon_interface` of an instance for the daemon that it means, as keepalived does: the
    /// first one, where `global_defs` says nothing.
    mutating func adoptSyncInterface(_ reader: inout SchemaReader) {
        for instance in instances {
            guard let interface = instance.extras.syncInterface else { continue }
            if let earlier = global.syncDaemon {
                reader.report(
                    .givenTwice, "there is a sync daemon already; this has no effect", at: interface.span,
                    related: [Label(earlier.span, "first here")])
            } else if global.origin.isAbsent("lvs_sync_daemon"), !instance.name.value.isEmpty {
                let daemon = SyncDaemonDraft(interface: interface.value, instance: instance.name)
                global.syncDaemon = Located(daemon, at: interface.span)
            }
        }
    }
}

extension VirtualServer {
    /// The service with every default applied, those of `draft` too, which has all of the file but services.
    init?(_ service: VirtualServerDraft, in draft: ConfigurationDraft) {
        var service = service
        service.completeFileChecks(draft.tracked)
        self.init(service, draft.global)
        if let tls = draft.tls { share(tls) }
    }

    /// Gives the checks that speak TLS what they share: the certificate, and to those that verify the file of
    /// those that are trusted.
    fileprivate mutating func share(_ tls: TLSDraft) {
        var identity: TLSIdentity?
        if let certificate = tls.certificate?.value, let key = tls.key?.value {
            identity = TLSIdentity(certificate: certificate, key: key, password: tls.password?.value)
        }
        for server in realServers.indices {
            for check in realServers[server].checks.indices {
                guard case .http(var http) = realServers[server].checks[check].kind, var settings = http.tls
                else { continue }
                if settings.verifies, settings.authorities == nil {
                    settings.authorities = tls.authorities?.value
                }
                settings.identity = identity
                http.tls = settings
                realServers[server].checks[check].kind = .http(http)
            }
        }
    }
}

extension GlobalDefinitions {
    /// `global_defs` with every default applied.
    init(_ draft: ConfigurationDraft) {
        self.init()
        routerID = draft.global.routerID?.value
        scriptUser = draft.global.scriptUser?.value
        checksScriptOwnership = draft.global.scriptSecurity?.value ?? false
        failureGuard = draft.global.failureGuard?.value
        guardBackend = draft.global.guardBackend?.value ?? .iptables
        timeouts = draft.global.timeouts?.value ?? [:]
        settings = draft.global.settings.mapValues(\.value)
        flushesAtStart = draft.global.flush?.value ?? false
        flushesAtStop = draft.global.flushAtStop?.value ?? false
        allowsMissingInterfaces = draft.global.dynamicInterfaces?.value ?? false
        controlAdminGroup = draft.global.controlAdminGroup?.value
        controlReaderGroup = draft.global.controlReaderGroup?.value
        let places = draft.global.dumps
        (dumps.state, dumps.statistics, dumps.json) = (
            places.state?.value, places.statistics?.value, places.json?.value
        )
        let pacing = draft.global.pacing
        startupDelay = pacing.startupDelay?.value ?? .zero
        delayAfterBoot = pacing.delayAfterBoot?.value ?? .zero
        announcementGap = pacing.announcementGap?.value ?? .zero
        neighbourGap = pacing.neighbourGap?.value ?? .zero
        guard let daemon = draft.global.syncDaemon?.value else { return }
        let instance = draft.instances.first { $0.name.value == daemon.instance?.value }
        syncDaemon = SyncDaemonConfiguration(
            interface: daemon.interface, instance: daemon.instance?.value,
            syncID: daemon.syncID ?? instance?.virtualRouterID?.value ?? 0,
            maximumLength: daemon.maximumLength, group: daemon.group, port: daemon.port, ttl: daemon.ttl)
    }
}
