extension Notifications {
    /// Who is told, with every default applied.
    init(_ draft: ConfigurationDraft) {
        self.init()
        for instance in draft.instances {
            let scripts = TransitionScripts(instance.notifications, draft.global)
            if scripts != TransitionScripts() { instances[instance.name.value] = scripts }
        }
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
    }
}

extension NotifyScript {
    /// The script with the user it inherits.
    func resolved(_ global: GlobalDraft) -> NotifyScript {
        NotifyScript(command, as: account ?? global.scriptUser.map { ScriptUser($0.value) })
    }
}
