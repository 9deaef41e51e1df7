import Glibc
import LinuxIO
import Timekeeping

/// A new directory of a name nobody can foresee, removed with all that is in it.
final class TemporaryDirectory {
    let path: String

    init() throws(Errno) {
        var template = Array("/tmp/holdfast-test-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { _ = try? Program("/bin/rm", ["-rf", path]).run(timeout: .seconds(10)) }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// Whether `path` is a symbolic link made now to `target`.
func makeSymbolicLink(_ path: String, to target: String) -> Bool { unsafe symlink(target, path) == 0 }

/// Whether a FIFO was made.
func makeFIFO(_ path: String) -> Bool { unsafe mkfifo(path, 0o600) == 0 }

/// The permission bits of a file.
func permissions(_ path: String) -> UInt32? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
}

/// The master side of a new pseudoterminal, which is a terminal itself.
func openTerminal() -> CInt { unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY) }
