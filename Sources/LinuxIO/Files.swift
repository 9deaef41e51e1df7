import CLinux
import Glibc

/// Small files, whole: configuration, state and facts of the kernel. Nothing here reads without a bound, and
/// nothing writes in place what somebody may be reading.
package enum Files {
    /// The whole file at `path`, at most `limit` octets; EFBIG when there is more. Only a regular file is
    /// read (EINVAL otherwise): a FIFO or device put in its place must not hang or flood us. With `following`
    /// false the last component must not be a symbolic link (ELOOP).
    package static func read(
        _ path: String, limit: Int, following: Bool = true
    ) throws(SystemError) -> [UInt8] {
        try SystemError.naming("read \(path)") { () throws(Errno) in
            let fd = try open(path, following: following)
            var octets: [UInt8] = []
            // Files of /proc have no size to tell.
            let size = hf_file_size(fd.descriptor.rawValue)
            guard size <= Int64(limit) else { throw .tooLarge }
            octets.reserveCapacity(Int(size))
            while case .octets(let more) = try fd.read(limit: min(65_536, limit - octets.count + 1)) {
                octets += more
                guard octets.count <= limit else { throw .tooLarge }
            }
            return octets
        }
    }

    private static func open(_ path: String, following: Bool = true) throws(Errno) -> OwnedFD {
        let fd = OwnedFD(
            adopting: try Errno.check(unsafe hf_open(path, CInt(HF_OPEN_READ), following ? 0 : 1, 0)))
        let kind = try Errno.check(hf_file_kind(fd.descriptor.rawValue))
        if kind == CInt(UInt8(ascii: "d")) { throw Errno(rawValue: EISDIR) }
        guard kind == CInt(UInt8(ascii: "f")) else { throw .invalid }
        return fd
    }

    /// Hands `body` what the regular file at `path` holds, piece by piece and in order: for what may be too
    /// large to hold.
    package static func readPieces(_ path: String, _ body: ([UInt8]) -> Void) throws(SystemError) {
        try SystemError.naming("read \(path)") { () throws(Errno) in
            let fd = try open(path)
            while case .octets(let piece) = try fd.read(limit: 65_536) { body(piece) }
        }
    }

    /// The first `count` octets of a regular file, however large it is; EISDIR and EINVAL as for `read`.
    package static func head(of path: String, count: Int) throws(SystemError) -> [UInt8] {
        try SystemError.naming("read \(path)") { () throws(Errno) in
            let fd = try open(path)
            var octets: [UInt8] = []
            while octets.count < count, case .octets(let more) = try fd.read(limit: count - octets.count) {
                octets += more
            }
            return octets
        }
    }

    /// Puts `octets` at `path` so that a reader sees the old file or the new one and nothing between: a new
    /// file beside it, then a rename. With `durably` it survives a crash of the machine (fsync). What is
    /// there must be a regular file, or a symbolic link, which itself is replaced: never a device (EINVAL).
    package static func replace(
        _ path: String, with octets: [UInt8], mode: UInt32 = 0o644, durably: Bool = false
    ) throws(SystemError) {
        try refuseUnlessFile(path, "write \(path), which is no file")
        let fresh = path + ".new"
        do throws(Errno) {
            // What an interrupted attempt left behind is ours to remove; the new file must not be there
            // before.
            _ = unsafe hf_remove(fresh)
            let fd = OwnedFD(adopting: try Errno.check(unsafe hf_open(fresh, CInt(HF_OPEN_NEW), 1, mode)))
            try writeAll(octets, to: fd)
            if durably { try Errno.check(hf_sync(fd.descriptor.rawValue)) }
            try Errno.check(unsafe hf_rename(fresh, path))
        } catch {
            _ = unsafe hf_remove(fresh)
            throw SystemError("write \(path)", error)
        }
    }

    /// Nothing at `path` is fine, and so is what no look can be had at: what is tried then fails by itself.
    private static func refuseUnlessFile(
        _ path: String, or other: UInt8 = UInt8(ascii: "f"), _ operation: @autoclosure () -> String
    ) throws(SystemError) {
        let kind = unsafe hf_path_kind(path)
        guard kind >= 0 else { return }
        let allowed = [UInt8(ascii: "f"), UInt8(ascii: "l"), other]
        guard allowed.contains(where: { CInt($0) == kind }) else { throw SystemError(operation(), .invalid) }
    }

    /// Puts `octets` in place of the regular file at `path` as `replace` does, with the mode and the owner
    /// that the file has. Never through a symbolic link (ELOOP): the link would be what is replaced.
    package static func rewrite(_ path: String, with octets: [UInt8]) throws(SystemError) {
        let fresh = path + ".new"
        do throws(Errno) {
            let old = OwnedFD(adopting: try Errno.check(unsafe hf_open(path, CInt(HF_OPEN_READ), 1, 0)))
            _ = unsafe hf_remove(fresh)
            let fd = OwnedFD(adopting: try Errno.check(unsafe hf_open(fresh, CInt(HF_OPEN_NEW), 1, 0o600)))
            try writeAll(octets, to: fd)
            try Errno.check(hf_copy_access(old.descriptor.rawValue, fd.descriptor.rawValue))
            try Errno.check(unsafe hf_rename(fresh, path))
        } catch {
            _ = unsafe hf_remove(fresh)
            throw SystemError("write \(path)", error)
        }
    }

    /// Adds `octets` at the end of `path`, made with `mode` when absent, in one write; never through a
    /// symbolic link.
    package static func append(_ octets: [UInt8], to path: String, mode: UInt32 = 0o644) throws(SystemError) {
        let fd = try openToAppend(path, mode: mode)
        try SystemError.naming("append to \(path)") { () throws(Errno) in try writeAll(octets, to: fd) }
    }

    /// `path`, made with `mode` when absent, for writes that all go to its end, whoever else writes; never
    /// through a symbolic link.
    package static func openToAppend(_ path: String, mode: UInt32) throws(SystemError) -> OwnedFD {
        try SystemError.naming("append to \(path)") { () throws(Errno) in
            OwnedFD(adopting: try Errno.check(unsafe hf_open(path, CInt(HF_OPEN_APPEND), 1, mode)))
        }
    }

    private static func writeAll(_ octets: [UInt8], to fd: borrowing OwnedFD) throws(Errno) {
        var rest = octets[...]
        while !rest.isEmpty {
            guard let count = try fd.write(rest) else { throw .wouldBlock }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes the directory at `path` with `mode`, whatever the umask; one that exists is left as it is.
    package static func createDirectory(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        let result = unsafe hf_make_directory(path, mode)
        guard result >= 0 || result == -EEXIST else {
            throw SystemError("create directory \(path)", Errno(rawValue: -result))
        }
    }

    /// Removes the file, the socket or the symbolic link at `path`; one that is not there is no error, and a
    /// device stays (EINVAL).
    package static func remove(_ path: String) throws(SystemError) {
        try refuseUnlessFile(path, or: UInt8(ascii: "s"), "remove \(path), which is no file")
        let result = unsafe hf_remove(path)
        guard result >= 0 || result == -ENOENT else {
            throw SystemError("remove \(path)", Errno(rawValue: -result))
        }
    }

    /// Removes the directory at `path` if nothing is in it; one that is not there is no error.
    package static func removeEmptyDirectory(_ path: String) throws(SystemError) {
        let result = unsafe hf_remove_directory(path)
        guard result >= 0 || result == -ENOENT || result == -ENOTEMPTY || result == -EEXIST else {
            throw SystemError("remove directory \(path)", Errno(rawValue: -result))
        }
    }

    /// Whether something is at `path`, a symbolic link followed; false also when it may not be looked at.
    package static func exists(_ path: String) -> Bool { unsafe hf_inode(path) >= 0 }

    /// What tells the file at `path` from others, whatever way leads to it: its inode, and its last name,
    /// since inodes are numbered on each file system. The path itself where nothing is there.
    package static func identity(of path: String) -> String {
        guard let inode = inode(of: path), let name = path.split(separator: "/").last else { return path }
        return "\(inode) \(name)"
    }

    /// The number of what is at `path`, a symbolic link followed, on its file system; nil when there is
    /// nothing or it may not be looked at.
    package static func inode(of path: String) -> UInt64? {
        let inode = unsafe hf_inode(path)
        return inode >= 0 ? UInt64(inode) : nil
    }

    /// What stat(2) says of a file.
    package struct Status: Hashable, Sendable {
        /// True for a directory.
        package let isDirectory: Bool
        /// The permission bits, 0...0o7777.
        package let mode: UInt32
        /// The user id of its owner.
        package let owner: UInt32
        /// The id of its group.
        package let group: UInt32
    }

    /// What is at `path`, a symbolic link followed; ENOENT when there is nothing, EACCES when it may not be
    /// looked at.
    package static func status(of path: String) throws(SystemError) -> Status {
        try SystemError.naming("look at \(path)") { () throws(Errno) in
            var found = hf_status()
            try Errno.check(unsafe hf_file_status(path, &found))
            return Status(
                isDirectory: found.is_directory != 0, mode: found.mode, owner: found.owner, group: found.group
            )
        }
    }

    /// What the symbolic link at `path` names, up to 4095 octets; nil when that is no link.
    package static func link(at path: String) throws(SystemError) -> String? {
        var length: Int64 = 0
        let octets = unsafe [CChar](unsafeUninitializedCapacity: 4096) { buffer, count in
            length = unsafe hf_read_link(path, buffer.baseAddress, 4096)
            count = Int(max(0, length))
        }
        if length == -Int64(Errno.invalid.rawValue) { return nil }
        guard length >= 0 else {
            throw SystemError("read the link \(path)", Errno(rawValue: CInt(truncatingIfNeeded: -length)))
        }
        return String(decoding: octets.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The names in the directory at `path`, `.` and `..` too, in no order; EFBIG when they take more than
    /// `limit` octets.
    package static func names(in path: String, limit: Int = 1 << 20) throws(SystemError) -> [String] {
        var result: Int64 = 0
        let octets = unsafe [CChar](unsafeUninitializedCapacity: limit) { buffer, count in
            result = unsafe hf_directory_names(path, buffer.baseAddress, limit)
            count = max(0, Int(result))
        }
        guard result >= 0 else {
            throw SystemError("list \(path)", Errno(rawValue: CInt(truncatingIfNeeded: -result)))
        }
        return octets.split(separator: 0)
            .map { String(decoding: $0.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
    }
}
