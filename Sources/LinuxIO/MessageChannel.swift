// Frames between roles over a socket pair: four octets of length in network order, then that many octets.
// Both directions are bounded: a frame above the limit is refused when sending and ends the channel when
// received; a peer that does not read fills our queue up to a limit, and then sending fails instead of
// growing.

import CLinux
import Glibc

/// One end of a stream of frames. Non-blocking: `receive` when readable, `flush` when writable.
package final class MessageChannel {
    /// Bounds of one channel, in octets.
    package struct Limits: Hashable, Sendable {
        /// The largest payload of a frame that is sent.
        package var frame: Int
        /// The largest payload of a frame that is accepted.
        package var incoming: Int
        /// The most that may wait to be sent, headers included.
        package var queue: Int

        /// By default a frame of 16 MiB, which holds the verdicts of a hundred thousand real servers, and a
        /// queue of four.
        /// What is accepted is what may be sent unless `incoming` says otherwise.
        package init(frame: Int = 16 << 20, incoming: Int? = nil, queue: Int = 64 << 20) {
            self.frame = frame
            self.incoming = incoming ?? frame
            self.queue = queue
        }
    }

    /// What `receive` brought.
    package struct Received: Hashable, Sendable {
        /// Whole frames, oldest first.
        package var frames: [[UInt8]]
        /// The peer has closed or died: nothing will follow. A frame that was cut off is not delivered.
        package var ended: Bool

        /// These frames, and whether the peer is gone.
        package init(frames: [[UInt8]] = [], ended: Bool = false) {
            self.frames = frames
            self.ended = ended
        }
    }

    private let fd: OwnedFD
    private let limits: Limits
    private var incoming: [UInt8] = []
    private var outgoing: [UInt8] = []
    private var sent = 0

    /// Takes over one end of a stream socket pair.
    package init(adopting fd: consuming OwnedFD, limits: Limits = Limits()) {
        self.fd = fd
        self.limits = limits
    }

    /// The two raw ends of a new pair, non-blocking and close-on-exec: wrap one, pass the other to a child.
    package static func pair() throws(SystemError) -> DescriptorPair {
        var ends: [CInt] = [-1, -1]
        let result = unsafe hf_stream_pair(&ends)
        guard result >= 0 else { throw SystemError("create a socket pair", Errno(rawValue: -result)) }
        return DescriptorPair(ends)
    }

    /// For the event loop.
    package var descriptor: Descriptor { fd.descriptor }

    /// True while something waits to be sent: register for `.write` too.
    package var wantsWrite: Bool { sent < outgoing.count }

    /// Octets that wait to be sent, headers included.
    package var queued: Int { outgoing.count - sent }

    /// What to register the channel for now.
    package var interest: Interest { wantsWrite ? [.read, .write] : .read }

    /// Queues one frame and sends what fits now. EMSGSIZE for a frame above the limit and ENOBUFS when the
    /// queue is full, both without sending any of it; EPIPE when the peer is gone.
    package func send(_ frame: [UInt8]) throws(Errno) {
        guard frame.count <= limits.frame else { throw .messageTooLong }
        guard queued + frame.count + 4 <= limits.queue else { throw .noBuffers }
        if sent > 0, sent * 2 >= outgoing.count {
            outgoing.removeFirst(sent)
            sent = 0
        }
        let length = UInt32(frame.count)
        for shift: UInt32 in [24, 16, 8, 0] { outgoing.append(UInt8(truncatingIfNeeded: length >> shift)) }
        outgoing += frame
        try flush()
    }

    /// Sends what fits now; returns without error when the peer is slow.
    package func flush() throws(Errno) {
        while wantsWrite {
            let number = fd.descriptor.rawValue
            let result = unsafe outgoing[sent...].withUnsafeBytes {
                unsafe hf_send(number, $0.baseAddress, $0.count)
            }
            guard let count = try OwnedFD.unlessBlocked(result) else { return }
            sent += count
        }
        outgoing.removeAll(keepingCapacity: outgoing.capacity <= 1 << 16)
        sent = 0
    }

    /// Reads what has come, at most about `budget` octets, so that a busy peer cannot keep the loop; what is
    /// left makes the descriptor readable again. EMSGSIZE for a frame above the limit: the channel is to be
    /// closed.
    package func receive(budget: Int = 1 << 20) throws(Errno) -> Received {
        var received = Received()
        var read = 0
        while read < budget, !received.ended {
            let number = fd.descriptor.rawValue
            let chunk = 1 << 16
            let result: ReadResult
            do throws(Errno) {
                result = try unsafe ReadResult.reading(limit: chunk) {
                    unsafe hf_receive(number, $0.baseAddress, chunk)
                }
            } catch {
                // The peer has closed without reading all that we sent. What it said before that stands.
                guard error == Errno(rawValue: ECONNRESET) else { throw error }
                result = .ended
            }
            switch result {
            case .octets(let octets):
                incoming += octets
                read += octets.count
                try unpack(into: &received.frames)
            case .wouldBlock: return received
            case .ended: received.ended = true
            }
        }
        return received
    }

    private func unpack(into frames: inout [[UInt8]]) throws(Errno) {
        var cursor = 0
        while incoming.count - cursor >= 4 {
            let length = incoming[cursor..<cursor + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= limits.incoming else { throw .messageTooLong }
            guard incoming.count - cursor - 4 >= length else { break }
            frames.append(Array(incoming[cursor + 4..<cursor + 4 + length]))
            cursor += 4 + length
        }
        incoming.removeFirst(cursor)
    }
}
