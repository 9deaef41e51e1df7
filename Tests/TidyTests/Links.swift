import Foundation

/// What the pages point at exists, and nothing points out of the repository.
enum Links {
    struct Link: Hashable {
        var target: String
        var line: Int
    }

    /// Link targets of Markdown and of HTML tags in it; code blocks are passed over.
    static func links(in page: TextFile) -> [Link] {
        var isCode = false
        var found: [Link] = []
        for (index, line) in page.lines.enumerated() {
            if line.trimmed.hasPrefix("```") { isCode.toggle() }
            guard !isCode else { continue }
            for opening in ["](", "src=\"", "href=\""] {
                let close: Character = opening == "](" ? ")" : "\""
                for part in line.components(separatedBy: opening).dropFirst() {
                    guard let end = part.firstIndex(of: close) else { continue }
                    let target = part[..<end].split(separator: " ").first ?? ""
                    found.append(Link(target: String(target), line: index + 1))
                }
            }
        }
        return found
    }

    /// Headings as the anchors that pages on the web give them.
    static func anchors(in page: TextFile) -> Set<String> {
        Set(
            page.lines.filter { $0.hasPrefix("#") }.map { line in
                let heading = line.drop { $0 == "#" || $0 == " " }.lowercased()
                return String(
                    heading.compactMap { character -> Character? in
                        if character.isLetter || character.isNumber || "-_".contains(character) {
                            return character
                        }
                        return character == " " ? "-" : nil
                    })
            })
    }

    /// Links that lead nowhere. `page` looks up another file of the project, `exists` any path.
    static func broken(
        in page: TextFile, page lookUp: (String) -> TextFile?, exists: (String) -> Bool
    ) -> [Violation] {
        links(in: page).compactMap { link in
            guard !["http://", "https://", "mailto:", "data:"].contains(where: link.target.hasPrefix) else {
                return nil
            }
            let parts = link.target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = parts.first else { return nil }
            guard let path = resolve(String(first), from: page.path), path == page.path || exists(path) else {
                return Violation(
                    path: page.path, line: link.line, reason: "link to \(link.target): no such file")
            }
            guard parts.count == 2, let other = lookUp(path), !anchors(in: other).contains(String(parts[1]))
            else {
                return nil
            }
            return Violation(
                path: page.path, line: link.line, reason: "link to \(link.target): no such heading")
        }
    }

    /// A path from the top of the repository; nil when it leads out of it.
    static func resolve(_ target: String, from page: String) -> String? {
        guard !target.isEmpty else { return page }
        guard !target.hasPrefix("/") else { return nil }
        var parts = page.split(separator: "/").dropLast().map(String.init)
        for part in target.split(separator: "/") {
            switch part {
            case ".": continue
            case "..":
                guard parts.popLast() != nil else { return nil }
            default: parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }

    /// Places of the machine the project happened to be written on, spelt so that this file is not found.
    static let foreignPlaces = [
        "/wo" + "rk/", "/tmp/" + "hf", "../sha" + "red", "/ro" + "ot/", "/Us" + "ers/",
    ]

    /// Lines of any file that name such a place.
    static func foreign(in file: TextFile) -> [Violation] {
        file.lines.enumerated().flatMap { index, line in
            foreignPlaces.filter { line.utf8.count >= $0.utf8.count && line.contains($0) }.map {
                Violation(path: file.path, line: index + 1, reason: "\($0) is no place of the project")
            }
        }
    }
}
