import Timekeeping

/// How a daemon has changed the kernel's table. Pure.
struct RequestCount: Hashable, Sendable {
    /// Messages that change something.
    var writes = 0
    /// What carried them to the kernel: several messages may be in one.
    var datagrams = 0

    /// Adds what one netlink datagram carries to the generic netlink family `family` (linux/netlink.h,
    /// genetlink.h, ip_vs.h); questions, answers of the kernel and other families' messages do not count.
    mutating func add(datagram octets: [UInt8], family: UInt16) {
        let before = writes
        var rest = octets[...]
        while rest.count >= 20 {
            let length = Int(Self.number(rest, at: 0, width: 4))
            let isRequest = Self.number(rest, at: 6, width: 2) & 1 != 0
            let isReading = Self.readingCommands.contains(rest[rest.startIndex + 16])
            if isRequest, !isReading, Self.number(rest, at: 4, width: 2) == UInt32(family) { writes += 1 }
            guard length >= 16, (length + 3) & ~3 < rest.count else { break }
            rest = rest.dropFirst((length + 3) & ~3)
        }
        if writes > before { datagrams += 1 }
    }

    /// IPVS_CMD_GET_SERVICE, _GET_DEST, _GET_DAEMON, _GET_CONFIG and _GET_INFO.
    private static let readingCommands: Set<UInt8> = [4, 8, 11, 13, 15]

    /// In the host's byte order.
    private static func number(_ octets: ArraySlice<UInt8>, at offset: Int, width: Int) -> UInt32 {
        let part = octets[octets.startIndex + offset..<octets.startIndex + offset + width]
        #if _endian(little)
            return part.reversed().reduce(0) { $0 << 8 | UInt32($1) }
        #else
            return part.reduce(0) { $0 << 8 | UInt32($1) }
        #endif
    }
}

/// What one daemon did with one table, a value for every run.
struct TableFigures: Hashable, Sendable {
    /// From the start of its first process until the table is whole.
    var starts: [Interval] = []
    /// From SIGHUP until the kernel has the one weight that has changed.
    var changes: [Interval] = []
    /// Of all its processes: for the start, for a reload that changes nothing, for one that changes a weight.
    var startWork: [Interval] = []
    var idleReloadWork: [Interval] = []
    var changeWork: [Interval] = []
    /// Counted once, in a run of its own; nil where that was impossible.
    var startRequests: RequestCount?
    var idleReloadRequests: RequestCount?
    var changeRequests: RequestCount?
}
