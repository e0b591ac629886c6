import Storage

/// Where what a class keeps stands in the database: one condition says what is there, what is due,
/// and what is erased.
struct RetentionShelf: Sendable {
    let table: SQL
    /// The column that is emptied.
    let sealed: SQL
    /// Names a row: text, then a number or nothing.
    let name: SQL
    let number: SQL?
    /// What belongs to the class, and came before a moment: microseconds since 1970.
    let isKept: @Sendable (_ before: Int64) -> SQL
    /// Whether the whole row goes: what came never changes in its place.
    var isTakenOut = false
    /// What else is emptied with it.
    var besides: [@Sendable (_ before: Int64) -> SQL] = []

    /// - Parameter before: microseconds since 1970.
    private func condition(before: Int64) -> SQL {
        isTakenOut ? isKept(before) : "\(clause: sealed) <> '' AND \(clause: isKept(before))"
    }

    /// How many there are. Throws `StorageFailure`.
    func count(before: Int64 = .max, in transaction: any Transaction) throws(StorageFailure)
        -> Int
    {
        try transaction.run(
            "SELECT count(*) FROM \(clause: table) WHERE \(clause: condition(before: before))"
        )[0].int(0)
    }

    /// A row by its names.
    struct Name: Sendable, Comparable {
        let name: String
        let number: Int?

        /// `item/row`, or a submission's id.
        var text: String { number.map { "\(name)/\($0)" } ?? name }

        static func < (left: Name, right: Name) -> Bool {
            (left.name, left.number ?? 0) < (right.name, right.number ?? 0)
        }
    }

    /// What there is, in its order. Throws `StorageFailure`.
    func names(before: Int64, in transaction: any Transaction) throws(StorageFailure) -> [Name] {
        try named(
            """
            SELECT \(clause: columns) FROM \(clause: table)
            WHERE \(clause: condition(before: before))
            """, in: transaction)
    }

    /// Erases it; returns what was erased, in its order. Throws `StorageFailure`.
    func erase(before: Int64, in transaction: any Transaction) throws(StorageFailure) -> [Name] {
        for statement in besides { try transaction.run(statement(before)) }
        if isTakenOut {
            return try named(
                """
                DELETE FROM \(clause: table) WHERE \(clause: condition(before: before))
                RETURNING \(clause: columns)
                """, in: transaction)
        }
        return try named(
            """
            UPDATE \(clause: table) SET \(clause: sealed) = ''
            WHERE \(clause: condition(before: before)) RETURNING \(clause: columns)
            """, in: transaction)
    }

    private var columns: SQL {
        number.map { "\(clause: name), \(clause: $0)" } ?? "\(clause: name), CAST(NULL AS bigint)"
    }

    private func named(_ statement: SQL, in transaction: any Transaction) throws(StorageFailure)
        -> [Name]
    {
        try transaction.run(statement).map { (row) throws(StorageFailure) in
            Name(name: try row.text(0), number: try row.optionalInt64(1).map { Int($0) })
        }.sorted()
    }
}

extension RetentionClass {
    /// Where it stands.
    var shelf: RetentionShelf {
        switch self {
        case .correctedRow:
            keptRow {
                """
                kept_row.fate IN ('quarantined', 'held')
                    AND EXISTS (SELECT 1 FROM item WHERE item.record = kept_row.record
                        AND item.version > kept_row.version AND item.state = 'accepted')
                """
            }
        case .closedRow:
            keptRow {
                "(kept_row.fate IN ('excluded', 'superseded') OR kept_row.record IS NULL)"
            }
        case .ownCopy:
            RetentionShelf(table: "submission", sealed: "own_key", name: "id", number: nil) {
                """
                created < \($0) AND state = 'final'
                    AND NOT EXISTS (SELECT 1 FROM item WHERE item.submission = submission.id
                        AND item.state IN ('open', 'unknown', 'transient', 'disputed'))
                """
            }
        case .resultList: RetentionClass.listShelf
        case .strangeAnswer: RetentionClass.answerShelf
        case .waitingPart:
            RetentionShelf(table: "part_row", sealed: "sealed", name: "intake", number: "row") {
                """
                EXISTS (SELECT 1 FROM intake WHERE intake.intake = part_row.intake
                        AND intake.arrived < \($0))
                    AND (part_row.replaced <> 0 OR NOT EXISTS (SELECT 1 FROM part_link
                        WHERE part_link.mapping = part_row.mapping
                            AND part_link.key = part_row.key))
                """
            }
        }
    }

    private static let listShelf = RetentionShelf(
        table: "result_list_part", sealed: "sealed", name: "digest", number: "number"
    ) {
        """
        EXISTS (SELECT 1 FROM result_list WHERE result_list.digest = result_list_part.digest
            AND result_list.received < \($0))
        """
    }

    private static let answerShelf = RetentionShelf(
        table: "receipt_body", sealed: "bytes", name: "digest", number: nil,
        isKept: { before in
            """
            EXISTS (SELECT 1 FROM receipt WHERE receipt.digest = receipt_body.digest
                AND receipt.disposition = 'forged' AND receipt.received < \(before))
            """
        },
        isTakenOut: true,
        besides: [
            { before in
                """
                UPDATE receipt SET head = NULL
                WHERE disposition = 'forged' AND received < \(before) AND head IS NOT NULL
                """
            },
            { before in
                """
                UPDATE refused_signature SET head = NULL
                WHERE replaced < \(before) AND head IS NOT NULL
                """
            },
        ])

    private func keptRow(_ condition: @escaping @Sendable () -> SQL) -> RetentionShelf {
        RetentionShelf(table: "kept_row", sealed: "sealed", name: "intake", number: "row") {
            """
            EXISTS (SELECT 1 FROM intake WHERE intake.intake = kept_row.intake
                AND intake.arrived < \($0)) AND \(clause: condition())
            """
        }
    }
}
