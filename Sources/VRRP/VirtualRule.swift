import NetTypes

/// One line of `virtual_rules`, in the words of `ip rule`: which packets are routed how.
package struct VirtualRule: Hashable, Sendable, Codable {
    /// What a rule does.
    package enum Action: Hashable, Sendable, Codable {
        /// `table`: the number of the table that is asked.
        case table(UInt32)
        /// `goto`: the priority of the rule that is asked next.
        case goTo(UInt32)
        /// `nop`.
        case nothing
        /// `blackhole`, `unreachable` or `prohibit`.
        case refuse(VirtualRoute.Kind)
    }

    /// A range of numbers, both ends in it.
    package struct Span: Hashable, Sendable, Codable {
        /// The first.
        package var first: UInt32
        /// The last.
        package var last: UInt32

        /// A range.
        package init(_ first: UInt32, _ last: UInt32) { (self.first, self.last) = (first, last) }
    }

    /// `inet6`, or the family of the addresses.
    package var family: AddressFamily
    /// `preference`: rules are asked in its order.
    package var preference: UInt32
    /// What it does.
    package var action: Action
    /// `from`; nil for all.
    package var source: Prefix?
    /// `to`; nil for all.
    package var destination: Prefix?
    /// `tos`.
    package var typeOfService: UInt8 = 0
    /// `fwmark MARK[/MASK]`.
    package var mark: UInt32?
    /// All ones where no mask is written.
    package var markMask = UInt32.max
    /// `iif`: where the packet came from.
    package var incoming: String?
    /// `oif`: what its socket is bound to.
    package var outgoing: String?
    /// `uidrange`: whose socket.
    package var users: Span?
    /// `ipproto`: its transport protocol.
    package var transport: UInt8?
    /// `sport`.
    package var sourcePorts: Span?
    /// `dport`.
    package var destinationPorts: Span?
    /// `suppress_prefixlength`: what the table says with a prefix this short does not count.
    package var suppressedLength: UInt32?
    /// `no_track`: not put back when another hand removes it.
    package var isUntracked = false
    /// `track_group`, of a static rule: whose instances are in fault while it cannot be kept.
    package var trackGroup: String?

    /// A rule for all packets of a family.
    package init(family: AddressFamily, preference: UInt32, action: Action) {
        (self.family, self.preference, self.action) = (family, preference, action)
    }

    /// The words of its line.
    package var words: [String] {
        var words = source == nil && destination == nil && family == .inet6 ? ["inet6"] : []
        func add(_ name: String, _ value: String?) { if let value { words += [name, value] } }
        add("from", source.map { "\($0)" })
        add("to", destination.map { "\($0)" })
        add("tos", typeOfService == 0 ? nil : "\(typeOfService)")
        add("fwmark", mark.map { markMask == .max ? "\($0)" : "\($0)/\(markMask)" })
        add("iif", incoming)
        add("oif", outgoing)
        add("uidrange", users.map { "\($0.first)-\($0.last)" })
        add("ipproto", transport.map { "\($0)" })
        add("sport", sourcePorts.map { "\($0.first)-\($0.last)" })
        add("dport", destinationPorts.map { "\($0.first)-\($0.last)" })
        switch action {
        case .table(let table): add("table", "\(table)")
        case .goTo(let target): add("goto", "\(target)")
        case .nothing: words.append("nop")
        case .refuse(let kind): words.append("\(kind)")
        }
        add("suppress_prefixlength", suppressedLength.map { "\($0)" })
        add("preference", "\(preference)")
        add("track_group", trackGroup)
        return words + (isUntracked ? ["no_track"] : [])
    }
}
