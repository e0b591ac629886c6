import Delivery
import Evidence
import Flow
import Foundation
import Intake
import LibCrypto
import LibZlib
import Programmes
import Records
import Storage
import Submissions

/// A queue of submissions: one was packed from invented couples by the program's own code, the
/// others are its bytes with other ids, signed and compressed anew. Rows and facts are real.
struct DeliveryBacklog {
    /// Submissions in one transaction, as a taken file has them.
    private static let together = 10
    /// They were made before the hour within which a submission counts as new.
    private static let ageSeconds: Int64 = 2 * 3600

    let bench: BenchmarkSite
    let path: String

    /// Makes the database with its queue.
    func make() async throws {
        let arguments = bench.arguments
        let database = try await SQLiteDatabase.open(path, migrations: Site.migrations)
        let outbox = Outbox(epoch: "bench", policy: bench.profile.retry)
        let ledger = Ledger()
        let now = clock()
        let created = now.adding(seconds: -Self.ageSeconds)
        var template = try SubmissionTemplate(
            try await bench.packed(records: arguments.batch), bench.kit.sender.signingKey)
        let count = arguments.records / arguments.batch
        for start in stride(from: 0, to: count, by: Self.together) {
            let parcels = try (start..<min(start + Self.together, count)).map { _ in
                try template.next(created: created)
            }
            try await database.write { transaction in
                for (parcel, fact) in parcels {
                    try outbox.enqueue(parcel, in: transaction)
                    try ledger.append([.enqueued(fact)], at: now, in: transaction)
                }
            }
        }
        await database.close()
    }
}

/// The bytes of a submission, with places for other ids.
struct SubmissionTemplate {
    private let first: Submission
    private let ownKey: String
    private let key: SigningKey
    private let compressor = GzipCompressor()
    private var document: [UInt8]
    private let idAt: Int
    private let recordsAt: [Int]

    init(_ packed: PreparationDesk.Packed, _ key: SigningKey) throws {
        first = packed.submission
        ownKey = packed.ownKey
        self.key = key
        document = try Gzip.decompress(first.wire, limit: 20_000_000)
        guard let id = document.firstRange(of: first.id.text.utf8) else {
            throw BenchmarkFailure("a submission without its id")
        }
        idAt = id.lowerBound
        var rest = document[...]
        var places: [Int] = []
        for record in first.records {
            guard let place = rest.firstRange(of: "<Record id=\"\(record.record.text)".utf8) else {
                throw BenchmarkFailure("a submission without its record")
            }
            places.append(place.upperBound - record.record.text.utf8.count)
            rest = rest[place.upperBound...]
        }
        recordsAt = places
    }

    /// The next one, under ids of its own.
    mutating func next(created: Timestamp) throws -> (Parcel, Fact.Enqueued) {
        var random = SystemRandomNumberGenerator()
        let id = SubmissionID(
            uuidVersion7(at: created, random: (0..<10).map { _ in random.next() }))
        document.replaceSubrange(idAt..<idAt + id.text.utf8.count, with: id.text.utf8)
        let records = zip(first.records, recordsAt).map { record, place in
            let name = Hex.encode((0..<16).map { _ in random.next() })
            document.replaceSubrange(place..<place + name.utf8.count, with: name.utf8)
            return SubmittedRecord(
                record: RecordID(name), version: record.version, action: record.action,
                institution: record.institution, servedOn: record.servedOn,
                traits: record.traits, claimant: record.claimant, childOrder: record.childOrder)
        }
        let wire = try document.withUnsafeBytes { (bytes) throws(GzipFailure) in
            try compressor.compress(bytes)
        }
        let digest = Hex.encode(Hash.sha256.digest(document))
        let parcel = Parcel(
            id: id, programme: first.programme, profile: first.profile, sender: first.sender,
            region: first.region, suite: first.suite.rawValue, created: created,
            signingKey: first.signingKeyID, wire: wire, byteCount: document.count,
            digest: digest, wireDigest: Hash.sha256.digest(wire),
            signature: try key.sign(document), ownKey: ownKey, records: records)
        let fact = Fact.Enqueued(
            submission: id, programme: first.programme, profile: first.profile,
            suite: first.suite.rawValue, digest: digest,
            digestSM3: Hex.encode(Hash.sm3.digest(wire)), signingKey: first.signingKeyID,
            records: records, warnings: [:])
        return (parcel, fact)
    }
}
