import Glibc
import LinuxIO

/// Writes to this process's output and error output; whoever reads them may be gone, and that is no error here.
package enum StandardStream {
    /// Writes all of `octets`, waiting as long as the reader makes us.
    package static func write(_ octets: [UInt8], to target: Descriptor) {
        let stream = OwnedFD(adopting: target.rawValue)
        var rest = octets[...]
        while !rest.isEmpty {
            guard let count = try? stream.write(rest) else { break }
            guard let count else {
                usleep(1000)  // someone made the stream non-blocking; it is not ours to change
                continue
            }
            rest = rest.dropFirst(count)
        }
        _ = stream.release()
    }

    /// Writes one line to the error output.
    package static func note(_ line: String) { write(Array((line + "\n").utf8), to: .standardError) }

    /// Writes text to the output.
    package static func show(_ text: String) { write(Array(text.utf8), to: .standardOutput) }
}
