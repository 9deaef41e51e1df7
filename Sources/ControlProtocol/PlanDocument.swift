/// The lines that answer `plan`, for `holdfast plan`: as one JSON document, as text for people, and what the
/// command exits with. docs/plan.schema.json describes the document.
package struct PlanDocument: Hashable, Sendable {
    private let plan: JSONValue
    private let changes: [JSONValue]
    private let overrides: [JSONValue]

    /// Sorts the lines of an answer; nil when that of the plan is missing. Lines of kinds that are not known
    /// here are left out.
    package init?(_ lines: [JSONValue]) {
        guard let plan = lines.first(where: { $0["kind"] == "plan" }) else { return nil }
        self.plan = plan
        changes = lines.filter { $0["kind"] == "change" }
        overrides = lines.filter { $0["kind"] == "override" }
    }

    /// 0 when nothing would change, 2 for changes, 3 for changes that interrupt traffic.
    package var exitStatus: Int32 { changes.isEmpty ? 0 : interrupts ? 3 : 2 }

    private var interrupts: Bool { changes.contains { $0["interrupts"] == true } }

    /// One document.
    package var json: JSONValue {
        func bare(_ line: JSONValue) -> [JSONValue.Member] { line.members.filter { $0.name != "kind" } }
        return .object(
            bare(plan) + [
                .init("interrupts", .bool(interrupts)),
                .init("changes", .array(changes.map { .object(bare($0)) })),
                .init("overrides", .array(overrides.map { .object(bare($0)) })),
            ])
    }

    /// For people; lines end in "\n".
    package var text: String {
        guard !changes.isEmpty else { return "nothing would change\n" }
        var text = ""
        var object: String?
        let widths = Dictionary(
            changes.map { ($0["object"]?.text ?? "", Self.head($0).count) }, uniquingKeysWith: max)
        for change in changes {
            let name = change["object"]?.text ?? ""
            if change["item"]?.text == nil {
                text += "  \(Self.sign(change)) \(Self.row(change, name, width: 0))"
                object = nil
                continue
            }
            if name != object { text += "  \(name)\n" }
            object = name
            text +=
                "    \(Self.sign(change)) \(Self.row(change, Self.head(change), width: widths[name] ?? 0))"
        }
        for override in overrides {
            let what =
                "\(override["order"]?.text ?? "") of \(override["server"]?.text ?? "") in "
                + "\(override["service"]?.text ?? "") by \(override["by"]?.text ?? "")"
            text += override["ends"] == true ? "  over: \(what), with its server\n" : "  kept: \(what)\n"
        }
        func count(_ word: JSONValue) -> Int { changes.filter { $0["change"] == word }.count }
        text += "\(count("add")) to add, \(count("change")) to change, \(count("remove")) to remove.  "
        return text + "Interrupts traffic: \(interrupts ? "yes" : "no").  Apply with: holdfast reload\n"
    }

    private static func sign(_ change: JSONValue) -> String {
        switch change["change"]?.text {
        case "add": "+"
        case "remove": "-"
        default: "~"
        }
    }

    /// What it is and how it differs.
    private static func head(_ change: JSONValue) -> String {
        [change["item"]?.text, change["detail"]?.text].compactMap { $0 }.filter { !$0.isEmpty }
            .joined(separator: "  ")
    }

    private static func row(_ change: JSONValue, _ head: String, width: Int) -> String {
        // One that is longer than a line pushes only its own effect aside.
        let padding = String(repeating: " ", count: max(0, min(width, 60) - head.count))
        let warning = change["interrupts"] == true ? "! " : "  "
        return "\(head)\(padding)  \(warning)\(change["effect"]?.text ?? "")\n"
    }
}
