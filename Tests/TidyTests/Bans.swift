/// Calls and words that are not used here, each with the reason.
enum Bans {
    /// Everywhere, tests included.
    static func everywhere(in file: SwiftFile) -> [Violation] {
        let code = file.code
        var found: [Violation] = []
        for (index, token) in code.enumerated() {
            let next = index + 1 < code.count ? code[index + 1] : nil
            let bang = next.map { $0.reads("!") && $0.adjacent } ?? false
            switch token.text {
            case "try" where bang && token.kind == .word:
                found.append(file.violation(token, "`try!` ends the process: handle the error"))
            case "as" where bang && token.kind == .word:
                found.append(file.violation(token, "`as!` ends the process: use `as?`"))
            case "fatalError", "preconditionFailure", "assertionFailure":
                guard next?.reads("(") == true, index + 2 < code.count, code[index + 2].reads(")") else {
                    break
                }
                found.append(
                    file.violation(token, "`\(token.text)()` needs a message with the state that led here"))
            default:
                if bang, isForceUnwrap(code, index) {
                    found.append(
                        file.violation(token, "force unwrap: use `guard let`, or `#require` in tests"))
                }
            }
        }
        return found + unfinished(in: file) + vagueNames(in: file)
    }

    /// `a!`, `a()!`, `a[0]!` and `Int!`; not `a != b`, nor `!a`.
    private static func isForceUnwrap(_ code: [Token], _ index: Int) -> Bool {
        let token = code[index]
        guard token.kind == .word || token.kind == .quotedWord || token.reads(")") || token.reads("]") else {
            return false
        }
        let after = index + 2 < code.count ? code[index + 2] : nil
        return !(after.map { $0.reads("=") && $0.adjacent } ?? false)
    }

    /// Work left for later belongs into an issue, where somebody finds it.
    private static func unfinished(in file: SwiftFile) -> [Violation] {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
        return file.tokens.filter { $0.kind == .comment }.compactMap { comment in
            marks.first { comment.text.contains($0) }.map {
                file.violation(comment, "\($0): finish it, or open an issue")
            }
        }
    }

    /// Names that say nothing about what a type does.
    private static func vagueNames(in file: SwiftFile) -> [Violation] {
        let types: Set = ["struct", "class", "enum", "actor", "protocol", "typealias", "extension"]
        return zip(file.code, file.code.dropFirst()).compactMap { keyword, name in
            guard keyword.kind == .word, types.contains(keyword.text), name.kind == .word else { return nil }
            // Types of Foundation may keep their names.
            guard keyword.text != "extension" || name.text != "FileManager" else { return nil }
            return ["Manager", "Helper", "Util"].first { name.text.contains($0) }
                .map {
                    file.violation(name, "`\(name.text)`: a \($0) is nothing in particular; say what it does")
                }
        }
    }

    /// In pure targets: whatever makes two runs with the same inputs differ, or leaves a trace.
    static func impure(in file: SwiftFile) -> [Violation] {
        let words = [
            "ContinuousClock": "time is passed in as `now`", "SuspendingClock": "time is passed in as `now`",
            "Date": "time is passed in as `now`", "sleep": "time is passed in as `now`",
            "getenv": "settings are passed in", "CommandLine": "settings are passed in",
            "SystemRandomNumberGenerator": "a generator is passed in",
            "FileHandle": "pure targets open nothing",
        ]
        var found = file.code.filter { $0.kind == .word }.compactMap { token in
            words[token.text].map { file.violation(token, "`\(token.text)`: \($0)") }
        }
        let drawing: Set = ["random", "randomElement", "shuffled", "shuffle"]
        let code = file.code
        for index in code.indices.dropFirst() where drawing.contains(code[index].text) {
            guard code[index].kind == .word, code[index - 1].reads("."), index + 1 < code.count else {
                continue
            }
            guard code[index + 1].reads("("),
                !arguments(code, index + 1).contains(where: { $0.reads("using") })
            else { continue }
            found.append(
                file.violation(code[index], "`\(code[index].text)` without `using:` a seeded generator"))
        }
        return found
    }

    private static func arguments(_ code: [Token], _ open: Int) -> ArraySlice<Token> {
        var depth = 0
        for index in open..<code.count where code[index].kind == .sign {
            if code[index].text == "(" { depth += 1 }
            if code[index].text == ")" { depth -= 1 }
            if depth == 0 { return code[open..<index] }
        }
        return code[open...]
    }

    /// In pure targets and the daemon: output goes through the log. A file's own function may have such a
    /// name, as netlink's `dump` has.
    static func printing(in file: SwiftFile) -> [Violation] {
        let own = zip(file.code, file.code.dropFirst()).filter { $0.0.reads("func") }.map(\.1.text)
        return calls(Set(["print", "debugPrint", "dump", "puts", "printf"]).subtracting(own), in: file).map {
            file.violation($0, "`\($0.text)(`: the daemon speaks through its log only")
        }
    }

    /// Words followed by a parenthesis that are not members or declarations.
    static func calls(_ names: Set<String>, in file: SwiftFile) -> [Token] {
        let code = file.code
        return code.indices.dropLast().filter { index in
            guard code[index].kind == .word, names.contains(code[index].text), code[index + 1].reads("(")
            else {
                return false
            }
            return index == 0 || !code[index - 1].reads(".") && !code[index - 1].reads("func")
        }.map { code[$0] }
    }

    /// Outside adapters: pointers and unchecked claims.
    static func unsafe(in file: SwiftFile) -> [Violation] {
        file.code.filter { $0.kind == .word && ($0.text == "unsafe" || $0.text.hasPrefix("Unsafe")) }
            .map { file.violation($0, "`\($0.text)` belongs into an adapter (LinuxIO, KernelNet, TLS)") }
    }

    /// One clock reading a turn, taken in one place.
    static func clocks(in file: SwiftFile) -> [Violation] {
        calls(["clock_gettime", "gettimeofday", "time", "clock"], in: file).map {
            file.violation($0, "`\($0.text)(`: only LinuxIO's Clock reads a clock")
        }
    }

    /// Programs are started by their path and arguments, and files have names of their own.
    static func literals(in file: SwiftFile) -> [Violation] {
        let patterns = [
            "/tmp/": "a fixed name in a directory that everybody writes to",
            "/bin/sh": "no shell: pass an argument vector", "/bin/bash": "no shell: pass an argument vector",
        ]
        let strings = file.code.filter { $0.kind == .string }.flatMap { token in
            patterns.filter { token.text.contains($0.key) }.map {
                file.violation(token, "\"\($0.key)\": \($0.value)")
            }
        }
        return strings
            + calls(["system", "popen"], in: file).map {
                file.violation($0, "`\($0.text)(`: no shell: pass an argument vector")
            }
    }
}
