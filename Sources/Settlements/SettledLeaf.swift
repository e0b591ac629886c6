import Evidence
import Foundation
import LibCrypto
import Records

/// One line of the evidence tree: a case that is paid, or one that is taken off again (结算行).
///
/// Its text is JSON, keys sorted, no spaces, ASCII only, whole numbers only: what is hashed,
/// without a line feed. An auditor can do that by hand.
struct SettledLeaf: Codable {
    let receipt: String
    let childOrder: Int
    let division: String
    let fen: Int64
    /// `unsigned` where it rests on a list of results; else absent.
    let grade: String?
    let item: String
    let mappingDigest: String
    let submission: String
    /// The month of the service day.
    let period: String
    let persons: Int
    let claimant: String
    let packageDigest: String
    /// The line that this one takes off; 0 for one that pays.
    let previous: Int
    /// Why it is taken off; absent on one that pays.
    let reason: String?
    let record: String
    let seq: Int
    let state: State
    let v: Int
    let version: Int

    enum State: String, Codable {
        case settled, reversed
    }

    enum CodingKeys: String, CodingKey {
        case receipt = "ack_sha256"
        case childOrder = "child_order"
        case division = "county"
        case fen, grade, item
        case mappingDigest = "mapping_sha256"
        case submission = "msg"
        case period, persons
        case claimant = "pid"
        case packageDigest = "pkg_sha256"
        case previous = "prev_state_seq"
        case reason, record, seq, state, v, version
    }

    /// Reads a line. Throws `DecodingError`.
    init(line: [UInt8]) throws {
        self = try JSONDecoder().decode(SettledLeaf.self, from: Data(line))
    }

    /// A case that is paid.
    init(
        seq: Int, division: String, paid: Settlement.PaidCase, submission: SubmissionID,
        receipt: String, packageDigest: String, mappingDigest: String
    ) {
        let record = paid.record
        self.receipt = receipt
        childOrder = record.childOrder ?? 0
        self.division = division
        fen = paid.item.price.fen
        grade = paid.version.grade?.rawValue
        item = paid.item.name
        self.mappingDigest = mappingDigest
        self.submission = submission.text
        period = record.servedOn.month.description
        persons = record.persons
        claimant = record.claimant ?? ""
        self.packageDigest = packageDigest
        previous = 0
        reason = nil
        self.record = record.record.text
        self.seq = seq
        state = .settled
        v = 1
        version = record.version
    }

    /// The line that takes an earlier one off.
    ///
    /// - Parameter receipt: the one that changed what was paid; the old one where none did.
    init(reversing earlier: SettledLeaf, seq: Int, reason: Correction.Reason, receipt: String?) {
        self.receipt = receipt ?? earlier.receipt
        childOrder = earlier.childOrder
        division = earlier.division
        fen = -earlier.fen
        grade = earlier.grade
        item = earlier.item
        mappingDigest = earlier.mappingDigest
        submission = earlier.submission
        period = earlier.period
        persons = earlier.persons
        claimant = earlier.claimant
        packageDigest = earlier.packageDigest
        previous = earlier.seq
        self.reason = reason.rawValue
        record = earlier.record
        self.seq = seq
        state = .reversed
        v = 1
        version = earlier.version
    }

    /// The line's text.
    var text: String {
        var fields: [(String, String)] = [
            ("ack_sha256", JSONText.quoted(receipt)), ("child_order", "\(childOrder)"),
            ("county", JSONText.quoted(division)), ("fen", "\(fen)"),
        ]
        // Only what rests on a list of results bears a mark.
        if let grade { fields.append(("grade", JSONText.quoted(grade))) }
        fields += [
            ("item", JSONText.quoted(item)), ("mapping_sha256", JSONText.quoted(mappingDigest)),
            ("msg", JSONText.quoted(submission)), ("period", JSONText.quoted(period)),
            ("persons", "\(persons)"), ("pid", JSONText.quoted(claimant)),
            ("pkg_sha256", JSONText.quoted(packageDigest)), ("prev_state_seq", "\(previous)"),
        ]
        if let reason { fields.append(("reason", JSONText.quoted(reason))) }
        fields += [
            ("record", JSONText.quoted(record)), ("seq", "\(seq)"),
            ("state", JSONText.quoted(state.rawValue)), ("v", "\(v)"), ("version", "\(version)"),
        ]
        return JSONText.object(fields)
    }
}
