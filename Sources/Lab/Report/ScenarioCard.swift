import Timekeeping

/// One scenario in the report.
struct ScenarioCard {
    /// What is told.
    let scenario: ScenarioRecord
    /// Its anchor; also the beginning of names in its pictures.
    let id: String

    /// The section.
    func html() -> String {
        let verdict = scenario.verdict
        let style = verdict.outcome.style
        let badge =
            "<span class=\"badge \(style)\">\(verdict.outcome.word)"
            + "<span class=\"reason\">\(Markup.escape(verdict.reason))</span></span>"
        var html = "<section class=\"card\" id=\"\(id)\">\n<div class=\"head\">"
        html += HTMLReport.element("h2", text: scenario.title) + badge + "</div>\n"
        html += paragraph(scenario.sentence)
        html += paragraph(scenario.expectation, style: "expected quiet")
        if let run = scenario.worstRun { html += pictures(of: run) }
        html += runs
        html += checks
        html += skipped
        return html + "</section>\n"
    }

    private func paragraph(_ text: String, style: String = "") -> String {
        guard !text.isEmpty else { return "" }
        return style.isEmpty
            ? HTMLReport.element("p", text: text) : HTMLReport.element("p", style: style, text: text)
    }

    /// The worst run in pictures and numbers, and all runs as a histogram.
    private func pictures(of run: RunRecord) -> String {
        var html = ""
        if !run.lanes.isEmpty {
            if scenario.runs.count > 1 {
                let which = run.outage == nil ? "first" : "longest outage"
                html += HTMLReport.element(
                    "h3", text: "Run \(run.number) of \(scenario.runs.count) (\(which))")
            }
            let picture = Timeline(scenario: scenario, run: run, prefix: "\(id)-timeline").svg()
            html += "<figure>\(picture)</figure>\n"
        }
        html += numbers(of: run)
        // Where only checks decide, gaps are nobody's outage.
        guard scenario.budget != nil else { return html }
        if let bar = PhaseBar(run: run, prefix: "\(id)-phases").svg(),
            (run.outage?.length ?? .zero) > .milliseconds(20)
        {
            html += "<h3>Where the time went</h3>\n<figure>\(bar)</figure>\n"
        }
        if let histogram = Histogram(scenario: scenario, prefix: "\(id)-histogram").svg() {
            html += HTMLReport.element("h3", text: "Outages of all \(scenario.outages.count) runs")
            html += "<figure>\(histogram)</figure>\n"
        }
        return html
    }

    private var outageName: String {
        guard scenario.budget != nil else { return "Longest gap" }
        return scenario.runs.count > 1 ? "Longest outage" : "Outage"
    }

    private func numbers(of run: RunRecord) -> String {
        var items: [(name: String, value: String, note: String)] = []
        if let outage = run.outage {
            let value = "\(outage.isOver ? "" : "> ")\(Decimals.people(outage.length))"
            items.append(
                (
                    outageName, value,
                    outage.isOver ? "" : "service did not come back"
                ))
        }
        if let budget = scenario.budget {
            let bound = scenario.bound.map { "protocol bound \(Decimals.people($0))" }
            items.append(("Budget", Decimals.people(budget), bound ?? ""))
        }
        if run.probes.sent > 0 {
            let share = Double(run.probes.failed) / Double(run.probes.sent) * 100
            let percent = "\(Decimals.fixed(share, places: 1))\u{00A0}%"
            let failed = "\(Decimals.count(run.probes.failed)) unanswered (\(percent))"
            let spacing = "one every \(Decimals.people(run.probes.spacing)), \(failed)"
            items.append(("Probes", Decimals.count(run.probes.sent), spacing))
        }
        if !run.servers.isEmpty {
            let replies = run.servers.reduce(0) { $0 + $1.replies }
            let each = run.servers.prefix(8).map { "\($0.name) \(Decimals.count($0.replies))" }
            items.append(("Good replies", Decimals.count(replies), each.joined(separator: ", ")))
        }
        if let noise = run.noise {
            items.append(("Longest gap before", Decimals.people(noise), "what the lab itself adds"))
        }
        guard !items.isEmpty else { return "" }
        let divisions = items.map { item in
            let note = item.note.isEmpty ? "" : HTMLReport.element("small", text: item.note)
            return "<div>\(HTMLReport.element("dt", text: item.name))"
                + "<dd>\(Markup.escape(item.value))\(note)</dd></div>\n"
        }
        return "<dl class=\"numbers\">\n\(divisions.joined())</dl>\n"
    }

    /// Every run, when there are several.
    private var runs: String {
        guard scenario.runs.count > 1 else { return "" }
        let rows = scenario.runs.prefix(HTMLReport.mostRows).map { run in
            let servers = run.servers.prefix(8).map { "\($0.name) \(Decimals.count($0.replies))" }
            let isOver = run.outage.map { !$0.isOver || $0.length > (scenario.budget ?? $0.length) } ?? false
            return "<tr>" + HTMLReport.element("td", style: "number", text: "\(run.number)")
                + HTMLReport.element(
                    "td", style: isOver ? "number fail" : "number", text: HTMLReport.length(run.outage))
                + HTMLReport.element("td", style: "number", text: Decimals.count(run.probes.sent))
                + HTMLReport.element("td", style: "number", text: Decimals.count(run.probes.failed))
                + HTMLReport.element(
                    "td", style: "number", text: run.noise.map(Decimals.people) ?? "\u{2013}")
                + HTMLReport.element("td", style: "quiet", text: servers.joined(separator: ", ")) + "</tr>\n"
        }
        let names = ["Run", "Outage", "Probes", "Unanswered", "Longest gap before"].map {
            HTMLReport.element("th", style: "number", text: $0)
        }
        return
            "<h3>All runs</h3>\n<div class=\"scroll\"><table>"
            + "<thead><tr>\(names.joined())<th>Replies</th></tr></thead>\n"
            + "<tbody>\n\(rows.joined())</tbody></table></div>\n" + more(scenario.runs.count, "runs")
    }

    private var checks: String {
        let summaries = CheckSummary.summaries(of: scenario.allChecks)
        guard !summaries.isEmpty else { return "" }
        let isRepeated = summaries.contains { $0.made > 1 }
        let rows = summaries.prefix(HTMLReport.mostRows).map { check in
            let outcome = check.isGood ? Outcome.passed : .failed
            return "<tr>"
                + HTMLReport.element("td", style: "word \(outcome.style)", text: outcome.word)
                + HTMLReport.element("td", text: check.name)
                + HTMLReport.element("td", style: "quiet", text: check.wanted)
                + HTMLReport.element("td", text: check.seen)
                + (isRepeated
                    ? HTMLReport.element("td", style: "number", text: "\(check.passed) of \(check.made)")
                    : "")
                + "</tr>\n"
        }
        let last = isRepeated ? "<th class=\"number\">Runs</th>" : ""
        return
            "<h3>Checks</h3>\n<div class=\"scroll\"><table><thead><tr><th></th><th>Check</th><th>Wanted</th>"
            + "<th>Seen</th>\(last)</tr></thead>\n<tbody>\n\(rows.joined())</tbody></table></div>\n"
            + more(summaries.count, "checks")
    }

    private var skipped: String {
        guard !scenario.skipped.isEmpty else { return "" }
        let items = scenario.skipped.prefix(HTMLReport.mostRows).map {
            HTMLReport.element("li", text: "\($0.what): \($0.why)")
        }
        return "<h3>Left out</h3>\n<ul>\(items.joined())</ul>\n" + more(scenario.skipped.count, "parts")
    }

    private func more(_ count: Int, _ what: String) -> String {
        let rest = count - HTMLReport.mostRows
        return rest > 0
            ? HTMLReport.element(
                "p", style: "quiet", text: "\(Decimals.count(rest)) more \(what) in the JSON record.")
            : ""
    }
}
