package import Evidence
import Records
import Storage

/// What is always true of the queue: the queries that hold it to its word.
extension Outbox {
    /// A receipt that is on disk is understood within so long.
    static let understandingSeconds: Int64 = 900

    package static let invariants: [Invariant] =
        submissionInvariants + attemptInvariants + receiptInvariants + verdictInvariants

    private static let submissionInvariants: [Invariant] = [
        Invariant(
            "I05", .hourly,
            says: Wording(
                zh: "一个病例至多有一个版本在等答复。",
                en: "At most one version of a case waits for an answer."),
            query: { _, _ in
                """
                SELECT record FROM item WHERE state IN ('open', 'unknown', 'transient')
                GROUP BY record HAVING count(*) > 1 LIMIT \(Invariant.mostFound)
                """
            }),
        Invariant(
            "I08", .hourly,
            says: Wording(
                zh: "报文的记录数与其记录一致。",
                en: "A submission has as many records as it says."),
            query: { _, _ in
                """
                SELECT submission.id FROM submission
                WHERE submission.record_count <> (SELECT count(*) FROM item
                    WHERE item.submission = submission.id)
                LIMIT \(Invariant.mostFound)
                """
            }),
        Invariant(
            "I09", .hourly,
            says: Wording(
                zh: "办结的报文每条记录都有答复，且只有办结的如此；取消的没有等待的记录。",
                en: "A final submission has an answer to every record, and only a final one has; a "
                    + "cancelled one has none that waits."),
            query: { _, _ in
                """
                SELECT submission.id FROM submission
                WHERE (CASE WHEN submission.state IN ('final', 'cancelled') THEN 1 ELSE 0 END)
                    <> (CASE WHEN EXISTS (SELECT 1 FROM item
                        WHERE item.submission = submission.id
                            AND item.state IN ('open', 'unknown')) THEN 0 ELSE 1 END)
                LIMIT \(Invariant.mostFound)
                """
            }),
        Invariant(
            "I10", .often,
            says: Wording(
                zh: "已领取的报文有栅栏号；多进程时有租期。",
                en: "What is claimed has a fence, and on a server an end of its lease."),
            query: { dialect, _ in
                """
                SELECT id FROM submission WHERE state IN ('leased', 'onWire')
                    AND (fence = 0 OR (lease_until IS NULL AND 1 = \(dialect.countsLeases)))
                LIMIT \(Invariant.mostFound)
                """
            }),
    ]

    private static let attemptInvariants: [Invariant] = [
        Invariant(
            "I11", .hourly,
            says: Wording(
                zh: "一份报文的每次发送都是同样的字节。",
                en: "Every attempt of a submission sent the same bytes."),
            query: { _, _ in
                """
                SELECT attempt.submission || '/' || attempt.fence
                FROM attempt JOIN submission ON submission.id = attempt.submission
                WHERE attempt.wire_digest <> submission.wire_digest LIMIT \(Invariant.mostFound)
                """
            }),
        Invariant(
            "I12", .hourly,
            says: Wording(
                zh: "发送中及其后的报文有一次出门的发送；取消的没有。",
                en: "What is on the wire or past it has an attempt that left the house; what is "
                    + "cancelled has none."),
            query: { _, _ in
                """
                SELECT submission.id FROM submission
                WHERE submission.state IN ('onWire', 'inDoubt', 'awaiting', 'final')
                    AND NOT EXISTS (SELECT 1 FROM attempt
                        WHERE attempt.submission = submission.id AND attempt.on_wire = 1)
                UNION ALL
                SELECT DISTINCT submission.id
                FROM submission JOIN attempt ON attempt.submission = submission.id
                WHERE submission.state = 'cancelled' AND attempt.on_wire = 1
                LIMIT \(Invariant.mostFound)
                """
            }),
        Invariant(
            "I13", .hourly,
            says: Wording(
                zh: "发送的栅栏号不超过报文的栅栏号。",
                en: "No attempt bears a higher fence than its submission."),
            query: { _, _ in
                """
                SELECT attempt.submission || '/' || attempt.fence
                FROM attempt JOIN submission ON submission.id = attempt.submission
                WHERE attempt.fence > submission.fence LIMIT \(Invariant.mostFound)
                """
            }),
    ]

    private static let receiptInvariants: [Invariant] = [
        Invariant(
            "I14", .hourly,
            says: Wording(
                zh: "接收与退回只来自同一平台对同一报文的真实回执。",
                en: "Acceptances and rejections come from a genuine receipt of the same endpoint "
                    + "for the same submission."),
            query: { _, _ in
                """
                SELECT item.submission || '/' || item.position
                FROM item JOIN submission ON submission.id = item.submission
                    LEFT JOIN receipt ON receipt.digest = item.receipt
                        AND receipt.submission = item.submission
                        AND receipt.endpoint = submission.endpoint
                        AND receipt.disposition IN ('stored', 'applied', 'duplicate', 'conflict')
                WHERE item.state IN ('accepted', 'rejected') AND receipt.digest IS NULL
                LIMIT \(Invariant.mostFound)
                """
            }),
        Invariant(
            "I17", .often,
            says: Wording(
                zh: "存下的回执在一刻钟内得到理解。",
                en: "A receipt that is stored is understood within a quarter of an hour."),
            query: { _, now in
                """
                SELECT digest FROM receipt
                WHERE disposition = 'stored' AND submission IS NULL
                    AND received < \(now.adding(seconds: -understandingSeconds).microseconds)
                LIMIT \(Invariant.mostFound)
                """
            }),
    ]

    private static let verdictInvariants: [Invariant] = [
        Invariant(
            "I15", .hourly,
            says: Wording(
                zh: "账本中的答复没有互相矛盾而未冻结的。",
                en: "No answers in the ledger contradict each other without a freeze.")
        ) { transaction, _ in try VerdictFold(in: transaction).contradicted(in: transaction) },
        Invariant(
            "I16", .hourly,
            says: Wording(
                zh: "记录的接收、退回、冻结在账本中都有依据。",
                en: "What is accepted, rejected or frozen has its fact in the ledger.")
        ) { transaction, _ in try VerdictFold(in: transaction).unfounded(in: transaction) },
    ]
}
