import CLinux

/// The end of a process that is none of ours: its descriptor is readable from then on (pidfd_open(2)).
package final class ProcessEnd {
    private let fd: OwnedFD

    /// Of the process that has this number now; ESRCH when there is none.
    package init(of pid: Int32) throws(SystemError) {
        fd = try SystemError.naming("watch process \(pid)") { () throws(Errno) in
            OwnedFD(adopting: try Errno.check(hf_pidfd_open(pid)))
        }
    }

    /// Readable when it has ended.
    package var descriptor: Descriptor { fd.descriptor }
}
