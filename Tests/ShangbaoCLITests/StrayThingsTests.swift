import Foundation
import TestKit
import Testing

/// What is not data and stands in a clinic's file, its name or the site's folder all the same:
/// nobody is named by it, and nothing stops because of it.
@Suite(.serialized) struct StrayThingsTests {
    private let site: TestSite
    private let header: [String]
    /// Beside the site, so that whatever lies in the site was put there by us.
    private let folder: String

    init() throws {
        site = try TestSite()
        header = try Preconception.loaded().header
        folder = NSTemporaryDirectory() + "shangbao-stray-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private struct Taken: Decodable {
        let file: String
        let rows: Int
        let fates: [String: Int]
        let findings: [String: Int]
        let takenBefore: Bool
        let findingsFile: String?
        let unknownColumns: [String]
    }

    private func write(_ rows: [[String]], as name: String) throws -> String {
        let path = folder + "/" + name
        let text = rows.map { $0.joined(separator: ",") }.joined(separator: "\r\n") + "\r\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func cells(_ couple: CleanCouple) -> [String] {
        header.map { couple.cells[$0] ?? "" }
    }

    private func take(_ path: String) throws -> Taken {
        let ended = try Program().run(["take", path, "--site", site.folder, "--json"])
        return try #require(
            try JSONDecoder().decode([Taken].self, from: Data(ended.out.utf8)).first, "\(ended.err)"
        )
    }

    /// Files of the site that hold a text.
    private func files(with text: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: site.folder)?.compactMap {
            $0 as? String
        }
        return (names ?? []).filter { name in
            name.contains(text)
                || FileManager.default.contents(atPath: site.folder + "/" + name)?
                    .range(of: Data(text.utf8)) != nil
        }
    }

    @Test func `a person's number in a file's or a column's name is neither kept nor shown`() throws
    {
        let number = "990101198603150022"
        let path = try write(
            [header + [number], cells(CleanCouple().with(["女方血糖": "x"])) + [""]],
            as: "样乙二\(number).csv")
        let taken = try take(path)
        #expect(taken.file == "….csv" && taken.unknownColumns == ["…"], "\(taken)")
        let list = try #require(taken.findingsFile)
        #expect(FileManager.default.fileExists(atPath: list) && !list.contains(number))
        #expect(files(with: number) == [] && files(with: "样乙二") == [])
        #expect(try take(path).takenBefore)
        let preview = try Program().run(
            ["preview", folder + "/" + number + ".csv", "--site", site.folder])
        #expect(preview.status != 0 && !preview.err.contains(number), "\(preview.err)")
    }

    @Test func `blank rows and a sum are passed over, and said`() throws {
        let width = header.count - 1
        let taken = try take(
            try write(
                [
                    header, cells(CleanCouple()), [" "] + Array(repeating: "", count: width),
                    ["合计", "1"] + Array(repeating: "", count: width - 1),
                ], as: "sum.csv"))
        #expect(taken.rows == 1 && taken.fates == ["sent": 1], "\(taken)")
        #expect(taken.findings["V-BLANKROW"] == 1 && taken.findings["V-SUMROW"] == 1)
    }

    @Test func `a file without a header is not looked at`() throws {
        let couple = cells(CleanCouple())
        let path = try write([couple, couple], as: "bare.csv")
        let out = folder + "/from-bare.yaml"
        for words in [
            ["mapping", "new", "--from", path, "--out", out, "--site", site.folder],
            ["mapping", "coverage", "county-hospital", path, "--site", site.folder],
        ] {
            let ended = try Program().run(words, in: "en")
            #expect(ended.status != 0 && ended.err.contains("E-HEADER-DATA"), "\(ended.err)")
            for person in ["样乙二", "990101198603150022", "1986-03-15"] {
                #expect(!(ended.out + ended.err).contains(person))
            }
        }
        #expect(!FileManager.default.fileExists(atPath: out))
    }

    @Test func `a mapping that is being written stops only those who use it`() throws {
        try FileManager.default.copyItem(
            atPath: Program.root + "/mappings", toPath: site.folder + "/mappings")
        try site.edit("shangbao.yaml") {
            $0.replacing(/mappings: .*/, with: "mappings: mappings")
        }
        try site.write(
            "mapping: half@1\nprogramme: preconception-check\n",
            to: "mappings/preconception/from-half.yaml")
        let path = try write([header, cells(CleanCouple())], as: "ok.csv")
        #expect(try take(path).fates == ["sent": 1])
        let lint = try Program().run(["lint", "--site", site.folder])
        #expect(lint.status != 0 && lint.out.contains("from-half.yaml"), "\(lint.out)")
        let used = try Program().run(
            ["take", path, "--source", "preconception/from-half", "--site", site.folder])
        #expect(used.status != 0 && used.err.contains("from-half.yaml"), "\(used.err)")
        try site.edit("shangbao.yaml") {
            $0.replacing("preconception/from-county-csv", with: "preconception/from-half")
        }
        let named = try Program().run(["status", "--site", site.folder])
        #expect(named.status != 0 && named.err.contains("from-half.yaml"), "\(named.err)")
    }
}
