import LoadBalancing
import NetTypes
import Timekeeping

extension Notifications {
    /// Who is told, with every default applied.
    init(_ draft: ConfigurationDraft) {
        self.init()
        mail = MailSettings(draft.global.notifications.mail)
        for instance in draft.instances {
            var scripts = TransitionScripts(instance.notifications, draft.global)
            let group = draft.groupOf[instance.name.value].map { draft.syncGroups[$0] }
            scripts.tellsPriorities =
                (instance.notifications.priorities ?? group?.notifications.priorities
                ?? draft.global.notifications.priorities)?.value ?? false
            if scripts != TransitionScripts() { instances[instance.name.value] = scripts }
        }
        for group in draft.syncGroups {
            let scripts = TransitionScripts(group.notifications, draft.global)
            if scripts != TransitionScripts() { groups[group.name.value] = scripts }
        }
        for service in draft.virtualServers {
            let scripts = ServiceNotifications(service, draft.global)
            if let identity = service.identity, scripts != ServiceNotifications() {
                services[identity] = scripts
            }
        }
        for (kind, pipe) in draft.global.notifications.pipes {
            guard var resolved = pipe.path?.value else { continue }
            resolved.owner = resolved.owner ?? draft.global.scriptUser?.value
            resolved.reader = pipe.reader?.value.resolved(draft.global)
            pipes[kind] = resolved
        }
        repeatsStatesOnReload = draft.global.notifications.repeatsStates?.value ?? false
        tellsFirstState = draft.global.notifications.firstState?.value ?? false
    }
}

extension ServiceNotifications {
    init(_ draft: VirtualServerDraft, _ global: GlobalDraft) {
        self.init()
        quorumUp = draft.quorumUp?.value.resolved(global)
        quorumDown = draft.quorumDown?.value.resolved(global)
        tellsEnd = draft.omega?.value ?? false
        let mail = global.notifications.mail
        mails = mail.isComplete && (draft.mails ?? mail.services ?? mail.all)?.value ?? false
        let untold = ServerScripts()
        // Each where it is: of ten thousand servers few tell anybody anything.
        for index in draft.realServers.indices {
            guard
                mail.isComplete || draft.realServers[index].notifyUp != nil
                    || draft.realServers[index].notifyDown != nil,
                let address = draft.realServers[index].address
            else { continue }
            let scripts = ServerScripts(draft.realServers[index], global, mail)
            guard scripts != untold else { continue }
            servers[Endpoint(address.value, port: draft.port(of: draft.realServers[index]))] = scripts
        }
    }
}

extension ServerScripts {
    init(_ draft: borrowing RealServerDraft, _ global: GlobalDraft, _ mail: MailDraft) {
        self.init()
        up = draft.notifyUp?.value.resolved(global)
        down = draft.notifyDown?.value.resolved(global)
        mails = mail.isComplete && (draft.mails ?? mail.services ?? mail.all)?.value ?? true
    }
}

extension TransitionScripts {
    init(_ draft: TransitionDraft, _ global: GlobalDraft) {
        self.init()
        master = draft.master?.value.resolved(global)
        backup = draft.backup?.value.resolved(global)
        fault = draft.fault?.value.resolved(global)
        stop = draft.stop?.value.resolved(global)
        any = draft.any?.value.resolved(global)
        reportsDeletion = draft.deleted != nil
        deleted = draft.deleted?.value?.resolved(global)
        let mail = global.notifications.mail
        mails = mail.isComplete && (draft.mails ?? mail.vrrp ?? mail.all)?.value ?? false
    }
}

extension NotifyScript {
    /// The script with the user it inherits.
    func resolved(_ global: GlobalDraft) -> NotifyScript {
        NotifyScript(command, as: account ?? global.scriptUser?.value)
    }
}

extension MailSettings {
    /// nil where it is not set up.
    init?(_ draft: MailDraft) {
        guard let server = draft.server?.value, draft.isComplete else { return nil }
        self.init(
            server: server, recipients: draft.recipients.map(\.value), sender: draft.sender?.value,
            greeting: draft.greeting?.value, timeout: draft.timeout?.value ?? .seconds(30),
            tellsFaults: !(draft.noFaults?.value ?? false))
    }
}
