import Evidence
import Foundation
import LibCrypto
import Settlements
import Testing

/// A sample that both sides draw alike, and lines that lead to the sealed root.
struct InspectionSampleTests {
    private func lines(_ count: Int) -> [UInt8] {
        (1...count).flatMap { Array("{\"seq\":\($0)}\n".utf8) }
    }

    private func root(_ leaves: [UInt8]) -> String {
        let lines = leaves.split(separator: 0x0A).map { [UInt8]($0) }
        return Hex.encode(HashTree(lines, hash: .sha256).root)
    }

    @Test func `the auditor's own program draws the same lines and takes their proofs`()
        async throws
    {
        let sample = try await SamplePack.make()
        let leaves = Array(try sample.text("ledger/leaves.jsonl").utf8)
        let drawn = try InspectionSample(
            leaves: leaves, root: root(leaves), seed: "2013-01-15:04-11-19-25-26-32", count: 3)
        #expect(Set(drawn.items.map(\.seq)).count == 3)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let proofs = try drawn.items.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        let file = sample.folder.appendingPathComponent("proofs.jsonl")
        try (proofs.joined(separator: "\n") + "\n").write(
            to: file, atomically: true, encoding: .utf8)
        let command =
            "python3 -B sample.py . --proof ../proofs.jsonl "
            + "--seed 2013-01-15:04-11-19-25-26-32 --count 3"
        let checked = try sample.run(command)
        #expect(checked.status == 0, "\(checked.output)")
        #expect(checked.output.matches(of: #/leads to the root/#).count == 3)
        let said = checked.output.matches(of: #/ line (\d+):/#).map { String($0.1) }
        #expect(said == drawn.items.map { "\($0.seq)" })

        // One digit of a path, a line of other money, another place.
        let path = try #require(drawn.items[0].path.first)
        let digit = path.hasPrefix("0") ? "1" : "0"
        for (right, wrong) in [
            (path, digit + path.dropFirst()), ("fen\\\":24000", "fen\\\":24001"),
            ("\"seq\":\(drawn.items[0].seq),", "\"seq\":\(drawn.items[1].seq),"),
        ] {
            let forged = proofs[0].replacingOccurrences(of: right, with: wrong)
            #expect(forged != proofs[0], "\(right)")
            try (forged + "\n").write(to: file, atomically: true, encoding: .utf8)
            #expect(try sample.run(command).status != 0, "\(wrong)")
        }
    }

    @Test(arguments: [1, 2, 3, 7, 8, 100])
    func `every line that is drawn leads to the root, and all are drawn at last`(count: Int) throws
    {
        let leaves = lines(count)
        let drawn = try InspectionSample(
            leaves: leaves, root: root(leaves), seed: "seed", count: count)
        #expect(drawn.items.map(\.seq).sorted() == Array(1...count))
        for item in drawn.items {
            #expect(
                HashTree.isIncluded(
                    leaf: Array(item.line.utf8), at: item.seq - 1, of: count,
                    proof: try item.path.map { try Hex.decode($0) },
                    root: try Hex.decode(item.root), hash: .sha256))
        }
    }

    /// A draw of fewer is the beginning of a draw of more; another seed or other lines draw others.
    @Test func `the draw follows from the seed and from what was sealed, and from nothing else`()
        throws
    {
        func drawn(_ leaves: [UInt8], _ seed: String, _ count: Int) throws -> [Int] {
            try InspectionSample(leaves: leaves, root: root(leaves), seed: seed, count: count)
                .items.map(\.seq)
        }
        let leaves = lines(500)
        let many = try drawn(leaves, "a", 50)
        #expect(try drawn(leaves, "a", 50) == many)
        #expect(try drawn(leaves, "a", 20) == Array(many.prefix(20)))
        #expect(try drawn(leaves, "b", 50) != many)
        #expect(try drawn(lines(501), "a", 50) != many)
    }

    @Test func `what cannot be drawn is refused`() throws {
        let leaves = lines(5)
        let root = root(leaves)
        for seed in ["", "two words", "种子", "line\n", String(repeating: "x", count: 129)] {
            #expect(throws: InspectionSample.Failure.seed) {
                try InspectionSample(leaves: leaves, root: root, seed: seed, count: 1)
            }
        }
        for count in [-1, 0, 6] {
            #expect(throws: InspectionSample.Failure.count(of: 5)) {
                try InspectionSample(leaves: leaves, root: root, seed: "x", count: count)
            }
        }
        #expect(throws: InspectionSample.Failure.lines) {
            try InspectionSample(leaves: lines(4), root: root, seed: "x", count: 1)
        }
    }
}
