import ConfigModel

/// Something that happened, in the form in which those are told who asked for it.
package struct Notification: Hashable, Sendable {
    /// What it happened to. Of one subject everything is told in its order; subjects do not wait for each
    /// other.
    package enum Subject: Hashable, Sendable {
        /// The `vrrp_instance` of this name.
        case instance(String)
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

    /// An instance has become something else. The program for that runs first, as it is configured; then
    /// `notify`, with what happened after its own arguments: `INSTANCE`, name, state and priority. An
    /// instance that is deleted without `notify_deleted` is a FAULT to `notify`, and to it alone (measured
    /// with keepalived 2.2.7).
    package init(
        instance name: String, _ transition: Transition, priority: UInt8, telling scripts: TransitionScripts
    ) {
        subject = .instance(name)
        let specific: NotifyScript? =
            switch transition {
            case .master: scripts.master
            case .backup: scripts.backup
            case .fault: scripts.fault
            case .stop: scripts.stop
            case .deleted: scripts.deleted
            }
        let said = transition == .deleted && !scripts.reportsDeletion ? .fault : transition
        var general = scripts.any
        general?.command += ["INSTANCE", name, said.rawValue, String(priority)]
        self.scripts = [specific, general].compactMap { $0 }
    }
}
