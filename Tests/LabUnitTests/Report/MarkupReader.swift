/// A strict little reader of XML, and of HTML as the report writes it: it accepts less than a browser does,
/// so what it reads any browser reads.
struct MarkupReader {
    struct Element {
        var name: String
        var attributes: [String: String]
        var children: [Element] = []
        var text = ""

        /// This element and all inside of it, in the order of the document.
        var all: [Element] { [self] + children.flatMap(\.all) }
        /// All text inside, in the order of elements.
        var allText: String { all.map(\.text).joined(separator: " ") }

        func all(_ name: String) -> [Element] { all.filter { $0.name == name } }
        func has(class name: String) -> Bool {
            attributes["class"]?.split(separator: " ").contains(Substring(name)) ?? false
        }
        func number(_ name: String) -> Double { attributes[name].flatMap(Double.init) ?? .nan }
    }

    struct Malformed: Error, Equatable {
        var reason: String
    }

    private var rest: Substring.UnicodeScalarView
    private static let void: Set = ["meta", "link", "br", "img", "hr"]

    /// The root element of an XML document, or of an HTML document after its doctype.
    static func read(_ text: String) throws -> Element {
        var reader = MarkupReader(rest: Substring(text).unicodeScalars)
        let isHTML = text.hasPrefix("<!DOCTYPE html>\n")
        if isHTML { reader.rest = Substring(text.dropFirst(16)).unicodeScalars }
        let root = try reader.element(isHTML: isHTML)
        guard reader.rest.allSatisfy({ $0 == "\n" }) else { throw Malformed(reason: "text after the root") }
        return root
    }

    private mutating func element(isHTML: Bool) throws -> Element {
        try expect("<")
        let name = take { $0 == "-" || $0.properties.isAlphabetic || ("0"..."9").contains($0) }
        guard !name.isEmpty else { throw Malformed(reason: "no name at \(String(rest.prefix(20)))") }
        var element = Element(name: name, attributes: [:])
        while rest.first == " " {
            rest.removeFirst()
            let attribute = take {
                $0 == "-" || $0 == ":" || $0.properties.isAlphabetic || ("0"..."9").contains($0)
            }
            try expect("=\"")
            let value = try unescaped(take { $0 != "\"" })
            try expect("\"")
            guard !attribute.isEmpty, element.attributes.updateValue(value, forKey: attribute) == nil else {
                throw Malformed(reason: "attribute \(attribute) of \(name)")
            }
        }
        if rest.first == "/" {
            try expect("/>")
            return element
        }
        try expect(">")
        if isHTML, Self.void.contains(name) { return element }
        if isHTML, name == "style" {
            element.text = take { $0 != "<" }
        }
        while true {
            element.text += try unescaped(take { $0 != "<" })
            guard rest.first == "<" else { throw Malformed(reason: "\(name) is not ended") }
            if rest.dropFirst().first == "/" { break }
            element.children.append(try self.element(isHTML: isHTML))
        }
        try expect("</\(name)>")
        return element
    }

    private mutating func take(while isWanted: (Unicode.Scalar) -> Bool) -> String {
        let taken = rest.prefix(while: isWanted)
        rest = rest.dropFirst(taken.count)
        return String(taken)
    }

    private mutating func expect(_ text: String) throws {
        for scalar in text.unicodeScalars {
            guard rest.first == scalar else {
                throw Malformed(reason: "\(text) expected at \(String(rest.prefix(30)))")
            }
            rest.removeFirst()
        }
    }

    private func unescaped(_ text: String) throws -> String {
        let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'"]
        var parts = text.split(separator: "&", omittingEmptySubsequences: false)
        var result = String(parts.removeFirst())
        for part in parts {
            guard let end = part.firstIndex(of: ";"), let value = entities[String(part[..<end])] else {
                throw Malformed(reason: "entity &\(part.prefix(12))")
            }
            result += value + part[part.index(after: end)...]
        }
        for scalar in result.unicodeScalars where scalar.value < 0x20 && scalar != "\n" && scalar != "\t" {
            throw Malformed(reason: "control character \(scalar.value)")
        }
        guard !result.contains("<") || text.contains("&lt;") else { throw Malformed(reason: "bare <") }
        return result
    }
}
