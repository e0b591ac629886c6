import Foundation
import TestKit
import Testing

/// A rehearsal county whose platform has web forms alone, with couples to report.
final class AssistedCounty {
    let site: TestSite
    /// The desk of the person who types: beside the site, never in it.
    let desk: String

    /// - Parameter couples: how many there are to be typed; with 0 files come by `take`.
    init(couples: Int = 6) throws {
        site = try TestSite(binding: "assisted")
        desk = site.folder + "-desk"
        try FileManager.default.createDirectory(
            atPath: desk, withIntermediateDirectories: true)
        guard couples > 0 else { return }
        let made = try Program().run([
            "sample", "--couples", "\(couples)", "--seed", "7", "--defects", "0", "--out",
            desk,
        ])
        #expect(made.status == 0, "\(made.err)")
        let csv = try FileManager.default.contentsOfDirectory(atPath: desk).first {
            $0.hasPrefix("couples-") && $0.hasSuffix(".csv") && !$0.contains("truth")
        }
        let taken = try Program().run([
            "take", desk + "/" + (csv ?? ""), "--site", site.folder,
        ])
        #expect(taken.status == 0, "\(taken.out)\(taken.err)")
    }

    deinit { try? FileManager.default.removeItem(atPath: desk) }

    func run(_ words: [String], in language: String = "en") throws -> Program.Ended {
        try Program().run(words + ["--site", site.folder], in: language)
    }

    func write(_ rows: [[String]], to name: String) throws -> String {
        let text = rows.map { $0.joined(separator: ",") + "\r\n" }.joined()
        try Data(text.utf8).write(to: URL(fileURLWithPath: desk + "/" + name))
        return desk + "/" + name
    }

    /// Takes a file with this couple.
    func take(_ couple: CleanCouple, as name: String) throws {
        let header =
            try Preconception.loaded().header
            + ["撤回同意时间"].filter { couple.cells[$0] != nil }
        let path = try write([header, header.map { couple.cells[$0] ?? "" }], to: name)
        let taken = try run(["take", path])
        #expect(taken.status == 0, "\(taken.out)\(taken.err)")
    }

    /// What the books say of the cases.
    func cases() throws -> [String: Int] {
        struct Standing: Decodable {
            let cases: [String: Int]
            let balances: Bool
        }
        let ended = try run(["status", "--json"])
        let standing = try JSONDecoder().decode(Standing.self, from: Data(ended.out.utf8))
        #expect(standing.balances)
        return standing.cases.filter { $0.value > 0 }
    }

    struct Handed: Decodable {
        let workbook: String?
        let cases: Int
        let submissions: [String]
        let isSame: Bool?
    }

    struct Brought: Decodable {
        struct Problem: Decodable, Equatable {
            let row: Int
            let code: String
        }
        let list: String
        let wasKept: Bool
        let accepted: Int
        let rejected: Int
        let pending: Int
        let receipts: [String: Int]
        let problems: [Problem]
    }

    /// What Excel's reader in Python sees of a worklist.
    struct Book: Decodable {
        let sheets: [String]
        let frozen: [String?]
        let formats: [String]
        let kinds: [String]
        let cases: [[String: String]]
        let steps: [[String: String]]
    }

    /// The columns of the platform's list.
    static let head = ["备注", "档案编号", "妻子身份证号", "丈夫身份证号", "审核状态", "退回原因"]

    /// Opens a worklist as Excel's reader in Python does.
    static func open(_ path: String) throws -> Book {
        let script = """
            import json, sys, openpyxl
            book = openpyxl.load_workbook(sys.argv[1])
            def rows(sheet):
                lines = list(sheet.iter_rows(values_only=True))
                return [{h: v or "" for h, v in zip(lines[0], line)} for line in lines[1:]]
            cells = [c for s in book for r in s.iter_rows() for c in r if c.value is not None]
            print(json.dumps({
                "sheets": book.sheetnames, "frozen": [s.freeze_panes for s in book],
                "formats": sorted({c.number_format for c in cells}),
                "kinds": sorted({c.data_type for c in cells}),
                "cases": rows(book.worksheets[0]), "steps": rows(book.worksheets[1])}))
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", script, path]
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let said = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try JSONDecoder().decode(Book.self, from: said)
    }

    /// Makes a worklist on the typist's desk.
    func handOut(as name: String, _ more: [String] = []) throws -> Handed {
        let ended = try run(
            ["worklist", "--out", desk + "/" + name, "--by", "typist", "--json"] + more)
        #expect(ended.status == 0, "\(ended.out)\(ended.err)")
        return try JSONDecoder().decode(Handed.self, from: Data(ended.out.utf8))
    }

    /// Brings a list of results.
    func bring(_ path: String) throws -> (Brought, Int32) {
        let ended = try run(["results", path, "--by", "clerk", "--json"])
        let brought = try JSONDecoder().decode(Brought.self, from: Data(ended.out.utf8))
        return (brought, ended.status)
    }
}
