import Foundation
import Testing

/// What must become of a sample's rows, by its truth file, and how a proof tells of its progress.
struct TruthFile {
    /// Fate, all codes, and fen by payer.
    struct Ending: Equatable {
        let fate: String
        let codes: [String]
        let fen: [String: Int64]
    }

    struct Answer {
        let row: Int
        let ending: Ending
        /// The institution's area, where the file has it.
        let area: String
        let note: String
    }

    let answers: [Answer]

    /// Rows of one sample: `scripts/proof` asks for more.
    static let rows =
        ProcessInfo.processInfo.environment["SHANGBAO_PROOF_ROWS"].flatMap { Int($0) } ?? 2000

    init(_ path: String) throws {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let names = try #require(lines.first)
        answers = try lines.dropFirst().map { cells in
            let row = Dictionary(zip(names, cells), uniquingKeysWith: { first, _ in first })
            var fen: [String: Int64] = [:]
            for (name, cell) in row where name.hasSuffix("_fen") {
                if let amount = Int64(cell), amount != 0 { fen[String(name.dropLast(4))] = amount }
            }
            return Answer(
                row: try #require(row["row"].flatMap { Int($0) }),
                ending: Ending(
                    fate: row["fate"] ?? "",
                    codes: (row["codes"] ?? "").split(separator: " ").map(String.init), fen: fen),
                area: row["area"] ?? "", note: row["note"] ?? "")
        }
    }

    /// Said at once: whoever waits for twenty thousand rows sees that it goes on.
    static func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}

/// What `preview --json` lists.
struct PreviewedRows: Decodable {
    struct Row: Decodable {
        struct Finding: Decodable { let code: String }

        let row: Int
        let fate: String
        let findings: [Finding]
        let fen: [String: Int64]

        /// Payers of several items are one: `city.serum` and `city.nipt` are the city.
        var ending: TruthFile.Ending {
            var payers: [String: Int64] = [:]
            for (payer, amount) in fen where amount != 0 {
                payers[String(payer.prefix { $0 != "." }), default: 0] += amount
            }
            return TruthFile.Ending(
                fate: fate, codes: Set(findings.map(\.code)).sorted(), fen: payers)
        }
    }

    let rows: [Row]
    let unknownColumns: [String]

    init(of path: String, at site: TestSite) throws {
        let ended = try site.program.run([
            "preview", path, "--site", site.folder, "--rows", "0", "--json",
        ])
        #expect(ended.status == 3, "\(ended.err)")
        self = try JSONDecoder().decode(PreviewedRows.self, from: Data(ended.out.utf8))
    }
}

extension TestSite {
    /// The site's own definitions, with a mapping of CSV that reads the same columns of workbooks.
    func readWorkbooks(by mapping: String) throws {
        let mappings = folder + "/mappings"
        try FileManager.default.copyItem(atPath: Program.root + "/mappings", toPath: mappings)
        try edit("mappings/\(mapping).yaml") { text in
            text.replacing(/reads: csv\noptions: .*/, with: "reads: xlsx")
        }
        try edit("shangbao.yaml") { text in
            text.replacing(/(?m)^mappings: .*$/, with: "mappings: \(mappings)")
        }
    }
}
