import Foundation
package import Records
package import Storage

/// Which records a resend is about (重发范围). What is left out does not restrict.
package struct ResendFilter: Sendable, Hashable {
    package var record: RecordID?
    package var programme: String?
    package var institution: String?
    /// Service months, both inclusive.
    package var months: ClosedRange<CalendarMonth>?
    package var state: ItemState?
    /// Days of acceptance in Asia/Shanghai, both inclusive.
    package var accepted: ClosedRange<CalendarDate>?
    /// The national side's code.
    package var code: String?

    package init() {}
}

/// The newest version of one record that ever went out, and where it is.
package struct ResendCandidate: Sendable, Hashable {
    package let record: RecordID
    package let version: Int
    package let action: RecordAction
    package let state: ItemState
    package let code: String?
    package let institution: String
    package let month: CalendarMonth
    package let programme: String
    package let submission: SubmissionID
    package let submissionState: DeliveryState
    /// Whether a byte of its submission may have left.
    package let wasSent: Bool

    /// What may be done, as far as our own books know; `nil` for nothing.
    ///
    /// - Parameters:
    ///   - isLost: whether the national side says that it never had the submission in which the
    ///     record was accepted.
    ///   - filter: what a person asked for: what was rejected or taken back is in a list only where
    ///     they said so.
    package func step(isLost: Bool, by filter: ResendFilter) -> ResendStep? {
        switch (state, submissionState) {
        case (.accepted, _): isLost && action == .submit ? .again : nil
        case (.rejected, _): filter.code != nil ? .again : nil
        case (.reversed, _):
            action != .withdraw && (filter.code != nil || filter.state == .reversed)
                ? .renew : nil
        case (.open, .held): wasSent ? .ask : .release
        case (.open, .inDoubt): .ask
        default: nil
        }
    }
}

/// What a resend does with a record.
package enum ResendStep: String, Sendable, Hashable, CaseIterable {
    /// The same record, version and content in a new submission: what they have comes back as
    /// `duplicate`.
    case again
    /// The same content as a new report in the next version (按新报再报): what they took back stays
    /// taken back in the version that they had.
    case renew
    /// Its submission is asked for; only if they never had it, the same bytes go again.
    case ask
    /// Its submission was never sent and is due again.
    case release
}

extension Outbox {
    /// The records that a filter names, each with its newest version; by institution and month.
    ///
    /// Throws `StorageFailure`, and `DecodingError` for records of another program's version.
    package func resendCandidates(
        _ filter: ResendFilter, in transaction: any Transaction
    ) throws -> [ResendCandidate] {
        var found: [ResendCandidate] = []
        var block: (submission: String, records: [SubmittedRecord]) = ("", [])
        let rows = try transaction.run(
            """
            SELECT item.submission, item.position, item.version, item.action, item.state,
                item.code, item.at, submission.state, submission.programme,
                (SELECT count(*) FROM attempt WHERE attempt.submission = submission.id
                    AND on_wire = 1)
            FROM item JOIN submission ON submission.id = item.submission
            WHERE (\(filter.record?.text ?? "") = '' OR item.record = \(filter.record?.text ?? ""))
                AND (\(filter.programme ?? "") = '' OR submission.programme = \(filter.programme ?? ""))
                AND (\(filter.state?.rawValue ?? "") = ''
                    OR item.state = \(filter.state?.rawValue ?? ""))
                AND (\(filter.code ?? "") = '' OR item.code = \(filter.code ?? ""))
                AND NOT EXISTS (SELECT 1 FROM item AS later WHERE later.record = item.record
                    AND (later.version > item.version OR (later.version = item.version
                        AND later.submission > item.submission)))
            ORDER BY item.submission, item.position
            """)
        for row in rows {
            let submission = try row.text(0)
            if block.submission != submission {
                let bytes = try transaction.run(
                    "SELECT records FROM block WHERE submission = \(submission)"
                ).first?.bytes(0)
                block = (
                    submission,
                    try JSONDecoder().decode([SubmittedRecord].self, from: Data(bytes ?? []))
                )
            }
            let position = try row.int(1)
            guard block.records.indices.contains(position),
                let action = RecordAction(rawValue: try row.text(3)),
                let state = ItemState(rawValue: try row.text(4)),
                let stage = DeliveryState(rawValue: try row.text(7))
            else { throw StorageFailure(.unexpectedColumn("state")) }
            let record = block.records[position]
            let day = Timestamp(microseconds: try row.int64(6)).day
            if let institution = filter.institution, institution != record.institution { continue }
            if let months = filter.months, !months.contains(record.servedOn.month) { continue }
            if let days = filter.accepted, state != .accepted || !days.contains(day) { continue }
            found.append(
                ResendCandidate(
                    record: record.record, version: try row.int(2), action: action, state: state,
                    code: try row.optionalText(5), institution: record.institution,
                    month: record.servedOn.month, programme: try row.text(8),
                    submission: SubmissionID(submission), submissionState: stage,
                    wasSent: try row.int(9) > 0))
        }
        return found.sorted {
            ($0.institution, $0.month, $0.record.text) < ($1.institution, $1.month, $1.record.text)
        }
    }
}
