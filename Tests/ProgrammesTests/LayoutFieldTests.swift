import Definitions
import Programmes
import Records
import TestKit
import Testing

/// A check's layout brings no field of a follow-up, and a follow-up's none of the check.
struct LayoutFieldTests {
    private func problems(_ mapping: String, adding field: String) throws -> [DefinitionError] {
        let bench = try Workbench()
        try bench.change(
            "preconception/\(mapping).yaml", "\nfields:\n",
            to: "\nfields:\n  - { field: \(field), from: 附加列, optional: true }\n")
        return bench.problems
    }

    @Test(arguments: [
        ("from-county-csv", "wife.epfEvaluation", "earlyFollowUp"),
        ("from-county-csv", "wife.deliveryWeeks", "outcomeFollowUp"),
        ("from-early-follow-up", "wife.heightCm", "earlyFollowUp"),
        ("from-early-follow-up", "wife.deliveryWeeks", "earlyFollowUp"),
        ("from-outcome-follow-up", "wife.epfEvaluation", "outcomeFollowUp"),
        ("from-outcome-follow-up", "wife.mobilePhone", "outcomeFollowUp"),
    ])
    func `a field of another record is refused, by name`(
        mapping: String, field: String, owner: String
    ) throws {
        let problems = try problems(mapping, adding: field)
        let found = try #require(
            problems.first { $0.place?.contains(mapping) == true }, "\(problems)")
        #expect(found.problem.en.contains(field) && found.problem.en.contains(owner))
        #expect(problems.count == 1)
    }

    @Test(arguments: [
        ("from-early-follow-up", "wife.examDate"), ("from-outcome-follow-up", "wife.epfLmp"),
    ])
    func `what the rules of a follow-up ask for may be brought`(mapping: String, field: String)
        throws
    {
        let bench = try Workbench()
        #expect(try bench.text("preconception/\(mapping).yaml").contains(field))
        #expect(bench.problems.isEmpty)
    }

    @Test func `a follow-up that nobody knows cannot have come before another`() throws {
        let bench = try Workbench()
        try bench.change(
            "preconception/programme.yaml", "        record: earlyFollowUp\n",
            to: "        record: earliestFollowUp\n")
        #expect(bench.problems.contains { $0.problem.en.contains("earliestFollowUp") })
    }
}
