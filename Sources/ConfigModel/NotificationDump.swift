// `ConfigurationDump`'s lines of who is told of what happens.
import LoadBalancing
import NetTypes
import Timekeeping

extension NotifyScript {
    /// The words after the keyword.
    var words: [String] {
        [CommandWords.joined(command)] + (account.map { [$0.name] + ($0.group.map { [$0] } ?? []) } ?? [])
    }
}

extension TransitionScripts {
    /// Keyword and values, a line each.
    var lines: [[String]] {
        let named = [
            ("notify_master", master), ("notify_backup", backup), ("notify_fault", fault),
            ("notify_stop", stop), ("notify", any),
        ]
        let scripts = named.compactMap { name, script in script.map { [name] + $0.words } }
        return scripts + (reportsDeletion ? [["notify_deleted"] + (deleted?.words ?? [])] : [])
            + (mails ? [["smtp_alert", "on"]] : [])
            + (tellsPriorities ? [["notify_priority_changes", "on"]] : [])
    }
}

extension ServiceNotifications {
    /// Keyword and values, a line each, but those of real servers.
    var lines: [[String]] {
        let scripts = [("quorum_up", quorumUp), ("quorum_down", quorumDown)]
            .compactMap { name, script in script.map { [name] + $0.words } }
        return scripts + (tellsEnd ? [["omega"]] : []) + (mails ? [["smtp_alert", "on"]] : [])
    }
}

extension ServerScripts {
    /// Keyword and values, a line each.
    var lines: [[String]] {
        [("notify_up", up), ("notify_down", down)]
            .compactMap { name, script in script.map { [name] + $0.words } }
    }
}

extension Notifications {
    /// Keyword and values of one real server, a line each. Mail is on there unless it is switched off.
    func lines(of server: Endpoint, of service: ServiceIdentity) -> [[String]] {
        let scripts = services[service]?.servers[server] ?? ServerScripts()
        return scripts.lines + (mail != nil && !scripts.mails ? [["smtp_alert", "off"]] : [])
    }

    /// Keyword and values of `global_defs`, a line each.
    var lines: [[String]] {
        var lines: [[String]] = []
        for kind in NotifyPipe.Kind.allCases {
            guard let pipe = pipes[kind] else { continue }
            let owner = pipe.owner.map { [$0.name] + ($0.group.map { [$0] } ?? []) } ?? []
            lines.append([kind.rawValue, pipe.path] + owner)
            if let reader = pipe.reader { lines.append(["\(kind.rawValue)_script"] + reader.words) }
        }
        if let mail {
            lines.append(["smtp_server", mail.server.address.description, String(mail.server.port)])
            lines += mail.sender.map { [["notification_email_from", $0]] } ?? []
            lines += mail.greeting.map { [["smtp_helo_name", $0]] } ?? []
            lines.append(["smtp_connect_timeout", ValueType.seconds(mail.timeout.nanoseconds / 1000)])
            if !mail.tellsFaults { lines.append(["no_email_faults"]) }
        }
        if repeatsStatesOnReload { lines.append(["fifo_write_vrrp_states_on_reload"]) }
        if tellsFirstState { lines.append(["rs_init_notifies"]) }
        return lines
    }
}
