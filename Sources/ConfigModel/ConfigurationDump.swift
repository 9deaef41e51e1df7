import HealthChecks
import LoadBalancing
import LoopGuard
import NetTypes
import Timekeeping
import VRRP

/// A configuration as text: a file in the language itself with every default written out, so that it can be
/// read again and gives the same configuration. Equal configurations give equal text.
package enum ConfigurationDump {
    /// The text; lines end in "\n". With `hidingSecrets` passwords are stars, and what is read again differs
    /// in them.
    package static func text(_ configuration: Configuration, hidingSecrets: Bool = false) -> String {
        var writer = DumpWriter(hidesSecrets: hidingSecrets)
        write(configuration.global, configuration.notifications, &writer)
        if let identity = configuration.virtualServers.lazy.flatMap(\.realServers).flatMap(\.checks)
            .compactMap(\.kind.identity).first
        {
            writer.block("SSL") { writer in
                writer.line("certificate", identity.certificate)
                writer.line("key", identity.key)
                if let password = identity.password { writer.secret("password", password) }
            }
        }
        if let loopGuard = configuration.loopGuard { write(loopGuard, &writer) }
        write(configuration.tracked, &writer)
        for group in configuration.syncGroups {
            write(group, configuration.notifications.groups[group.name], &writer)
        }
        writeStatics(of: configuration, &writer)
        for instance in configuration.instances { write(instance, of: configuration, &writer) }
        var groups: Set<String> = []
        for service in configuration.virtualServers {
            if let group = service.group, groups.insert(group.name).inserted { write(group, &writer) }
            write(service, configuration.notifications, &writer)
        }
        return writer.text
    }

    private static func write(
        _ global: GlobalDefinitions, _ notifications: Notifications, _ writer: inout DumpWriter
    ) {
        let lines = notifications.lines
        guard global != GlobalDefinitions() || !lines.isEmpty else { return }
        writer.block("global_defs") { writer in
            if let name = global.routerID { writer.line("router_id", name) }
            if let user = global.scriptUser {
                writer.line("script_user", [user.name, user.group].compactMap { $0 })
            }
            if global.checksScriptOwnership { writer.line("enable_script_security") }
            if global.allowsMissingInterfaces { writer.line("dynamic_interfaces") }
            if let group = global.controlAdminGroup { writer.line("control_admin_group", group) }
            if let group = global.controlReaderGroup { writer.line("control_reader_group", group) }
            if let setting = global.failureGuard {
                writer.line("checker_failure_guard", [seconds(setting.hold), String(setting.share)])
            }
            if let daemon = global.syncDaemon { writer.line("lvs_sync_daemon", words(daemon)) }
            if global.guardBackend != .iptables {
                writer.line("loop_guard_backend", global.guardBackend.rawValue)
            }
            if !global.timeouts.isEmpty { writer.line("lvs_timeouts", IPVSTimeout.words(global.timeouts)) }
            for setting in IPVSSetting.allCases {
                guard let value = global.settings[setting] else { continue }
                writer.line("lvs_\(setting.rawValue)", SettingGrammar.words(value, of: setting))
            }
            if global.flushesAtStart { writer.line("lvs_flush") }
            if global.flushesAtStop { writer.line("lvs_flush_on_stop") }
            writePacing(of: global, &writer)
            write(global.dumps, &writer)
            for line in lines { writer.line(line[0], Array(line.dropFirst())) }
            guard let mail = notifications.mail else { return }
            writer.block("notification_email") { writer in
                for address in mail.recipients { writer.line(address) }
            }
        }
    }

    private static func words(_ daemon: SyncDaemonConfiguration) -> [String] {
        var words = [daemon.interface]
        if let instance = daemon.instance { words += ["inst", instance] }
        words += ["id", String(daemon.syncID)]
        if let length = daemon.maximumLength { words += ["maxlen", String(length)] }
        if let port = daemon.port { words += ["port", String(port)] }
        if let ttl = daemon.ttl { words += ["ttl", String(ttl)] }
        if let group = daemon.group { words += ["group", group.description] }
        return words
    }

    private static func write(_ loopGuard: LoopGuardConfiguration, _ writer: inout DumpWriter) {
        writer.block("loop_guard") { writer in
            for peer in loopGuard.peers {
                switch peer {
                case .address(let address, let interface):
                    writer.line("peer", [address.description] + (interface.map { ["dev", $0] } ?? []))
                case .mac(let mac): writer.line("peer_mac", mac.description)
                }
            }
        }
    }

    // MARK: Instances

    private static func write(_ authentication: Authentication, _ writer: inout DumpWriter) {
        let (type, octets): (String, [UInt8])
        switch authentication {
        case .none: return
        case .password(let password): (type, octets) = ("PASS", password)
        case .header(let key): (type, octets) = ("AH", key)
        }
        writer.block("authentication") { writer in
            writer.line("auth_type", type)
            writer.secret("auth_pass", String(decoding: octets, as: UTF8.self))
        }
    }

    private static func write(
        _ instance: RouterConfiguration, of configuration: Configuration, _ writer: inout DumpWriter
    ) {
        writer.block("vrrp_instance", instance.name) { writer in
            writer.line("state", instance.startsAsMaster ? "MASTER" : "BACKUP")
            writer.line("interface", instance.interface)
            writer.line("virtual_router_id", String(instance.virtualRouterID))
            writer.line("priority", String(instance.priority))
            writer.line("version", String(instance.version.rawValue))
            writer.line("advert_int", seconds(instance.advertisementInterval))
            if !instance.preempts { writer.line("nopreempt") }
            if instance.preemptDelay > .zero { writer.line("preempt_delay", seconds(instance.preemptDelay)) }
            if instance.syncWait > .zero { writer.line("preempt_after_sync") }
            if instance.checksum == .messageOnly { writer.line("v3_checksum_as_v2") }
            write(instance.election, &writer)
            writeTransport(of: instance, &writer)
            write(instance.authentication, &writer)
            write(instance.tracking, &writer)
            let announcements = instance.announcements
            writer.line("garp_master_delay", seconds(announcements.secondBurstDelay))
            writer.line("garp_master_repeat", String(announcements.repeats))
            writer.line("garp_master_refresh", seconds(announcements.refresh))
            writer.line("garp_master_refresh_repeat", String(announcements.refreshRepeats))
            let standard = AnnouncementSchedule()
            if announcements.lowerPriorityDelay != standard.lowerPriorityDelay {
                writer.line("garp_lower_prio_delay", seconds(announcements.lowerPriorityDelay))
            }
            if announcements.lowerPriorityRepeats != standard.lowerPriorityRepeats {
                writer.line("garp_lower_prio_repeat", String(announcements.lowerPriorityRepeats))
            }
            if instance.virtualAddresses.isEmpty, instance.excludedAddresses.isEmpty {
                writer.line("no_virtual_ipaddress")
            }
            for line in configuration.notifications.instances[instance.name]?.lines ?? [] {
                writer.line(line[0], Array(line.dropFirst()))
            }
            if instance.refusesTraffic { writer.line("no_accept") }
            if let interface = instance.virtualInterface {
                write(interface, isBesideAdverts: instance.sendsFromBase, &writer)
            }
            writeRouting(of: instance, &writer)
            write(instance.virtualAddresses, "virtual_ipaddress", &writer)
            write(instance.excludedAddresses, "virtual_ipaddress_excluded", &writer)
        }
    }

    private static func writeTransport(of instance: RouterConfiguration, _ writer: inout DumpWriter) {
        let source = instance.sourceAddress?.description
        switch instance.transport {
        case .multicast(let group):
            if let source { writer.line("mcast_src_ip", source) }
            if group != VRRPNumbers.group(of: group.family) {
                writer.line("mcast_dst_ip", group.description)
            }
        case .unicast(let unicast):
            if let source { writer.line("unicast_src_ip", source) }
            if unicast.timeToLive != VRRPNumbers.timeToLive {
                writer.line("unicast_ttl", String(unicast.timeToLive))
            }
            if unicast.checksSource { writer.line("check_unicast_src") }
            guard !unicast.peers.isEmpty else { return writer.line("unicast_fault_no_peer") }
            writer.block("unicast_peer") { writer in
                for peer in unicast.peers {
                    let (low, high) = (peer.timeToLive.lowerBound, peer.timeToLive.upperBound)
                    writer.line(
                        peer.address.description,
                        (low > 0 ? ["min_ttl", String(low)] : [])
                            + (high < 255 ? ["max_ttl", String(high)] : []))
                }
            }
        }
    }

    private static func write(_ election: ElectionOptions, _ writer: inout DumpWriter) {
        let standard = ElectionOptions()
        if election.downTimerAdverts != standard.downTimerAdverts {
            writer.line("down_timer_adverts", String(election.downTimerAdverts))
        }
        if !election.answersLowerPriority { writer.line("lower_prio_no_advert") }
        if !election.tellsWinner { writer.line("higher_prio_send_advert", "off") }
        if election.ownerIgnoresAdverts { writer.line("owner_ignore_adverts") }
        if election.skipsListOfKnownMaster { writer.line("skip_check_adv_addr") }
    }

    static func write(
        _ addresses: [VirtualAddress], _ keyword: String, _ writer: inout DumpWriter
    ) {
        guard !addresses.isEmpty else { return }
        writer.block(keyword) { writer in
            for address in addresses {
                var words: [String] = []
                if let interface = address.interface { words += ["dev", interface] }
                if let label = address.label { words += ["label", label] }
                writer.line(address.prefix.description, words + Self.words(address.options, address.prefix))
            }
        }
    }

    private static func words(_ options: AddressOptions, _ prefix: Prefix) -> [String] {
        let standard = AddressOptions(for: prefix)
        var words: [String] = []
        if let peer = options.peer { words += ["peer", "\(peer)/\(prefix.length)"] }
        if let broadcast = options.broadcast { words += ["brd", broadcast.description] }
        if options.scope != standard.scope {
            let name = ValueType<UInt8>.scopes.first { $0.value == options.scope }?.word
            words += ["scope", name ?? String(options.scope)]
        }
        if options.preferredLifetime != standard.preferredLifetime {
            words += ["preferred_lft", options.preferredLifetime.map { String($0) } ?? "forever"]
        }
        let flags = [
            ("home", options.isHome), ("-nodad", options.detectsDuplicates),
            ("mngtmpaddr", options.managesTemporaries), ("noprefixroute", options.addsNoRoute),
            ("autojoin", options.joinsGroups), ("no_track", options.isUntracked),
        ]
        return words + flags.filter(\.1).map(\.0) + (options.trackGroup.map { ["track_group", $0] } ?? [])
    }

    // MARK: Services

    private static func write(
        _ service: VirtualServer, _ notifications: Notifications, _ writer: inout DumpWriter
    ) {
        let header = service.group.map { ["group", $0.name] } ?? words(service.identity)
        writer.block("virtual_server", header) { writer in
            writer.line("lb_algo", service.scheduler)
            if let translation = service.sourceTranslation {
                writer.line("lb_kind", "FULLNAT")
                if case .address(let source) = translation {
                    writer.line("fullnat_source", source.description)
                }
            } else {
                writer.line("lb_kind", words(service.forwarding, service.encapsulation))
            }
            for (name, flag) in flags where service.flags.contains(flag) { writer.line(name) }
            if let transport = service.transport {
                writer.line("protocol", transport.description.uppercased())
            }
            if let persistence = service.persistence {
                writer.line("persistence_timeout", String(persistence.timeoutSeconds))
                writer.line("persistence_granularity", String(persistence.prefixLength))
            }
            if let engine = service.persistenceEngine { writer.line("persistence_engine", engine) }
            writer.line("quorum", String(service.quorum))
            if service.suspendsChecks { writer.line("ha_suspend") }
            if service.hysteresis > 0 { writer.line("hysteresis", String(service.hysteresis)) }
            if let mark = service.guardMark {
                writer.line("loop_guard")
                writer.line("loop_guard_mark", mark.description)
            }
            if let sorry = service.sorryServer {
                writer.line("sorry_server", words(sorry.endpoint))
                if sorry.inhibitOnFailure { writer.line("sorry_server_inhibit") }
                if let method = sorry.forwarding {
                    writer.line("sorry_server_lvs_method", words(method, sorry.encapsulation))
                }
            }
            for line in notifications.services[service.identity]?.lines ?? [] {
                writer.line(line[0], Array(line.dropFirst()))
            }
            for server in service.realServers {
                write(server, notifications.lines(of: server.endpoint, of: service.identity), &writer)
            }
        }
    }

    private static func write(_ group: ServiceGroup, _ writer: inout DumpWriter) {
        writer.block("virtual_server_group", group.name) { writer in
            for line in group.lines {
                switch line {
                case .addresses(let range, let port):
                    writer.line(range.description, port == 0 ? [] : [String(port)])
                case .mark(let mark, let family):
                    writer.line("fwmark", [mark.description] + (family.map { [$0.rawValue] } ?? []))
                }
            }
        }
    }

    private static func words(_ identity: ServiceIdentity) -> [String] {
        switch identity {
        case .address(_, let endpoint): words(endpoint)
        case .mark(let family, let mark): ["fwmark", mark.description, family.rawValue]
        }
    }

    private static func words(_ endpoint: Endpoint) -> [String] {
        [endpoint.address.description] + (endpoint.port == 0 ? [] : [String(endpoint.port)])
    }

    /// In the words that mean the same with every scheduler.
    private static let flags = [
        ("ops", ServiceFlags.onePacket), ("flag-1", .scheduler1), ("flag-2", .scheduler2),
        ("flag-3", .scheduler3),
    ]

    private static func words(_ method: ForwardingMethod, _ encapsulation: Encapsulation) -> [String] {
        [method.description] + encapsulation.words
    }

    private static func write(
        _ server: RealServer, _ notifications: [[String]], _ writer: inout DumpWriter
    ) {
        writer.block("real_server", words(server.endpoint)) { writer in
            writer.line("weight", String(server.weight))
            if let method = server.forwarding { writer.line("lb_kind", words(method, server.encapsulation)) }
            if server.upperThreshold > 0 { writer.line("uthreshold", String(server.upperThreshold)) }
            if server.lowerThreshold > 0 { writer.line("lthreshold", String(server.lowerThreshold)) }
            if server.inhibitOnFailure { writer.line("inhibit_on_failure") }
            for line in notifications { writer.line(line[0], Array(line.dropFirst())) }
            for check in server.checks { write(check, &writer) }
        }
    }

    static func seconds(_ interval: Interval) -> String {
        ValueType.seconds(interval.nanoseconds / 1000)
    }
}
