import CLinux
import Glibc

/// The number of an open descriptor, without owning it: valid as long as the owner it was taken from lives.
/// It is what the event loop and a child's descriptor table are given; nothing is read or closed through it.
package struct Descriptor: Hashable, Sendable, CustomStringConvertible {
    /// The number.
    package let rawValue: CInt

    /// Refers to the open descriptor `rawValue`.
    package init(rawValue: CInt) { self.rawValue = rawValue }

    /// Descriptor 0 of this process.
    package static let standardInput = Descriptor(rawValue: 0)
    /// Descriptor 1 of this process.
    package static let standardOutput = Descriptor(rawValue: 1)
    /// Descriptor 2 of this process.
    package static let standardError = Descriptor(rawValue: 2)

    /// The number in decimal.
    package var description: String { String(rawValue) }

    /// True when it is a terminal, which somebody may be looking at.
    package var isTerminal: Bool { isatty(rawValue) == 1 }
}

/// What a read on a stream brought.
package enum ReadResult: Hashable, Sendable {
    /// At least one octet.
    case octets([UInt8])
    /// Nothing now; the event loop tells when.
    case wouldBlock
    /// The other side has closed.
    case ended
}

/// The one owner of a descriptor: closes it when it goes away. Arrays and dictionaries cannot hold it; keep
/// it in a class or in a noncopyable struct.
package struct OwnedFD: ~Copyable, Sendable {
    private let rawValue: CInt

    /// Takes over the open descriptor `rawValue`, which nothing else may close from now on.
    package init(adopting rawValue: CInt) { self.rawValue = rawValue }

    deinit { _ = Glibc.close(rawValue) }

    /// The number, for use while this owner lives.
    package var descriptor: Descriptor { Descriptor(rawValue: rawValue) }

    /// Gives the descriptor up without closing it.
    package consuming func release() -> CInt {
        let number = rawValue
        discard self
        return number
    }

    /// Closes now rather than at the end of the owner's life.
    package consuming func close() {}

    /// A second descriptor of the same open file, close-on-exec.
    package borrowing func duplicate() throws(Errno) -> OwnedFD {
        let copy = fcntl(rawValue, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw Errno(rawValue: errno) }
        return OwnedFD(adopting: copy)
    }

    /// Sets or clears O_NONBLOCK, which all duplicates share.
    package borrowing func setBlocking(_ blocking: Bool) throws(Errno) {
        try Errno.check(hf_set_blocking(rawValue, blocking ? 1 : 0))
    }

    /// Reads at most `limit` octets with read(2).
    package borrowing func read(limit: Int) throws(Errno) -> ReadResult {
        let descriptor = rawValue
        return try unsafe ReadResult.reading(limit: limit) { buffer in
            unsafe hf_read(descriptor, buffer.baseAddress, limit)
        }
    }

    /// Writes as much of `octets` as fits now with write(2); the count written, nil when it would block.
    package borrowing func write(_ octets: ArraySlice<UInt8>) throws(Errno) -> Int? {
        let descriptor = rawValue
        let result = unsafe octets.withUnsafeBytes { unsafe hf_write(descriptor, $0.baseAddress, $0.count) }
        return try Self.unlessBlocked(result)
    }

    /// A new pipe, both ends non-blocking and close-on-exec; the first end is read, the second written.
    package static func pipe() throws(Errno) -> DescriptorPair {
        var ends: [CInt] = [-1, -1]
        try Errno.check(unsafe hf_pipe(&ends))
        return DescriptorPair(ends)
    }

    /// A count, or nil for EAGAIN.
    static func unlessBlocked(_ result: Int64) throws(Errno) -> Int? {
        if result == -Int64(EAGAIN) { return nil }
        return try Errno.check(result)
    }
}

/// Two connected descriptors that were made together. Each end is taken once; what is not taken is closed.
package struct DescriptorPair: ~Copyable, Sendable {
    private var first: OwnedFD?
    private var second: OwnedFD?

    init(_ descriptors: [CInt]) {
        first = OwnedFD(adopting: descriptors[0])
        second = OwnedFD(adopting: descriptors[1])
    }

    /// The first end; of a pipe the one that is read. MUST be taken only once.
    package mutating func takeFirst() -> OwnedFD {
        guard let end = first.take() else { preconditionFailure("the first end was taken before") }
        return end
    }

    /// The second end; of a pipe the one that is written. MUST be taken only once.
    package mutating func takeSecond() -> OwnedFD {
        guard let end = second.take() else { preconditionFailure("the second end was taken before") }
        return end
    }
}

extension ReadResult {
    /// Runs one read-like call of the C shim into room for `limit` octets, and keeps no more than what came:
    /// whoever holds ten thousand answers must not hold ten thousand buffers.
    static func reading(
        limit: Int, _ call: (UnsafeMutableBufferPointer<UInt8>) -> Int64
    ) throws(Errno) -> ReadResult {
        var result: Int64 = 0
        let octets = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: limit) { room in
            result = unsafe call(room)
            return unsafe Array(room.prefix(min(limit, max(0, Int(result)))))
        }
        guard let count = try OwnedFD.unlessBlocked(result) else { return .wouldBlock }
        return count == 0 ? .ended : .octets(octets)
    }
}
