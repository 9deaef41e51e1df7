/// What an instance asks for beside its election and its addresses. Nobody carries it out yet: a file that
/// asks for any of it is refused, though it can be checked, compared and dumped.
package struct InstanceExtras: Hashable, Sendable, Codable {
    /// `strict_mode`, else `vrrp_strict`.
    package var isStrict = false

    /// Nothing of it.
    package init() {}
}

extension Configuration {
    /// What `draft` asks for, by instance; those that ask for nothing have no entry.
    static func extras(_ draft: ConfigurationDraft) -> [String: InstanceExtras] {
        var result: [String: InstanceExtras] = [:]
        for instance in draft.instances {
            let extras = InstanceExtras(instance.extras, draft.global)
            if extras != InstanceExtras() { result[instance.name.value] = extras }
        }
        return result
    }
}

extension InstanceExtras {
    fileprivate init(_ draft: ExtrasDraft, _ global: GlobalDraft) {
        self.init()
        isStrict = draft.isStrict(global)
    }
}
