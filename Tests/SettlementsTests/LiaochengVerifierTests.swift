import Foundation
import Records
import Settlements
import Testing

/// The auditor's verifier reckons the shares of Liaocheng, and of any scheme, by itself, from the
/// parameters alone.
struct LiaochengVerifierTests {
    /// Runs the verifier's own functions on a statement; how many things they find wrong.
    ///
    /// - Parameters:
    ///   - table: `settlement.csv`, to be compared with the statement; without it only amounts are.
    ///   - page: `settlement.html`, likewise.
    private func problems(
        _ statement: [UInt8], table: [UInt8]? = nil, page: [UInt8]? = nil
    ) throws -> Int32 {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("statement-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, bytes) in [("json", statement), ("csv", table), ("html", page)] {
            if let bytes { try Data(bytes).write(to: folder.appending(path: "settlement." + name)) }
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-B", "-c",
            """
            import importlib.util, json, pathlib, sys
            spec = importlib.util.spec_from_file_location("recount", sys.argv[1])
            recount = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(recount)
            folder = pathlib.Path(sys.argv[2])
            class Pack:
                def read(self, name):
                    return (folder / name).read_bytes()
            statement = json.loads(Pack().read("settlement.json"))
            value = {row["name"]: row["value"] for row in statement["parameters"]}
            recount.check_payers(statement, value)
            for name, check in ("csv", recount.check_table), ("html", recount.check_page):
                if (folder / f"settlement.{name}").exists():
                    check(Pack(), statement)
            sys.exit(min(recount.problems, 100))
            """,
            SamplePack.root.appending(path: "mappings/evidence/recount.py").path, folder.path,
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test(arguments: [
        ("371502", ""), ("371523", ""), ("371524", ""), ("371525", ""), ("371525", "county"),
        ("371525", "province"), ("371526", ""), ("371581", ""),
    ])
    func `every area comes out the same`(division: String, remainder: String) throws {
        var sample = SampleScreening.tests(7, "serum")
        sample.accept((0..<3).map { .test("nipt-\($0)", "nipt") })
        let text = SampleScreening.text(
            remainder: remainder,
            years: SampleScreening.year(2016, serum: "9, prepaid: { city: 5 }", nipt: "2")
                + "\n      " + SampleScreening.year(2017, serum: "4", nipt: "1"))
        let statement = try SampleScreening.closing(sample, text, division: division).statement
        let wrong = try problems(
            statement.json(), table: statement.csv(), page: statement.html())
        #expect(wrong == 0)
    }

    @Test(arguments: [
        ("\"dueFen\":28000", "\"dueFen\":28001"), ("\"4/15\"}", "\"1/15\"}"),
        ("\"basisFen\":40000", "\"basisFen\":44000"),
    ])
    func `an amount of a scheme that was moved is found`(right: String, wrong: String) throws {
        let statement = try SampleScreening.closing(
            SampleScreening.tests(7, "serum"), division: "371502"
        ).statement
        let text = String(decoding: try statement.json(), as: UTF8.self)
        let moved = text.replacingOccurrences(of: right, with: wrong)
        #expect(moved != text, "\(text)")
        #expect(try problems(Array(moved.utf8)) > 0)
    }

    @Test func `a rule that the table gives for another is found`() throws {
        let statement = try SampleScreening.closing(
            SampleScreening.tests(7, "serum"), division: "371502"
        ).statement
        let table = String(decoding: statement.csv(), as: UTF8.self)
        let changed = table.replacingOccurrences(of: "R-32", with: "R-12")
        #expect(changed != table)
        #expect(try problems(statement.json(), table: Array(changed.utf8)) == 1)
    }

    @Test func `an amount that was moved is found`() throws {
        let statement = try SampleScreening.closing(
            SampleScreening.tests(7, "serum"), division: "371502"
        ).statement
        let text = String(decoding: try statement.json(), as: UTF8.self)
        // 7 × 40 yuan of the city become 7 × 41.
        #expect(text.contains("28000"))
        let moved = text.replacingOccurrences(of: "28000", with: "28700")
        #expect(try problems(Array(moved.utf8)) > 0)
    }
}
