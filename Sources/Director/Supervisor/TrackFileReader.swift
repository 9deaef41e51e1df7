import LinuxIO
import Timekeeping
import VRRP

/// Reads the `track_file`s whenever something happens beside them. A busy directory is looked at no more
/// often than every `spacing`; what inotify does not tell, of a symbolic link's target or a directory that
/// comes later, is seen after `patrol` at the latest.
final class TrackFileReader<Token> {
    static var spacing: Interval { .milliseconds(20) }
    static var patrol: Interval { .seconds(2) }

    private let loop: EventLoop<Token>
    private let log: Log
    private let token: Token
    private var watch: DirectoryWatch?
    private var registration: Registration?
    private var files: [TrackFile] = []
    private var values: [String: Int32] = [:]
    private var readAt: Instant?
    private var complaints: Set<String> = []

    init(in loop: EventLoop<Token>, log: Log, token: Token) {
        self.loop = loop
        self.log = log
        self.token = token
    }

    /// When `advance` has something to do.
    var nextDeadline: Instant? { readAt }

    /// Reads these and no others; writes those that are to be written at the start.
    func configure(_ files: [TrackFile], isStart: Bool, at now: Instant) {
        self.files = files
        values = values.filter { name, _ in files.contains { $0.name == name } }
        if let registration { loop.unregister(registration) }
        (watch, registration) = (nil, nil)
        readAt = nil
        guard !files.isEmpty else { return }
        for file in files { initialise(file, isStart: isStart) }
        attempt {
            let watch = try DirectoryWatch()
            registration = try loop.register(watch.descriptor, .read, token)
            self.watch = watch
        }
        readAt = now
    }

    private func initialise(_ file: TrackFile, isStart: Bool) {
        guard let initial = file.initialValue, !Files.exists(file.path) || (isStart && initial.overwrites)
        else {
            return
        }
        attempt { try Files.replace(file.path, with: Array("\(initial.value)\n".utf8)) }
    }

    /// The watch has news.
    func noteNews(at now: Instant) {
        guard watch?.drain() == true else { return }
        readAt = Instant?.earlier(readAt, now + Self.spacing)
    }

    /// What the files say, when it is due and not what they said before.
    func advance(to now: Instant) -> [String: Int32]? {
        guard let due = readAt, due <= now else { return nil }
        readAt = now + Self.patrol
        let old = values
        for file in files {
            // Added each time: a directory may have come, or be another one now.
            try? watch?.add(Self.directory(of: file.path))
            guard let contents = contents(of: file) else { continue }
            switch FileNumber(contents) {
            case .number(let number): values[file.name] = number
            case .outOfRange: values[file.name] = values[file.name] ?? 0
            }
        }
        return values == old ? nil : values
    }

    private func contents(of file: TrackFile) -> [UInt8]? {
        do {
            return try Files.head(of: file.path, count: FileNumber.limit)
        } catch {
            let isMissing = error.errno.name == "ENOENT"
            if !isMissing, complaints.insert(file.path).inserted { log.warning("\(error)") }
            // What this host lacks for a moment says nothing of the file.
            return ["EMFILE", "ENFILE", "ENOMEM", "EIO"].contains(error.errno.name) ? nil : []
        }
    }

    private func attempt(_ body: () throws -> Void) {
        do { try body() } catch { log.error("track_file: \(error)") }
    }

    private static func directory(of path: String) -> String {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return end == path.startIndex ? "/" : String(path[..<end])
    }
}
