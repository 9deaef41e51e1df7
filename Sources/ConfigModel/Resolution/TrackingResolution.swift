import VRRP

extension Tracking {
    /// The keywords of one instance with every default applied.
    init(_ draft: TrackingDraft) {
        self.init()
        ignoresOwnInterface = draft.ignoresOwnInterface?.value ?? false
    }
}
