import Definitions
import Foundation
import Privacy
import Records
import Testing

/// The ratings of an assessment come from facts, by a table that a county may change.
struct AssessedThreatsTests {
    private static let threats = """
        code,threat,measure,left,before,after
        T1,认出人,粗化,少见组合,低,低
        T2,泄露,密封,平台,高,低

        """
    private static let ratings = """
        threat,fact,least,before,after,because
        T1,smallShare,1,高,中,{n}% 的行
        T1,smallShare,20,中,高,很多：{n}%
        T1,rareFields,1,中,低,{n} 个字段
        T2,ownCopyDays,1,低,中,留 {n} 天

        """

    private func rated(_ facts: [AssessmentFact: Int]) throws -> [String] {
        try AssessedThreats(threats: Self.threats, ratings: Self.ratings).rated(by: facts).map {
            "\($0.code) \($0.before.rawValue)→\($0.after.rawValue) "
                + $0.because.joined(separator: "；")
        }
    }

    @Test func `A rating moves with the facts, and says which`() throws {
        #expect(try rated([:]) == ["T1 低→低 ", "T2 高→低 "])
        #expect(
            try rated([.smallShare: 3, .ownCopyDays: 90]) == ["T1 高→中 3% 的行", "T2 高→中 留 90 天"])
        // Each step that is reached counts; the highest of a fact speaks.
        #expect(
            try rated([.smallShare: 100, .rareFields: 7]) == ["T1 高→高 很多：100%；7 个字段", "T2 高→低 "])
        #expect(try rated([.rareFields: 1]) == ["T1 中→低 1 个字段", "T2 高→低 "])
    }

    @Test(arguments: [
        ("T9,smallShare,1,高,高,x", "T9"), ("T1,kAnonymity,1,高,高,x", "smallShare"),
        ("T1,smallShare,0,高,高,x", "least"), ("T1,smallShare,1,很高,高,x", "很高"),
    ])
    func `A line that cannot be right is refused where it stands`(_ line: String, _ word: String) {
        let header = "threat,fact,least,before,after,because\n"
        let error = #expect(throws: DefinitionError.self) {
            try AssessedThreats(threats: Self.threats, ratings: header + line + "\n")
        }
        #expect(error?.place == "privacy/ratings.csv:2:1")
        #expect(error?.problem.en.contains(word) == true)
    }

    private static let shipped = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("mappings/privacy")

    private func shippedGrades(_ facts: [AssessmentFact: Int]) throws -> [String: String] {
        func text(_ name: String) throws -> String {
            try String(contentsOf: Self.shipped.appendingPathComponent(name), encoding: .utf8)
        }
        let threats = try AssessedThreats(
            threats: text("threats.csv"), ratings: text("ratings.csv")
        ).rated(by: facts)
        return Dictionary(
            uniqueKeysWithValues: threats.map { ($0.code, $0.before.rawValue + $0.after.rawValue) })
    }

    @Test func `By the shipped tables every row in a small cell is no middling risk`() throws {
        #expect(try shippedGrades([.quasiKept: 29, .smallShare: 100])["T04"] == "高高")
        #expect(try shippedGrades([.quasiKept: 29, .smallShare: 1])["T04"] == "高中")
        #expect(try shippedGrades([.quasiKept: 3])["T04"] == "中低")
        // Nobody counted: not better than the worst count.
        #expect(try shippedGrades([.quasiKept: 3, .notCounted: 1])["T04"] == "高高")
        #expect(try shippedGrades([.level5: 2])["T05"] == "高低")
        #expect(try shippedGrades([.level5: 2, .level5Kept: 1])["T05"] == "高中")
        #expect(try shippedGrades([.freeText: 4])["T06"] == "中低")
        #expect(try shippedGrades([.freeText: 4, .freeTextKept: 1])["T06"] == "高高")
        #expect(try shippedGrades([.ownCopyDays: 1095])["T09"] == "高中")
    }

    @Test func `Facts are read off the sheet and the counts`() throws {
        let sheet = try makeSheet(try makeMapping(advice: "keep: x", resultClass: "SH+"))
        let facts = AssessmentFact.all(of: sheet, rarity: nil, ownCopyDays: 30)
        #expect(facts.keys.count == AssessmentFact.allCases.count)
        #expect(facts[.quasiKept] == 1 && facts[.notCounted] == 1 && facts[.smallShare] == 0)
        #expect(facts[.level5] == 1 && facts[.level5Kept] == 1 && facts[.level5Rare] == 0)
        #expect(facts[.freeTextKept] == 1 && facts[.freeText] == 0 && facts[.ownCopyDays] == 30)
        #expect(facts[.toMend] == sheet.findings.count { $0.isToMend } && facts[.noConsent] == 0)
        let counted = try JSONDecoder().decode(
            RarityFigures.self,
            from: Data(
                """
                {"rows":400,"quasi":["wife.birthMonth"],"classes":9,"smallest":1,"rowsInSmall":3,
                 "rare":[{"field":"wife.result","values":2}]}
                """.utf8))
        let known = AssessmentFact.all(of: sheet, rarity: counted, ownCopyDays: 30)
        // Three of four hundred are less than one per cent, and not none.
        #expect(known[.smallShare] == 1 && known[.notCounted] == 0)
        #expect(known[.rareFields] == 1 && known[.level5Rare] == 1)
    }
}
