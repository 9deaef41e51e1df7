/// A file system image in the "newc" form of cpio, which the Linux kernel unpacks as its first root
/// (Documentation/driver-api/early-userspace/buffer-format.rst). Written here so that making one needs
/// neither root nor a program.
package struct CpioArchive: Sendable {
    private var octets: [UInt8] = []
    private var nextInode: UInt32 = 1

    /// An archive without entries.
    package init() {}

    private static let fileType: UInt32 = 0o100000
    private static let linkType: UInt32 = 0o120000
    private static let directoryType: UInt32 = 0o040000

    /// Adds a directory; `path` has no leading slash, and its parents come first.
    package mutating func addDirectory(_ path: String) {
        append(path, mode: Self.directoryType | 0o755, content: [])
    }

    /// Adds a file owned by root.
    package mutating func addFile(_ path: String, _ content: [UInt8], executable: Bool = false) {
        append(path, mode: Self.fileType | (executable ? 0o755 : 0o644), content: content)
    }

    /// Adds a symbolic link to `target`.
    package mutating func addLink(_ path: String, to target: String) {
        append(path, mode: Self.linkType | 0o777, content: Array(target.utf8))
    }

    /// The whole image, its end marker included.
    package consuming func finished() -> [UInt8] {
        nextInode = 0
        append("TRAILER!!!", mode: 0, content: [])
        return octets
    }

    private mutating func append(_ path: String, mode: UInt32, content: [UInt8]) {
        let fields: [UInt32] = [
            nextInode, mode, 0, 0, 1, 0, UInt32(content.count), 0, 0, 0, 0, UInt32(path.utf8.count + 1), 0,
        ]
        octets += Array("070701".utf8)
        for field in fields { octets += Array(Self.hexadecimal(field).utf8) }
        octets += Array(path.utf8) + [0]
        pad()
        octets += content
        pad()
        nextInode += 1
    }

    private mutating func pad() {
        octets += [UInt8](repeating: 0, count: (4 - octets.count % 4) % 4)
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
