import Evidence
import Foundation
import LibCrypto
import Records
import Settlements
import Testing

/// What a forger may do to a pack, and the sentence by which the verifier says so.
@Suite struct TamperTests {
    /// One change to a pack, and words of the finding that remains when manifests fit again.
    struct Tampering: Sendable, CustomTestStringConvertible {
        let name: String
        /// What the manifest check says of the plain change.
        let plain: String
        /// What another check says after the attacker rebuilt the manifests.
        let rebuilt: String
        let change: @Sendable (SamplePack) throws -> Void

        var testDescription: String { name }
    }

    static let tamperings: [Tampering] = [
        Tampering(
            name: "amount changed", plain: "changed file ledger/leaves.jsonl",
            rebuilt: "the settled lines do not give root-sha256"
        ) { try $0.replace("ledger/leaves.jsonl") { $0.replacing("24000", with: "34000") } },
        Tampering(
            name: "leaf deleted", plain: "changed file ledger/leaves.jsonl",
            rebuilt: "4 settled lines, the tree head says 5"
        ) { pack in
            try pack.replace("ledger/leaves.jsonl") { text in
                text.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
            }
        },
        Tampering(
            name: "receipts swapped", plain: "changed file acks/",
            rebuilt: "is not what its name says"
        ) { pack in
            let swapped = try pack.run(
                "cd acks && set -- *.xml && mv $1 t && mv $2 $1 && mv t $2"
            )
            #expect(swapped.status == 0)
        },
        Tampering(
            name: "extra file", plain: "extra file notes.txt", rebuilt: "signature of the manifest"
        ) { try Data("x".utf8).write(to: $0.path.appendingPathComponent("notes.txt")) },
        Tampering(
            name: "file removed", plain: "missing file policy/approval.json",
            rebuilt: "signature of the manifest"
        ) {
            try FileManager.default.removeItem(
                at: $0.path.appendingPathComponent("policy/approval.json"))
        },
        Tampering(
            name: "totals changed", plain: "changed file settlement.json",
            rebuilt: "the grand total is not the sum"
        ) { pack in
            try pack.replace("settlement.json") {
                $0.replacing("\"totalFen\":120000", with: "\"totalFen\":220000")
            }
        },
        Tampering(
            name: "share changed", plain: "changed file settlement.json",
            rebuilt: "dueFen of central does not follow"
        ) { pack in
            try pack.replace("settlement.json") {
                $0.replacing(#""dueFen":96000"#, with: #""dueFen":96001"#)
            }
        },
        Tampering(
            name: "table changed", plain: "changed file settlement.csv",
            rebuilt: "CSV and JSON differ at due.central"
        ) { pack in
            try pack.replace("settlement.csv") {
                $0.replacing("96000,960.00", with: "96100,961.00")
            }
        },
        Tampering(
            name: "national counts changed", plain: "changed file settlement.json",
            rebuilt: "the national counts are not those of the signed document"
        ) { pack in
            try pack.replace("settlement.json") {
                $0.replacing(#""accepted":6,"duplicate":0"#, with: #""accepted":7,"duplicate":0"#)
            }
        },
        Tampering(
            name: "signed counts changed", plain: "changed file counts/national-n1.xml",
            rebuilt: "the national signature of counts/national-n1.xml is wrong"
        ) { pack in
            try pack.replace("counts/national-n1.xml") {
                $0.replacing("rejected=\"1\"", with: "rejected=\"2\"")
            }
        },
        Tampering(
            name: "signed counts removed", plain: "missing file counts/national-n1.xml",
            rebuilt: "the national counts must come with the one signed document"
        ) { pack in
            for end in ["xml", "sig"] {
                try FileManager.default.removeItem(
                    at: pack.path.appendingPathComponent("counts/national-n1.\(end)"))
            }
        },
        Tampering(
            name: "XML changed", plain: "changed file settlement.xml",
            rebuilt: "settlement.xml is not what settlement.json says"
        ) { pack in
            try pack.replace("settlement.xml") { $0.replacing("<cases>5<", with: "<cases>6<") }
        },
        Tampering(
            name: "exception hidden", plain: "changed file exceptions.csv",
            rebuilt: "the cases that are not paid differ"
        ) { pack in
            try pack.replace("exceptions.csv") { text in
                text.split(separator: "\r\n").filter { !$0.contains("secondClaim") }
                    .joined(separator: "\r\n") + "\r\n"
            }
        },
        Tampering(
            name: "receipt's signature longer", plain: "changed file acks/",
            rebuilt: "the national signature of acks/"
        ) { pack in
            let longer = try pack.run("for f in acks/*.sig; do printf '\\5\\0' >> $f; done")
            #expect(longer.status == 0)
        },
        Tampering(
            name: "empty folder", plain: "extra folder acks/more with nothing in it",
            rebuilt: "extra folder acks/more with nothing in it"
        ) { pack in
            // The README is emptied too, so that there is something for the manifests to notice.
            try pack.replace("README.txt") { _ in "" }
            try FileManager.default.createDirectory(
                at: pack.path.appendingPathComponent("acks/more"),
                withIntermediateDirectories: false)
        },
        Tampering(
            name: "receipt that no index names", plain: "extra file acks/",
            rebuilt: "the index does not name it"
        ) { pack in
            let name = String(repeating: "a", count: 64)
            try Data("x".utf8).write(to: pack.path.appendingPathComponent("acks/\(name).xml"))
        },
    ]

    @Test(arguments: tamperings)
    func `A change is reported, and again when its manifests were rebuilt`(tampering: Tampering)
        async throws
    {
        let sample = try await SamplePack.make()
        try tampering.change(sample)
        let plain = try sample.recount()
        #expect(plain.status == 1)
        #expect(plain.output.contains(tampering.plain), "\(plain.output)")
        try sample.rebuildManifests()
        let rebuilt = try sample.recount()
        #expect(rebuilt.status == 1)
        #expect(!rebuilt.output.contains("changed file"), "\(rebuilt.output)")
        #expect(rebuilt.output.contains(tampering.rebuilt), "\(rebuilt.output)")
        #expect(rebuilt.output.contains("the gm signature of the manifest is wrong"))
        #expect(rebuilt.output.contains("the intl signature of the manifest is wrong"))
    }

    /// What may be done to the ledger that lies beside the pack.
    static let ledgers: [(String, @Sendable ([Substring]) -> [String])] = [
        (
            "the ledger breaks at line",
            { lines in lines.map { String($0).replacing("rejected", with: "accepted") } }
        ),
        (
            "the ledger begins at line 3: what came before is missing",
            { $0.dropFirst(2).map(String.init) }
        ),
        (
            "the ledger breaks at line 3",
            { lines in lines.indices.filter { $0 != 2 }.map { String(lines[$0]) } }
        ),
        (
            "the ledger's last line is not the one in the tree head",
            { $0.dropLast().map(String.init) }
        ),
    ]

    @Test(arguments: ledgers.indices)
    func `a ledger that was changed is no ground`(index: Int) async throws {
        let sample = try await SamplePack.make()
        let (found, change) = Self.ledgers[index]
        try sample.replace("../ledger.jsonl") { text in
            change(text.split(separator: "\n")).joined(separator: "\n") + "\n"
        }
        let checked = try sample.recount()
        #expect(checked.status == 1)
        #expect(checked.output.contains(found), "\(checked.output)")
    }

    @Test(arguments: [
        (SamplePack.Lie.receiptRejects, "the receipt does not accept line"),
        (.receiptOfAnother, "answers another submission"),
        (.receiptForged, "the national signature of acks/"),
        (.countsForged, "the national signature of counts/national-n1.xml is wrong"),
        (.receiptByCounty, "stands for county and nation both"),
        (.receiptToAnother, "a receipt names another sender, 12990102MA0000T2XC"),
        (.withdrawnLater, "was withdrawn or replaced by a later version"),
        (.amendedLater, "was withdrawn or replaced by a later version"),
        (.withdrawalHidden, "later than settled line"),
        (.selfPaidIsPaid, "is not what the ledger's facts say"),
        (.incompleteIsPaid, "is not what the ledger's facts say"),
        (.clinicChanged, "the statement says 5, the ledger 6"),
        (.markTakenOff, "rests on a receipt without a signature and bears no mark"),
        (.unsignedUnsaid, "has no signature and does not say so"),
    ])
    func `A pack that lies and is signed all the same is found out by its receipts`(
        lie: SamplePack.Lie, found: String
    ) async throws {
        let checked = try await SamplePack.make(lie).recount()
        #expect(checked.status == 1)
        #expect(checked.output.contains(found), "\(checked.output)")
        #expect(!checked.output.contains("signature of the manifest is wrong"))
    }

    @Test func `A statement that takes a case off is verified line by line`() async throws {
        let sample = try await SamplePack.make(.corrected)
        let correction = try #require(sample.settlement.statement.correction)
        #expect(correction.lines.map(\.reason) == [.reversed])
        #expect(correction.lines[0].fen.fen == -24_000)
        let checked = try sample.recount()
        #expect(checked.status == 0, "\(checked.output)")
        #expect(checked.output.contains("1 lines are taken off the statement before"))
        #expect(try sample.text("settlement.csv").contains("correction.reversed"))

        try sample.replace("settlement.json") {
            $0.replacing("\"reason\":\"reversed\"", with: "\"reason\":\"withdrawn\"")
        }
        try sample.rebuildManifests()
        #expect(try sample.recount().output.contains("the ledger does not say withdrawn"))
    }

    @Test func `A correction that leaves its case in, or names another statement, is found out`()
        async throws
    {
        let sample = try await SamplePack.make(.corrected)
        try sample.replace("settlement.json") {
            $0.replacing(
                String(repeating: "5e", count: 32), with: String(repeating: "5f", count: 32)
            )
            .replacing("\"fen\":-24000", with: "\"fen\":-23000")
        }
        try sample.rebuildManifests()
        let checked = try sample.recount()
        #expect(checked.output.contains("is not the statement before"), "\(checked.output)")
        #expect(checked.output.contains("do not give this total"), "\(checked.output)")
    }

    @Test func `A pack that was made anew does not fit an older anchor`() async throws {
        let sample = try await SamplePack.make()
        let anchor = sample.pack.treeHead.replacing("root-sha256 ", with: "root-sha256 00")
        try Data(anchor.utf8).write(to: sample.folder.appendingPathComponent("anchor.txt"))
        #expect(try sample.recount("--anchor ../anchor.txt").output.contains("anchored root"))
        let older = """
            origin shangbao/preconception-check/990101 period 2011 size 0 \
            ledger-seq 3 ledger-head \(String(repeating: "0", count: 64))
            """
        try Data(older.utf8).write(to: sample.folder.appendingPathComponent("anchor.txt"))
        let checked = try sample.recount("--anchor ../anchor.txt")
        #expect(checked.status == 1)
        #expect(checked.output.contains("the ledger was rewritten since the anchor"))
    }

    @Test func `Without openssl the verifier says that signatures were not checked`() async throws {
        let sample = try await SamplePack.make()
        let checked = try sample.run(
            "p=$(python3 -c 'import sys; print(sys.executable)') && "
                + "PATH=/nowhere $p -B '\(SamplePack.root.path)/mappings/evidence/recount.py' . "
                + "--ledger ../ledger.jsonl"
        )
        #expect(checked.status == 2, "\(checked.output)")
        #expect(checked.output.contains("NOT checked"))
    }
}
