import Evidence
import Foundation
import LibCrypto
import Records
import Settlements
import Testing

@Suite struct EvidencePackTests {
    @Test(arguments: CipherSuite.allCases)
    func `A clean pack holds, with the auditor's own keys and anchor`(suite: CipherSuite)
        async throws
    {
        let sample = try await SamplePack.make(suite: suite)
        try Data(sample.pack.treeHead.utf8)
            .write(to: sample.folder.appendingPathComponent("anchor.txt"))
        let alone = try sample.verify("--anchor ../anchor.txt")
        #expect(alone.status == 0 && alone.output.contains("5 lines and 120000 fen hold"))
        let checked = try sample.recount("--anchor ../anchor.txt " + SamplePack.allKeys)
        #expect(checked.status == 0, "\(checked.output)")
        #expect(!checked.output.contains("WRONG"), "\(checked.output)")
        #expect(checked.output.contains("签名和 2 份回执"))
        #expect(checked.output.contains("Result: everything holds.\n"))
        #expect(!checked.output.contains("compared"), "\(checked.output)")
        #expect(try sample.run("python3 -B verify.py .").status == 0)
        #expect(
            try sample.run("head -c 69 ../pack.asice | tail -c 39").output
                == "mimetypeapplication/vnd.etsi.asic-e+zip")
        #expect(sample.settlement.statement.totalCases == 5)
        #expect(sample.settlement.statement.isClosed)
    }

    @Test func `The commands of the README work as they stand, and find what was changed`()
        async throws
    {
        let sample = try await SamplePack.make()
        var script = Self.commands(in: try sample.text("README.txt"))
        #expect(script.count == 12)
        // Where the keys are, and what uses them, is typed one after the other.
        script[7] += "; " + script.remove(at: 8)
        script[7] += "; " + script.remove(at: 8)
        for command in script {
            let done = try sample.run(command)
            #expect(done.status == 0 && !done.output.contains("BAD"), "\(command) \(done.output)")
        }
        #expect(try sample.run(script[7]).output.hasSuffix("OK 2 / 2\n"))
        // The leaf of the first line, by hand: it stands in the tree.
        let leaf = try sample.run(script[9]).output
        let line = try sample.text("ledger/leaves.jsonl").split(separator: "\n")[0]
        #expect(leaf == Hex.encode(Hash.sha256.digest([0] + Array(line.utf8))) + "\n")

        // Each finds what is wrong: a file, the manifest under both signatures, a receipt.
        try sample.replace("exceptions.csv") { $0 + "\r\n" }
        #expect(try sample.run(script[0]).status != 0)
        #expect(try sample.run(script[1]).output.contains("BAD exceptions.csv"))
        try sample.rebuildManifests()
        #expect(try sample.run(script[0]).status == 0)
        #expect(try sample.run(script[2]).status != 0, "CMS")
        #expect(try sample.run(script[4]).status != 0, "SM2")
        let signature = try #require(
            FileManager.default.contentsOfDirectory(atPath: sample.path.path + "/acks")
                .first { $0.hasSuffix(".sig") })
        _ = try sample.run("printf '\\5\\0' >> acks/\(signature)")
        let name = signature.replacing(".sig", with: ".xml")
        #expect(try sample.run(script[7]).output.contains("BAD acks/\(name)"))
        try sample.replace("counts/national-n1.xml") { $0 + " " }
        #expect(try sample.run(script[7]).output.contains("BAD counts/national-n1.xml"))
    }

    /// The indented lines that begin with a command.
    private static func commands(in readme: String) -> [String] {
        let starts = [
            "sha256sum", "while", "openssl", "K=", "tail", "for", "python3 verify", "N=1",
        ]
        return readme.split(separator: "\n").compactMap { line in
            let command = line.drop { $0 == " " }
            guard line.hasPrefix("    "), starts.contains(where: command.hasPrefix) else {
                return nil
            }
            return String(command)
        }
    }

    @Test func `a pack on paper has the statement as pages`() async throws {
        let sample = try await SamplePack.make(.onPaper)
        #expect(try sample.verify().status == 0)
        #expect(try sample.run("pdftotext settlement.pdf - | grep -c SHA-256").output != "0\n")
        // The code on the paper is an anchor that the verifier takes.
        let read = try sample.run(
            "pdftoppm -r 200 -png settlement.pdf ../page && "
                + "zbarimg -q --raw ../page-*.png > ../anchor.txt 2> /dev/null; cat ../anchor.txt")
        #expect(read.output.hasPrefix("origin shangbao/preconception-check/990101 period 2012"))
        #expect(try sample.verify("--anchor ../anchor.txt").status == 0)
        try sample.replace("../anchor.txt") { $0.replacing("size 5", with: "size 4") }
        #expect(try sample.verify("--anchor ../anchor.txt").status == 1)
    }

    @Test func `The same input and time give the same bytes, but for the signatures`() async throws
    {
        let story = SampleStory(.none)
        let book = CaseBook(story.sample.facts)
        let settlement = Settlement.closing(
            book, rule: try SampleFunding.rule(), year: 2012, division: SampleFunding.county,
            national: story.counts, at: SampleStory.now)
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("shangbao-twice-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let key = try SigningKey(generating: .intl)
        var manifests: [[UInt8]] = []
        let signer = PackSigner(
            suite: .intl, publicKey: try key.verifyingKey().pem(), certificate: ""
        ) {
            manifests.append($0)
            return try key.sign($0)
        }
        let sources = PackSources(
            sender: SampleStory.sender,
            receipt: { digest in
                KeptReceipt(
                    bytes: story.receipts[digest] ?? [], keyID: "n1", signature: [1],
                    receivedAt: SampleStory.now)
            }, ledgerHead: .empty, log: .none, approval: [],
            scripts: [], signers: [signer], nationalKeys: [("n1", "")], isOnPaper: true)
        for number in 1...2 {
            let pack = try EvidencePack.write(
                SettlementBooks(settlement), from: sources, to: "\(folder)/\(number)",
                at: SampleStory.now)
            try pack.seal(by: [signer])
            try pack.finish()
        }
        #expect(manifests.count == 2 && manifests[0] == manifests[1])
        #expect(throws: PackFailure.self) {
            try EvidencePack.write(
                SettlementBooks(settlement), from: sources, to: "\(folder)/1", at: SampleStory.now)
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(left.sorted() == ["1", "2"])
    }

    @Test func `Evidence that differs from the ledger makes no pack`() throws {
        let story = SampleStory(.none)
        let book = CaseBook(story.sample.facts)
        let settlement = Settlement.closing(
            book, rule: try SampleFunding.rule(), year: 2012, division: SampleFunding.county,
            national: nil, at: SampleStory.now)
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("shangbao-none-\(UUID().uuidString)").path
        for (bytes, keyID) in [([UInt8]("other".utf8), "n1"), ([], "n1"), (nil, "n2")] {
            let sources = PackSources(
                sender: SampleStory.sender,
                receipt: { digest in
                    KeptReceipt(
                        bytes: bytes ?? story.receipts[digest] ?? [], keyID: keyID, signature: [],
                        receivedAt: SampleStory.now)
                }, ledgerHead: .empty, log: .none, approval: [],
                scripts: [], signers: [], nationalKeys: [("n1", "")], isOnPaper: false)
            let failure = #expect(throws: PackFailure.self) {
                try EvidencePack.write(
                    SettlementBooks(settlement), from: sources, to: path, at: SampleStory.now)
            }
            #expect(failure?.entry.code == "E-PACK-EVIDENCE")
            #expect(!FileManager.default.fileExists(atPath: path))
            #expect(!FileManager.default.fileExists(atPath: path + ".part"))
            #expect(!FileManager.default.fileExists(atPath: path + ".files"))
        }
    }

    @Test func `Every file holds only what finance may see`() async throws {
        let sample = try await SamplePack.make()
        let leaves = try sample.text("ledger/leaves.jsonl").split(separator: "\n")
        #expect(leaves.count == 5)
        #expect(
            leaves[0].hasPrefix(#"{"ack_sha256":""#)
                && leaves[0].hasSuffix(#""seq":1,"state":"settled","v":1,"version":1}"#))
        #expect(leaves.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
        let exceptions = try sample.text("exceptions.csv").split(separator: "\r\n")
        #expect(exceptions.count == 8)
        #expect(exceptions.contains { $0.hasPrefix("quarantined,,R-05,,,,,intake-1,11") })
        #expect(exceptions.contains { $0.hasPrefix("accepted,secondClaim,") })
    }
}
