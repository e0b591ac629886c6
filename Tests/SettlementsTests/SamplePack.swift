import Evidence
import Foundation
import LibCrypto
import Records
import Settlements
import Storage

/// A pack of an invented county's year, with a real ledger, real keys and real signatures, and
/// bash beside it: an auditor's desk.
final class SamplePack {
    /// The repository, or whatever holds `mappings/` beside `Tests/`.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// How the pack lies, though everything in it is signed.
    enum Lie {
        case none
        /// The receipt rejects what the ledger calls accepted.
        case receiptRejects
        /// The receipt answers another message.
        case receiptOfAnother
        /// The receipt is signed by a key that is not the national one.
        case receiptForged
        /// The county signs the receipts itself, and puts its key in as the national one.
        case receiptByCounty
        /// The second receipt answers another county.
        case receiptToAnother
        /// A paid case was taken back, and the nation accepted that, before the pack was made.
        case withdrawnLater
        /// A paid case was amended, and the nation accepted that, before the pack was made.
        case amendedLater
        /// The ledger calls rejected what a signed receipt accepts: that a paid case is taken back.
        case withdrawalHidden
        /// A self-paid case is paid; by the ledger's facts it is none.
        case selfPaidIsPaid
        /// An incomplete case is paid; by the ledger's facts it is none.
        case incompleteIsPaid
        /// The statement counts a case under another clinic than the ledger's facts do.
        case clinicChanged
        /// Bytes stand behind the signatures of the manifest.
        case signaturesLonger
        /// No lie: the second statement of the year, after the nation took an acceptance back.
        case corrected
        /// No lie: the second submission is answered by a list without a signature, and so marked.
        case unsigned
        /// The same, and the marks are taken off the paid lines.
        case markTakenOff
        /// The same, and neither ledger nor receipt nor line says so.
        case unsignedUnsaid

        var isUnsigned: Bool {
            [.unsigned, .markTakenOff, .unsignedUnsaid].contains(self)
        }
    }

    /// The options by which an auditor gives every key that he holds.
    static let allKeys =
        "--county-key ../sender-gm.pem --county-key ../sender-intl.pem "
        + "--national-key ../national.pem"

    let folder: URL
    let pack: EvidencePack
    let settlement: Settlement

    var path: URL { folder.appendingPathComponent("pack") }

    private init(folder: URL, pack: EvidencePack, settlement: Settlement) {
        self.folder = folder
        self.pack = pack
        self.settlement = settlement
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Two answered submissions, and one case for every reason not to be paid.
    static func make(
        _ lie: Lie = .none, suite: CipherSuite = .gm, funding: String = SamplePack.funding,
        counts: (SampleStory) -> [NationalCounts]? = { $0.counts }
    ) async throws -> SamplePack {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("shangbao-pack-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let countyKeys = try CipherSuite.allCases.map { try SigningKey(generating: $0) }
        let national =
            lie == .receiptByCounty ? countyKeys[0] : try SigningKey(generating: suite)
        let other = try SigningKey(generating: suite)
        let story = SampleStory(lie)
        let lines = try await story.ledger(in: folder.appendingPathComponent("ledger.db").path)
        var book = CaseBook(programme: SampleBook.programme)
        for (place, fact) in story.believed(lie).enumerated() {
            book.add(fact, seq: Int64(place + 1), at: SampleStory.now)
        }
        let settlement = Settlement.closing(
            book, rule: try SampleFunding.rule(funding), year: 2012, division: SampleFunding.county,
            national: counts(story), since: try story.earlier(), at: SampleStory.now)
        let signers = try zip(CipherSuite.allCases, countyKeys).map { suite, key in
            PackSigner(suite: suite, publicKey: try key.verifyingKey().pem()) {
                try key.sign($0) + (lie == .signaturesLonger ? [0x05, 0x00] : [])
            }
        }
        let nationalKey = try national.verifyingKey().pem()
        try Data(nationalKey.utf8).write(to: folder.appendingPathComponent("national.pem"))
        for signer in signers {
            try Data(signer.publicKey.utf8)
                .write(to: folder.appendingPathComponent("sender-\(signer.suite).pem"))
        }
        let sources = PackSources(
            sender: SampleStory.sender,
            receipt: { digest in
                let bytes = story.receipts[digest] ?? []
                guard !story.unsigned.contains(digest) else {
                    return KeptReceipt(
                        bytes: bytes, keyID: nil, signature: nil, receivedAt: SampleStory.now)
                }
                let signer = lie == .receiptForged ? other : national
                return KeptReceipt(
                    bytes: bytes, keyID: "n1", signature: try signer.sign(bytes),
                    receivedAt: SampleStory.now)
            },
            mappingDigest: { _ in SampleBook.mappingDigest },
            ledger: { each in for line in lines.lines { try each(line) } },
            approval: Array(#"{"mapping":"county-csv@1"}"#.utf8),
            verifier: try verifier(), signers: signers, nationalKeys: [("n1", nationalKey)])
        let pack = try EvidencePack.write(
            settlement, of: book, from: sources, to: folder.appendingPathComponent("pack").path,
            at: SampleStory.now)
        return SamplePack(folder: folder, pack: pack, settlement: settlement)
    }

    /// Parameters that leave nothing open.
    static let funding = SampleFunding.text(
        localPrice: 26_000,
        years: SampleFunding.years(
            (2012, "forecast: 10, carryOver: { central: 100, city: -50 }"), (2013, "forecast: 12")))

    static func verifier() throws -> [UInt8] {
        Array(
            try Data(contentsOf: root.appendingPathComponent("mappings/evidence/verify.py")))
    }

    /// Runs a script in the pack's folder; its output holds errors too.
    func run(_ script: String) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-u", "-o", "pipefail", "-c", script]
        process.currentDirectoryURL = path
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    /// The verifier of the repository, as an auditor's own copy.
    func verify(_ options: String = "") throws -> (status: Int32, output: String) {
        let script = SamplePack.root.appendingPathComponent("mappings/evidence/verify.py").path
        return try run("PYTHONDONTWRITEBYTECODE=1 python3 '\(script)' . \(options)")
    }

    func text(_ name: String) throws -> String {
        try String(contentsOf: path.appendingPathComponent(name), encoding: .utf8)
    }

    func replace(_ name: String, _ change: (String) throws -> String) throws {
        let changed = try change(text(name))
        try Data(changed.utf8).write(to: path.appendingPathComponent(name))
    }

    /// What an attacker does after a change: all digests fit again, only signatures cannot.
    func rebuildManifests() throws {
        let made = try run(
            """
            rm MANIFEST.sha256 MANIFEST.sm3
            find . -type f ! -path './META/*' -printf '%P\\n' | LC_ALL=C sort > ../names
            while read -r f; do echo "$(openssl dgst -sm3 -r "$f" | cut -d' ' -f1)  $f"; done \
              < ../names > ../sm3
            mv ../sm3 MANIFEST.sm3
            find . -type f ! -path './META/*' -printf '%P\\n' | LC_ALL=C sort \
              | xargs sha256sum > ../sha256
            mv ../sha256 MANIFEST.sha256
            """)
        precondition(made.status == 0, made.output)
    }
}
