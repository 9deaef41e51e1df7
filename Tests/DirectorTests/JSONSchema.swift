import ControlProtocol
import LinuxIO

/// A JSON Schema, as far as ours use it: type, const, enum, required, properties, items, $ref into $defs or
/// into another one of ours.
struct JSONSchema {
    let root: JSONValue

    /// The schema called `name` in docs.
    init(_ name: String, file: String = #filePath) throws {
        let top = file.split(separator: "/", omittingEmptySubsequences: false)
            .prefix { $0 != "Tests" }.joined(separator: "/")
        let octets = try Files.read("\(top)/docs/\(name)", limit: 1 << 20)
        root = try JSONReader.read(octets[...])
    }

    /// What is wrong with `value`, each with its place; nothing when it is valid. Members that the schema
    /// does not name are wrong here, so that it names all there are.
    func violations(in value: JSONValue) -> [String] { violations(of: value, root, at: "$") }

    private func violations(of value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        if let reference = schema["$ref"]?.text, !reference.hasPrefix("#") {
            let parts = reference.split(separator: "#")
            guard parts.count == 2, let other = try? Self(String(parts[0])) else {
                return ["\(place): \(reference) is not there"]
            }
            let target = parts[1].split(separator: "/").reduce(other.root) { $0[String($1)] ?? .null }
            return other.violations(of: value, target, at: place)
        }
        if let reference = schema["$ref"]?.text {
            let target = root["$defs"]?[String(reference.drop { $0 != "$" }.dropFirst(6))]
            return target.map { violations(of: value, $0, at: place) } ?? [
                "\(place): \(reference) is not there"
            ]
        }
        var found: [String] = []
        if let wanted = schema["const"], wanted != value { found.append("\(place): is not \(wanted)") }
        if let choices = schema["enum"]?.elements, !choices.contains(value) {
            found.append("\(place): \(value) is none of \(choices)")
        }
        let types = schema["type"].map { $0.elements.isEmpty ? [$0] : $0.elements } ?? []
        if !types.isEmpty, !types.contains(where: { $0.text.map { Self.isOf($0, value) } ?? false }) {
            found.append("\(place): \(value) is not of \(types)")
        }
        for name in schema["required"]?.elements.compactMap(\.text) ?? [] where !value.members.isEmpty {
            if value[name] == nil { found.append("\(place): has no \(name)") }
        }
        if let properties = schema["properties"] {
            for member in value.members {
                guard let rule = properties[member.name] else {
                    found.append("\(place).\(member.name): is not in the schema")
                    continue
                }
                found += violations(of: member.value, rule, at: "\(place).\(member.name)")
            }
        }
        if let items = schema["items"] {
            for (index, element) in value.elements.enumerated() {
                found += violations(of: element, items, at: "\(place)[\(index)]")
            }
        }
        return found
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch type {
        case "null": value == .null
        case "boolean": value.bool != nil
        case "integer": value.integer != nil
        case "number": value.double != nil
        case "string": value.text != nil
        case "array": if case .array = value { true } else { false }
        case "object": if case .object = value { true } else { false }
        default: false
        }
    }
}
