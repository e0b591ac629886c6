import Foundation
import Records
import Settlements
import Testing

/// The auditor's verifier reckons Liaocheng's shares by itself, from the parameters alone.
struct LiaochengVerifierTests {
    /// Runs the verifier's own function on a statement; how many things it finds wrong.
    private func problems(_ statement: [UInt8]) throws -> Int32 {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("statement-\(UUID().uuidString).json")
        try Data(statement).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-B", "-c",
            """
            import importlib.util, json, sys
            spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
            verify = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(verify)
            statement = json.load(open(sys.argv[2], encoding="utf-8"))
            value = {row["name"]: row["value"] for row in statement["parameters"]}
            verify.check_screening_payers(statement, value)
            sys.exit(min(verify.problems, 100))
            """,
            SamplePack.root.appending(path: "mappings/evidence/verify.py").path, file.path,
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
            years: """
                - { year: 2016, serum: { forecast: 9, prepaid: { city: 5 } }, nipt: { forecast: 2 } }
                      - { year: 2017, serum: { forecast: 4 }, nipt: { forecast: 1 } }
                """)
        let statement = try SampleScreening.closing(sample, text, division: division).statement
        #expect(try problems(statement.json()) == 0)
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
