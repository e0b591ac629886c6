import LibXML
import Records
import Storage

/// What one institution did in one month, as the pretend side counts it.
package struct CaseCount: Sendable, Equatable {
    package let institution: String
    /// The month of `serviceDate`, `yyyy-MM`.
    package let month: String
    /// Cases in force.
    package let accepted: Int
    /// Cases that are not in force and whose last verdict is a final rejection.
    package let rejected: Int
    /// Verdicts `duplicate`, each repetition counted.
    package let duplicate: Int
}

/// What is asked for with `GET /counts`: days of one programme and sender, ends included.
struct CountsQuery: Sendable {
    let sender: String
    let region: String
    let programme: String
    /// As they were asked for: `yyyy-MM` or `yyyy-MM-dd`.
    let from: String
    let to: String
    private let firstDay: CalendarDate
    private let lastDay: CalendarDate

    /// Nil unless both ends are months or days, in this order.
    init?(sender: String, region: String, programme: String, from: String, to: String) {
        guard let first = Self.days(from)?.first, let last = Self.days(to)?.last, first <= last
        else { return nil }
        self.sender = sender
        self.region = region
        self.programme = programme
        self.from = from
        self.to = to
        firstDay = first
        lastDay = last
    }

    private static func days(_ text: String) -> (first: CalendarDate, last: CalendarDate)? {
        if let day = CalendarDate(iso: text) { return (day, day) }
        guard let month = CalendarMonth(iso: text), let first = month.firstDay else { return nil }
        let length = CalendarDate.length(ofMonth: month.month, year: month.year)
        return (first, first.adding(days: length - 1))
    }

    /// The counts, by institution and month.
    func run(_ transaction: any Transaction) throws -> [CaseCount] {
        try transaction.run(
            """
            WITH counted AS (
                SELECT institution, substr(served, 1, 7) AS month, 1 AS accepted, 0 AS rejected,
                    0 AS duplicate
                FROM effect AS e
                WHERE sender = \(sender) AND programme = \(programme)
                    AND served BETWEEN \(firstDay.description) AND \(lastDay.description)
                    AND action <> 'withdraw'
                    AND ordinal = (SELECT MAX(ordinal) FROM effect WHERE record = e.record)
                UNION ALL
                SELECT institution, substr(served, 1, 7), 0, 1, 0 FROM posted AS p
                WHERE sender = \(sender) AND programme = \(programme)
                    AND served BETWEEN \(firstDay.description) AND \(lastDay.description)
                    AND status = 'rejected' AND code NOT LIKE 'E5%'
                    AND decided = (SELECT MAX(decided) FROM posted WHERE record = p.record)
                    AND COALESCE((SELECT action FROM effect WHERE record = p.record
                        ORDER BY ordinal DESC LIMIT 1), 'withdraw') = 'withdraw'
                UNION ALL
                SELECT institution, substr(served, 1, 7), 0, 0, 1 FROM posted
                WHERE sender = \(sender) AND programme = \(programme)
                    AND served BETWEEN \(firstDay.description) AND \(lastDay.description)
                    AND status = 'duplicate')
            SELECT institution, month, CAST(SUM(accepted) AS bigint) AS accepted,
                CAST(SUM(rejected) AS bigint) AS rejected,
                CAST(SUM(duplicate) AS bigint) AS duplicate
            FROM counted GROUP BY institution, month ORDER BY institution, month
            """
        ).map {
            CaseCount(
                institution: try $0.text("institution"), month: try $0.text("month"),
                accepted: try $0.int("accepted"), rejected: try $0.int("rejected"),
                duplicate: try $0.int("duplicate"))
        }
    }

    /// The document `Counts` in UTF-8.
    func document(_ counts: [CaseCount], issued: Timestamp) throws(XMLFailure) -> [UInt8] {
        var writer = DocumentWriter()
        try writer.open(
            "Counts",
            [
                ("xmlns", ReadSubmission.namespace), ("programme", programme),
                ("region", region), ("from", from), ("to", to), ("sender", sender),
                ("issued", issued.dateTime),
            ])
        for count in counts {
            try writer.open(
                "Count",
                [
                    ("institution", count.institution), ("month", count.month),
                    ("accepted", "\(count.accepted)"), ("rejected", "\(count.rejected)"),
                    ("duplicate", "\(count.duplicate)"),
                ])
            writer.close("Count")
        }
        writer.close("Counts")
        return writer.bytes
    }
}
