import CLinux
import Glibc

/// An error number of the kernel, as a leaf error. Layers above wrap it with what they were doing
/// (`SystemError`).
package struct Errno: Error, Hashable, Sendable, CustomStringConvertible {
    /// The positive number of errno(3).
    package let rawValue: CInt

    /// The error numbered `rawValue`.
    package init(rawValue: CInt) { self.rawValue = rawValue }

    /// The symbol, such as `EPERM`; `E12345` for a number the C library does not know.
    package var name: String {
        guard let name = unsafe hf_error_name(rawValue) else { return "E\(rawValue)" }
        return unsafe String(cString: name)
    }

    /// What it means, such as `Operation not permitted`.
    package var message: String {
        guard let text = unsafe hf_error_text(rawValue) else { return "Unknown error \(rawValue)" }
        return unsafe String(cString: text)
    }

    /// `Operation not permitted (EPERM)`.
    package var description: String { "\(message) (\(name))" }

    /// Passes a result of the C shim through; a negative one is an error number.
    @discardableResult
    package static func check(_ result: CInt) throws(Errno) -> CInt {
        guard result >= 0 else { throw Errno(rawValue: -result) }
        return result
    }

    /// Passes a count of the C shim through; a negative one is an error number.
    @discardableResult
    package static func check(_ result: Int64) throws(Errno) -> Int {
        guard result >= 0 else { throw Errno(rawValue: CInt(truncatingIfNeeded: -result)) }
        return Int(result)
    }
}

extension Errno {
    /// EPERM: operation not permitted.
    package static let notPermitted = Errno(rawValue: EPERM)
    /// ENOENT: no such file.
    package static let notFound = Errno(rawValue: ENOENT)
    /// ESRCH: no such process (or, by netlink, no such object).
    package static let noProcess = Errno(rawValue: ESRCH)
    /// EAGAIN: nothing now, ask again when the loop says so.
    package static let wouldBlock = Errno(rawValue: EAGAIN)
    /// EACCES: permission denied.
    package static let accessDenied = Errno(rawValue: EACCES)
    /// EEXIST: it exists already.
    package static let exists = Errno(rawValue: EEXIST)
    /// ENODEV: no such device.
    package static let noDevice = Errno(rawValue: ENODEV)
    /// EINVAL: invalid argument.
    package static let invalid = Errno(rawValue: EINVAL)
    /// EFBIG: more than the caller wanted to read.
    package static let tooLarge = Errno(rawValue: EFBIG)
    /// EPIPE: nobody reads the other end.
    package static let brokenPipe = Errno(rawValue: EPIPE)
    /// EMSGSIZE: a message that exceeds its limit.
    package static let messageTooLong = Errno(rawValue: EMSGSIZE)
    /// ENETDOWN: the interface is down.
    package static let networkDown = Errno(rawValue: ENETDOWN)
    /// EADDRNOTAVAIL: the address is not there.
    package static let addressNotAvailable = Errno(rawValue: EADDRNOTAVAIL)
    /// ENOBUFS: the queue overflowed.
    package static let noBuffers = Errno(rawValue: ENOBUFS)
    /// ETIMEDOUT: no answer in time.
    package static let timedOut = Errno(rawValue: ETIMEDOUT)
    /// ECONNREFUSED: nobody listens there.
    package static let connectionRefused = Errno(rawValue: ECONNREFUSED)
    /// EINPROGRESS: under way.
    package static let inProgress = Errno(rawValue: EINPROGRESS)
    /// ELOOP: too many symbolic links.
    package static let tooManyLinks = Errno(rawValue: ELOOP)
    /// ENOBUFS's cousin for messages of the kernel that make no sense: EBADMSG.
    package static let badMessage = Errno(rawValue: EBADMSG)
}

/// A failed operation with its object, so that it reads as a sentence:
/// `cannot bind VRRP socket on eth0: Permission denied (EACCES)`.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was attempted, as it follows "cannot": `bind VRRP socket on eth0`.
    package let operation: String
    /// Why it failed.
    package let errno: Errno

    /// The failure of `operation` for the reason `errno`.
    package init(_ operation: String, _ errno: Errno) {
        self.operation = operation
        self.errno = errno
    }

    /// The sentence, without a full stop.
    package var description: String { "cannot \(operation): \(errno)" }

    /// Runs `body` and gives its failure the name of what was attempted.
    @discardableResult
    package static func naming<T: ~Copyable>(
        _ operation: @autoclosure () -> String, _ body: () throws(Errno) -> T
    ) throws(SystemError) -> T {
        do {
            return try body()
        } catch {
            throw SystemError(operation(), error)
        }
    }
}
