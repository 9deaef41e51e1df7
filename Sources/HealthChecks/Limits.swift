import Timekeeping

/// Every bound of this target, with its reason. What a real server sends can never cost more than this.
enum Limits {
    /// keepalived starts no checker within its first second, so that addresses and routes are in place.
    static let bootstrapDelay = Interval.seconds(1)
    /// A delay or a timeout of nothing must not make the loop spin.
    static let shortestDelay = Interval.milliseconds(1)
    /// A wake costs more than what begins a probe: those due within 4 ms begin together.
    static let startGrid = Interval.milliseconds(4)
    /// Who is late by less than that was there in time: a server that is never silent says something just
    /// when its time is over.
    static let lateness = Interval.milliseconds(20)
    /// Transitions remembered by a check for `why`-style questions; at most 4 x 64 bytes and their texts.
    static let transitions = 4
    /// Characters of a result's text, whatever a server or program put into it.
    static let detailCharacters = 120
    /// Octets of a status line: the only line of a response that is kept.
    static let statusLineOctets = 1024
    /// Octets of one header line. They are counted, not kept; large policies and cookies reach 8 KiB.
    static let headerLineOctets = 16 * 1024
    /// Octets of all heads of one response, interim responses included: no endless headers or 1xx.
    static let headOctets = 64 * 1024
    /// Octets of one header line that are looked into for what says where the body ends.
    static let keptHeaderOctets = 128
    /// Octets of a body that is read for its digest or a pattern. A page that is larger is no health page.
    static let bodyOctets = 1 << 20
    /// Octets in which an expected text is looked for, and octets of that text.
    static let heardOctets = 64 * 1024
    static let expectedOctets = 1024
    /// Octets of the line that says the size of a chunk.
    static let chunkLineOctets = 256
    /// Octets of one reply of a mail server, and of one of its lines (RFC 5321 section 4.5.3.1 says 512).
    static let replyOctets = 16 * 1024
    static let replyLineOctets = 1024
    /// Answers to queries that were not made, before a name server is taken for broken.
    static let strangers = 100
    /// Failures further apart than this have not one cause, however seldom a check probes.
    static let longestFailureWindow = Interval.seconds(300)
    /// Characters of a reason phrase that reach a result's text.
    static let reasonCharacters = 48
}
