import Foundation
import Testing

/// A register of invented pregnancies through the very code that reads a hospital's: every row goes
/// where its truth file says, with every code that it says and no other.
struct PregnancySampleTests {
    /// A rehearsal site that reads the MCH hospital's register, with the list of who may do what.
    private static func prenatalSite() throws -> TestSite {
        let site = try TestSite()
        let list = try String(
            contentsOfFile: Program.root + "/samples/site/qualified.csv", encoding: .utf8)
        try site.write(list, to: "qualified.csv")
        try site.edit("shangbao.yaml") { text in
            text.replacing(
                "preconception/from-county-csv", with: "prenatal-screening/from-mch-register"
            )
            .replacing(
                "profile: preconception/reference-1",
                with: "profile: [preconception/reference-1, prenatal-screening/reference-1]")
        }
        return site
    }

    /// The areas in which the sample's institutions lie, as the funding file names them.
    private static let areas = ["990101": "LC-990101", "990229": "LC-990229"]

    /// A county settles its own area: each row's money is asked of the site whose area it is of.
    @Test(arguments: ["utf8", "gb18030", "gbk", "xlsx"])
    func `every test of a pregnancy ends as its truth says`(_ encoding: String) throws {
        let site = try PregnancySampleTests.prenatalSite()
        let mapping = "prenatal-screening/from-mch-register"
        let made = try site.program.run([
            "sample", "--mapping", mapping, "--pregnancies", "\(TruthFile.rows)", "--seed", "2016",
            "--defects", "0.1", "--encoding", encoding, "--out", site.folder,
        ])
        try #require(made.status == 0, "\(made.out)\(made.err)")
        let stem = "\(site.folder)/pregnancies-\(TruthFile.rows)-seed-2016"
        let answers = try TruthFile(stem + ".truth.csv").answers
        try #require(answers.count == TruthFile.rows)
        #expect(Set(answers.map(\.area)) == Set(PregnancySampleTests.areas.keys))
        TruthFile.say("pregnancies \(encoding): \(answers.count) rows made")
        if encoding == "xlsx" { try site.readWorkbooks(by: mapping) }
        var different = 0
        var fen: Int64 = 0
        for (division, area) in PregnancySampleTests.areas.sorted(by: { $0.key < $1.key }) {
            try site.edit("shangbao.yaml") { text in
                text.replacing(/(?m)^  (# )?fundingArea: .*$/, with: "  fundingArea: \(area)")
            }
            let preview = try PreviewedRows(
                of: stem + (encoding == "xlsx" ? ".xlsx" : ".csv"), at: site)
            #expect(preview.unknownColumns.isEmpty)
            try #require(preview.rows.map(\.row) == answers.map(\.row))
            TruthFile.say("pregnancies \(encoding): area \(area) previewed")
            for (row, answer) in zip(preview.rows, answers) where answer.area == division {
                if row.ending != answer.ending { different += 1 }
                #expect(row.ending == answer.ending, "row \(answer.row): \(answer.note)")
                fen += answer.ending.fen.values.reduce(0, +)
            }
        }
        TruthFile.say(
            "pregnancies \(encoding): \(answers.count) rows, \(different) differ, \(fen) fen")
    }

    @Test func `each check of the programme finds something, and something to let pass`() throws {
        let folder = NSTemporaryDirectory() + "shangbao-pregnancies-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func sample(_ count: Int) throws -> (file: Data, answers: [TruthFile.Answer]) {
            let made = try Program().run([
                "sample", "--mapping", "prenatal-screening/from-mch-register", "--count",
                "\(count)", "--seed", "9", "--encoding", "utf8", "--out", folder,
            ])
            try #require(made.status == 0, "\(made.out)\(made.err)")
            let stem = "\(folder)/pregnancies-\(count)-seed-9"
            return (
                try Data(contentsOf: URL(fileURLWithPath: stem + ".csv")),
                try TruthFile(stem + ".truth.csv").answers
            )
        }
        let whole = try sample(2000)
        #expect(
            whole.file.starts(with: try sample(300).file), "a longer file begins with a shorter")
        let programme = try String(
            contentsOfFile: Program.root + "/mappings/prenatal-screening/programme.yaml",
            encoding: .utf8)
        let codes = Set(programme.matches(of: /code: ([LR]-[0-9]+)/).map { String($0.1) })
        #expect(codes.count > 25)
        #expect(codes.subtracting(whole.answers.flatMap(\.ending.codes)).isEmpty)
        let edges = whole.answers.filter { $0.ending.codes.isEmpty && !$0.note.isEmpty }
        #expect(Set(edges.map(\.note)).count > 40)
    }
}
