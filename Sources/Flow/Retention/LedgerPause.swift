package import Records
package import Storage

/// A time without a line in the ledger that is longer than a site at work leaves (账本停顿), and that
/// ended lately: either nobody worked here, or the clock was set forth. The ledger cannot tell
/// which, and what is erased by a wrong clock is gone for good.
package struct LedgerPause: Sendable, Hashable {
    /// The last line before it, and the first one after it or the clock itself.
    package let from: Timestamp
    package let to: Timestamp

    /// The longest one of more than so many days that ended less than so many days ago; `nil` where
    /// there is none. A ledger that goes on for as long again has shown that its time is right.
    ///
    /// Lines after `now` say nothing: by a clock that is behind, less is due. Throws
    /// `StorageFailure`.
    package static func find(
        longerThan days: Int, before now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> LedgerPause? {
        let most = Int64(days) * 86_400
        let since = now.adding(seconds: -most).microseconds
        let rows = try transaction.run(
            """
            SELECT earlier, at FROM (SELECT at, lag(at) OVER (ORDER BY at) AS earlier FROM (
                SELECT at FROM ledger WHERE at > \(since) AND at <= \(now.microseconds)
                UNION ALL
                SELECT max(at) FROM ledger WHERE at <= \(since)
                UNION ALL
                SELECT CAST(\(now.microseconds) AS bigint)) AS moments
                WHERE at IS NOT NULL) AS pairs
            WHERE at - earlier > \(most * 1_000_000) ORDER BY at - earlier DESC LIMIT 1
            """)
        guard let row = rows.first else { return nil }
        return LedgerPause(
            from: Timestamp(microseconds: try row.int64(0)),
            to: Timestamp(microseconds: try row.int64(1)))
    }
}

/// What is due was not erased: the clock may be wrong (时钟可疑).
package struct RetentionFailure: ExplainedFailure {
    package let pause: LedgerPause

    package var place: String? { nil }
    /// Both moments, as this county's clock shows them.
    package var detail: String? { "\(pause.from.dateTime) → \(pause.to.dateTime)" }
    package var entry: CodeEntry { RetentionFailure.code }

    static let code = CodeEntry(
        "E-RETENTION-CLOCK",
        what: Wording(
            zh: "账本在这两个时刻之间没有一行，时钟可能被拨快：没有清除。",
            en: "The ledger has no line between these moments, and the clock may have been set "
                + "forth: nothing was erased."),
        next: Wording(
            zh: "核对本机时间（date、chronyc tracking）。时间不对就改正；时间对、只是停用过，加 --because 理由再运行。",
            en: "Check this machine's time (date, chronyc tracking). Where it is wrong, set it "
                + "right; where it is right and nobody worked here, run it again with --because."))
}
