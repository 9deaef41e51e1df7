/// A program that is run when something happens: `COMMAND [USER [GROUP]]` of the keywords `notify*`.
package struct NotifyScript: Hashable, Sendable, Codable {
    /// The program by absolute path, and its arguments; at least one word, at most 256.
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

    /// Nothing.
    package init() {}

    /// Every program that is named.
    package var all: [NotifyScript] { [master, backup, fault, stop, any, deleted].compactMap { $0 } }
}

/// Who is told of what happens, defaults resolved.
package struct Notifications: Hashable, Sendable, Codable {
    /// By the names of instances; those with no script are absent.
    package var instances: [String: TransitionScripts] = [:]

    /// Nobody.
    package init() {}

    /// Every program that is named anywhere.
    package var scripts: [NotifyScript] { instances.values.flatMap(\.all) }
}
