import Definitions
import Records
import TestKit
import Testing
import Validation

/// Rules that ask the county's own lists: who works where (L-072), whose laboratory is proved.
struct CountyListRuleTests {
    private static let institution = "MA0000T1X99010111G1001"

    private func findings(
        of couple: CleanCouple, staff: String? = nil, quality: String? = nil
    ) throws -> [Finding] {
        let preconception = try Preconception.loaded()
        let plain = try preconception.context(for: [couple])
        let context = RuleContext(
            arrivedOn: plain.arrivedOn, designated: plain.designated,
            staff: try staff.map {
                try StaffList(
                    text: "code,doctor,valid_from,valid_to\n" + $0, shownAs: "staff.csv")
            },
            quality: try quality.map {
                try QualityReferences(
                    text: "code,month,reference,assessment\n" + $0, shownAs: "quality.csv")
            },
            isMapped: plain.isMapped)
        return preconception.rules.examine(try preconception.read([couple]), context)
            .outcomes[0].findings
    }

    private func doctors() throws -> (wife: String, husband: String) {
        let cells = CleanCouple().cells
        return (
            try #require(cells["女方体格检查医师"]), try #require(cells["男方体格检查医师"])
        )
    }

    private let wife = Finding(code: "L-072", effect: .warning, field: "wife.examDoctor")
    private let husband = Finding(code: "L-072", effect: .warning, field: "husband.examDoctor")

    @Test func `L-072: who signed works at the institution, from the first day to the last`()
        throws
    {
        let names = try doctors()
        let code = CountyListRuleTests.institution
        // Both were examined on 2012-03-01.
        func told(_ from: String, _ to: String) throws -> [Finding] {
            try findings(
                of: CleanCouple(),
                staff: Set([names.wife, names.husband]).map {
                    "\(code),\($0),\(from),\(to)\n"
                }.joined())
        }
        #expect(try told("", "").isEmpty)
        #expect(try told("2012-03-01", "2012-03-01").isEmpty)
        #expect(try told("2012-03-02", "") == [wife, husband])
        #expect(try told("", "2012-02-29") == [wife, husband])
    }

    @Test func `L-072: a doctor of another institution is told; nobody where no list knows it`()
        throws
    {
        let names = try doctors()
        let code = CountyListRuleTests.institution
        let elsewhere = "MA0000T2899010111A1001,\(names.wife),,\n"
        #expect(
            try findings(of: CleanCouple(), staff: elsewhere + "\(code),题医九,,\n")
                == [wife, husband])
        #expect(try findings(of: CleanCouple(), staff: elsewhere).isEmpty)
        #expect(try findings(of: CleanCouple()).isEmpty)
    }

    private func unproved(_ who: String) -> Finding {
        Finding(code: "R-19", effect: .warning, field: "\(who).labOrgCode")
    }

    @Test(arguments: [
        ("2012-03,QC-12,passed", true), ("2012-03,QC-12,", true), ("2012-03,QC-12,failed", false),
        ("2012-02,QC-12,passed", false), ("2012-04,QC-12,passed", false),
    ])
    func `R-19: the laboratory has a proof for the month of the sample`(
        row: String, isProved: Bool
    ) throws {
        // The couple's file names no laboratory: the institution tests by itself, in March 2012.
        let told = try findings(
            of: CleanCouple(), quality: "\(CountyListRuleTests.institution),\(row)\n")
        #expect(told == (isProved ? [] : [unproved("wife"), unproved("husband")]))
    }

    @Test func `R-19: it is the named laboratory that counts, and without a list nobody asks`()
        throws
    {
        let other = "MA0000T2899010111A1001"
        let couple = CleanCouple().with(["女方检验机构代码": other])
        let own = "\(CountyListRuleTests.institution),2012-03,QC-1,passed\n"
        #expect(try findings(of: couple, quality: own) == [unproved("wife")])
        #expect(
            try findings(of: couple, quality: own + "\(other),2012-03,QC-2,passed\n").isEmpty)
        #expect(try findings(of: couple).isEmpty)
    }
}
