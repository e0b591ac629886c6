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
    private let dictionary: ElementDictionary
    /// For each element the end of its additional data, `role.field`.
    private let bindings: [[UInt8]]

    package init(dictionary: ElementDictionary) {
        self.dictionary = dictionary
        bindings = dictionary.elements.map { element in
            let owner =
                switch element.location {
                case .subject(let subject): dictionary.subjects[subject].role
                case .form(let form): dictionary.forms[form].name
                }
            return Array("\(owner).\(element.wireName)".utf8)
        }
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
        var values: [ProtectedValue] = []
        values.reserveCapacity(rows.count * dictionary.count)
        var sealed: [UInt8] = []
        sealed.reserveCapacity(rows.count * 4096)
        var plain: [UInt8] = []
        var bound: [UInt8] = []
        let head =
            "GWF1|\(envelope.suite.rawValue)|\(envelope.keyID)|\(envelope.submission.text)|"
        var records: [ProtectedRecord] = []
        for row in rows {
            let identity = identities[row]
            guard let record = identity.record else {
                preconditionFailure("a record without its key fields passed the rules")
            }
            records.append(ProtectedRecord(row: row, record: record, identity: identity))
            bound.removeAll(keepingCapacity: true)
            bound.append(contentsOf: head.utf8)
            bound.append(contentsOf: record.text.utf8)
            bound.append(UInt8(ascii: "|"))
            let bindingStart = bound.count
            for element in dictionary.elements {
                let value = checked.batch.value(row, element.ordinal)
                switch element.protection {
                case _ where !value.isResult, .drop:
                    values.append(.absent)
                case .keep:
                    values.append(.kept(value))
                case .encrypt:
                    plain.removeAll(keepingCapacity: true)
                    checked.batch.arena.withUnsafeBufferPointer {
                        element.appendText(of: value, arena: $0, to: &plain)
                    }
                    bound.removeSubrange(bindingStart...)
                    bound.append(contentsOf: bindings[element.ordinal])
                    let start = sealed.count
                    try sealer.seal(
                        plain, boundTo: bound, pad: element.kind.pad, appendingTo: &sealed)
                    values.append(.sealed(UInt32(start)..<UInt32(sealed.count)))
                }
            }
        }
        return ProtectedBatch(
            dictionary: dictionary, envelope: envelope, records: records, values: values,
            sealed: sealed, clear: checked.batch.arena, source: checked.batch)
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

    /// What the reader sees of a field, by record and ordinal.
    package func value(_ index: Int, _ ordinal: Int) -> ProtectedValue {
        values[index * dictionary.count + ordinal]
    }

    /// Whether the record names this person.
    package func hasSubject(_ index: Int, _ subject: Int) -> Bool {
        source.hasSubject(records[index].row, subject)
    }
}
