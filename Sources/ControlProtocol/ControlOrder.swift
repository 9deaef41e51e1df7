/// What an operator wants of real servers: `{"holdfast": 1, "command": "drain", "target": "192.0.2.21"}`.
package struct ControlOrder: Hashable, Sendable {
    /// What they are to be; the name of each is that of its command.
    package enum Admin: Hashable, Sendable {
        /// No new connections.
        case drain
        /// Out of the table.
        case maint
        /// As configured and checked.
        case ready
        /// This weight, 0...2147483647.
        case weight(UInt32)

        /// `drain`, `weight 5`.
        package var words: String {
            switch self {
            case .drain: "drain"
            case .maint: "maint"
            case .ready: "ready"
            case .weight(let weight): "weight \(weight)"
            }
        }
    }

    /// The longest target and the longest reason, in octets.
    package static let textLimit = 200
    /// The longest time, in seconds: 30 days.
    package static let longest = 2_592_000

    /// Which: an address, with its port or without, and `@` its service or not.
    package var target: String
    /// What they are to be.
    package var admin: Admin
    /// Why; printable ASCII.
    package var reason: String?
    /// It ends by itself after so many seconds, 1...`longest`; nil for never.
    package var seconds: Int?

    /// An order.
    package init(_ admin: Admin, _ target: String, reason: String? = nil, seconds: Int? = nil) {
        self.admin = admin
        self.target = target
        self.reason = reason
        self.seconds = seconds
    }

    /// The name of the command.
    package var command: String { String(admin.words.prefix { $0 != " " }) }

    /// `weight 5 of 192.0.2.21`, for the log.
    package var words: String { "\(admin.words) of \(target)" }

    /// Takes its members out of `members`; nil for a command of another kind.
    init?(
        _ command: String, _ members: inout [String: JSONValue]
    ) throws(ControlRequest.Malformed) {
        switch command {
        case "drain": admin = .drain
        case "maint": admin = .maint
        case "ready": admin = .ready
        case "weight":
            guard let number = members.removeValue(forKey: "weight")?.integer,
                let weight = Int32(exactly: number).flatMap({ UInt32(exactly: $0) })
            else { throw Self.malformed("\"weight\" must be a number from 0 to 2147483647") }
            admin = .weight(weight)
        default: return nil
        }
        guard let target = try Self.text("target", &members) else {
            throw Self.malformed("the command \(command) needs a \"target\"")
        }
        self.target = target
        reason = try Self.text("reason", &members)
        // Whoever takes something back means it for good.
        guard command != "ready", let value = members.removeValue(forKey: "for_seconds") else { return }
        guard let seconds = value.integer, (1...Self.longest).contains(seconds) else {
            throw Self.malformed("\"for_seconds\" must be a number from 1 to \(Self.longest)")
        }
        self.seconds = seconds
    }

    private static func malformed(_ sentence: String) -> ControlRequest.Malformed {
        ControlRequest.Malformed(description: sentence)
    }

    /// What may be a target or a reason.
    package static func isPlain(_ text: String) -> Bool {
        (1...textLimit).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// Takes a text that may be missing out of `members`.
    static func text(
        _ name: String, _ members: inout [String: JSONValue]
    ) throws(ControlRequest.Malformed) -> String? {
        guard let value = members.removeValue(forKey: name) else { return nil }
        guard let text = value.text, isPlain(text) else {
            throw malformed("\"\(name)\" must be a text of 1 to \(textLimit) printable ASCII characters")
        }
        return text
    }

    /// The members that `init` reads, beside the command.
    var members: [JSONValue.Member] {
        var members = [JSONValue.Member("target", .string(target))]
        if case .weight(let weight) = admin { members.append(.init("weight", .integer(Int(weight)))) }
        if let reason { members.append(.init("reason", .string(reason))) }
        if let seconds { members.append(.init("for_seconds", .integer(seconds))) }
        return members
    }
}
