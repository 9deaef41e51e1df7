import CLinux
import Glibc

/// An exclusive lock on a file (flock(2)), held until this value goes away or the process ends, however it
/// ends.
package final class FileLock {
    private let fd: OwnedFD

    private init(holding fd: consuming OwnedFD) { self.fd = fd }

    /// Takes the lock at `path`, made when absent; nil when somebody else has it. Children do not inherit it.
    package static func take(_ path: String) throws(SystemError) -> FileLock? {
        let fd = try Files.openForAppending(path, mode: 0o600)
        if flock(fd.descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 { return FileLock(holding: fd) }
        guard errno == EWOULDBLOCK else { throw SystemError("lock \(path)", Errno(rawValue: errno)) }
        return nil
    }

    /// The file at `path` is the one that this lock is on; not so when somebody removed it after it was
    /// opened.
    package func isOn(_ path: String) -> Bool {
        let own = Files.inode(of: "/proc/self/fd/\(fd.descriptor.rawValue)")
        return own != nil && own == Files.inode(of: path)
    }
}

extension Files {
    /// Opens `path` for appending, made with `mode` when absent; never through a symbolic link. For a file
    /// whose descriptor is given to a process that could not open it.
    package static func openForAppending(_ path: String, mode: UInt32 = 0o600) throws(SystemError) -> OwnedFD
    {
        try SystemError.naming("open \(path)") { () throws(Errno) in
            OwnedFD(adopting: try Errno.check(unsafe hf_open(path, CInt(HF_OPEN_APPEND), 1, mode)))
        }
    }

    /// Writes `text` to an existing file in place: for the kernel's settings under /proc/sys.
    package static func set(_ path: String, to text: String) throws(SystemError) {
        try SystemError.naming("set \(path)") { () throws(Errno) in
            let fd = OwnedFD(adopting: try Errno.check(unsafe hf_open(path, CInt(HF_OPEN_BOTH), 1, 0)))
            _ = try fd.write(Array(text.utf8)[...])
        }
    }
}
