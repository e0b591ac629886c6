package import Definitions
package import LibCrypto
import Mappings
package import Records
package import Validation

/// Who will read it. A record protected for one reader cannot be given to another.
package protocol Audience: Sendable {}
/// The national side.
package enum ForNation: Audience {}

/// What binds the sealed values of one submission together.
package struct Envelope: Sendable {
    package let submission: SubmissionID
    package let suite: CipherSuite
    /// `Key@id`, globally unique, `[A-Za-z0-9]{8,40}`.
    package let keyID: String
    /// 32 random bytes, made for this submission and never used again.
    package let dataKey: SecretBytes

    package init(
        submission: SubmissionID, suite: CipherSuite, keyID: String, dataKey: SecretBytes
    ) {
        self.submission = submission
        self.suite = suite
        self.keyID = keyID
        self.dataKey = dataKey
    }
}

/// Turns clear records into what `Reader` may see (保护): keep, seal, or leave out, field by field.
package struct Protection<Reader: Audience>: Sendable {
    /// A field that leaves; those that do not have no step.
    private struct Step: Sendable {
        let ordinal: Int
        /// Sealed, or kept as it is.
        let isSealed: Bool
        /// Bytes to whose multiple a sealed value is padded.
        let pad: Int
        /// The end of its additional data, `role.field`: a range of `bindings`.
        let binding: Range<Int>
    }

    private let dictionary: ElementDictionary
    private let steps: [Step]
    private let bindings: [UInt8]

    package init(dictionary: ElementDictionary) {
        self.dictionary = dictionary
        var steps: [Step] = []
        var bindings: [UInt8] = []
        for element in dictionary.elements {
            if case .drop = element.protection { continue }
            let owner =
                switch element.location {
                case .subject(let subject): dictionary.subjects[subject].role
                case .form(let form): dictionary.forms[form].name
                }
            let start = bindings.count
            bindings.append(contentsOf: "\(owner).\(element.wireName)".utf8)
            steps.append(
                Step(
                    ordinal: element.ordinal, isSealed: element.protection == .encrypt,
                    pad: element.kind.pad, binding: start..<bindings.count))
        }
        self.steps = steps
        self.bindings = bindings
    }

    /// Protects some of a batch's accepted rows under one envelope.
    ///
    /// - Parameter identities: of the whole batch, by row.
    package func protect(
        _ checked: CheckedBatch, rows: ArraySlice<Int>, identities: [Identity],
        under envelope: Envelope
    ) throws(CryptoFailure) -> ProtectedBatch<Reader> {
        let sealer = try FieldSealer(
            suite: envelope.suite, keyID: envelope.keyID, dataKey: envelope.dataKey)
        let batch = checked.batch
        var values = [ProtectedValue](repeating: .absent, count: rows.count * dictionary.count)
        var sealed: [UInt8] = []
        sealed.reserveCapacity(rows.count * 4096)
        var plain: [UInt8] = []
        var bound: [UInt8] = []
        let head =
            "GWF1|\(envelope.suite.rawValue)|\(envelope.keyID)|\(envelope.submission.text)|"
        var records: [ProtectedRecord] = []
        records.reserveCapacity(rows.count)
        for row in rows {
            let identity = identities[row]
            guard let record = identity.record else {
                preconditionFailure("a record without its key fields passed the rules")
            }
            let first = records.count * dictionary.count
            records.append(ProtectedRecord(row: row, record: record, identity: identity))
            bound.removeAll(keepingCapacity: true)
            bound.append(contentsOf: head.utf8)
            bound.append(contentsOf: record.text.utf8)
            bound.append(UInt8(ascii: "|"))
            let bindingStart = bound.count
            try batch.withRow(row) { (clear, arena) throws(CryptoFailure) in
                for step in steps {
                    let value = clear[step.ordinal]
                    guard value.isResult else { continue }
                    guard step.isSealed else {
                        values[first + step.ordinal] = .kept(value)
                        continue
                    }
                    plain.removeAll(keepingCapacity: true)
                    dictionary.elements[step.ordinal].appendText(
                        of: value, arena: arena, to: &plain)
                    bound.removeLast(bound.count - bindingStart)
                    bound.append(contentsOf: bindings[step.binding])
                    let start = sealed.count
                    try sealer.seal(plain, boundTo: bound, pad: step.pad, appendingTo: &sealed)
                    values[first + step.ordinal] = .sealed(UInt32(start)..<UInt32(sealed.count))
                }
            }
        }
        return ProtectedBatch(
            dictionary: dictionary, envelope: envelope, records: records, values: values,
            sealed: sealed, clear: batch.arena, source: batch)
    }
}

/// What `Reader` sees of one value.
package enum ProtectedValue: Sendable {
    case absent
    /// As it is, since its field says so with a reason.
    case kept(Value)
    /// The range of its sealed text.
    case sealed(Range<UInt32>)
}

/// One record of a protected batch: its names, no values.
package struct ProtectedRecord: Sendable {
    /// The row of the batch that it came from.
    package let row: Int
    package let record: RecordID
    package let identity: Identity
}

/// Records that may leave the house, to `Reader`. Only `Protection.protect` makes one.
package struct ProtectedBatch<Reader: Audience>: Sendable {
    package let dictionary: ElementDictionary
    package let envelope: Envelope
    package let records: [ProtectedRecord]
    private let values: [ProtectedValue]
    /// The sealed texts, ASCII.
    package let sealed: [UInt8]
    /// Where kept text values lie.
    package let clear: [UInt8]
    private let source: RecordBatch

    fileprivate init(
        dictionary: ElementDictionary, envelope: Envelope, records: [ProtectedRecord],
        values: [ProtectedValue], sealed: [UInt8], clear: [UInt8], source: RecordBatch
    ) {
        self.dictionary = dictionary
        self.envelope = envelope
        self.records = records
        self.values = values
        self.sealed = sealed
        self.clear = clear
        self.source = source
    }

    /// What the reader sees of one record, by ordinal.
    package func withRecord<Result>(
        _ index: Int, _ body: (UnsafeBufferPointer<ProtectedValue>) -> Result
    ) -> Result {
        let first = index * dictionary.count
        return values.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[first..<first + dictionary.count]))
        }
    }

    /// Whether the record names this person.
    package func hasSubject(_ index: Int, _ subject: Int) -> Bool {
        source.hasSubject(records[index].row, subject)
    }
}
