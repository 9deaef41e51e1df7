/// The lines that answer `events`, for people.
package enum EventText {
    /// `2026-08-09T10:02:11.120Z  server  192.0.2.21:80 in 192.0.2.100:80/tcp  UP -> DOWN  L4CON connection
    /// refused ...`, with a line break; nil for a line that is no event.
    package static func line(_ event: JSONValue) -> String? {
        guard event["kind"] == "event", let name = event["name"]?.text, let to = event["to"]?.text else {
            return nil
        }
        let place = event["service"]?.text.map { "\(name) in \($0)" } ?? name
        let change = (event["from"]?.text.map { "\($0) -> " } ?? "") + to
        let parts = [
            event["time"]?.text ?? "", padded(event["subject"]?.text ?? "", to: 6), place,
            change.uppercased(), event["reason"]?.text ?? "",
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "  ") + "\n"
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// The highest number among the events of an answer, or `last`: what to ask for next. A daemon that was
    /// started again begins at 1.
    package static func latest(_ lines: [JSONValue], after last: Int) -> Int {
        lines.compactMap { $0["sequence"]?.integer }.max() ?? last
    }

    /// How many events between `last` and those of an answer are no longer known; 0 after a new start.
    package static func lost(_ lines: [JSONValue], after last: Int) -> Int {
        let first = lines.compactMap { $0["sequence"]?.integer }.min() ?? 0
        return last > 0 && first > last ? first - last - 1 : 0
    }
}
