package import Evidence
import Records
import Storage

/// What is always true between the register, the queue and the ledger: nothing that was taken is
/// lost, and nothing is in two places.
extension Register {
    package static let invariants: [Invariant] = rowInvariants + caseInvariants

    private static let rowInvariants: [Invariant] = [
        Invariant(
            "I01", .hourly,
            says: Wording(
                zh: "收完的文件，每一行在账本中恰有一次去向。",
                en: "Of an item that was taken to its end, the ledger tells of each row once."),
            query: { dialect, _ in
                """
                SELECT intake.intake FROM intake LEFT JOIN (
                    SELECT body\(raw: dialect.asJSON) -> 'taken' -> '_0' ->> 'intake' AS name,
                        sum(CAST(body\(raw: dialect.asJSON) -> 'taken' -> '_0' ->> 'rows'
                            AS bigint)) AS seen
                    FROM ledger WHERE kind = 'taken' GROUP BY 1
                ) AS told ON told.name = intake.intake
                WHERE intake.state = 'closed' AND intake.rows <> coalesce(told.seen, 0)
                LIMIT \(Invariant.mostFound)
                """
            }),
        Invariant(
            "I02", .hourly,
            says: Wording(
                zh: "留在本地的行都属于收过的文件和登记过的病例；清空的部分行，账本都说了清除。",
                en: "Rows that were kept belong to items that came and to cases that are known; "
                    + "rows of parts that are empty were erased, as the ledger says."),
            query: { dialect, _ in
                """
                SELECT kept_row.intake || '/' || kept_row.row FROM kept_row
                WHERE NOT EXISTS (SELECT 1 FROM intake WHERE intake.intake = kept_row.intake)
                    OR (kept_row.version > 0 AND kept_row.record IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM case_version
                            WHERE case_version.record = kept_row.record))
                UNION ALL
                SELECT part_row.intake || '/' || part_row.row FROM part_row
                WHERE NOT EXISTS (SELECT 1 FROM intake WHERE intake.intake = part_row.intake)
                UNION ALL
                SELECT part_row.intake FROM part_row WHERE part_row.sealed = ''
                GROUP BY part_row.intake HAVING count(*) <> (
                    SELECT coalesce(sum(CAST(body\(raw: dialect.asJSON) -> 'erased' -> '_0'
                        -> 'items' ->> \(raw: dialect.memberBegins)part_row.intake\(raw:
                            dialect.memberEnds) AS bigint)), 0)
                    FROM ledger WHERE kind = 'erased')
                LIMIT \(Invariant.mostFound)
                """
            }),
    ]

    private static let caseInvariants: [Invariant] = [
        Invariant(
            "I04", .hourly,
            says: Wording(
                zh: "上报的每条记录都在登记簿中，版本不超过登记的版本。",
                en: "Every record that was queued is in the register, in no later version."),
            query: { _, _ in
                """
                SELECT item.submission || '/' || item.position
                FROM item LEFT JOIN case_version ON case_version.record = item.record
                WHERE case_version.record IS NULL OR item.version > case_version.version
                LIMIT \(Invariant.mostFound)
                """
            }),
        // A row whose key could not be read is a case by its content, which no kept row names: of
        // those there is a kept row each in their item.
        Invariant(
            "I06", .hourly,
            says: Wording(
                zh: "每个病例的最新版本要么入队，要么留在本地并写明原因。",
                en: "The latest version of every case was queued, or is kept with its reason."),
            query: { _, _ in
                """
                SELECT case_version.record FROM case_version
                WHERE substr(case_version.record, 1, 4) <> 'row:'
                    AND NOT EXISTS (SELECT 1 FROM item WHERE item.record = case_version.record
                        AND item.version = case_version.version)
                    AND NOT EXISTS (SELECT 1 FROM kept_row
                        WHERE kept_row.record = case_version.record
                            AND kept_row.version = case_version.version)
                UNION ALL
                SELECT case_version.intake FROM case_version
                WHERE substr(case_version.record, 1, 4) = 'row:'
                GROUP BY case_version.intake HAVING count(*) > (SELECT count(*) FROM kept_row
                    WHERE kept_row.intake = case_version.intake AND kept_row.record IS NULL
                        AND kept_row.version > 0)
                LIMIT \(Invariant.mostFound)
                """
            }),
        Invariant(
            "I07", .hourly,
            says: Wording(
                zh: "留在本地的版本不同时在等国家平台答复。",
                en: "No version that is kept at home waits for the nation's answer too."),
            query: { _, _ in
                """
                SELECT kept_row.intake || '/' || kept_row.row
                FROM kept_row JOIN item ON item.record = kept_row.record
                    AND item.version = kept_row.version
                WHERE kept_row.fate IN ('quarantined', 'excluded', 'held')
                    AND item.state IN ('open', 'unknown', 'transient')
                LIMIT \(Invariant.mostFound)
                """
            }),
    ]
}
