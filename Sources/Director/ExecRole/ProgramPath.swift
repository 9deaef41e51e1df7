import ConfigModel
import LinuxIO

/// Who decides what a program is: whoever can change it, or a directory or link on the way to it.
enum ProgramPath {
    /// So many symbolic links are followed, as by the kernel.
    static let linkLimit = 40

    /// The first place on the way to `path` that somebody other than root can change, links followed one by
    /// one; nil for none. ENOENT when there is no such way, ELOOP for more than 40 links.
    static func changeable(on path: String) throws(SystemError) -> String? {
        if try isChangeable("/") { return "/" }
        var rest = path.split(separator: "/").map(String.init)[...]
        var place = ""
        var links = 0
        while let name = rest.popFirst() {
            if name == "." { continue }
            if name == ".." {
                // Never a link: they have been followed.
                place = place.split(separator: "/").dropLast().map { "/\($0)" }.joined()
                continue
            }
            let next = place + "/" + name
            // Nobody but root can change a link in a directory that nobody but root can write to.
            if let target = try Files.link(at: next) {
                links += 1
                guard links <= linkLimit else { throw SystemError("follow \(path)", .tooManyLinks) }
                if target.hasPrefix("/") { place = "" }
                rest = (target.split(separator: "/").map(String.init) + rest)[...]
                continue
            }
            if try isChangeable(next) { return next }
            place = next
        }
        return nil
    }

    private static func isChangeable(_ path: String) throws(SystemError) -> Bool {
        let status = try Files.status(of: path)
        return HostDescription.File(
            isDirectory: status.isDirectory, mode: status.mode, owner: status.owner, group: status.group
        ).isChangeableByOthers
    }
}
