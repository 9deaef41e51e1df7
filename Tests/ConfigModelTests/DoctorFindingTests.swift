import Testing

@testable import ConfigModel

@Suite struct DoctorFindingTests {
    private func finding(
        _ level: DoctorFinding.Level, _ number: Int = 1, cure: String? = nil
    ) -> DoctorFinding {
        DoctorFinding(number: number, name: "DR ports", level: level, evidence: "equal", cure: cure)
    }

    static let statuses: [(levels: [DoctorFinding.Level], status: Int32)] = [
        ([], 0), ([.ok, .info], 0), ([.ok, .warning, .unknown], 1), ([.warning, .failure, .unknown], 2),
        ([.ok, .unknown], 3),
    ]

    @Test(arguments: statuses) func `the worst decides, as with Nagios plugins`(
        levels: [DoctorFinding.Level], status: Int32
    ) {
        #expect(DoctorFinding.exitStatus(of: levels.map { finding($0) }) == status)
    }

    @Test func `a cure stands under its evidence`() {
        let text = DoctorFinding.text(of: [finding(.ok), finding(.failure, 12, cure: "do so")])
        #expect(
            text == """
                 1 ok       DR ports  equal
                12 failure  DR ports  equal
                                      cure: do so

                """)
        #expect(DoctorFinding.text(of: []).isEmpty)
    }
}
