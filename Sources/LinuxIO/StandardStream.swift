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
                if count == nil { Scheduling.sleep(.milliseconds(1)) }
                rest = rest.dropFirst(count ?? 0)
            } catch {
                break
            }
        }
        _ = stream.release()
    }

    /// Everything that this process's input holds, up to its end; nil when it cannot be read or is longer
    /// than `limit` octets.
    package static func input(limit: Int) -> [UInt8]? {
        let stream = OwnedFD(adopting: Descriptor.standardInput.rawValue)
        var octets: [UInt8]? = []
        reading: while let count = octets?.count, count <= limit {
            do throws(Errno) {
                switch try stream.read(limit: 65_536) {
                case .octets(let more): octets? += more
                case .wouldBlock: Scheduling.sleep(.milliseconds(1))
                case .ended: break reading
                }
            } catch {
                octets = nil
            }
        }
        _ = stream.release()
        return octets.flatMap { $0.count <= limit ? $0 : nil }
    }

    /// Writes `text`.
    package static func write(_ text: String, to target: Descriptor) { write(Array(text.utf8), to: target) }

    /// Writes one line to the error output.
    package static func note(_ line: String) { write(line + "\n", to: .standardError) }

    /// Writes text to the output.
    package static func show(_ text: String) { write(text, to: .standardOutput) }
}
