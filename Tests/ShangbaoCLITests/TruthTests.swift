import Foundation
import Testing

/// Invented couples with every defect through `preview`, held row by row to what was known before.
///
/// `scripts/proof` runs the same with more rows: `SHANGBAO_PROOF_ROWS`.
@Suite(.serialized) struct TruthTests {
    /// - Returns: the file's path, and its answers.
    private func sample(_ encoding: String, at site: TestSite) throws -> (
        path: String, answers: [TruthFile.Answer]
    ) {
        let made = try site.program.run([
            "sample", "--couples", "\(TruthFile.rows)", "--seed", "2012", "--whole",
            "--defects", "0.1", "--encoding", encoding, "--out", site.folder,
        ])
        #expect(made.status == 0, "\(made.err)")
        let stem = site.folder + "/couples-\(TruthFile.rows)-seed-2012"
        return (
            stem + (encoding == "xlsx" ? ".xlsx" : ".csv"),
            try TruthFile(stem + ".truth.csv").answers
        )
    }

    @Test(arguments: ["utf8", "gb18030", "gbk", "xlsx"])
    func `every row ends as its truth says`(encoding: String) throws {
        let site = try TestSite()
        let (path, answers) = try sample(encoding, at: site)
        TruthFile.say("couples \(encoding): \(answers.count) rows made")
        if encoding == "xlsx" { try site.readWorkbooks(by: "preconception/from-county-csv") }
        let listed = try PreviewedRows(of: path, at: site).rows
        #expect(listed.map(\.row) == answers.map(\.row))
        var different = 0
        for (row, answer) in zip(listed, answers) {
            if row.ending != answer.ending { different += 1 }
            #expect(row.ending == answer.ending, "row \(answer.row): \(answer.note)")
        }
        let fen = answers.reduce(0) { $0 + $1.ending.fen.values.reduce(0, +) }
        TruthFile.say(
            "couples \(encoding): \(answers.count) rows, \(different) differ, \(fen) fen")
    }

    @Test func `every rule that this layout can show is violated once and just kept once`() throws {
        let site = try TestSite(hasKeys: false)
        let answers = try sample("utf8", at: site).answers
        let programme = try String(
            contentsOfFile: Program.root + "/mappings/preconception/programme.yaml",
            encoding: .utf8)
        let rules = Set(programme.matches(of: /code: ([LR]-\d+)/).map { String($0.1) })
        // Follow-ups come later with their texts (L-098), L-014 speaks of files that arrive on the
        // day of the check, and R-19 asks a list that this county does not keep.
        let elsewhere = Set((75...83).map { "L-0\($0)" } + ["L-014", "L-098", "R-19"])
        let shown = rules.subtracting(elsewhere)
        #expect(shown.count > 70)
        let violated = Set(answers.flatMap(\.ending.codes))
        #expect(shown.subtracting(violated).sorted() == [])
        for rule in shown.sorted() where rule.hasPrefix("L-") {
            let kept = answers.filter { $0.note.hasPrefix(rule + " ") && $0.note.hasSuffix(" ok") }
            #expect(!kept.isEmpty, "\(rule)")
            // An old number that is still valid is upgraded, and said to be.
            let said = Set(kept.flatMap(\.ending.codes)).subtracting(["V-ID-15"])
            #expect(said.isEmpty && kept.allSatisfy { $0.ending.fate == "sent" }, "\(rule)")
        }
    }

    @Test func `every row of the tables of numbers is miscoded once`() throws {
        let site = try TestSite(hasKeys: false)
        let notes = Set(try sample("utf8", at: site).answers.map(\.note))
        // Lists of follow-ups, and the sex, which this clinic's mapping states once for all.
        let elsewhere: Set = [
            "deliveryOrg", "diagOrg", "earlyFollowUp", "folicAcid", "harmful", "infantSex",
            "outcomeFollowUp", "postIllness", "sex",
        ]
        let folder = Program.root + "/mappings/preconception/crosswalks"
        var rows = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let list = String(file.dropLast(4))
            if elsewhere.contains(list) { continue }
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                let code = line.split(separator: ",")[0]
                if code == "code" { continue }
                rows += 1
                #expect(notes.contains("V-CODE \(list) \(code)"), "\(list) \(code)")
            }
        }
        #expect(rows > 40)
    }
}
