import Glibc
import LinuxIO

/// Ends the process of an exit test with `code`.
func exitProcess(_ code: CInt) -> Never { exit(code) }

/// Sends a signal to the calling thread, whose mask was changed.
func sendToThisThread(_ signal: Signal) throws(Errno) {
    try Errno.check(-pthread_kill(pthread_self(), signal.rawValue))
}

/// A pipe with both ends owned in one place.
final class Pipe {
    private var reader: OwnedFD?
    private var writer: OwnedFD?
    let readingDescriptor: Descriptor
    let writingDescriptor: Descriptor

    init() throws(Errno) {
        var ends = try OwnedFD.pipe()
        let first = ends.takeFirst()
        readingDescriptor = first.descriptor
        reader = consume first
        let second = ends.takeSecond()
        writingDescriptor = second.descriptor
        writer = consume second
    }

    /// Reads what is there.
    func read(limit: Int) throws(Errno) -> ReadResult { try reader?.read(limit: limit) ?? .ended }

    /// The count written, nil when the pipe is full.
    func write(_ octets: ArraySlice<UInt8>) throws(Errno) -> Int? { try writer?.write(octets) }

    func closeReading() { reader = nil }

    func closeWriting() { writer = nil }
}

/// Makes `descriptor` this process's standard error.
func redirectStandardError(to descriptor: Descriptor) { dup2(descriptor.rawValue, 2) }

/// What a syslog daemon has: a non-blocking datagram socket bound to a path.
final class DatagramListener {
    private let fd: OwnedFD

    fileprivate init(adopting fd: consuming OwnedFD) { self.fd = fd }

    func read(limit: Int) throws(Errno) -> ReadResult { try fd.read(limit: limit) }
}

/// Listens at `path` (`@name` for an abstract socket); nil when that fails.
func listenForDatagrams(_ path: String) -> DatagramListener? {
    let type = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    let number = socket(AF_UNIX, type, 0)
    guard number >= 0 else { return nil }
    let fd = OwnedFD(adopting: number)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let isAbstract = path.hasPrefix("@")
    let octets = isAbstract ? [0] + path.utf8.dropFirst() : Array(path.utf8) + [0]
    let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
        guard octets.count <= room.count else { return false }
        unsafe room.copyBytes(from: octets)
        return true
    }
    let size = socklen_t(2 + octets.count)
    let bound = unsafe withUnsafePointer(to: &address) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(number, $0, size) }
    }
    return fits && bound == 0 ? DatagramListener(adopting: fd) : nil
}
