import ConfigModel
import LoadBalancing
import NetTypes

/// Something that happened, in the form in which those are told who asked for it.
package struct Notification: Hashable, Sendable {
    /// What it happened to. Of one subject everything is told in its order; subjects do not wait for each
    /// other.
    package enum Subject: Hashable, Sendable {
        /// The `vrrp_instance` of this name.
        case instance(String)
        /// The `vrrp_sync_group` of this name.
        case group(String)
        /// The `virtual_server` of this name.
        case service(ServiceIdentity)
        /// One real server of a service.
        case server(Endpoint, of: ServiceIdentity)
    }

    /// keepalived's words for what can become of an instance or a group; the raw values are those of scripts
    /// and FIFOs.
    package enum Transition: String, Hashable, Sendable, CaseIterable {
        case master = "MASTER"
        case backup = "BACKUP"
        case fault = "FAULT"
        /// The daemon stops.
        case stop = "STOP"
        /// A reload has removed the instance.
        case deleted = "DELETED"
    }

    /// What it happened to.
    package var subject: Subject
    /// What is run, one after the other.
    package var scripts: [NotifyScript]
    /// What the FIFOs get, without its end; nil for nothing.
    package var line: String?
    /// What is mailed; nil for nothing.
    package var mail: Mail?
    /// An instance cannot take part any more.
    package private(set) var isFault = false

    /// An instance has become something else. The program for that runs first, as it is configured; then
    /// `notify`, with what happened after its own arguments: `INSTANCE`, name, state and priority. An
    /// instance that is deleted without `notify_deleted` is a FAULT to `notify`, and to it alone (measured
    /// with keepalived 2.2.7).
    package init(
        instance name: String, _ transition: Transition, priority: UInt8, telling scripts: TransitionScripts
    ) {
        subject = .instance(name)
        let specific = scripts.specific(transition)
        let said = transition == .deleted && !scripts.reportsDeletion ? .fault : transition
        var general = scripts.any
        general?.command += ["INSTANCE", name, said.rawValue, String(priority)]
        self.scripts = [specific, general].compactMap { $0 }
        line = "INSTANCE \"\(name)\" \(said.rawValue) \(priority)"
        isFault = said == .fault
        guard scripts.mails else { return }
        let holds = transition == .master ? "now" : "no longer"
        mail = Mail(
            subject: "VRRP Instance \(name) - Entering \(said.rawValue) state",
            body: "=> VRRP Instance is \(holds) owning VRRP VIPs <=\n")
    }

    /// All instances of a group have become something else; told after the last of them. The priority of a
    /// group is always said to be 0 (measured with keepalived 2.2.7).
    package init(group name: String, _ transition: Transition, telling scripts: TransitionScripts) {
        subject = .group(name)
        var general = scripts.any
        general?.command += ["GROUP", name, transition.rawValue, "0"]
        self.scripts = [scripts.specific(transition), general].compactMap { $0 }
        line = "GROUP \"\(name)\" \(transition.rawValue) 0"
        isFault = transition == .fault
        guard scripts.mails else { return }
        mail = Mail(
            subject: "VRRP Group \(name) - Entering \(transition.rawValue) state",
            body: "=> All VRRP group instances are now in \(transition.rawValue) state <=\n")
    }

    /// A service has its quorum now, or has lost it; `given` is what it is called, if not as in the kernel.
    package init(
        service: ServiceIdentity, as given: String? = nil, isUp: Bool, telling scripts: ServiceNotifications
    ) {
        subject = .service(service)
        let name = given ?? Self.name(service)
        self.scripts = [isUp ? scripts.quorumUp : scripts.quorumDown].compactMap { $0 }
        line = "VS \(name) \(Self.word(isUp))"
        guard scripts.mails else { return }
        mail = Mail(
            subject: "Virtualserver \(name) - \(Self.word(isUp))",
            body: "=> \(isUp ? "The quorum is there" : "The quorum is lost") <=\n")
    }

    /// A real server of a service is up now, or down.
    package init(
        server: Endpoint, of service: ServiceIdentity, as given: String? = nil, isUp: Bool,
        telling scripts: ServerScripts
    ) {
        subject = .server(server, of: service)
        self.scripts = [isUp ? scripts.up : scripts.down].compactMap { $0 }
        let transport: TransportProtocol? =
            if case .address(let transport, _) = service { transport } else { nil }
        let name = Self.name(server, transport)
        let owner = given ?? Self.name(service)
        line = "RS \(name) \(owner) \(Self.word(isUp))"
        guard scripts.mails else { return }
        mail = Mail(
            subject: "Realserver \(name) of virtual server \(owner) - \(Self.word(isUp))",
            body: "=> The server is \(isUp ? "up" : "down") <=\n")
    }

    /// The state of an instance once more, for FIFOs alone (`fifo_write_vrrp_states_on_reload`).
    package init(repeating transition: Transition, of name: String, priority: UInt8) {
        self.init(instance: name, transition, priority: priority, telling: TransitionScripts())
    }

    /// An instance claims another priority; for FIFOs alone. Who is not master is told as backup, whatever it
    /// is (measured with keepalived 2.2.7).
    package init(priority: UInt8, of name: String, isMaster: Bool) {
        subject = .instance(name)
        scripts = []
        line = "INSTANCE \"\(name)\" \(isMaster ? "MASTER" : "BACKUP")_PRIORITY \(priority)"
    }

    private static func word(_ isUp: Bool) -> String { isUp ? "UP" : "DOWN" }

    /// `[192.0.2.100]:tcp:80` or `FWM 3`.
    private static func name(_ service: ServiceIdentity) -> String {
        switch service {
        case .address(let transport, let endpoint): name(endpoint, transport)
        case .mark(_, let mark): "FWM \(mark)"
        }
    }

    private static func name(_ endpoint: Endpoint, _ transport: TransportProtocol?) -> String {
        "[\(endpoint.address)]:\(transport.map { "\($0)" } ?? "none"):\(endpoint.port)"
    }
}

extension TransitionScripts {
    /// What is run for `transition` alone.
    fileprivate func specific(_ transition: Notification.Transition) -> NotifyScript? {
        switch transition {
        case .master: master
        case .backup: backup
        case .fault: fault
        case .stop: stop
        case .deleted: deleted
        }
    }
}
