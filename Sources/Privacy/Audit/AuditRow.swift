import Records

/// Who did or looked at what (审计记录): one line of the trail.
///
/// Ids of records and submissions, names of mappings and files of ours; never a person's number.
/// Each part is bounded, so that a row stays short whatever somebody typed.
package struct AuditRow: Sendable, Codable, Hashable {
    /// From 1, without gaps.
    package let seq: Int64
    /// The county's time, ISO 8601 with its offset.
    package let at: String
    /// The account by which it was done, and the person where the command was told.
    package let account: String
    package let person: String?
    /// The command, e.g. `receipts show`.
    package let action: String
    /// What it was about: a record, a submission, a mapping, a request; with spaces between.
    package let object: String?
    /// Why, where the person said so.
    package let reason: String?
    /// `begun`, `done`, or the code by which it failed.
    package let result: String
    /// The row that this one ends.
    package let ends: Int64?
    /// Bytes of a line before this one that a power cut left unfinished.
    package let torn: Int?
    private let v: Int

    init(_ entry: AuditEntry, seq: Int64, at moment: Timestamp, torn: Int?) {
        self.seq = seq
        at = moment.dateTime
        account = AuditWords.name(entry.account)
        person = entry.person.map(AuditWords.name)
        action = entry.action
        object = entry.object.map(AuditWords.objects)
        reason = entry.reason.map(AuditWords.reason)
        result = entry.result
        ends = entry.ends
        self.torn = torn
        v = 1
    }
}

/// What is to be written as a row.
package struct AuditEntry: Sendable {
    package var account: String
    package var person: String?
    package var action: String
    package var object: String?
    package var reason: String?
    package var result: String
    package var ends: Int64?

    package init(
        account: String, person: String? = nil, action: String, object: String? = nil,
        reason: String? = nil, result: String, ends: Int64? = nil
    ) {
        self.account = account
        self.person = person
        self.action = action
        self.object = object
        self.reason = reason
        self.result = result
        self.ends = ends
    }
}

/// The last row and its hash: whoever keeps one finds out whether rows were cut off or changed.
package struct AuditHead: Sendable, Hashable {
    package let seq: Int64
    /// SM3, 32 bytes; zeros before the first row.
    package let hash: [UInt8]

    package init(seq: Int64, hash: [UInt8]) {
        self.seq = seq
        self.hash = hash
    }

    package static let none = AuditHead(seq: 0, hash: [UInt8](repeating: 0, count: 32))
}
