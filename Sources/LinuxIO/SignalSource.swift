import CLinux
import Glibc

/// The signals Holdfast reacts to; the raw value is the number on Linux.
package enum Signal: CInt, Hashable, Sendable, CaseIterable {
    case hangup = 1
    case interrupt = 2
    case quit = 3
    case kill = 9
    case user1 = 10
    case user2 = 12
    case pipe = 13
    case terminate = 15
    case child = 17
    case `continue` = 18
    case stop = 19
    /// SIGRTMIN+2, as glibc counts: the first two are its own.
    case realTime2 = 36
    /// SIGRTMAX-1.
    case realTimeLast1 = 63

    /// The symbol: `SIGHUP`.
    package var name: String {
        switch self {
        case .hangup: "SIGHUP"
        case .interrupt: "SIGINT"
        case .quit: "SIGQUIT"
        case .kill: "SIGKILL"
        case .user1: "SIGUSR1"
        case .user2: "SIGUSR2"
        case .pipe: "SIGPIPE"
        case .terminate: "SIGTERM"
        case .child: "SIGCHLD"
        case .continue: "SIGCONT"
        case .stop: "SIGSTOP"
        case .realTime2: "SIGRTMIN+2"
        case .realTimeLast1: "SIGRTMAX-1"
        }
    }

    /// Ignores the signal in this process from now on; children start with the default again.
    package func ignore() { _ = hf_signal_ignore(rawValue) }

    /// Restores the default disposition.
    package func restoreDefault() { _ = hf_signal_default(rawValue) }

    /// Sends the signal to a process, or with a negative `pid` to a process group (kill(2)).
    package func send(to pid: Int32) throws(Errno) { try Errno.check(hf_kill(pid, rawValue)) }
}

/// Signals as events (signalfd(2)). Opening it blocks their ordinary delivery in the calling thread, so it
/// MUST happen before other threads exist; the daemon has one thread only.
package final class SignalSource {
    private let fd: OwnedFD

    /// Takes over the delivery of `signals`.
    package init(_ signals: [Signal]) throws(SystemError) {
        let numbers = signals.map(\.rawValue)
        fd = try SystemError.naming("receive signals") { () throws(Errno) in
            OwnedFD(adopting: try Errno.check(unsafe hf_signals_open(numbers, numbers.count)))
        }
    }

    /// For the event loop: readable when a signal waits.
    package var descriptor: Descriptor { fd.descriptor }

    /// The signals that came, oldest first; equal ones that came together are one (signal(7)).
    package func drain() throws(Errno) -> [Signal] {
        var signals: [Signal] = []
        while true {
            var sender: CInt = 0
            let number = unsafe hf_signals_next(fd.descriptor.rawValue, &sender)
            if number == -EAGAIN { return signals }
            if let signal = Signal(rawValue: try Errno.check(number)) { signals.append(signal) }
        }
    }
}
