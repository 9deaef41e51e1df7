import CLinux

/// A FIFO of the file system that is written to without ever waiting for a reader. It is open both ways, so
/// that lines wait in it for a reader that is not there yet, as far as the kernel has room (64 KiB).
package final class FIFO {
    /// Where it is.
    package let path: String
    private let fd: OwnedFD
    private let isMade: Bool

    /// Opens the FIFO at `path`, and makes it when nothing is there: for `owner` (nil: this process's user)
    /// alone, mode 0600. One that is there already is left as it is. Anything else there, a symbolic link
    /// too, is EINVAL.
    package init(_ path: String, owner: UserAccount? = nil) throws(SystemError) {
        var made: CInt = 0
        let result = unsafe hf_open_fifo(
            path, 0o600, owner.map { Int64($0.user) } ?? -1, owner.map { Int64($0.group) } ?? -1, &made)
        guard result >= 0 else { throw SystemError("open the FIFO \(path)", Errno(rawValue: -result)) }
        fd = OwnedFD(adopting: result)
        isMade = made == 1
        self.path = path
    }

    /// Writes `line` whole or not at all: at most 4096 octets (PIPE_BUF), EMSGSIZE for more. False when there
    /// is no room for it.
    package func write(_ line: [UInt8]) throws(Errno) -> Bool {
        guard line.count <= 4096 else { throw .messageTooLong }
        return try fd.write(line[...]) != nil
    }

    /// Takes the name away when this object made it. Lines that wait can still be read by who has it open.
    package func remove() { if isMade { _ = unsafe hf_remove(path) } }
}
