import Definitions
import Mappings
import Records

/// What a rule over rows remembers of a record beyond its item (跨批次键): a phone is no reason, a
/// sample's barcode is. Kept as keyed digests only; see `docs/decisions/0017-keys-across-files.md`.
///
/// A record holds what it remembers as long as the nation has it or may have it: what was rejected,
/// withdrawn or kept at home holds nothing, and a corrected record holds what its last version says.
package struct RememberedKey: Sendable {
    /// Tells memories apart: the finding's code and field.
    package let name: String
    /// The fields whose values must not come again, by ordinal.
    package let key: [Int]
    /// Whose they are, by the values of these fields; empty where they are the record's own.
    package let owner: [Int]
    /// The day that counts; `nil` where it is remembered for good.
    package let on: Int?
    /// So many days apart it counts no more.
    package let days: Int32
    /// So many owners may have it.
    package let most: Int
    /// What is said of one more.
    let finding: Finding

    init(
        key: [Int], owner: [Int] = [], on: Int? = nil, days: Int32 = .max, most: Int = 1,
        finding: Finding
    ) {
        name = "\(finding.code) \(finding.field ?? "")"
        self.key = key
        self.owner = owner
        self.on = on
        self.days = days
        self.most = most
        self.finding = finding
    }
}

extension RecordRow {
    /// The case's key as one number (档案标识); `nil` where it could not be read.
    var caseKey: UInt64? { key(batch.dictionary.caseFields.key) }
}
