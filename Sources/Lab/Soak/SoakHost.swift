import FoundationEssentials
import LinuxIO
import Timekeeping

/// The processes of one director, found in /proc.
struct SoakHost {
    /// The supervisor.
    let supervisor: Int32

    /// The children of the supervisor by the names of their roles; those that wait to follow another
    /// (`spare`) and scripts are none.
    var roles: [String: Int32] {
        var roles: [String: Int32] = [:]
        for pid in children {
            guard let words = Self.words("/proc/\(pid)/cmdline", separator: 0), words.count > 2,
                words[1] == "--role", Self.line("/proc/\(pid)/comm") != "holdfastd-spare"
            else { continue }
            roles[words[2]] = pid
        }
        return roles
    }

    private var children: [Int32] {
        let words = Self.words("/proc/\(supervisor)/task/\(supervisor)/children", separator: 32) ?? []
        return words.compactMap { Int32($0) }
    }

    /// What each process takes; one that has just ended is missing.
    func samples(of director: String, at now: Instant) -> [SoakSample] {
        let all = [("supervisor", supervisor)] + roles.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return all.compactMap { role, pid in
            guard let names = try? Files.names(in: "/proc/\(pid)/fd"),
                let text = Self.line("/proc/\(pid)/status", whole: true), let memory = Self.resident(text)
            else { return nil }
            return SoakSample(
                at: now, director: director, role: role, process: pid, descriptors: names.count,
                memory: memory)
        }
    }

    /// Its children that have ended and that it has not asked after.
    var zombies: [Int32] {
        children.filter { pid in
            guard let text = Self.line("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else {
                return false
            }
            return text[end...].dropFirst(2).first == "Z"
        }
    }

    /// `VmRSS` of /proc/PID/status in KiB.
    static func resident(_ status: String) -> Int? {
        status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }.flatMap { line in
            line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
        }
    }

    private static func words(_ path: String, separator: UInt8) -> [String]? {
        (try? Files.read(path, limit: 1 << 16))?.split(separator: separator).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static func line(_ path: String, whole: Bool = false) -> String? {
        (try? Files.read(path, limit: 1 << 16)).map { octets in
            String(decoding: whole ? octets[...] : octets.prefix { $0 != 10 }, as: UTF8.self)
        }
    }
}
