import CLinux
import Glibc
import Timekeeping

/// Ending this process, and telling whoever started it how it does.
package enum ProcessExit {
    /// Ends the process at once with `status`, 0...255.
    package static func now(_ status: Int32) -> Never { exit(status) }

    /// Ends the process at once by the signal of this number, 1...64, which must be as programs find it.
    package static func now(bySignal number: Int32) -> Never {
        _ = hf_kill(HostFacts.process, number)
        // Of several threads another one may be chosen, and this one goes on meanwhile.
        Scheduling.sleep(.seconds(1))
        // Only the first process of a namespace gets here: nothing ends it but itself.
        exit(1)
    }

    /// Tells the service manager (sd_notify(3)): `READY=1`, `STOPPING=1`. `socket` is the value of
    /// NOTIFY_SOCKET. Lost when nobody listens.
    package static func notify(_ text: String, socket: String) {
        let opened = unsafe hf_local_datagram(socket)
        guard opened >= 0 else { return }
        let fd = OwnedFD(adopting: opened)
        _ = try? fd.write(Array(text.utf8)[...])
    }
}
