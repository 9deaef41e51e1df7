import ConfigModel
import FoundationEssentials
import LinuxIO
import LoadBalancing
import VRRP

/// The two configuration files of an example, read and understood.
struct PairFiles: Sendable {
    /// The folder, for people.
    let folder: String
    /// The last part of the folder's name.
    var name: String { folder.split(separator: "/").last.map(String.init) ?? folder }
    /// The file of each director.
    let paths: [String: String]
    /// The text of each file.
    let texts: [String: String]
    /// The configuration of each director.
    let configurations: [String: Configuration]

    /// Reads `director-a.conf` and `director-b.conf` of `folder`. Diagnostics of a file with errors become
    /// the error.
    init(folder: String) throws(LabError) {
        var paths: [String: String] = [:]
        for director in LabPlan.directors { paths[director] = "\(folder)/\(director).conf" }
        try self.init(folder: folder, paths: paths)
    }

    private init(folder: String, paths: [String: String]) throws(LabError) {
        self.folder = folder
        self.paths = paths
        var texts: [String: String] = [:]
        var configurations: [String: Configuration] = [:]
        for (director, path) in paths {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw LabError("cannot read \(path)")
            }
            texts[director] = String(decoding: data, as: UTF8.self)
            let result = ConfigurationLoader.load(path: path, configID: director, read: ConfigFiles.read)
            guard let configuration = result.configuration else {
                throw LabError("\(path) cannot be used:\n\(result.text)")
            }
            configurations[director] = configuration
        }
        self.texts = texts
        self.configurations = configurations
    }

    /// The same pair with every line of the loop guard taken out, written to `folder`.
    func withoutGuard(in folder: String) throws -> PairFiles {
        var paths: [String: String] = [:]
        for (director, text) in texts {
            let path = "\(folder)/\(director)-unguarded.conf"
            try Data(GuardLines.removed(from: text).utf8).write(to: URL(filePath: path))
            paths[director] = path
        }
        return try PairFiles(folder: self.folder, paths: paths)
    }

    /// The director whose first instance has the higher priority.
    var master: String {
        let priorities = LabPlan.directors.map { configurations[$0]?.instances.first?.priority ?? 0 }
        return priorities[0] >= priorities[1] ? LabPlan.directorA : LabPlan.directorB
    }

    /// The other one.
    var backup: String { master == LabPlan.directorA ? LabPlan.directorB : LabPlan.directorA }

    /// Whether the directors guard against loops.
    var isGuarded: Bool {
        configurations.values.allSatisfy { pair in
            pair.loopGuard != nil && pair.virtualServers.contains { $0.guardMark != nil }
        }
    }

    /// Whether the services go by marks that the operator sets, for which the lab makes the operator's rules.
    var isMarkedByHand: Bool { configurations.values.allSatisfy { !HandMadeRules.marks(of: $0).isEmpty } }
}

/// The lines of a configuration that make the loop guard.
enum GuardLines {
    /// `text` without the top-level `loop_guard` block and without `loop_guard` and `loop_guard_mark` in
    /// services.
    static func removed(from text: String) -> String {
        var depth = 0
        var kept: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let code = line.prefix { $0 != "#" && $0 != "!" }
            let word = code.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "{" }).first ?? ""
            if depth > 0 {
                depth += balance(code)
                continue
            }
            if word == "loop_guard" || word == "loop_guard_mark" {
                depth = max(0, balance(code))
                continue
            }
            kept.append(line)
        }
        return kept.joined(separator: "\n")
    }

    private static func balance(_ code: Substring) -> Int {
        code.count { $0 == "{" } - code.count { $0 == "}" }
    }
}
