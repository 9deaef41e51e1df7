// Lines out, never waiting: a log that blocks would delay adverts, so a line that cannot be taken at once is
// lost and counted, and the count is told with the next line that passes. Rate limiting is the caller's.

import CLinux
import Glibc

/// How bad it is; the raw value is syslog's severity (RFC 5424 section 6.2.1).
package enum LogLevel: UInt8, Hashable, Sendable, CaseIterable, Comparable {
    case critical = 2
    case error = 3
    case warning = 4
    case notice = 5
    case info = 6
    case debug = 7

    /// Less severe is greater, as the numbers are.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One of the journal's fields (systemd.journal-fields(7)).
package struct LogField: Hashable, Sendable {
    /// Capitals, digits and underscores.
    package var name: String
    /// Its text.
    package var value: String

    /// A field.
    package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}

/// Where the lines of a process go.
package final class LogSink {
    /// One place for lines.
    package enum Destination: Hashable, Sendable {
        /// Standard error, each line with a UTC time stamp.
        case standardError
        /// Standard error read by the journal: `<severity>` in front and no time stamp (sd-daemon(3)).
        case journal
        /// The journal's socket at this path, normally /run/systemd/journal/socket, where lines have fields;
        /// as `journal` when nobody listens there.
        case journalSocket(path: String)
        /// syslog's socket at this path, normally /dev/log, with this facility (keepalived's -S; 3 is
        /// daemon).
        case syslog(path: String, facility: UInt8)
        /// This file (keepalived's -g), as on standard error, by all processes alike. A disk that hangs keeps
        /// the writer.
        case file(path: String)

        /// The number of a facility by keepalived's words for it: 0 to 7 and `local0` to `local7`, `user`,
        /// `daemon`; nil for any other.
        package static func facility(_ word: String) -> UInt8? {
            switch word {
            case "user": return 1
            case "daemon": return 3
            default: break
            }
            let digits = word.hasPrefix("local") ? word.dropFirst(5) : word[...]
            guard digits.utf8.count == 1, let number = UInt8(digits), number < 8 else { return nil }
            return 16 + number
        }
    }

    private let program: String
    private let destinations: [Destination]
    private let process = HostFacts.process
    private var syslog: OwnedFD?
    private var journal: OwnedFD?
    private var file: OwnedFD?
    private var lost: [Int]

    /// Lines above this many octets are cut, so that a pipe takes them whole.
    package static var lineLimit: Int { 2048 }

    /// Why the file cannot be written, whose lines are lost; nil when it can, or there is none.
    package private(set) var refusal: SystemError?

    /// Readers of a log file are its group.
    private static var fileMode: UInt32 { 0o640 }

    /// Writes as `program` to all of `destinations`, at most one of them a file: it is opened now, since a
    /// process that has dropped its rights could not any more.
    package init(program: String, destinations: [Destination]) {
        self.program = program
        self.destinations = destinations
        lost = [Int](repeating: 0, count: destinations.count)
        for case .file(let path) in destinations {
            do throws(SystemError) {
                file = try Files.openToAppend(path, mode: Self.fileMode)
            } catch {
                refusal = error
            }
        }
    }

    /// How many lines were lost so far and not yet told of.
    package var lostLines: Int { lost.reduce(0, +) }

    /// Writes one line everywhere; only the journal's socket takes `fields`.
    package func write(_ level: LogLevel, _ message: String, _ fields: [LogField] = []) {
        let text = Self.cleaned(message)
        for (index, destination) in destinations.enumerated() {
            let note = lost[index] == 0 ? "" : " (\(lost[index]) lines before this one were lost)"
            func line(_ destination: Destination) -> [UInt8] {
                Self.line(
                    text + note, level: level, destination: destination, program: program, process: process,
                    time: Clock.wallTime(), fields)
            }
            var isWritten = send(line(destination), to: destination)
            if !isWritten, case .journalSocket = destination, journal == nil {
                isWritten = send(line(.journal), to: .journal)
            }
            lost[index] = isWritten ? 0 : lost[index] + 1
        }
    }

    /// The octets of one line as `destination` wants them.
    package static func line(
        _ text: String, level: LogLevel, destination: Destination, program: String, process: Int32,
        time: WallTime, _ fields: [LogField] = []
    ) -> [UInt8] {
        if case .journalSocket = destination {
            return entry(text, level: level, program: program, fields)
        }
        let whole =
            switch destination {
            case .standardError, .file: "\(time) \(program)[\(process)]: \(text)"
            case .journal, .journalSocket: "<\(level.rawValue)>\(text)"
            case .syslog(_, let facility):
                "<\(UInt16(facility) << 3 | UInt16(level.rawValue))>\(program)[\(process)]: \(text)"
            }
        var octets = Array(whole.utf8.prefix(lineLimit - 1))
        if case .syslog = destination { return octets }
        octets.append(UInt8(ascii: "\n"))
        return octets
    }

    /// One entry of the journal: a field a line, none with a line break in it.
    private static func entry(
        _ text: String, level: LogLevel, program: String, _ fields: [LogField]
    ) -> [UInt8] {
        let message = String(decoding: text.utf8.prefix(lineLimit - 1), as: UTF8.self)
        let own = [
            LogField("MESSAGE", message), LogField("PRIORITY", "\(level.rawValue)"),
            LogField("SYSLOG_IDENTIFIER", program),
        ]
        let lines = (own + fields).map { field in
            let value = String(decoding: cleaned(field.value).utf8.prefix(lineLimit - 1), as: UTF8.self)
            return "\(field.name)=\(value)\n"
        }
        return Array(lines.joined().utf8)
    }

    /// The message with control characters spelled out, so that no peer can forge a line or a terminal
    /// sequence.
    package static func cleaned(_ message: String) -> String {
        var clean = ""
        for scalar in message.unicodeScalars {
            if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
                clean += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            } else {
                clean.unicodeScalars.append(scalar)
            }
        }
        return clean
    }

    private static func write(_ line: [UInt8], to descriptor: Descriptor) -> Bool {
        unsafe line.withUnsafeBytes {
            unsafe hf_write_now(descriptor.rawValue, $0.baseAddress, $0.count) == $0.count
        }
    }

    private func send(_ line: [UInt8], to destination: Destination) -> Bool {
        switch destination {
        case .standardError, .journal: return Self.write(line, to: .standardError)
        case .file:
            guard let descriptor = file?.descriptor else { return false }
            return Self.write(line, to: descriptor)
        case .syslog(let path, _): return Self.send(line, to: path, over: &syslog)
        case .journalSocket(let path): return Self.send(line, to: path, over: &journal)
        }
    }

    /// As one datagram. Who listens may have been restarted: one new connection is tried a line.
    private static func send(_ line: [UInt8], to path: String, over socket: inout OwnedFD?) -> Bool {
        for _ in 0..<2 {
            if socket == nil {
                let opened = unsafe hf_local_datagram(path)
                guard opened >= 0 else { return false }
                socket = OwnedFD(adopting: opened)
            }
            guard let descriptor = socket?.descriptor else { return false }
            let sent = unsafe line.withUnsafeBytes {
                unsafe hf_send(descriptor.rawValue, $0.baseAddress, $0.count)
            }
            if sent >= 0 { return true }
            if sent == -Int64(EAGAIN) { return false }
            socket = nil
        }
        return false
    }
}
