import CLinux
import Glibc

/// One end of a pair over which a process gives another open descriptors (SCM_RIGHTS of unix(7)), each with a
/// number that says what it is for. Messages keep their bounds (SOCK_SEQPACKET). Non-blocking.
package final class DescriptorChannel {
    private let fd: OwnedFD

    /// Takes over one end of a pair.
    package init(adopting fd: consuming OwnedFD) { self.fd = fd }

    /// The two raw ends of a new pair, non-blocking and close-on-exec.
    package static func pair() throws(SystemError) -> DescriptorPair {
        var ends: [CInt] = [-1, -1]
        let result = unsafe hf_message_pair(&ends)
        guard result >= 0 else {
            throw SystemError("create a pair for descriptors", Errno(rawValue: -result))
        }
        return DescriptorPair(ends)
    }

    /// For the event loop.
    package var descriptor: Descriptor { fd.descriptor }

    /// Gives a copy of `given` away. EAGAIN when the other end has not taken what was given before, EPIPE
    /// when it is gone.
    package func send(_ number: UInt64, _ given: Descriptor) throws(Errno) {
        let end = fd.descriptor.rawValue
        let result = unsafe withUnsafeBytes(of: number) {
            unsafe hf_send_descriptor(end, $0.baseAddress, $0.count, given.rawValue)
        }
        try Errno.check(result)
    }

    /// Takes what has come, at most `limit` descriptors; false once the other end is gone. nil stands for a
    /// descriptor that this process had no room for.
    package func receive(
        limit: Int = 64, _ body: (UInt64, consuming OwnedFD?) -> Void
    ) throws(Errno) -> Bool {
        let end = fd.descriptor.rawValue
        for _ in 0..<limit {
            var (number, given) = (0 as UInt64, -1 as CInt)
            let result = unsafe withUnsafeMutableBytes(of: &number) {
                unsafe hf_receive_descriptor(end, $0.baseAddress, $0.count, &given)
            }
            guard let count = try OwnedFD.unlessBlocked(result) else { return true }
            guard count > 0 else { return false }
            body(number, given >= 0 ? OwnedFD(adopting: given) : nil)
        }
        return true
    }
}
