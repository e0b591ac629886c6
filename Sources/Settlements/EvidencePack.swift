package import Evidence
import LibCrypto
package import Records

/// A folder by which an auditor checks a statement without us (PRIVACY 5, HOUSE 10).
///
/// Record ids, pseudonyms, digests and amounts only; no message, no personal data.
package struct EvidencePack: Sendable {
    package let path: String
    /// The tree over the settled lines, 32 bytes each.
    package let root: [UInt8]
    package let rootSM3: [UInt8]
    /// SHA-256 of `settlement.json`, 32 bytes.
    package let statementDigest: [UInt8]
    /// The text of `ledger/tree-head.txt`: what a third party keeps as an anchor.
    package let treeHead: String

    /// What `Fact.settled` says of this pack.
    package func fact(of statement: Statement) -> Fact {
        .settled(
            Fact.Settled(
                programme: statement.programme, year: statement.year,
                statement: Hex.encode(statementDigest), root: Hex.encode(root)))
    }

    /// Writes the pack; it stands under its name only when it is whole.
    ///
    /// The same input and time give the same bytes, but for the signatures in `META`.
    ///
    /// - Parameters:
    ///   - path: the new folder; nothing may be there yet.
    ///   - moment: the time of the tree head.
    /// - Throws: `PackFailure`, or what the sources throw.
    package static func write(
        _ settlement: Settlement, of book: CaseBook, from sources: PackSources, to path: String,
        at moment: Timestamp
    ) throws -> EvidencePack {
        let folder = try PackFolder(path)
        do {
            let writing = PackWriting(
                settlement: settlement, book: book, sources: sources, folder: folder)
            let pack = try writing.pack(at: moment, path: path)
            try folder.finish()
            return pack
        } catch {
            folder.discard()
            throw error
        }
    }
}

/// One pack being written.
private struct PackWriting {
    let settlement: Settlement
    let book: CaseBook
    let sources: PackSources
    let folder: PackFolder

    private var statement: Statement { settlement.statement }

    func pack(at moment: Timestamp, path: String) throws -> EvidencePack {
        let json = try statement.json()
        try folder.add("settlement.json", json)
        try folder.add("settlement.csv", statement.csv())
        try folder.add("settlement.html", statement.html())
        let exceptions = ExceptionList(book, settlement: settlement)
        try folder.add("exceptions.csv", exceptions.csv())
        let leaves = try leaves()
        try folder.add("ledger/leaves.jsonl") { file in
            for leaf in leaves { try file.append(leaf.line + [0x0A]) }
        }
        let root = HashTree(leaves.map(\.line), hash: .sha256).root
        let rootSM3 = HashTree(leaves.map(\.line), hash: .sm3).root
        let ledgerHead = try writeChain()
        let statementDigest = Hash.sha256.digest(json)
        let treeHead = """
            origin shangbao/\(statement.programme)/\(statement.division)
            period \(statement.year)
            sender \(sources.sender)
            size \(leaves.count)
            root-sha256 \(Hex.encode(root))
            root-sm3 \(Hex.encode(rootSM3))
            statement-sha256 \(Hex.encode(statementDigest))
            ledger-seq \(ledgerHead.seq)
            ledger-head \(Hex.encode(ledgerHead.hash))
            time \(moment.dateTime)

            """
        try folder.add("ledger/tree-head.txt", Array(treeHead.utf8))
        let paidBefore = statement.correction?.lines.map(\.paidBy) ?? []
        try writeReceipts(Set(leaves.map(\.receipt) + exceptions.receipts + paidBefore))
        try writeSubmissions(Set(leaves.map(\.submission) + exceptions.submissions))
        try folder.add("policy/approval.json", sources.approval)
        try folder.add("verify.py", sources.verifier)
        try folder.add("README.txt", Array(PackReadme.text(of: statement).utf8))
        try writeKeysAndSign()
        return EvidencePack(
            path: path, root: root, rootSM3: rootSM3, statementDigest: statementDigest,
            treeHead: treeHead)
    }

    private func leaves() throws -> [SettledLeaf] {
        try settlement.paid.enumerated().map { index, paid in
            guard let submission = paid.version.submission, let receipt = paid.version.receipt,
                let dispatch = book.dispatches[submission]
            else { throw PackFailure(.incomplete, paid.record.record.text) }
            return SettledLeaf(
                seq: index + 1, division: statement.division, paid: paid, submission: submission,
                receipt: receipt, packageDigest: dispatch.digest,
                mappingDigest: try sources.mappingDigest(submission))
        }
    }

    /// Writes the ledger's lines so that the chain can be recomputed; returns the last one.
    private func writeChain() throws -> LedgerHead {
        var head = LedgerHead.empty
        try folder.add("ledger/chain.jsonl") { file in
            try sources.ledger { line in
                guard head.seq == 0 || (line.seq == head.seq + 1 && line.prev == head.hash) else {
                    throw PackFailure(.incomplete, "ledger \(line.seq)")
                }
                head = LedgerHead(seq: line.seq, hash: line.hash)
                let text = JSONText.object([
                    ("at", "\(line.at.microseconds)"), ("body", JSONText.quoted(line.body)),
                    ("hash", JSONText.quoted(Hex.encode(line.hash))),
                    ("kind", JSONText.quoted(line.kind)),
                    ("prev", JSONText.quoted(Hex.encode(line.prev))), ("seq", "\(line.seq)"),
                ])
                try file.append(Array((text + "\n").utf8))
            }
        }
        return head
    }

    /// Writes receipts exactly as received, and their signatures beside them.
    private func writeReceipts(_ digests: Set<String>) throws {
        let known = Set(sources.nationalKeys.map(\.id))
        var index = CSVTable(header: ["sha256", "key_id", "received"], isMarked: false)
        for digest in digests.sorted() {
            let receipt = try sources.receipt(digest)
            guard Hex.encode(Hash.sha256.digest(receipt.bytes)) == digest else {
                throw PackFailure(.incomplete, "receipt \(digest)", detail: "digest")
            }
            try folder.add("acks/\(digest).xml", receipt.bytes)
            // No signature, and none is shown: its lines bear the mark.
            guard let keyID = receipt.keyID, let bytes = receipt.signature else {
                index.add([digest, "", receipt.receivedAt.dateTime])
                continue
            }
            guard known.contains(keyID) else {
                throw PackFailure(.incomplete, "receipt \(digest)", detail: "key")
            }
            let signature = Base64.standard.encode(bytes)
            try folder.add(
                "acks/\(digest).xml.sig", Array("\(keyID)\n\(signature)\n".utf8))
            index.add([digest, keyID, receipt.receivedAt.dateTime])
        }
        try folder.add("acks/index.csv", index.bytes)
    }

    private func writeSubmissions(_ submissions: Set<SubmissionID>) throws {
        var index = CSVTable(
            header: ["id", "sha256", "sm3", "profile", "queued", "first_sent", "attempts"],
            isMarked: false)
        for submission in submissions.sorted(by: { $0.text < $1.text }) {
            guard let dispatch = book.dispatches[submission] else {
                throw PackFailure(.incomplete, "submission \(submission)")
            }
            index.add([
                submission.text, dispatch.digest, dispatch.digestSM3, dispatch.profile,
                dispatch.queuedAt.dateTime, dispatch.firstSentAt?.dateTime ?? "",
                "\(dispatch.attempts)",
            ])
        }
        try folder.add("submissions/index.csv", index.bytes)
    }

    private func writeKeysAndSign() throws {
        for signer in sources.signers {
            try folder.add(
                "keys/sender-\(signer.suite.rawValue).pub.pem", Array(signer.publicKey.utf8))
        }
        for key in sources.nationalKeys {
            try folder.add("keys/national-\(key.id).pub.pem", Array(key.pem.utf8))
        }
        let manifest = try folder.writeManifests()
        for signer in sources.signers {
            try folder.addUncovered(
                "META/signature.\(signer.suite.rawValue).sig", try signer.sign(manifest))
        }
    }
}
