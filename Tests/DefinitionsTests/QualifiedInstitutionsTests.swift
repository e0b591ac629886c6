import Definitions
import Foundation
import Records
import TestKit
import Testing

/// Who may do what, and when.
struct QualifiedInstitutionsTests {
    private static let header = "code,zh,en,service,valid_from,valid_to\n"

    private func list(_ rows: String) throws -> QualifiedInstitutions {
        try QualifiedInstitutions(
            text: QualifiedInstitutionsTests.header + rows, shownAs: "qualified.csv")
    }

    private func may(
        _ list: QualifiedInstitutions, _ code: String,
        _ service: QualifiedInstitutions.Service, _ day: String
    ) throws -> Bool {
        let day = try #require(CalendarDate(iso: day))
        return Array(code.utf8).withUnsafeBufferPointer {
            list.isQualified($0, for: service, on: day)
        }
    }

    @Test(arguments: [
        ("A", QualifiedInstitutions.Service.serum, "2015-12-31", false),
        ("A", .serum, "2016-01-01", true), ("A", .serum, "2016-12-31", true),
        ("A", .serum, "2017-01-01", false), ("A", .serum, "2018-05-01", true),
        ("A", .nipt, "2016-06-01", false), ("B", .nipt, "1999-01-01", true),
        ("B", .serum, "2016-06-01", false), ("C", .serum, "2016-06-01", false),
        ("", .serum, "2016-06-01", false),
    ])
    func `an institution may do what it stands for, on the days it stands for`(
        code: String, service: QualifiedInstitutions.Service, day: String, expected: Bool
    ) throws {
        let list = try list(
            """
            A,甲,A,serum,2016-01-01,2016-12-31
            A,甲,A,serum,2018-01-01,
            B,乙,B,nipt,,
            """)
        #expect(try may(list, code, service, day) == expected)
    }

    @Test(arguments: [
        ("A,甲,A,surgery,,", "surgery", "designated"), (",甲,A,serum,,", "empty", "empty"),
        ("A,甲,A,serum,2016-1-1,", "day", "yyyy-MM-dd"),
        ("A,甲,A,serum,2017-01-01,2016-01-01", "order", "before"),
        ("A,甲,A,serum,", "cells", "Expected 6"),
    ])
    func `a wrong line is named`(row: String, _ what: String, says: String) throws {
        let error = #expect(throws: DefinitionError.self) { try list(row + "\n") }
        #expect(error?.line == 2, "\(what)")
        #expect(error?.problem.en.contains(says) == true, "\(what)")
    }

    @Test func `the example county's list is one`() throws {
        let path = Project.root + "/samples/site/qualified.csv"
        let list = try QualifiedInstitutions(
            text: String(contentsOfFile: path, encoding: .utf8), shownAs: path)
        #expect(try may(list, "MA0000T1X99010111G1001", .nipt, "2016-06-14"))
        #expect(try !may(list, "MA0000T2899010111A1001", .nipt, "2016-06-14"))
    }
}
