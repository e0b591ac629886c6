package import Evidence
import Foundation
import LibCrypto
package import Records

/// One container by which an auditor checks a statement without us (证据包, PRIVACY 5): ASiC-E with
/// the lines and their tree, the receipts as received, digests, approvals and signatures.
///
/// Record ids, pseudonyms, digests and amounts only; no message, no personal data.
package struct EvidencePack {
    package let path: String
    /// The tree over the year's lines, 32 bytes each.
    package let root: [UInt8]
    package let rootSM3: [UInt8]
    /// All lines of the year, those of earlier statements too.
    package let size: Int
    /// SHA-256 of `settlement.json`, 32 bytes.
    package let statementDigest: [UInt8]
    /// The text of `ledger/tree-head.txt`: what a third party keeps as an anchor.
    package let treeHead: String
    private let folder: PackFolder
    private let earlierSize: Int
    /// What is signed.
    private let manifest: [UInt8]

    /// What `Fact.settled` says of this pack.
    package func fact(of statement: Statement) -> Fact {
        .settled(
            Fact.Settled(
                programme: statement.programme, year: statement.year,
                statement: Hex.encode(statementDigest), root: Hex.encode(root), size: size,
                head: Hex.encode(Hash.sha256.digest(Array(treeHead.utf8))),
                through: statement.through, by: statement.maker))
    }

    /// Writes the pack's files. It is signed by `seal` and has its name after `finish`; in between
    /// the caller writes down that it was issued. Whoever goes no further calls `discard`.
    ///
    /// The same input and time give the same bytes, but for the signatures in `META-INF`.
    ///
    /// - Parameters:
    ///   - books: taken, and let go of before the rest is written.
    ///   - path: the container; nothing may be there yet.
    ///   - moment: the time of the tree head.
    /// - Throws: `PackFailure`, or what the sources throw; then nothing is left.
    package static func write(
        _ books: SettlementBooks, from sources: PackSources, to path: String, at moment: Timestamp
    ) throws -> EvidencePack {
        let folder = try PackFolder(path)
        do {
            // The books are in memory for this one line only.
            guard let log = try PackLines(books, sources, folder)?.write() else {
                throw PackFailure(.incomplete, path)
            }
            let writing = PackWriting(
                statement: books.statement, sources: sources, folder: folder)
            let (head, digest) = try writing.write(log, at: moment)
            return EvidencePack(
                path: path, root: log.sha256.root, rootSM3: log.sm3.root, size: log.sha256.count,
                statementDigest: digest, treeHead: head, folder: folder,
                earlierSize: sources.log.size, manifest: try writing.writeManifests())
        } catch {
            folder.discard()
            throw error
        }
    }

    /// Hands over the lines that this statement adds, some at a time, in their order. Throws
    /// `unwritten` where they cannot be read back, and what `each` throws.
    package func newLines(_ each: ([SettledLines.Line]) throws -> Void) throws {
        let path = folder.place(of: PackLines.path)
        var batch: [SettledLines.Line] = []
        var seq = 0
        try LineFile(path).lines { line in
            seq += 1
            guard seq > earlierSize else { return }
            guard let record = LeafText(line).text("record") else {
                throw PackFailure(.incomplete, path)
            }
            batch.append(
                SettledLines.Line(
                    seq: seq, record: RecordID(record),
                    text: String(decoding: line, as: UTF8.self)))
            if batch.count == 500 {
                try each(batch)
                batch.removeAll(keepingCapacity: true)
            }
        }
        if !batch.isEmpty { try each(batch) }
    }

    /// Signs the pack, has the signatures stamped, and packs everything: on disk, whole, not yet
    /// under its name. Throws what signers and stamping throw, and `PackFailure`.
    package func seal(by signers: [PackSigner], _ stamping: PackStamping? = nil) throws {
        for signer in signers {
            let signature = try signer.sign(manifest)
            try folder.addUncovered("META-INF/\(signer.fileName)", signature)
            if let stamping {
                let stamp = try stamping.stamp(signature)
                try folder.addUncovered("META-INF/\(signer.fileName).tsr", stamp)
            }
        }
        try folder.pack()
    }

    /// Gives the pack its name. Throws `unwritten`.
    package func finish() throws(PackFailure) { try folder.finish() }

    /// Removes what was made.
    package func discard() { folder.discard() }
}

/// One pack being written.
private struct PackWriting {
    let statement: Statement
    let sources: PackSources
    let folder: PackFolder

    /// Writes every file but those of the lines; returns the tree head's text and the statement's
    /// digest.
    func write(_ log: LogWriting, at moment: Timestamp) throws -> (String, [UInt8]) {
        let json = try statement.json()
        let digest = Hash.sha256.digest(json)
        try folder.add("settlement.json", json)
        try folder.add("settlement.csv", statement.csv())
        try folder.add("settlement.xml", statement.xml())
        try folder.add("settlement.html", statement.html())
        let head = treeHead(log, digest, moment)
        try folder.add("ledger/tree-head.txt", Array(head.utf8))
        try writeConsistency(log)
        if sources.isOnPaper {
            try statement.writePDF(
                to: folder.place(of: "settlement.pdf"), digest: Hex.encode(digest),
                anchor: PackAnchor(head: head).line)
            try folder.addWritten("settlement.pdf")
        }
        try writeReceipts(log.receipts)
        try writeCounts()
        try folder.add("policy/approval.json", sources.approval)
        for script in sources.scripts { try folder.add(script.name, script.bytes) }
        try folder.add(
            "README.txt", Array(PackReadme.text(of: statement, sources, at: moment).utf8))
        try writeKeys()
        return (head, digest)
    }

    private func treeHead(
        _ log: LogWriting, _ digest: [UInt8], _ moment: Timestamp
    ) -> String {
        """
        origin shangbao/\(statement.programme)/\(statement.division)
        period \(statement.year)
        through \(statement.through?.description ?? "\(statement.year)-12")
        sender \(sources.sender)
        size \(log.sha256.count)
        root-sha256 \(Hex.encode(log.sha256.root))
        root-sm3 \(Hex.encode(log.sm3.root))
        prev-size \(sources.log.size)
        prev-root-sha256 \(sources.log.root)
        prev-head-sha256 \(sources.log.head)
        statement-sha256 \(Hex.encode(digest))
        ledger-seq \(sources.ledgerHead.seq)
        ledger-head \(Hex.encode(sources.ledgerHead.hash))
        time \(moment.dateTime)

        """
    }

    /// RFC 9162 section 2.1.4: the digests that show the earlier lines unchanged in this tree.
    private func writeConsistency(_ log: LogWriting) throws {
        var text = "from \(sources.log.size) \(sources.log.root)\n"
        text += "to \(log.sha256.count) \(Hex.encode(log.sha256.root))\n"
        if sources.log.size > 0 {
            var tree = HashTree.Growing(.sha256)
            try LineFile(folder.place(of: PackLines.path)).lines { tree.add($0) }
            let proof = tree.grown.consistencyProof(from: sources.log.size)
            text += proof.map { Hex.encode($0) + "\n" }.joined()
        }
        try folder.add("ledger/consistency.txt", Array(text.utf8))
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
            try folder.add("acks/\(digest).sig", bytes)
            index.add([digest, keyID, receipt.receivedAt.dateTime])
        }
        try folder.add("acks/index.csv", index.bytes)
    }

    /// Writes the national counts exactly as received, named by the key that signed them.
    private func writeCounts() throws {
        guard statement.national != nil, let counts = sources.nationalCounts else { return }
        guard let keyID = counts.keyID, let signature = counts.signature,
            sources.nationalKeys.contains(where: { $0.id == keyID })
        else { throw PackFailure(.incomplete, "counts", detail: "key") }
        try folder.add("counts/national-\(keyID).xml", counts.bytes)
        try folder.add("counts/national-\(keyID).sig", signature)
    }

    private func writeKeys() throws {
        for signer in sources.signers {
            let suite = signer.suite.rawValue
            try folder.add("keys/sender-\(suite).pub.pem", Array(signer.publicKey.utf8))
            try folder.add("certs/signer-\(suite).pem", Array(signer.certificate.utf8))
        }
        for key in sources.nationalKeys {
            try folder.add("keys/national-\(key.id).pub.pem", Array(key.pem.utf8))
        }
        if let stamping = sources.stamping {
            try folder.add("certs/tsa.pem", Array(stamping.roots.joined().utf8))
        }
    }

    /// Returns what is signed.
    func writeManifests() throws -> [UInt8] {
        let isInternational = sources.signers.contains { $0.suite == .intl }
        return try folder.writeManifests(
            signedBy: isInternational
                ? ("signature001.p7s", "application/pkcs7-signature")
                : ("signature001.sm2", "application/octet-stream"))
    }
}
