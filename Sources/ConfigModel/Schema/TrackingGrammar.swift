import ConfigSyntax

/// The tracking keywords of `vrrp_instance`.
enum TrackingGrammar {
    static let instance: [Keyword<InstanceDraft>] = [
        .flag(
            "dont_track_primary", \.tracking.ignoresOwnInterface,
            "Goes on when the instance's own interface is down.", tier: .common
        ).pending()
    ]
}
