import CLinux

/// Descriptors that are kept back for what must succeed when the process has none left. To be made early: a
/// limit that is lowered later hits the highest numbers first.
package final class DescriptorReserve {
    private let size: Int
    private var kept: [CInt] = []

    /// Keeps `size` descriptors, or as many as there are.
    package init(size: Int) {
        self.size = size
        fill()
    }

    deinit { release() }

    /// How many are kept.
    package var count: Int { kept.count }

    /// Lets `body` have them, and takes back as many as there are afterwards.
    package func lend<Value>(_ body: () throws -> Value) rethrows -> Value {
        release()
        defer { fill() }
        return try body()
    }

    private func fill() {
        while kept.count < size, let fd = try? StandardDescriptors.openNull() { kept.append(fd.release()) }
    }

    private func release() {
        for number in kept { OwnedFD(adopting: number).close() }
        kept = []
    }
}

/// Descriptors 0, 1 and 2, which programs take for granted.
package enum StandardDescriptors {
    /// Opens /dev/null where one of them is closed, so that nothing that is opened later is taken for it. To
    /// be called before anything else is opened.
    package static func ensure() {
        while let fd = try? openNull(), fd.descriptor.rawValue <= 2 { _ = fd.release() }
    }

    static func openNull() throws(Errno) -> OwnedFD {
        OwnedFD(adopting: try Errno.check(unsafe hf_open("/dev/null", CInt(HF_OPEN_BOTH), 0, 0)))
    }
}
