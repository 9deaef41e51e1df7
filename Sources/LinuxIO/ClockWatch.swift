import CLinux

/// Wakes an event loop after the machine was suspended, or its calendar was set (timerfd_create(2),
/// TFD_TIMER_CANCEL_ON_SET). The waits of a loop stand still during a suspend, deadlines do not: without it a
/// master would notice late that it was away.
package struct ClockWatch: ~Copyable {
    private let fd: OwnedFD

    /// Begins to watch.
    package init() throws(SystemError) {
        do throws(Errno) {
            fd = OwnedFD(adopting: try Errno.check(hf_clock_watch()))
        } catch {
            throw SystemError("watch the clock", error)
        }
    }

    /// For the event loop: readable when something happened.
    package var descriptor: Descriptor { fd.descriptor }

    /// Watches for the next time.
    package func acknowledge() {
        // The answer is ECANCELED, which is the news.
        _ = try? fd.read(limit: 8)
    }
}
