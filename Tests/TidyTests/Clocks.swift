/// Which of the kernel's clocks is read where. What decides must count the time that a machine was suspended;
/// on one that never was, no test of behaviour can tell the clocks apart.
enum Clocks {
    /// A clock, who reads it in C, and who asks for that in Swift.
    struct Reading: Hashable {
        var clock: String
        var function: String
        var name: String
    }

    static let readings = [
        Reading(clock: "CLOCK_BOOTTIME", function: "hf_clock_boottime", name: "now"),
        Reading(clock: "CLOCK_MONOTONIC", function: "hf_clock_monotonic", name: "monotonicMicroseconds"),
        Reading(clock: "CLOCK_REALTIME", function: "hf_clock_realtime", name: "wallTime"),
    ]

    /// Lines that read a clock elsewhere, or another one than their function's name says.
    static func violations(in file: TextFile) -> [Violation] {
        let isSwift = file.path.hasSuffix(".swift")
        guard isSwift || file.path.hasSuffix(".c") || file.path.hasSuffix(".h") else { return [] }
        return file.lines.enumerated().flatMap { index, line in
            let code = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
            return readings.compactMap { reading -> Violation? in
                let reason: String
                if isSwift {
                    guard code.contains(reading.function + "("), !code.contains("func \(reading.name)(")
                    else { return nil }
                    reason = "\(reading.function) is what \(reading.name)() of Clock reads, and nobody else"
                } else {
                    // A timer that is to end with the calendar's next jump has to name the calendar.
                    guard code.contains(reading.clock), !code.contains(reading.function + "("),
                        !code.contains("timerfd_create(")
                    else { return nil }
                    reason = "\(reading.clock) is what \(reading.function) reads, and nobody else"
                }
                return Violation(path: file.path, line: index + 1, reason: reason)
            }
        }
    }
}
