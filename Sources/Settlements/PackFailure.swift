package import Records

/// An evidence pack could not be made, and nothing stands under its name; or not be read.
package struct PackFailure: ExplainedFailure, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        /// Something of that name is there already.
        case exists
        /// The file system refused.
        case unwritten
        /// A receipt, digest or key is missing or is not what the ledger says.
        case incomplete
        /// It is no pack, or a file of it is missing or damaged.
        case unreadable
    }

    package let reason: Reason
    /// The file, receipt or submission that it is about; never a person.
    package let place: String?
    package let detail: String?

    init(_ reason: Reason, _ place: String, detail: String? = nil) {
        self.reason = reason
        self.place = place
        self.detail = detail
    }

    package var entry: CodeEntry {
        switch reason {
        case .exists: SettlementCode.packExists
        case .unwritten: SettlementCode.packUnwritten
        case .incomplete: SettlementCode.packIncomplete
        case .unreadable: SettlementCode.packUnreadable
        }
    }
}
