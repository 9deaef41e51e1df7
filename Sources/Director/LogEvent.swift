import LinuxIO

/// What the journal is told beside a line: what kind of event it is, and what it is about, so that both can
/// be looked for. Nothing else than the journal's socket takes it.
package struct LogEvent: Hashable, Sendable {
    /// The raw value is the MESSAGE_ID: Systemd/holdfast.catalog has a text for each.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// An instance is in another state.
        case transition = "213937deb5934ca682e38e8b74402b7a"
        /// A real server went up or down.
        case server = "01d6338466ac4da885dab9589b11be87"
        /// A quorum was lost or regained.
        case quorum = "dc7880ddab6945e58d51aa8d2fd6b622"
        /// A configuration came into force, or was refused.
        case reload = "6dcce50de5cc4f30a03a9b9f1c8161c7"
        /// An operator wants something of servers or instances.
        case order = "2f6abb691b674ffa83edc7cd9f8cb1b6"
        /// A role has ended.
        case role = "54f0c5f06b2340dd9fbb6396a0e51c41"
    }

    /// What kind of event it is.
    package var kind: Kind
    /// What it is about.
    package var about: [LogField]

    /// An event about what the fields name.
    package init(_ kind: Kind, _ about: KeyValuePairs<String, String>) {
        self.kind = kind
        self.about = about.map { LogField($0.key, $0.value) }
    }

    /// All fields.
    var fields: [LogField] { [LogField("MESSAGE_ID", kind.rawValue)] + about }
}

/// A line of the log, with what the journal is told beside it.
struct LogLine: Hashable, Sendable {
    /// For people.
    var text: String
    /// nil for a line that is no event.
    var event: LogEvent?

    init(_ text: String, _ event: LogEvent? = nil) {
        self.text = text
        self.event = event
    }
}
