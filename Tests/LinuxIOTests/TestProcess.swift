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
