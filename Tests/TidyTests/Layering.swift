/// Where a target stands. A target may use what its layer may use, and the modules that its row names.
enum Layer: String, CaseIterable {
    case base
    case pure
    case adapter
    case shell
    case tool
    case executable
    case testSupport
    case foreignC

    /// Layers whose targets may be imported.
    var mayUse: Set<Layer> {
        switch self {
        case .base, .foreignC: []
        case .pure, .testSupport: [.base, .pure]
        case .adapter: [.base, .pure]
        case .shell: [.base, .pure, .adapter]
        case .tool: [.base, .pure, .adapter]
        case .executable: [.base, .pure]
        }
    }

    /// Why the line is drawn here: printed when a target crosses it.
    var reason: String {
        switch self {
        case .base: "base targets are values without behaviour and import nothing"
        case .pure:
            "pure targets decide and import pure and base targets only, so that they run in simulations"
        case .testSupport: "the simulation kit is pure: a run depends on its seed alone"
        case .adapter: "an adapter translates between pure values and one foreign interface"
        case .shell: "Director is the daemon's only shell; C and Glibc stay behind adapters"
        case .tool: "the tool's code stands beside the daemon; C and Glibc stay behind adapters"
        case .executable: "an executable parses its arguments and calls its shell"
        case .foreignC: "C modules import nothing of ours"
        }
    }
}

/// One row of the table of targets.
struct TargetRule {
    var name: String
    var layer: Layer
    /// Modules beyond the layer's, each with the reason it is needed.
    var extra: [String: String] = [:]
}

enum Layering {
    /// A target that is not here fails the tests: give it a row, and a line in ARCHITECTURE.md.
    static let targets: [TargetRule] = [
        TargetRule(name: "NetTypes", layer: .base),
        TargetRule(name: "Timekeeping", layer: .base),
        TargetRule(name: "ConfigSyntax", layer: .pure),
        TargetRule(name: "ConfigModel", layer: .pure),
        TargetRule(name: "VRRP", layer: .pure),
        TargetRule(name: "HealthChecks", layer: .pure),
        TargetRule(name: "LoadBalancing", layer: .pure),
        TargetRule(name: "LoopGuard", layer: .pure),
        TargetRule(name: "ControlProtocol", layer: .pure),
        TargetRule(name: "IPVSAdmin", layer: .pure),
        TargetRule(name: "CLinux", layer: .foreignC),
        TargetRule(name: "CNetlink", layer: .foreignC),
        TargetRule(name: "COpenSSL", layer: .foreignC),
        TargetRule(name: "CPCRE2", layer: .foreignC),
        TargetRule(
            name: "LinuxIO", layer: .adapter,
            extra: [
                "CLinux": "calls that Glibc's module lacks", "Glibc": "system calls",
                "Synchronization": "a lock around what the C library keeps for all threads",
            ]),
        TargetRule(
            name: "TLS", layer: .adapter,
            extra: ["COpenSSL": "libssl and libcrypto", "Glibc": "memory and error numbers of C"]),
        TargetRule(name: "Pattern", layer: .adapter, extra: ["CPCRE2": "libpcre2-8"]),
        TargetRule(
            name: "KernelNet", layer: .adapter,
            extra: [
                "CNetlink": "libnl and the kernel's message layouts",
                "CLinux": "sockaddr_ll and raw sockets, which neither libnl nor Glibc's module has",
                "LinuxIO": "descriptors, errors and the event loop are not written twice",
                "Glibc": "system calls",
            ]),
        TargetRule(name: "Director", layer: .shell),
        TargetRule(
            name: "Lab", layer: .tool,
            extra: [
                "FoundationEssentials": "the tool is not locked in memory and may use it",
                "SimulationKit": "many more seeds than the tests run, and one of them with a trace",
            ]),
        TargetRule(name: "SimulationKit", layer: .testSupport),
        TargetRule(name: "holdfastd", layer: .executable, extra: ["Director": "its shell"]),
        TargetRule(
            name: "holdfast", layer: .executable,
            extra: [
                "Lab": "its shell", "SimulationKit": "the names of its kinds of runs",
                "LinuxIO": "reading the files that are checked",
                "KernelNet": "what this host has, for check --host",
                "Pattern": "whether an expression is one, for check",
                "ArgumentParser": "the tool's command line",
                "FoundationEssentials": "the tool is not locked in memory and may use it",
            ]),
    ]

    static let byName = Dictionary(uniqueKeysWithValues: targets.map { ($0.name, $0) })

    static func names(of layers: Layer...) -> Set<String> {
        Set(targets.filter { layers.contains($0.layer) }.map(\.name))
    }

    /// Targets that make decisions: no clock, no files, no randomness of their own.
    static let pure = names(of: .base, .pure, .testSupport)

    /// What keeps `module` out of the target of `rule`; nil when it may be used.
    static func objection(to module: String, in rule: TargetRule) -> String? {
        guard rule.extra[module] == nil else { return nil }
        if let other = byName[module], rule.layer.mayUse.contains(other.layer) { return nil }
        return "\(rule.name) must not use \(module): \(rule.layer.reason)"
    }

    /// Import lines that cross a border.
    static func violations(in file: SwiftFile) -> [Violation] {
        guard let rule = byName[file.target] else {
            return [
                Violation(
                    path: file.path, line: 1, reason: "target \(file.target) has no row in Layering.swift")
            ]
        }
        return imports(of: file).compactMap { token in
            objection(to: token.text, in: rule).map { file.violation(token, $0) }
        }
    }

    /// The module names of the import lines.
    static func imports(of file: SwiftFile) -> [Token] {
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        return file.code.indices.compactMap { index in
            guard file.code[index].reads("import") else { return nil }
            let rest = file.code[(index + 1)...].prefix(2)
            return rest.first { $0.kind == .word && !kinds.contains($0.text) }
        }
    }

    /// What the daemon must not contain, since its memory is locked and its process has one thread.
    static func daemonViolations(in file: SwiftFile) -> [Violation] {
        let modules = imports(of: file).filter { $0.text.hasPrefix("Foundation") || $0.text == "Dispatch" }
        let words: Set = ["async", "await", "actor", "Task", "TaskGroup", "DispatchQueue", "pthread_create"]
        return modules.map {
            file.violation($0, "the daemon links no \($0.text): locked memory grows from 12 MB to over 60 MB")
        }
            + file.code.filter { $0.kind == .word && words.contains($0.text) }.map {
                file.violation($0, "`\($0.text)`: a process of the daemon has one thread and one event loop")
            }
    }
}
