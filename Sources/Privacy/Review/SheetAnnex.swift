package import Records

/// What stands beside a sheet without being part of it: what changes from day to day or belongs to
/// the paper, and so is not what an approval is bound to (附页).
package struct SheetAnnex: Hashable, Sendable, Codable {
    /// Records that left in twelve months, and that wait to (每年涉及的记录).
    package struct Records: Hashable, Sendable, Codable {
        /// Went on the wire or to a person who types them, in the last twelve months.
        package let sent: Int
        /// Queued in that time and not gone (待报送).
        package let waiting: Int

        package init(sent: Int, waiting: Int) {
            self.sent = sent
            self.waiting = waiting
        }

        var title: Wording {
            Wording(
                zh: "近十二个月已报送的记录 \(sent)，待报送 \(waiting)",
                en: "records sent in twelve months \(sent), waiting to be sent \(waiting)")
        }
    }

    /// An earlier decision on a mapping of this name.
    package struct Decision: Hashable, Sendable, Codable {
        package let day: CalendarDate
        /// `name@version`.
        package let mapping: String
        package let decision: Approval.Decision
        package let approver: String
        package let validUntil: CalendarDate
        package let reason: String
        /// SHA-256 of the decision, hex.
        package let digest: String

        package init(_ approval: Approval) {
            day = approval.decidedAt.day
            mapping = approval.mapping
            decision = approval.decision
            approver = approval.approver
            validUntil = approval.validUntil
            reason = approval.reason
            digest = approval.digest
        }

        var title: Wording {
            decision == .approved
                ? Wording(zh: "批准，至 \(validUntil)", en: "approved until \(validUntil)")
                : Wording(zh: "驳回", en: "rejected")
        }
    }

    /// Where the ledger knows.
    package var records: Records?
    package var rarity: RarityFigures?
    package var county: Wording?
    package var printedOn: CalendarDate?
    /// What the officer types to sign this sheet.
    package var command: String?
    /// In the order in which they were made.
    package var decisions: [Decision] = []

    package init() {}

    /// The county, and the day on which this was printed.
    var origin: Wording? {
        guard let county, let printedOn else { return nil }
        return Wording(
            zh: "\(county.zh)　打印日期 \(printedOn)", en: "\(county.en), printed on \(printedOn)")
    }

    /// The figure of records, or that it is not known.
    var recordsTitle: Wording {
        records?.title
            ?? Wording(zh: "近十二个月报送的记录：未知", en: "records of twelve months: not known")
    }
}
