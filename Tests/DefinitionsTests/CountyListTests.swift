import Definitions
import Records
import Testing

/// The county's optional lists: who works where, and which laboratory is proved.
struct CountyListTests {
    private func staff(_ rows: String) throws -> StaffList {
        try StaffList(text: "code,doctor,valid_from,valid_to\n" + rows, shownAs: "staff.csv")
    }

    private func quality(_ rows: String) throws -> QualityReferences {
        try QualityReferences(
            text: "code,month,reference,assessment\n" + rows, shownAs: "quality.csv")
    }

    @Test(
        arguments: [
            ("A", "题医一", "2012-01-01", true), ("A", "题医一", "2011-12-31", false),
            ("A", "题医一", "2012-12-31", true), ("A", "题医一", "2013-01-01", false),
            ("A", "题医一", "2015-05-01", true), ("A", "题医二", "2012-05-01", false),
            ("B", "题医二", "1990-01-01", true), ("B", "题医一", "2012-05-01", false),
            ("C", "题医一", "2012-05-01", nil),
        ] as [(String, String, String, Bool?)])
    func `somebody works where the list says, and of others it says nothing`(
        code: String, name: String, day: String, expected: Bool?
    ) throws {
        let list = try staff(
            "A,题医一,2012-01-01,2012-12-31\nA,题医一,2015-01-01,\nB,题医二,,\n")
        let day = try #require(CalendarDate(iso: day))
        #expect(list.works(Array(name.utf8)[...], at: Array(code.utf8)[...], on: day) == expected)
    }

    @Test(arguments: [
        ("A,,,", "empty"), (",题医一,,", "empty"), ("A,题医一,2012-1-1,", "yyyy-MM-dd"),
        ("A,题医一,2013-01-01,2012-01-01", "before"), ("A,题医一,", "Expected 4"),
    ])
    func `a wrong line of the staff is named, and nobody on it`(row: String, says: String) throws {
        let error = #expect(throws: DefinitionError.self) { try staff(row + "\n") }
        #expect(error?.line == 2 && error?.problem.en.contains(says) == true)
        #expect(error?.problem.zh.contains("题医") == false)
    }

    @Test(arguments: [
        ("L", "2012-03", true), ("L", "2012-04", false), ("L", "2012-05", true),
        ("L", "2012-06", false), ("M", "2012-03", false),
    ])
    func `a laboratory is proved for its months, unless it failed its assessment`(
        code: String, month: String, expected: Bool
    ) throws {
        let list = try quality("L,2012-03,QC-1,passed\nL,2012-04,QC-2,failed\nL,2012-05,QC-3,\n")
        let month = try #require(CalendarMonth(iso: month))
        #expect(list.isProved(Array(code.utf8)[...], in: month) == expected)
    }

    @Test(arguments: [
        ("L,2012-3,QC-1,passed", "yyyy-MM"), ("L,2012-03,,passed", "empty"),
        (",2012-03,QC-1,passed", "empty"), ("L,2012-03,QC-1,good", "passed, failed"),
        ("L,2012-03,QC-1", "Expected 4"),
    ])
    func `a wrong line of the proofs is named`(row: String, says: String) throws {
        let error = #expect(throws: DefinitionError.self) { try quality(row + "\n") }
        #expect(error?.line == 2 && error?.problem.en.contains(says) == true)
    }

    @Test func `a laboratory stands once for each month`() throws {
        let error = #expect(throws: DefinitionError.self) {
            try quality("L,2012-03,QC-1,passed\nL,2012-03,QC-2,failed\n")
        }
        #expect(error?.line == 3)
    }
}
