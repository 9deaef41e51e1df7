import NetTypes
import Timekeeping

/// `SMTP_CHECK`: up when a mail server greets and answers HELO.
package struct SMTPCheck: Hashable, Sendable, Codable {
    /// `connect_ip`, `connect_port`; the real server's own where not given.
    package var target: Endpoint
    /// `connect_timeout`, default 5 s: the deadline of the whole dialogue.
    package var timeout: Interval
    /// `bindto`, `bind_port`, `bind_if`.
    package var source: ProbeSource
    /// `helo_name`, default smtpchecker.keepalived.org.
    package var heloName: String

    /// A mail probe.
    package init(
        target: Endpoint, timeout: Interval = .seconds(5), source: ProbeSource = ProbeSource(),
        heloName: String = "smtpchecker.keepalived.org"
    ) {
        self.target = target
        self.timeout = timeout
        self.source = source
        self.heloName = heloName
    }
}

/// The type of a DNS record (RFC 1035 section 3.2.2, RFC 3596).
package enum DNSType: UInt16, Hashable, Sendable, Codable, CaseIterable {
    case A = 1
    case NS = 2
    case CNAME = 5
    case SOA = 6
    case MX = 15
    case TXT = 16
    case AAAA = 28
}

/// `DNS_CHECK`: up when a name server answers a query without an error.
package struct DNSCheck: Hashable, Sendable, Codable {
    /// Where to ask, by UDP.
    package var target: Endpoint
    /// `connect_timeout`, default 5 s.
    package var timeout: Interval
    /// `bindto`, `bind_port`, `bind_if`.
    package var source: ProbeSource
    /// `type`, default SOA.
    package var type: DNSType
    /// `name`: labels of 1...63 octets with dots between, at most 253 octets; "." for the root, the default.
    package var name: String

    /// A query probe.
    package init(
        target: Endpoint, timeout: Interval = .seconds(5), source: ProbeSource = ProbeSource(),
        type: DNSType = .SOA, name: String = "."
    ) {
        self.target = target
        self.timeout = timeout
        self.source = source
        self.type = type
        self.name = name
    }
}

/// `require_reply HEX`: how a reply must begin. A half octet that is nil may be anything (X).
package struct ReplyPattern: Hashable, Sendable, Codable, CustomStringConvertible {
    /// High and low halves, in turn; an even number of them, each 0...15.
    package let halves: [UInt8?]

    /// Reads hexadecimal digits and X, two for an octet; nil for anything else.
    package init?(_ text: String) {
        var halves: [UInt8?] = []
        for octet in text.utf8 {
            if octet == UInt8(ascii: "X") || octet == UInt8(ascii: "x") {
                halves.append(nil)
            } else if let digit = hexadecimal(octet) {
                halves.append(digit)
            } else {
                return nil
            }
        }
        guard halves.count.isMultiple(of: 2), !halves.isEmpty else { return nil }
        self.halves = halves
    }

    /// The octets, where none of them may be anything.
    package var octets: [UInt8]? {
        let known = halves.compactMap { $0 }
        guard known.count == halves.count else { return nil }
        return stride(from: 0, to: known.count, by: 2).map { known[$0] << 4 | known[$0 + 1] }
    }

    /// As it is written.
    package var description: String {
        halves.map { half in half.map { String($0, radix: 16) } ?? "X" }.joined()
    }

    /// True when `octets` begin so.
    func matches(_ octets: [UInt8]) -> Bool {
        guard octets.count * 2 >= halves.count else { return false }
        let actual = octets.flatMap { [$0 >> 4, $0 & 15] }
        return zip(halves, actual).allSatisfy { $0 == nil || $0 == $1 }
    }
}

/// `UDP_CHECK`: up unless the target says that nobody listens, or, where a reply is required, when a good one
/// comes.
package struct UDPCheck: Hashable, Sendable, Codable {
    /// Where to send.
    package var target: Endpoint
    /// `connect_timeout`, default 5 s: how long to wait for a reply or an objection.
    package var timeout: Interval
    /// `bindto`, `bind_port`, `bind_if`.
    package var source: ProbeSource
    /// `payload`: what is sent; nil for 32 random octets.
    package var payload: [UInt8]?
    /// `require_reply`: silence is a failure.
    package var requiresReply: Bool
    /// What a reply must begin with; nil for anything.
    package var reply: ReplyPattern?
    /// `min_reply_length`...`max_reply_length`, default 0...255.
    package var replyLength: ClosedRange<Int>

    /// A datagram probe.
    package init(
        target: Endpoint, timeout: Interval = .seconds(5), source: ProbeSource = ProbeSource(),
        payload: [UInt8]? = nil, requiresReply: Bool = false, reply: ReplyPattern? = nil,
        replyLength: ClosedRange<Int> = 0...255
    ) {
        self.target = target
        self.timeout = timeout
        self.source = source
        self.payload = payload
        self.requiresReply = requiresReply
        self.reply = reply
        self.replyLength = replyLength
    }
}

/// `PING_CHECK`: up when an ICMP echo request is answered.
package struct PingCheck: Hashable, Sendable, Codable {
    /// Who is asked.
    package var address: IPAddress
    /// `connect_timeout`, default 5 s.
    package var timeout: Interval
    /// `bindto`, `bind_if`.
    package var source: ProbeSource

    /// An echo probe.
    package init(address: IPAddress, timeout: Interval = .seconds(5), source: ProbeSource = ProbeSource()) {
        self.address = address
        self.timeout = timeout
        self.source = source
    }
}
