import ConfigSyntax
import NetTypes

/// What can be said about a whole configuration that no single keyword shows. Every check looks at the
/// drafts, so that it can point at what was written; a value that could not be read is nil and makes a check
/// hold its tongue.
enum SemanticCheck {
    /// What every service is compared with, put together once for all of them.
    struct KnownPlaces {
        let networks: KnownNetworks
        let directors: [IPAddress: Span]

        /// Those of `draft`, which has all of the file but services.
        init(_ draft: ConfigurationDraft) {
            networks = KnownNetworks(draft)
            directors = LoopGuardChecks.knownDirectors(draft)
        }
    }

    /// What is said of one service and its real servers; `draft` has all of the file but services.
    static func run(
        _ service: VirtualServerDraft, in draft: ConfigurationDraft, _ known: KnownPlaces,
        _ reader: inout SchemaReader
    ) {
        ServiceChecks.run(service, &reader)
        RealServerChecks.run(service, in: draft, &reader)
        for index in service.realServers.indices {
            ProbeChecks.run(service.realServers[index], of: service, &reader)
        }
        NetworkChecks.run(service, in: known.networks, &reader)
        LoopGuardChecks.run(service, beside: known.directors, &reader)
    }

    /// What is said of the whole, in the order of the file's areas.
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        for instance in draft.instances { InstanceChecks.run(instance, draft.global, &reader) }
        RouterIdentityChecks.run(draft, &reader)
        VirtualInterfaceChecks.run(draft, &reader)
        StrictChecks.run(draft, &reader)
        TrackingChecks.run(draft, &reader)
        SyncGroupChecks.run(draft, &reader)
        StaticsChecks.run(draft, &reader)
        TLSChecks.run(draft, &reader)
        ServiceGroupChecks.run(draft, &reader)
        ServiceIdentityChecks.run(draft, &reader)
        FullNATChecks.run(draft, &reader)
        SyncDaemonChecks.run(draft, &reader)
        LoopGuardChecks.run(draft, &reader)
        NotificationChecks.run(draft, &reader)
    }
}

extension SchemaReader {
    /// A group names an instance that is not there; `names` are those that are.
    mutating func reportUnknownMember(_ member: Located<String>, of group: Origin, among names: [String]) {
        report(
            .unknownMember, "there is no vrrp_instance \(member.value)", at: member.span,
            related: [Label(group.header, "in this group")],
            suggestion: Suggestion.nearest(to: member.value, among: names))
    }

    /// Reports every element that has the same key as an earlier one, with the earlier place.
    mutating func reportDuplicates<Element, Key: Hashable>(
        among elements: [Element], by key: (Element) -> Key?, at span: (Element) -> Span,
        _ code: DiagnosticCode, _ message: (Element) -> String, notes: [String] = []
    ) {
        var seen: [Key: Span] = [:]
        seen.reserveCapacity(elements.count)
        for index in elements.indices {
            guard let key = key(elements[index]) else { continue }
            let place = span(elements[index])
            if let first = seen[key] {
                report(
                    code, message(elements[index]), at: place, related: [Label(first, "first here")],
                    notes: notes)
            } else {
                seen[key] = place
            }
        }
    }
}
