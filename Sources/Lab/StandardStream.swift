import LinuxIO
import Timekeeping

/// Writes to this process's output and error output; whoever reads them may be gone, and that is no error
/// here.
package enum StandardStream {
    /// Writes all of `octets`, waiting as long as the reader makes us.
    package static func write(_ octets: [UInt8], to target: Descriptor) {
        let stream = OwnedFD(adopting: target.rawValue)
        var rest = octets[...]
        while !rest.isEmpty {
            do throws(Errno) {
                let count = try stream.write(rest)
                // Somebody made the stream non-blocking; that is not ours to change.
                if count == nil { Pause.sleep(.milliseconds(1)) }
                rest = rest.dropFirst(count ?? 0)
            } catch {
                break
            }
        }
        _ = stream.release()
    }

    /// Writes one line to the error output.
    package static func note(_ line: String) { write(Array((line + "\n").utf8), to: .standardError) }

    /// Writes text to the output.
    package static func show(_ text: String) { write(Array(text.utf8), to: .standardOutput) }
}

/// Waiting for nothing in particular.
package enum Pause {
    /// Does nothing for `interval`.
    package static func sleep(_ interval: Interval) {
        let end = Clock.now() + interval
        guard let loop = try? EventLoop<Never>() else { return }
        while Clock.now() < end { _ = try? loop.wait(until: end) }
    }
}
