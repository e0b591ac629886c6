import Foundation
import Testing

/// A register of invented pregnancies through the very code that reads a hospital's: every row goes
/// where its truth file says, with every code that it says and no other.
struct PregnancySampleTests {
    private struct Shown: Decodable {
        struct Row: Decodable {
            struct Finding: Decodable { let code: String }
            let row: Int
            let fate: String
            let findings: [Finding]
            let fen: [String: Int64]
        }
        let rows: [Row]
        let unknownColumns: [String]
    }

    private struct Answer {
        let row: Int
        let fate: String
        let codes: [String]
        let area: String
        /// Of person, city, district, county and nobody named, in fen.
        let fen: [Int64]
        let note: String
    }

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

    private static func answers(_ path: String) throws -> [Answer] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.split(separator: "\n").dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(
                String.init)
            return Answer(
                row: Int(cells[0]) ?? 0, fate: cells[1],
                codes: cells[2].split(separator: " ").map(String.init), area: cells[4],
                fen: cells[7...11].map { Int64($0) ?? -1 }, note: cells[12])
        }
    }

    @Test(arguments: ["utf8", "gbk"])
    func `two thousand pregnancies fare as their truth file says`(_ encoding: String) throws {
        let site = try PregnancySampleTests.prenatalSite()
        let made = try site.program.run([
            "sample", "--mapping", "prenatal-screening/from-mch-register", "--pregnancies", "2000",
            "--seed", "2016", "--encoding", encoding, "--out", site.folder,
        ])
        try #require(made.status == 0, "\(made.out)\(made.err)")
        let stem = site.folder + "/pregnancies-2000-seed-2016"
        let shown = try site.program.run([
            "preview", stem + ".csv", "--rows", "0", "--json", "--site", site.folder,
        ])
        let preview = try JSONDecoder().decode(Shown.self, from: Data(shown.out.utf8))
        let answers = try PregnancySampleTests.answers(stem + ".truth.csv")
        #expect(preview.unknownColumns.isEmpty)
        try #require(answers.count == 2000)
        try #require(preview.rows.count == 2000)
        for (row, answer) in zip(preview.rows, answers) {
            let codes = Set(row.findings.map(\.code)).sorted()
            let isMet = row.row == answer.row && row.fate == answer.fate && codes == answer.codes
            #expect(isMet, "row \(row.row): \(row.fate) \(codes), told \(answer)")
            // The preview knows the prices of the site's own area.
            guard answer.area == "990101" else { continue }
            let fen = ["person", "city", "district", "county", "unassigned"].map { payer in
                row.fen.filter { $0.key.hasPrefix(payer + ".") }.values.reduce(0, +)
            }
            #expect(fen == answer.fen, "row \(row.row): \(row.fen)")
        }
    }

    @Test func `each check of the programme finds something, and something to let pass`() throws {
        let folder = NSTemporaryDirectory() + "shangbao-pregnancies-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func sample(_ count: Int) throws -> (file: Data, answers: [Answer]) {
            let made = try Program().run([
                "sample", "--mapping", "prenatal-screening/from-mch-register", "--count",
                "\(count)", "--seed", "9", "--encoding", "utf8", "--out", folder,
            ])
            try #require(made.status == 0, "\(made.out)\(made.err)")
            let stem = "\(folder)/pregnancies-\(count)-seed-9"
            return (
                try Data(contentsOf: URL(fileURLWithPath: stem + ".csv")),
                try PregnancySampleTests.answers(stem + ".truth.csv")
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
        #expect(codes.subtracting(whole.answers.flatMap(\.codes)).isEmpty)
        let edges = whole.answers.filter { $0.codes.isEmpty && !$0.note.isEmpty }
        #expect(Set(edges.map(\.note)).count > 40)
    }
}
