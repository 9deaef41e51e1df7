import IPVSAdmin
import Lab
import Testing

/// What needs no kernel; the rest is in LabTests.
@Suite struct IPVSShellTests {
    private struct Outcome: Equatable {
        var status: Int32
        var output = ""
        var errors: [String] = []
    }

    private func run(_ line: String, input: [UInt8]? = nil, program: String = "holdfast ipvs") -> Outcome {
        var outcome = Outcome(status: 0)
        let shell = IPVSShell(
            program: program,
            streams: IPVSShell.Streams(
                input: { input }, output: { outcome.output += $0 }, error: { outcome.errors.append($0) }),
            names: .none)
        let status = shell.run(line.split(separator: " ").map(String.init))
        outcome.status = status
        return outcome
    }

    @Test func `help is a page`() {
        #expect(run("-h") == Outcome(status: 0, output: UsageText.text(program: "holdfast ipvs")))
        #expect(run("--help", program: "ipvsadm").output.contains("  ipvsadm -C\n"))
    }

    @Test func `a mistake is told in one line, with where help is`() {
        #expect(
            run("--nosuch")
                == Outcome(
                    status: 255,
                    errors: [
                        "holdfast ipvs: there is no option --nosuch (holdfast ipvs -h tells what there is)"
                    ]))
        let outcome = run("-A -t bad", program: "ipvsadm")
        #expect(
            outcome.errors == ["ipvsadm: bad is no address of a service (ipvsadm -h tells what there is)"])
        #expect(outcome.status == 2 && outcome.output == "")
    }

    @Test func `a saved table with mistakes is not restored`() {
        let outcome = run("-R", input: Array("-C\n-A -t bad\n--nosuch\n".utf8), program: "ipvsadm")
        #expect(
            outcome
                == Outcome(
                    status: 2,
                    errors: [
                        "ipvsadm: line 2: bad is no address of a service",
                        "ipvsadm: line 3: there is no option --nosuch", "ipvsadm: nothing has been changed",
                    ]))
    }

    @Test func `an input that cannot be read is told`() {
        let outcome = run("-R")
        #expect(outcome.status == 2 && outcome.output == "")
        #expect(outcome.errors == ["holdfast ipvs: cannot read the standard input, or it is too long"])
    }
}
