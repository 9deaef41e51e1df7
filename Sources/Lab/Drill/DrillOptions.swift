import Timekeeping

/// What `holdfast drill` was asked to do.
package struct DrillOptions: Hashable, Sendable, Codable {
    /// In this order.
    package var scenarios: [Scenario]
    /// The folder with `director-a.conf` and `director-b.conf`.
    package var example: String
    /// How often each scenario runs, 1...1000.
    package var runs: Int
    /// Overrides the budget of failovers.
    package var budget: Interval?
    /// The daemon's executable; nil for the `holdfastd` beside this program.
    package var daemon: String?
    /// From one request of the client to the next.
    package var interval: Interval

    /// Options.
    package init(
        scenarios: [Scenario], example: String, runs: Int = 1, budget: Interval? = nil, daemon: String? = nil,
        interval: Interval = .milliseconds(1)
    ) {
        self.scenarios = scenarios
        self.example = example
        self.runs = runs
        self.budget = budget
        self.daemon = daemon
        self.interval = interval
    }
}
