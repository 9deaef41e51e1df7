import LinuxIO
import Testing
import Timekeeping

/// Starts the distribution's keepalived on a file, to hear how it understood it, and ends it.
enum KeepalivedRun {
    /// What it prints with `-d`, first of its elections, then of its services, as far as it has any. It runs
    /// in a namespace that has every interface that `text` names.
    static func log(_ path: String, of text: String, elects: Bool, balances: Bool) throws -> String {
        let segment = try Segment()
        let host = segment.a
        for name in interfaces(in: text) where name != "eth0" {
            try Tools.ip(["-n", host.name, "link", "add", name, "type", "dummy"])
            try Tools.ip(["-n", host.name, "link", "set", name, "up"])
            let number = name.utf8.reduce(0) { ($0 * 31 + Int($1)) % 250 }
            try Tools.ip(["-n", host.name, "address", "add", "198.18.\(number).1/24", "dev", name])
        }
        var result = ""
        // Together the two would mix their lines.
        if elects { result += try run(path, "-P", in: host, until: "------< Interfaces >------") }
        if balances { result += try run(path, "-C", in: host, until: "Activating BFD healthchecker") }
        return result
    }

    private static func run(
        _ path: String, _ flag: String, in host: Segment.Host, until mark: String
    ) throws
        -> String
    {
        let start = "/run/holdfast-sample-\(host.name)"
        let files = [".log", ".pid", "v.pid", "c.pid"].map { start + $0 }
        defer { for file in files { try? Files.remove(file) } }
        let child = try host.start(
            "/usr/sbin/keepalived",
            ["-n", "-l", "-d", flag, "-f", path, "-p", files[1], "-r", files[2], "-c", files[3]],
            log: files[0])
        func log() -> String {
            String(decoding: (try? Files.read(files[0], limit: 1 << 20)) ?? [], as: UTF8.self)
        }
        let waited = try Tools.wait(.seconds(30)) { try log().contains(mark) || child.reap() != nil }
        let text = log()
        #expect(waited != nil && text.contains(mark), "keepalived \(flag) did not come so far:\n\(text)")
        child.send(.terminate)
        if try Tools.wait(.seconds(40), until: { try child.reap() != nil }) == nil {
            child.sendToGroup(.kill)
        }
        return text
    }

    /// The words of a configuration that are names of Ethernet interfaces.
    static func interfaces(in text: String) -> [String] {
        let names = text.matches(of: /\b(eth|br|bond|virbr)[0-9]+(\.[0-9]+)?\b/).map { String($0.output.0) }
        return Set(names).sorted()
    }
}
