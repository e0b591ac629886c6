package import Records

/// The last word on one version of a record.
package struct RecordVerdict: Hashable, Sendable, Codable {
    package let record: RecordID
    package let version: Int
    package let verdict: Verdict
    /// The national side's code, where it gave one.
    package let code: String?
    /// The national serial number (国家流水号).
    package let serial: String?
    /// The element that the code is about, e.g. `laboratory/hemoglobin`.
    package let field: String?

    package init(
        record: RecordID, version: Int, verdict: Verdict, code: String? = nil,
        serial: String? = nil, field: String? = nil
    ) {
        self.record = record
        self.version = version
        self.verdict = verdict
        self.code = code
        self.serial = serial
        self.field = field
    }
}

/// What became of a version on the national side.
package enum Verdict: String, Sendable, Codable, CaseIterable {
    case accepted
    case rejected
    /// Transient on their side: the same version goes again in a new submission.
    case transient
    /// A code that the profile does not know: a person decides.
    case unknown
    /// An acceptance is taken back, by a code that says just that.
    case reversed
}
