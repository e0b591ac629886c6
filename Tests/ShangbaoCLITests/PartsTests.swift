import Flow
import Foundation
import Records
import Storage
import TestKit
import Testing

/// A station's software keeps a table a form: a family file goes out once its tables are there.
@Suite(.serialized) struct PartsTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private struct Taken: Decodable {
        let fates: [String: Int]
        let findings: [String: Int]
        let submissions: Int
        let released: Int
    }

    private static let tables = [
        "wife-history", "husband-history", "wife-exam", "husband-exam", "wife-laboratory",
        "husband-laboratory", "ultrasound", "advice",
    ]

    /// The columns that a mapping needs, as its file names them.
    private func columns(_ mapping: String) throws -> [String] {
        let text = try String(
            contentsOfFile: "\(Project.mappings)/preconception/\(mapping).yaml", encoding: .utf8)
        var names = text.contains("\npart:") ? ["档案编号"] : []
        for line in text.split(separator: "\n") where !line.contains("optional: true") {
            guard let match = line.firstMatch(of: /field: [\w.]+, from: ([^,}]+)/) else { continue }
            let name = match.1.trimmingCharacters(in: .whitespaces)
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Writes one table with the couples' cells, and takes it.
    private func take(
        _ table: String, _ couples: [CleanCouple], as name: String? = nil
    ) throws -> Taken {
        let mapping = "from-station-\(table)"
        let side = table.hasPrefix("husband") ? "男方" : "女方"
        let header = try columns(mapping)
        let rows = couples.map { couple in
            header.map { couple.cells[$0] ?? couple.cells[side + $0] ?? "" }
        }
        let file = (name ?? table) + ".csv"
        try site.write(
            ([header] + rows).map { $0.joined(separator: ",") }.joined(separator: "\r\n") + "\r\n",
            to: file)
        let ended = try Program().run([
            "take", site.folder + "/" + file, "--source", "preconception/\(mapping)", "--site",
            site.folder, "--json",
        ])
        let taken = try JSONDecoder().decode([Taken].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }

    private func couple(_ file: String, _ changes: [String: String] = [:]) -> CleanCouple {
        CleanCouple(file: file).with(changes.merging(["女方疾病史": "0", "男方疾病史": "0"]) { a, _ in a })
    }

    @Test func `a file waits for its tables and names what is missing`() throws {
        let couple = couple("A")
        let first = try take("files", [couple])
        #expect(first.fates == ["held": 1] && first.findings["H-PART"] == 1, "\(first)")
        for table in PartsTests.tables.dropLast() {
            let part = try take(table, [couple])
            #expect(part.fates == ["joined": 1] && part.released == 0, "\(table): \(part)")
        }
        let listed = try Program().run([
            "preview", site.folder + "/files.csv", "--source",
            "preconception/from-station-files", "--site", site.folder, "--json",
        ])
        #expect(listed.out.contains("H-PART") && listed.out.contains("assessment"))
        let last = try take("advice", [couple])
        #expect(last.fates == ["joined": 1] && last.released == 1, "\(last)")
        let again = try take("files", [couple], as: "files-2")
        #expect(again.fates == ["unchanged": 1], "\(again)")
    }

    @Test func `tables may come first, for many files at once, and later ones amend`() throws {
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let other = [
            "女方身份证号": "990243199202290466", "女方出生日期": "1992-02-29", "女方年龄": "20",
            "结婚日期": "2012-02-29", "男方身份证号": "990110197901010070", "男方出生日期": "1979-01-01",
            "男方年龄": "33",
        ]
        let couples = [couple("A"), couple("B", other)]
        for table in PartsTests.tables { _ = try take(table, couples) }
        let taken = try take("files", couples)
        #expect(taken.fates == ["sent": 2], "\(taken)")
        for command in ["deliver", "collect"] {
            let ended = try Program().run([command, "--site", site.folder])
            #expect(ended.status == 0, "\(command): \(ended.out)\(ended.err)")
        }
        // The laboratory corrects one result of B: B alone is amended.
        let mended = couple("B", other.merging(["女方血糖": "6.00"]) { a, _ in a })
        let part = try take("wife-laboratory", [couples[0], mended], as: "lab-2")
        #expect(part.released == 1, "\(part)")
        let trace = try Program().run(["queue", "list", "--site", site.folder, "--json"])
        #expect(trace.out.contains("\"due\""), "\(trace.out)")
        for command in ["deliver", "collect"] {
            _ = try Program().run([command, "--site", site.folder])
        }
        let status = try Program().run(["status", "--site", site.folder, "--json"])
        #expect(status.out.contains("\"balances\" : true"), "\(status.out)")
    }

    @Test func `a row without its key is listed, and the rest of the table is taken`() throws {
        let part = try take("ultrasound", [couple("A"), couple("")])
        #expect(part.fates == ["joined": 1, "quarantined": 1] && part.findings == ["V-KEY": 1])
        let status = try Program().run(["status", "--site", site.folder], in: "en")
        #expect(status.out.contains("from-station-ultrasound: 1 still without their case"))
    }

    @Test func `a word on the shelf that no list knows waits for a decision, until it is mended`()
        throws
    {
        func unmapped(_ words: String...) throws -> Program.Ended {
            try Program().run(["codes", "unmapped"] + words + ["--site", site.folder, "--json"])
        }
        let strange = couple("A", ["女方乙肝表面抗原HBsAg": "弱阴"])
        #expect(try take("wife-laboratory", [strange, couple("B")]).fates == ["joined": 2])
        let found = try unmapped()
        #expect(found.status == 3 && found.out.contains("弱阴"), "\(found.out)\(found.err)")
        #expect(found.out.contains("wife.hbsAg") && found.out.contains("\"rows\" : 1"))
        #expect(try unmapped("preconception/from-station-wife-exam").status == 0)
        #expect(try unmapped("preconception/from-station-wife-laboratory").status == 3)
        // The laboratory's next table has it right: nothing waits any more.
        #expect(try take("wife-laboratory", [couple("A")], as: "lab-2").fates == ["joined": 1])
        #expect(try unmapped().status == 0)
    }

    private func run(_ words: String...) throws -> Program.Ended {
        try Program().run(words + ["--site", site.folder], in: "en")
    }

    private func opened(
        _ clock: @escaping @Sendable () -> Timestamp
    ) async throws -> any SteadyDatabase {
        try await Site(folder: site.folder, clock: clock).openDatabase()
    }

    private static func now() -> Timestamp {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }

    /// A laboratory's row that no case asks for, as if it had come so many days ago; its sealed
    /// text.
    private func waiting(days: Int64) async throws -> Data {
        #expect(try take("wife-laboratory", [couple("A")]).fates == ["joined": 1])
        let database = try await opened(PartsTests.now)
        let arrived = PartsTests.now().adding(seconds: -days * 86_400).microseconds
        let sealed = try await database.write { transaction in
            try transaction.run("UPDATE intake SET arrived = \(arrived)")
            return try transaction.run("SELECT sealed FROM part_row")[0].text(0)
        }
        await database.close()
        return Data(sealed.utf8)
    }

    private func files() throws -> Data {
        try FileManager.default.contentsOfDirectory(atPath: site.folder + "/data")
            .filter { $0.contains(".db") }
            .reduce(into: Data()) { bytes, name in
                bytes += try Data(contentsOf: URL(fileURLWithPath: site.folder + "/data/" + name))
            }
    }

    @Test func `what waits too long is named first, and not erased before its time`() async throws {
        let sealed = try await waiting(days: 400)
        #expect(try run("retention", "show").out.contains(/parts without a case +365 +1 +1 +0/))
        let first = try run("retention", "apply")
        #expect(first.status == 0 && first.out.contains("1 rows wait for a case in vain"))
        let lists = try FileManager.default.contentsOfDirectory(atPath: site.folder + "/out")
            .filter { $0.hasPrefix("ending-") }
        let list = try String(
            contentsOfFile: site.folder + "/out/" + #require(lists.first), encoding: .utf8)
        #expect(
            list.contains("wife-laboratory.csv,2,from-station-wife-laboratory,"), "\(list)")
        #expect(try files().range(of: sealed) != nil)
        #expect(try run("retention", "apply").out.contains("Nothing is due"))
        #expect(try files().range(of: sealed) != nil)
    }

    @Test func `a row that was erased leaves no gap: the item has it, and so has its case`()
        async throws
    {
        let sealed = try await waiting(days: 400)
        let earlier: @Sendable () -> Timestamp = {
            PartsTests.now().adding(seconds: -31 * 86_400)
        }
        let database = try await opened(earlier)
        let place = try Site(folder: site.folder, clock: earlier)
        let desk = RetentionDesk(
            try RetentionRule(mappings: place.configuration.mappings), database: database,
            clock: earlier)
        let warning = try #require(try await desk.warning(by: "lin"))
        #expect(
            warning.rows.map(\.row) == [2] && warning.rows.map(\.file) == ["wife-laboratory.csv"])
        try await desk.note(warning)
        #expect(try await desk.warning(by: "lin")?.rows.count == nil)
        #expect(try await desk.erase(by: "lin").isEmpty)
        await database.close()

        let applied = try run("retention", "apply")
        #expect(applied.status == 0 && applied.out.contains("parts without a case: 1 erased"))
        #expect(try files().range(of: sealed) == nil)
        #expect(try !run("status").out.contains("still without their case"))
        #expect(try Program().brokenInvariants(of: site.folder) == [])
        let held = try take("files", [couple("A")])
        #expect(held.findings["H-PART-ERASED"] == 1, "\(held)")
        // Exported anew it is a part as any other.
        _ = try take("wife-laboratory", [couple("A"), couple("B")], as: "laboratory-2")
        let list = try FileManager.default.contentsOfDirectory(atPath: site.folder + "/out")
            .first { $0.hasPrefix("findings-files") }
        let told = try String(
            contentsOfFile: site.folder + "/out/" + #require(list), encoding: .utf8)
        #expect(told.contains("H-PART") && !told.contains("H-PART-ERASED"), "\(told)")

        // What the ledger does not tell of is found.
        let tampered = try await opened(PartsTests.now)
        let kept = try await tampered.write { transaction in
            let kept = try transaction.run(
                "SELECT intake, row, sealed FROM part_row WHERE sealed <> ''"
            ).map { (try $0.text(0), try $0.int(1), try $0.text(2)) }
            try transaction.run("UPDATE part_row SET sealed = ''")
            return kept
        }
        await tampered.close()
        #expect(kept.count == 2)
        let broken = try Program().brokenInvariants(of: site.folder)
        #expect(broken.contains { $0.contains("I02") }, "\(broken)")
        let mended = try await opened(PartsTests.now)
        try await mended.write { transaction in
            for (intake, row, sealed) in kept {
                try transaction.run(
                    """
                    UPDATE part_row SET sealed = \(sealed)
                    WHERE intake = \(intake) AND row = \(row)
                    """)
            }
        }
        await mended.close()
    }
}
