import LoadBalancing
import NetTypes
import Timekeeping

/// A program that is run when something happens: `COMMAND [USER [GROUP]]` of the keywords `notify*`.
package struct NotifyScript: Hashable, Sendable, Codable {
    /// The program by absolute path or name, and its arguments; at least one word, at most 256.
    package var command: [String]
    /// Whom it runs as; nil for `script_user`.
    package var account: ScriptUser?

    /// A program.
    package init(_ command: [String], as account: ScriptUser? = nil) {
        self.command = command
        self.account = account
    }
}

/// A user of the system by name, and the one group it is to have; without a group it has all of its own.
package struct ScriptUser: Hashable, Sendable, Codable {
    /// The login name.
    package var name: String
    /// The group's name; nil for the user's own groups.
    package var group: String?

    /// A user.
    package init(_ name: String, group: String? = nil) {
        self.name = name
        self.group = group
    }
}

/// What is run when a virtual router, or a group of them, changes its state.
package struct TransitionScripts: Hashable, Sendable, Codable {
    /// `notify_master`.
    package var master: NotifyScript?
    /// `notify_backup`.
    package var backup: NotifyScript?
    /// `notify_fault`.
    package var fault: NotifyScript?
    /// `notify_stop`: the daemon stops.
    package var stop: NotifyScript?
    /// `notify`: after each of the others, with what happened as arguments.
    package var any: NotifyScript?
    /// `notify_deleted`: a reload that removes the instance is told as DELETED; as FAULT without.
    package var reportsDeletion = false
    /// The program of `notify_deleted`, if it names one.
    package var deleted: NotifyScript?
    /// `smtp_alert`: a mail for every transition.
    package var mails = false
    /// `notify_priority_changes`: FIFOs are told of another priority, too. Of an instance alone; what a group
    /// says holds for its members.
    package var tellsPriorities = false

    /// Nothing.
    package init() {}

    /// Every program that is named.
    package var all: [NotifyScript] { [master, backup, fault, stop, any, deleted].compactMap { $0 } }
}

/// What is run when a real server changes.
package struct ServerScripts: Hashable, Sendable, Codable {
    /// `notify_up`.
    package var up: NotifyScript?
    /// `notify_down`.
    package var down: NotifyScript?
    /// `smtp_alert`: a mail for every change; on by default where mail is set up.
    package var mails = false

    /// Nothing.
    package init() {}
}

/// What is run when a virtual server or one of its real servers changes.
package struct ServiceNotifications: Hashable, Sendable, Codable {
    /// `quorum_up`.
    package var quorumUp: NotifyScript?
    /// `quorum_down`.
    package var quorumDown: NotifyScript?
    /// `omega`: at the end, what was up is told as down.
    package var tellsEnd = false
    /// `smtp_alert`: a mail when the quorum comes or goes.
    package var mails = false
    /// By real server; those without a script are absent.
    package var servers: [Endpoint: ServerScripts] = [:]

    /// Nothing.
    package init() {}

    /// Every program that is named.
    package var all: [NotifyScript] {
        ([quorumUp, quorumDown] + servers.values.flatMap { [$0.up, $0.down] }).compactMap { $0 }
    }
}

/// A FIFO that gets a line for whatever happens, and the program that reads it.
package struct NotifyPipe: Hashable, Sendable, Codable {
    /// Which events go there; the raw value is the keyword.
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case all = "notify_fifo"
        case vrrp = "vrrp_notify_fifo"
        case services = "lvs_notify_fifo"
    }

    /// Its absolute path.
    package var path: String
    /// Whose it is to be when it is made; nil for the reader's user, else for the daemon's.
    package var owner: ScriptUser?
    /// The program that is started for it, with the path as its last argument.
    package var reader: NotifyScript?

    /// A FIFO.
    package init(path: String, owner: ScriptUser? = nil, reader: NotifyScript? = nil) {
        self.path = path
        self.owner = owner
        self.reader = reader
    }
}

/// Mail, where it is set up: both a server and somebody to write to.
package struct MailSettings: Hashable, Sendable, Codable {
    /// `smtp_server`: the relay; port 25 unless another is written.
    package var server: Endpoint
    /// `notification_email`; at least one.
    package var recipients: [String]
    /// `notification_email_from`; nil for `keepalived@HOST`.
    package var sender: String?
    /// `smtp_helo_name`; nil for the host's name.
    package var greeting: String?
    /// `smtp_connect_timeout`: how long the relay may take to answer, default 30 s.
    package var timeout: Interval
    /// False with `no_email_faults`.
    package var tellsFaults: Bool

    /// Settings, with keepalived's defaults where an argument is left out.
    package init(
        server: Endpoint, recipients: [String], sender: String? = nil, greeting: String? = nil,
        timeout: Interval = .seconds(30), tellsFaults: Bool = true
    ) {
        self.server = server
        self.recipients = recipients
        self.sender = sender
        self.greeting = greeting
        self.timeout = timeout
        self.tellsFaults = tellsFaults
    }
}

/// Who is told of what happens, defaults resolved.
package struct Notifications: Hashable, Sendable, Codable {
    /// By the names of instances; those with no script are absent.
    package var instances: [String: TransitionScripts] = [:]
    /// By the names of sync groups; those with no script are absent.
    package var groups: [String: TransitionScripts] = [:]
    /// By the names of services; those of which nothing is told are absent.
    package var services: [ServiceIdentity: ServiceNotifications] = [:]
    /// The FIFOs.
    package var pipes: [NotifyPipe.Kind: NotifyPipe] = [:]
    /// Mail; nil where it is not set up.
    package var mail: MailSettings?
    /// `fifo_write_vrrp_states_on_reload`.
    package var repeatsStatesOnReload = false
    /// `rs_init_notifies`: the first state of a real server is told too.
    package var tellsFirstState = false

    /// Nobody.
    package init() {}

    /// Every program that is named anywhere.
    package var scripts: [NotifyScript] {
        instances.values.flatMap(\.all) + groups.values.flatMap(\.all) + services.values.flatMap(\.all)
            + pipes.values.compactMap(\.reader)
    }

    /// Somebody wants to be told of virtual servers or real servers.
    package var watchesServices: Bool {
        !services.isEmpty || pipes[.all] != nil || pipes[.services] != nil
    }
}
