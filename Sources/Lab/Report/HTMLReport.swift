import Timekeeping

/// The report: one HTML file without scripts and without anything from outside of it.
struct HTMLReport {
    /// What is told.
    let record: DrillRecord

    /// Rows of a table beyond these are counted, not shown.
    static let mostRows = 200

    /// The file.
    func html() -> String {
        let verdict = record.verdict
        let title = "\(verdict.outcome.word): drill of \(record.header.example)"
        let policy = "default-src 'none'; style-src 'unsafe-inline'"
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            + "<meta http-equiv=\"Content-Security-Policy\" content=\"\(Markup.escape(policy))\">\n"
            + Self.element("title", text: title) + "\n<style>\n\(HTMLStyle.sheet)</style>\n</head>\n<body>\n"
            + head(verdict) + "<main>\n" + overview
            + record.scenarios.enumerated().map { index, scenario in
                ScenarioCard(scenario: scenario, id: Self.id(index)).html()
            }.joined() + ending + "</main>\n<footer class=\"quiet\">Holdfast "
            + Markup.escape("\(record.header.toolVersion), \(record.header.date)")
            + "</footer>\n</body>\n</html>\n"
    }

    /// The anchor of a scenario.
    static func id(_ index: Int) -> String { "scenario-\(index + 1)" }

    private func head(_ verdict: Verdict) -> String {
        let word: String
        switch verdict.outcome {
        case .passed: word = "The drill passed"
        case .failed: word = "The drill failed"
        case .skipped, .couldNotRun: word = "The drill could not run"
        }
        let header = record.header
        let facts = [header.example, header.date, header.kernel, header.place].filter { !$0.isEmpty }
        var lead = Self.sentence(verdict.reason)
        if let problem = record.problem, problem != verdict.reason { lead += " " + Self.sentence(problem) }
        return "<header>\n" + Self.element("p", style: "over", text: "Holdfast failover drill")
            + Self.element("h1", style: verdict.outcome.style, text: word)
            + Self.element("p", style: "lead", text: lead)
            + Self.element("p", style: "quiet", text: facts.joined(separator: " \u{00B7} ")) + "</header>\n"
    }

    /// All scenarios, a row each.
    private var overview: String {
        guard !record.scenarios.isEmpty else { return "" }
        let longest = record.scenarios.flatMap { [$0.budget, $0.worstOutage?.length].compactMap(\.self) }
            .max()
        let rows = record.scenarios.enumerated().map { index, scenario in
            let verdict = scenario.verdict
            let checks = scenario.allChecks
            let title = Self.element("a", ["href": "#\(Self.id(index))"], text: scenario.title)
            return "<tr><td>\(title)</td>"
                + Self.element("td", style: "word \(verdict.outcome.style)", text: verdict.outcome.word)
                + Self.element(
                    "td", style: "number",
                    text: scenario.budget == nil ? "\u{2013}" : Self.length(scenario.worstOutage))
                + Self.element(
                    "td", style: "number quiet", text: scenario.budget.map { "\($0)" } ?? "\u{2013}")
                + "<td class=\"bar\">\(Self.bar(scenario, of: longest))</td>"
                + Self.element(
                    "td", style: "number",
                    text: checks.isEmpty ? "\u{2013}" : "\(checks.count { $0.passed }) of \(checks.count)")
                + "</tr>\n"
        }
        return "<section class=\"card\"><div class=\"scroll\"><table>\n<thead><tr><th>Scenario</th>"
            + "<th>Verdict</th><th class=\"number\">Longest outage</th><th class=\"number\">Budget</th>"
            + "<th class=\"bar\">Outage against budget</th>"
            + "<th class=\"number\">Checks</th></tr></thead>\n<tbody>\n"
            + rows.joined() + "</tbody></table></div></section>\n"
    }

    /// The worst outage as a bar, the budget as a line in it, on the scale of the whole drill.
    private static func bar(_ scenario: ScenarioRecord, of longest: Interval?) -> String {
        guard let longest, longest > .zero, let worst = scenario.worstOutage, let budget = scenario.budget
        else { return "" }
        let scale = Scale(from: 0, through: longest.seconds, onto: 0, 198)
        var writer = SVGWriter()
        writer.begin(
            "svg",
            ["class": "hf", "viewBox": "0 0 200 10", "preserveAspectRatio": "none", "aria-hidden": "true"])
        writer.rectangle(x: 0, y: 3, width: scale.place(budget.seconds), height: 4, style: "band")
        let isOver = worst.length > budget || !worst.isOver
        writer.rectangle(
            x: 0, y: 3, width: max(scale.place(worst.length.seconds), 1.5), height: 4,
            style: isOver ? "t-unserved" : "t-served")
        let x = scale.place(budget.seconds)
        writer.line(x, 0, x, 10, style: "l-ink")
        return writer.finish()
    }

    /// Versions, settings and configurations.
    private var ending: String {
        let header = record.header
        let own = [
            Fact(name: "Example", value: header.example), Fact(name: "Date", value: header.date),
            Fact(name: "holdfast", value: header.toolVersion),
            Fact(name: "Daemon", value: header.daemonVersion),
            Fact(name: "Executable", value: header.daemonPath), Fact(name: "Kernel", value: header.kernel),
            Fact(name: "Place", value: header.place),
        ]
        let rows = (own + header.facts).filter { !$0.value.isEmpty }.prefix(Self.mostRows).map {
            "<tr>" + Self.element("th", ["scope": "row"], text: $0.name)
                + Self.element("td", text: $0.value) + "</tr>\n"
        }
        let configurations = header.configurations.prefix(16).map { configuration in
            "<div>" + Self.element("h3", text: configuration.director)
                + "<pre>\(Markup.escape(configuration.text))</pre>"
                + "<p class=\"quiet\">SHA-256 "
                + Self.element("code", text: configuration.sha256) + "</p></div>\n"
        }
        return
            "<section class=\"card\"><h2>Versions and settings</h2>\n"
            + "<div class=\"scroll\"><table class=\"settings\"><tbody>\n"
            + rows.joined() + "</tbody></table></div></section>\n"
            + (configurations.isEmpty
                ? ""
                : "<section class=\"card\"><h2>Configurations</h2>\n<div class=\"configurations\">\n"
                    + configurations.joined() + "</div></section>\n")
    }

    /// An element with escaped text in it.
    static func element(_ name: String, style: String, text: String) -> String {
        element(name, ["class": style], text: text)
    }

    /// An element with escaped attributes and text.
    static func element(
        _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String
    )
        -> String
    {
        "<\(name)\(Markup.attributes(attributes))>\(Markup.escape(text))</\(name)>"
    }

    /// An outage as it stands in tables.
    static func length(_ outage: Outage?) -> String {
        outage.map { "\($0.isOver ? "" : "> ")\($0.length)" } ?? "\u{2013}"
    }

    /// With a capital letter at its beginning and a full stop at its end.
    static func sentence(_ text: String) -> String {
        guard let first = text.first, let last = text.last else { return "" }
        let ends = ".!?:".contains(last)
        return first.uppercased() + text.dropFirst() + (ends ? "" : ".")
    }
}
