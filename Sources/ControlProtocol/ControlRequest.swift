// What `holdfast` and the daemon say to each other on the control socket: lines of JSON. The client sends one
// request; the daemon answers with lines, the last of which says how it ended (`ControlEnd`), and closes.

/// The numbers of the protocol.
package enum ControlNumbers {
    /// The version of the protocol, in every request. A change that the other side must know of raises it.
    package static let version = 1
    /// The longest line of a request, in octets.
    package static let requestLimit = 64 << 10
    /// A path is shorter than this, in octets (PATH_MAX).
    package static let pathLimit = 4096
    /// The longest line of an answer, in octets: one server with everything that is known of it.
    package static let lineLimit = 4 << 20

    /// Where the daemon of a network namespace, by its inode, has its socket.
    package static func socketPath(namespace: UInt64) -> String {
        "/run/holdfast/net-\(namespace)/control.sock"
    }
}

/// What somebody who has reached the socket may do.
package enum ControlRight: Hashable, Sendable, Comparable {
    /// Ask.
    case look
    /// Ask, and change what the daemon does.
    case act
}

/// What a client asks of the daemon: `{"holdfast": 1, "command": "status"}`.
package enum ControlRequest: Hashable, Sendable {
    /// Who answers: version, process, configuration in force.
    case version
    /// Everything that is known of instances, services and servers.
    case status
    /// What has happened after the event of this number; 0 for all that is kept.
    case events(since: Int)
    /// Read the configuration again. With `wait` the answer comes when every role has carried it out.
    case reload(wait: Bool, allowsEmpty: Bool = false)
    /// Have real servers drained, taken out, weighted, or as they are configured. The answer comes when the
    /// kernel's table is so.
    case order(ControlOrder)
    /// Say what a reload would change, and do nothing; of another file than the daemon's, which root alone
    /// may name, since the daemon reads it.
    case plan(file: String?)
    /// Make the next probe of a server's or a service's checks now; nil means all.
    case recheck(target: String?)
    /// Have the master of this name, and its sync group, hand over and go on as backup; with `back`, one
    /// that has done so take over again as configured. The answer comes when there is a successor, or none.
    case switchOver(instance: String, back: Bool)

    /// Why a line is no request; a sentence for whoever wrote it.
    package struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        /// The sentence.
        package let description: String
    }

    /// What one needs to be answered.
    package var right: ControlRight {
        switch self {
        case .version, .status, .events: .look
        case .reload, .order, .recheck, .switchOver, .plan: .act
        }
    }

    /// The name of the command.
    package var command: String {
        switch self {
        case .version: "version"
        case .status: "status"
        case .events: "events"
        case .reload: "reload"
        case .order(let order): order.command
        case .recheck: "recheck"
        case .plan: "plan"
        case .switchOver: "switch"
        }
    }

    /// Reads one line. A member that the command does not know is an error, so that nothing is ignored that
    /// the client believes to be in effect.
    package init(line: ArraySlice<UInt8>) throws(Malformed) {
        let value: JSONValue
        do throws(JSONReader.Malformed) {
            value = try JSONReader.read(line)
        } catch {
            throw Malformed(description: "the request stops being JSON at octet \(error.at)")
        }
        guard case .object(let list) = value else {
            throw Malformed(description: "a request is a JSON object")
        }
        var members: [String: JSONValue] = [:]
        for member in list { members[member.name] = member.value }
        guard members.removeValue(forKey: "holdfast") == .integer(ControlNumbers.version) else {
            throw Malformed(
                description: "the request must have \"holdfast\": \(ControlNumbers.version), the version "
                    + "of the protocol that this daemon speaks")
        }
        guard let command = members.removeValue(forKey: "command")?.text else {
            throw Malformed(description: "the request has no \"command\"")
        }
        switch command {
        case "version": self = .version
        case "status": self = .status
        case "events": self = .events(since: try Self.number("since", &members))
        case "reload":
            let wait = try Self.flag("wait", &members)
            self = .reload(wait: wait, allowsEmpty: try Self.flag("allow_empty", &members))
        case "plan": self = .plan(file: try Self.path("file", &members))
        case "switch":
            guard let name = members.removeValue(forKey: "instance")?.text, !name.isEmpty,
                name.utf8.count <= ControlOrder.textLimit
            else {
                throw Malformed(description: "the command switch needs an \"instance\", a name")
            }
            self = .switchOver(instance: name, back: try Self.flag("back", &members))
        case "recheck": self = .recheck(target: try ControlOrder.text("target", &members))
        default:
            guard let order = try ControlOrder(command, &members) else {
                throw Malformed(description: "there is no command \(command)")
            }
            self = .order(order)
        }
        if let name = members.keys.min() {
            throw Malformed(description: "the command \(command) knows no \"\(name)\"")
        }
    }

    private static func flag(
        _ name: String, _ members: inout [String: JSONValue]
    ) throws(Malformed) -> Bool {
        guard let value = members.removeValue(forKey: name) else { return false }
        guard let flag = value.bool else { throw Malformed(description: "\"\(name)\" must be true or false") }
        return flag
    }

    private static func path(
        _ name: String, _ members: inout [String: JSONValue]
    ) throws(Malformed) -> String? {
        guard let value = members.removeValue(forKey: name) else { return nil }
        guard let path = value.text, path.hasPrefix("/"), path.utf8.count < ControlNumbers.pathLimit,
            !path.utf8.contains(0)
        else {
            throw Malformed(description: "\"\(name)\" must be an absolute path")
        }
        return path
    }

    private static func number(
        _ name: String, _ members: inout [String: JSONValue]
    ) throws(Malformed) -> Int {
        guard let value = members.removeValue(forKey: name) else { return 0 }
        guard let number = value.integer, number >= 0 else {
            throw Malformed(description: "\"\(name)\" must be a number, 0 or more")
        }
        return number
    }

    /// The line, without its end, that `init(line:)` reads.
    package var line: String {
        var members: [JSONValue.Member] = [
            .init("holdfast", .integer(ControlNumbers.version)), .init("command", .string(command)),
        ]
        switch self {
        case .version, .status: break
        case .events(let since): members.append(.init("since", .integer(since)))
        case .reload(let wait, let allowsEmpty):
            members.append(.init("wait", .bool(wait)))
            if allowsEmpty { members.append(.init("allow_empty", true)) }
        case .order(let order): members += order.members
        case .switchOver(let instance, let back):
            members += [.init("instance", .string(instance)), .init("back", .bool(back))]
        case .plan(let file):
            if let file { members.append(.init("file", .string(file))) }
        case .recheck(let target):
            if let target { members.append(.init("target", .string(target))) }
        }
        return JSONWriter.line(.object(members))
    }
}
