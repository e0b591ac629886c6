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
        /// The national counts are signed by a key that is not the national one.
        case countsForged
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
        /// No lie: the statement is in the pack on paper too.
        case onPaper
        /// The same as `unsigned`, and the marks are taken off the paid lines.
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

    /// The container itself.
    var container: String { folder.path + "/pack.asice" }

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
        let signers = try countyKeys.map { try signer($0, lie) }
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
            ledgerHead: lines.lines.last.map { LedgerHead(seq: $0.seq, hash: $0.hash) } ?? .empty,
            log: try story.log(),
            approval: Array(
                #"{"approvals":[{"content":"\#(SampleBook.mappingDigest)"}]}"#.utf8),
            scripts: try ["verify.py", "sample.py"].map { ($0, try script($0)) },
            signers: signers, nationalKeys: [("n1", nationalKey)],
            nationalCounts: try counts(story).map {
                try document($0, lie == .countsForged ? other : national)
            }, isOnPaper: lie == .onPaper)
        try Data(lines.lines.map(\.exported).joined().utf8)
            .write(to: folder.appendingPathComponent("ledger.jsonl"))
        let pack = try EvidencePack.write(
            SettlementBooks(settlement), from: sources, to: folder.path + "/pack.asice",
            at: SampleStory.now)
        try pack.seal(by: signers)
        try pack.finish()
        let sample = SamplePack(folder: folder, pack: pack, settlement: settlement)
        try sample.unpack()
        return sample
    }

    /// What the national side says that it counted, in its own words.
    private static func document(
        _ counts: [NationalCounts], _ key: SigningKey
    ) throws -> KeptReceipt {
        let lines = counts.map {
            """
            <Count institution="\($0.institution)" month="\($0.month)" \
            accepted="\($0.accepted)" rejected="\($0.rejected)" duplicate="\($0.duplicate)"/>
            """
        }
        let bytes = Array(
            """
            <Counts xmlns="urn:shangbao:reference:1" programme="\(SampleBook.programme)" \
            region="\(SampleFunding.county)" from="2012-01" to="2012-12">\(lines.joined())</Counts>
            """.utf8)
        return KeptReceipt(
            bytes: bytes, keyID: "n1", signature: try key.sign(bytes), receivedAt: SampleStory.now)
    }

    private static func signer(_ key: SigningKey, _ lie: Lie) throws -> PackSigner {
        let certificate = try key.selfSigned(
            commonName: SampleStory.sender, notBefore: 1_300_000_000, notAfter: 2_200_000_000)
        let signer = try PackSigner(key, certificate: certificate)
        return PackSigner(
            suite: key.suite, publicKey: signer.publicKey, certificate: certificate
        ) { try signer.sign($0) + (lie == .signaturesLonger ? [0x05, 0x00] : []) }
    }

    private func unpack() throws {
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: false)
        let unpacked = try run("python3 -m zipfile -e ../pack.asice .")
        precondition(unpacked.status == 0, unpacked.output)
    }

    /// Parameters that leave nothing open.
    static let funding = SampleFunding.text(
        localPrice: 26_000,
        years: SampleFunding.years(
            (2012, "forecast: 10, carryOver: { central: 100, city: -50 }"), (2013, "forecast: 12")))

    static func script(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appendingPathComponent("mappings/evidence/" + name)))
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
        try script("verify.py", options)
    }

    /// Everything anew from the ledger.
    func recount(_ options: String = "") throws -> (status: Int32, output: String) {
        try script("recount.py", "--ledger ../ledger.jsonl " + options)
    }

    private func script(_ name: String, _ options: String) throws -> (status: Int32, output: String)
    {
        let script = SamplePack.root.appendingPathComponent("mappings/evidence/" + name).path
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
            python3 - <<'PY'
            import base64, hashlib, os, re
            names = sorted(os.path.relpath(os.path.join(p, n), '.') for p, _, f in os.walk('.') for n in f)
            names = [n for n in names if not n.startswith(('META-INF/', 'MANIFEST.'))]
            for kind in ('sha256', 'sm3'):
                with open('MANIFEST.' + kind, 'w') as file:
                    for name in names:
                        digest = hashlib.new(kind, open(name, 'rb').read()).hexdigest()
                        file.write(f'{digest}  {name}\\n')
            path = 'META-INF/ASiCManifest001.xml'
            head, tail = open(path).read().split('<asic:DataObjectReference', 1)
            entry = re.match('.*?</asic:DataObjectReference>\\n', tail, re.S)[0]
            entry = '<asic:DataObjectReference' + entry
            body = ''
            for name in sorted(n for n in names + ['MANIFEST.sha256', 'MANIFEST.sm3'] if n != 'mimetype'):
                digest = base64.b64encode(hashlib.sha256(open(name, 'rb').read()).digest()).decode()
                one = re.sub('URI="[^"]*"', f'URI="{name}"', entry, count=1)
                body += re.sub('Value>[^<]*<', f'Value>{digest}<', one, count=1)
            open(path, 'w').write(head + body + '</asic:ASiCManifest>\\n')
            PY
            """)
        precondition(made.status == 0, made.output)
    }
}
