// One thread's reactor: epoll, level-triggered unless asked otherwise, one deadline, no callbacks. The owner
// waits, reads the clock, handles what is ready, and asks its components for the next deadline; the loop
// knows nothing of them.
//
// A descriptor that was unregistered, or closed and reused, while its event was already collected must not
// wake its successor: the kernel hands back slot and generation, and an event whose generation is not the
// slot's is dropped. Between `wait` and the handling of an event the owner may itself unregister others of
// the same batch; `isCurrent` tells.

import CLinux
import Timekeeping

/// What a registered descriptor is watched for. Errors and hang-ups are always reported, even with no
/// interest.
package struct Interest: OptionSet, Hashable, Sendable {
    /// The bits.
    package let rawValue: UInt32
    /// A set from its bits.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Octets, datagrams, connections or end of file can be read.
    package static let read = Interest(rawValue: UInt32(HF_READABLE))
    /// There is room to write, or a connect has finished.
    package static let write = Interest(rawValue: UInt32(HF_WRITABLE))
    /// Reported once whenever it comes to be so, and not for as long as it is so (EPOLLET).
    package static let edge = Interest(rawValue: UInt32(HF_EDGE))
}

/// Names one registration of one loop; never valid again after `unregister`.
package struct Registration: Hashable, Sendable {
    let slot: UInt32
    let generation: UInt32

    var packed: UInt64 { UInt64(generation) << 32 | UInt64(slot) }

    init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }

    init(packed: UInt64) {
        self.init(slot: UInt32(truncatingIfNeeded: packed), generation: UInt32(packed >> 32))
    }
}

/// One registered descriptor that has something to say.
package struct Ready<Token> {
    /// What it was registered with.
    package let token: Token
    /// The registration, for `isCurrent`.
    package let registration: Registration
    private let events: UInt32

    init(token: Token, registration: Registration, events: UInt32) {
        self.token = token
        self.registration = registration
        self.events = events
    }

    /// A read will not block: data, end of file or an error.
    package var isReadable: Bool { events & ~UInt32(HF_WRITABLE) != 0 }
    /// A write will not block, or fails at once.
    package var isWritable: Bool {
        events & UInt32(HF_WRITABLE | HF_FAILED | HF_HUNG_UP) != 0
    }
    /// The other side is gone or has shut down its sending half; data may still be waiting.
    package var hasHungUp: Bool { events & UInt32(HF_HUNG_UP) != 0 }
    /// The descriptor has a pending error.
    package var hasFailed: Bool { events & UInt32(HF_FAILED) != 0 }
}

extension Ready: Sendable where Token: Sendable {}

/// The reactor of one process. `Token` is the owner's own enum of all that can wake it.
package final class EventLoop<Token> {
    private struct Slot {
        var generation: UInt32 = 0
        var descriptor: CInt = -1
        var token: Token?
    }

    private let epoll: OwnedFD
    private var slots: [Slot] = []
    private var free: [UInt32] = []
    private var batch: [hf_ready]
    /// How late what was due came to its turn, because this process was not run or because it was busy: of
    /// each turn from its deadline on, or from the end of the turn before, which had its own.
    package private(set) var lag = IntervalHistogram()
    /// When the latest wait ended.
    private var turnBegan = Clock.now()

    /// The last `wait` had no room for more: something else may be ready.
    package private(set) var hasMore = false

    /// The most events one `wait` returns; more stay ready for the next one.
    package static var batchLimit: Int { 256 }

    /// An empty loop.
    package init() throws(SystemError) {
        epoll = try SystemError.naming("create an event loop") { () throws(Errno) in
            OwnedFD(adopting: try Errno.check(hf_epoll_open()))
        }
        batch = [hf_ready](repeating: hf_ready(data: 0, events: 0), count: Self.batchLimit)
    }

    /// Watches `descriptor`, whose owner MUST unregister it before closing it.
    package func register(
        _ descriptor: Descriptor, _ interest: Interest, _ token: Token
    ) throws(Errno) -> Registration {
        let index = free.popLast() ?? UInt32(slots.count)
        if Int(index) == slots.count { slots.append(Slot()) }
        let registration = Registration(slot: index, generation: slots[Int(index)].generation)
        let result = hf_epoll_add(
            epoll.descriptor.rawValue, descriptor.rawValue, interest.rawValue, registration.packed)
        guard result >= 0 else {
            free.append(index)
            throw Errno(rawValue: -result)
        }
        slots[Int(index)].descriptor = descriptor.rawValue
        slots[Int(index)].token = token
        return registration
    }

    /// Changes what the registration is watched for.
    package func modify(_ registration: Registration, _ interest: Interest) throws(Errno) {
        guard isCurrent(registration) else { throw .notFound }
        try Errno.check(
            hf_epoll_modify(
                epoll.descriptor.rawValue, slots[Int(registration.slot)].descriptor, interest.rawValue,
                registration.packed))
    }

    /// Gives a registration another token; what was collected before still has the old one.
    package func rename(_ registration: Registration, _ token: Token) {
        guard isCurrent(registration) else { return }
        slots[Int(registration.slot)].token = token
    }

    /// Ends a registration; events of it that are already on their way are dropped. Harmless when repeated.
    package func unregister(_ registration: Registration) {
        guard isCurrent(registration) else { return }
        // The kernel has already forgotten a descriptor that was closed first; that is no error here.
        _ = hf_epoll_remove(epoll.descriptor.rawValue, slots[Int(registration.slot)].descriptor)
        forget(registration)
    }

    /// Ends the registration of a descriptor that nobody else holds and that is closed next, by which the
    /// kernel forgets it too (epoll(7)): a call less for each of thousands of short connections.
    package func forget(_ registration: Registration) {
        guard isCurrent(registration) else { return }
        let index = Int(registration.slot)
        slots[index] = Slot(generation: slots[index].generation &+ 1)
        free.append(registration.slot)
    }

    /// False once the registration has ended: an event collected before that is to be ignored.
    package func isCurrent(_ registration: Registration) -> Bool {
        let index = Int(registration.slot)
        return index < slots.count && slots[index].generation == registration.generation
            && slots[index].token != nil
    }

    /// How many descriptors are watched.
    package var count: Int { slots.count - free.count }

    /// Waits until something is ready or `deadline` (nil: none) has come; empty for the deadline, and rarely
    /// early for no reason, so callers compare deadlines with the clock themselves.
    package func wait(until deadline: Instant?) throws(SystemError) -> [Ready<Token>] {
        let timeout = deadline.map { max(0, ($0 - Clock.now()).nanoseconds) } ?? -1
        let ready = try collect(within: timeout)
        let now = Clock.now()
        if let deadline, now >= deadline { lag.add(now - max(deadline, turnBegan)) }
        turnBegan = now
        return ready
    }

    /// What is ready by now, in the middle of a turn: nothing is due, and what this takes makes what is due
    /// next late.
    package func look() throws(SystemError) -> [Ready<Token>] { try collect(within: 0) }

    /// `timeout` is in nanoseconds; less than 0 for ever.
    private func collect(within timeout: Int64) throws(SystemError) -> [Ready<Token>] {
        let limit = CInt(batch.count)
        let descriptor = epoll.descriptor.rawValue
        let result = unsafe batch.withUnsafeMutableBufferPointer {
            unsafe hf_epoll_wait(descriptor, $0.baseAddress, limit, timeout)
        }
        guard result >= 0 else { throw SystemError("wait for events", Errno(rawValue: -result)) }
        hasMore = result == limit
        var ready: [Ready<Token>] = []
        ready.reserveCapacity(Int(result))
        for event in batch.prefix(Int(result)) {
            let registration = Registration(packed: event.data)
            guard isCurrent(registration), let token = slots[Int(registration.slot)].token else { continue }
            ready.append(Ready(token: token, registration: registration, events: event.events))
        }
        return ready
    }
}
