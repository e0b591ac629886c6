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
        let checked = try sample.verify("--anchor ../anchor.txt " + SamplePack.allKeys)
        #expect(checked.status == 0, "\(checked.output)")
        #expect(!checked.output.contains("WRONG"), "\(checked.output)")
        #expect(checked.output.contains("签名和 2 份回执"))
        #expect(checked.output.contains("Result: everything holds.\n"))
        #expect(!checked.output.contains("compared"), "\(checked.output)")
        #expect(try sample.run("python3 -B verify.py .").status == 0)
        #expect(sample.settlement.statement.totalCases == 5)
        #expect(sample.settlement.statement.isClosed)
    }

    @Test func `The commands of the README work as they stand`() async throws {
        let sample = try await SamplePack.make()
        let readme = try sample.text("README.txt")
        let receipt = try #require(
            FileManager.default.contentsOfDirectory(
                atPath: sample.path.appendingPathComponent("acks").path
            ).first { $0.hasSuffix(".xml") })
        let script = Self.commands(in: readme, receipt: String(receipt.dropLast(4)))
        #expect(script.count == 8)
        // The receipts of this pack are SM2: the last command is for the other kind of key.
        for command in script.dropLast(4) {
            let done = try sample.run(command)
            #expect(done.status == 0 && !done.output.contains("BAD"), "\(command) \(done.output)")
        }
        let byReceipt = try sample.run(script.suffix(4).dropLast().joined(separator: " && "))
        #expect(byReceipt.status == 0, "\(byReceipt.output)")
    }

    /// The indented lines that begin with a command.
    private static func commands(in readme: String, receipt: String) -> [String] {
        let starts = ["sha256sum", "while", "openssl", "KEY=", "sed"]
        return readme.split(separator: "\n").compactMap { line in
            let command = line.drop { $0 == " " }
            guard line.hasPrefix("    "), starts.contains(where: command.hasPrefix) else {
                return nil
            }
            return command.replacingOccurrences(of: "acks/X", with: "acks/\(receipt)")
        }
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
        let sources = PackSources(
            sender: SampleStory.sender,
            receipt: { digest in
                KeptReceipt(
                    bytes: story.receipts[digest] ?? [], keyID: "n1", signature: [1],
                    receivedAt: SampleStory.now)
            }, mappingDigest: { _ in "ab" }, ledger: { _ in }, approval: [], verifier: [],
            signers: [
                PackSigner(suite: .intl, publicKey: try key.verifyingKey().pem()) {
                    manifests.append($0)
                    return try key.sign($0)
                }
            ], nationalKeys: [("n1", "")])
        for number in 1...2 {
            _ = try EvidencePack.write(
                settlement, of: book, from: sources, to: "\(folder)/\(number)", at: SampleStory.now)
        }
        #expect(manifests.count == 2 && manifests[0] == manifests[1])
        #expect(throws: PackFailure.self) {
            try EvidencePack.write(
                settlement, of: book, from: sources, to: "\(folder)/1", at: SampleStory.now)
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
                }, mappingDigest: { _ in "ab" }, ledger: { _ in }, approval: [], verifier: [],
                signers: [], nationalKeys: [("n1", "")])
            let failure = #expect(throws: PackFailure.self) {
                try EvidencePack.write(
                    settlement, of: book, from: sources, to: path, at: SampleStory.now)
            }
            #expect(failure?.entry.code == "E-PACK-EVIDENCE")
            #expect(!FileManager.default.fileExists(atPath: path))
            #expect(!FileManager.default.fileExists(atPath: path + ".part"))
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
