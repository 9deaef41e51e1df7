import Glibc

/// Tells when something happens to the files of directories (inotify(7)). What happened is not told: whoever
/// asks looks at the files.
package final class DirectoryWatch {
    private let fd: OwnedFD

    /// Watches nothing yet.
    package init() throws(SystemError) {
        fd = try SystemError.naming("watch files") { () throws(Errno) in
            OwnedFD(
                adopting: try Errno.check(
                    inotify_init1(CInt(IN_NONBLOCK | IN_CLOEXEC))))
        }
    }

    /// Readable when something has happened.
    package var descriptor: Descriptor { fd.descriptor }

    /// Watches the directory at `path`, too; once more for one that is watched changes nothing.
    package func add(_ path: String) throws(SystemError) {
        let events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR
        try SystemError.naming("watch \(path)") { () throws(Errno) in
            _ = try Errno.check(
                unsafe inotify_add_watch(fd.descriptor.rawValue, path, UInt32(truncatingIfNeeded: events)))
        }
    }

    /// Takes what has been told; true when there was something.
    package func drain() -> Bool {
        var hasNews = false
        while case .octets? = try? fd.read(limit: 65_536) { hasNews = true }
        return hasNews
    }
}
