import Evidence
import Flow
import Foundation
import LibCrypto
import Records
import Rehearsal
import Storage

/// The ledger of a year of invented cases, written fact by fact as the program writes them, with the
/// national side's receipts beside it. No queue and no sealed record is there: books, statements and
/// packs ask for none.
///
/// The same number of cases gives the same facts but for the receipts' signatures.
struct ClosingLedger {
    static let year = 2012
    static let programme = "preconception-check"
    private static let mapping = "county-csv@2"
    private static let mappingDigest = String(repeating: "5a", count: 32)

    let cases: Int
    let suite: CipherSuite
    let path: String
    let nation: NationalIdentity

    /// Writes it to a new database.
    func make() async throws {
        let database = try await SQLiteDatabase.open(path, migrations: Site.migrations)
        var county = InventedYear(cases: cases)
        let key = nation.receiptsKey(suite)
        while let file = county.nextFile() {
            let (facts, receipts) = try story(of: file, key)
            try await database.write { transaction in
                for (moment, facts) in facts {
                    try Ledger().append(facts, at: moment, in: transaction)
                }
                for receipt in receipts { try keep(receipt, in: transaction) }
            }
        }
        await database.close()
    }

    /// A receipt as it was kept.
    private struct Receipt: Sendable {
        let submission: SubmissionID
        let digest: String
        let bytes: [UInt8]
        let signature: [UInt8]
        let moment: Timestamp
    }

    /// All that happens of one file: it is taken, sent and answered.
    private func story(
        of file: InventedFile, _ key: SigningKey
    ) throws -> (facts: [(Timestamp, [Fact])], receipts: [Receipt]) {
        var moment = file.moment
        let arrived = Fact.Arrived(
            intake: file.intake, name: file.name, digest: file.digest,
            byteCount: 600 * file.rows, mapping: Self.mapping, mappingDigest: Self.mappingDigest)
        var facts: [(Timestamp, [Fact])] = [(moment, [.arrived(arrived)])]
        for stretch in file.stretches {
            moment = moment.adding(seconds: 1)
            let taken = Fact.Taken(
                intake: file.intake, nextRow: stretch.nextRow, rows: stretch.rows, unchanged: 0,
                kept: stretch.kept)
            facts.append(
                (moment, [.taken(taken)] + stretch.batches.map { .enqueued(enqueued($0, file)) }))
        }
        facts.append((moment, [.received(.init(intake: file.intake, rows: file.rows))]))
        var receipts: [Receipt] = []
        for batch in file.stretches.flatMap(\.batches) {
            moment = moment.adding(seconds: 3)
            let receipt = try receipt(of: batch, at: moment, key)
            receipts.append(receipt)
            facts += sent(batch, receipt, at: moment)
        }
        return (facts, receipts)
    }

    private func enqueued(_ batch: InventedBatch, _ file: InventedFile) -> Fact.Enqueued {
        Fact.Enqueued(
            submission: batch.submission, programme: Self.programme, profile: "reference-1",
            suite: suite.rawValue, digest: batch.digest,
            digestSM3: String(batch.digest.reversed()), signingKey: "bench001",
            mappingDigest: Self.mappingDigest, records: batch.records, warnings: batch.warnings,
            intake: file.intake, rows: batch.rows)
    }

    /// What the ledger says of one send and its answer.
    private func sent(
        _ batch: InventedBatch, _ receipt: Receipt, at moment: Timestamp
    ) -> [(Timestamp, [Fact])] {
        let submission = batch.submission
        let stored = Fact.ReceiptKept(
            receipt: receipt.digest, submission: nil, disposition: "stored")
        let applied = Fact.ReceiptKept(
            receipt: receipt.digest, submission: submission, disposition: "applied")
        let acknowledged = Fact.Acknowledged(
            submission: submission, receipt: receipt.digest, verdicts: batch.verdicts)
        var told: [Fact] = [.acknowledged(acknowledged)]
        for (record, version) in batch.disputed {
            told.append(
                .disputed(
                    .init(
                        submission: submission, record: record, version: version,
                        receipt: receipt.digest)))
        }
        for (record, version) in batch.reversed {
            told.append(
                .reversed(
                    .init(
                        submission: submission, record: record, version: version,
                        receipt: receipt.digest, accepted: receipt.digest, code: "E3301")))
        }
        return [
            (moment, [.onWire(.init(submission: submission, attempt: 1))]),
            (moment.adding(seconds: 1), [.receiptKept(stored)]),
            (
                moment.adding(seconds: 1),
                [
                    .attempted(
                        .init(
                            submission: submission, attempt: 1, state: "final",
                            outcome: "HTTP-200")),
                    .receiptKept(applied),
                ] + told
            ),
        ]
    }

    private func receipt(
        of batch: InventedBatch, at moment: Timestamp, _ key: SigningKey
    ) throws -> Receipt {
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Receipt xmlns="urn:shangbao:reference:1" id="R-\(batch.submission)" \
            submission="\(batch.submission)" sender="\(nation.sender)" digest="\(batch.digest)" \
            issued="\(moment.dateTime)" status="processed">
            """
        for verdict in batch.verdicts {
            text += "<Entry record=\"\(verdict.record)\" version=\"\(verdict.version)\""
            text += " status=\"\(verdict.verdict.rawValue)\""
            text += verdict.serial.map { " serial=\"\($0)\"" } ?? ""
            text += verdict.code.map { " code=\"\($0)\"" } ?? ""
            text += verdict.field.map { " field=\"\($0)\"" } ?? ""
            text += "/>"
        }
        let bytes = Array((text + "</Receipt>").utf8)
        return Receipt(
            submission: batch.submission, digest: Hex.encode(Hash.sha256.digest(bytes)),
            bytes: bytes, signature: try key.sign(bytes), moment: moment)
    }

    private func keep(
        _ receipt: Receipt, in transaction: any Transaction
    ) throws(StorageFailure) {
        try transaction.run(
            """
            INSERT INTO receipt (digest, endpoint, signature, signing_key, received, submission,
                status, disposition)
            VALUES (\(receipt.digest), 'reference-1', \(receipt.signature),
                \(nation.receiptsID(suite)), \(receipt.moment.microseconds),
                \(receipt.submission.text), 'processed', 'applied')
            """)
        try transaction.run(
            """
            INSERT INTO receipt_body (digest, bytes) VALUES (\(receipt.digest), \(receipt.bytes))
            """)
    }
}
