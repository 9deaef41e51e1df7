import ConfigModel
import NetTypes

extension HostDescription {
    /// A host as a golden's section `>>> host` describes it, one thing a line: `interface NAME [PREFIX ...]`,
    /// `loopback NAME [PREFIX ...]`, `file PATH MODE OWNER GROUP`, `directory PATH MODE OWNER GROUP`,
    /// `user NAME ID`, `group NAME ID`, `known-group NAME`, `module NAME loaded|loadable`,
    /// `setting PATH VALUE`, and `no file|user|group|module NAME`.
    init(golden text: String) {
        self.init()
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if words.count >= 3, words[0] == "no" { deny(words[1], words[2]) } else { add(words) }
        }
    }

    private mutating func deny(_ kind: String, _ name: String) {
        switch kind {
        case "file": files[name] = .absent
        case "user": users[name] = .absent
        case "group": groups[name] = .absent
        default: modules[name] = .absent
        }
    }

    private mutating func add(_ words: [String]) {
        let number = words.dropFirst(2).compactMap { UInt32($0, radix: 8) }
        switch words.first {
        case "interface", "loopback":
            let addresses = words.dropFirst(2).compactMap { Prefix($0) }
            interfaces =
                (interfaces ?? [])
                + [Interface(words[1], isLoopback: words[0] == "loopback", addresses: addresses)]
        case "file", "directory":
            files[words[1]] = .present(
                File(
                    isDirectory: words[0] == "directory", mode: number[0], owner: number[1], group: number[2])
            )
        case "user": users[words[1]] = .present(Account(user: number[0], groups: [number[0]]))
        case "group": groups[words[1]] = .present(number[0])
        case "known-group": knownGroups.append(words[1])
        case "module": modules[words[1]] = .present(words[2] == "loaded" ? .loaded : .loadable)
        default: settings[words[1]] = words[2]
        }
    }
}
