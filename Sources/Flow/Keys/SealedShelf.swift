import Storage

/// Where texts that the county sealed for itself stand in the database (本地加密的内容).
enum SealedShelf: String, CaseIterable, Sendable {
    /// Rows that were kept.
    case keptRow = "kept_row"
    /// Rows of parts of cases.
    case partRow = "part_row"
    /// Rows of cases that are made of parts.
    case leadRow = "lead_row"
    /// Lists of results that were brought.
    case resultList = "result_list_part"
    /// Our own copies of submissions' data keys.
    case ownKey = "submission"

    /// A sealed text and what it is bound to.
    struct Text: Sendable {
        /// The last in the order of the shelf is where the next look goes on.
        let cursor: Cursor
        let sealed: String
        /// Of a submission its document, compressed; empty elsewhere.
        let wire: [UInt8]

        /// The id of the key that sealed it (`GWF1.suite.kid.…`); `?` where none is said.
        var kid: String {
            sealed.split(separator: ".").dropFirst(2).first.map(String.init) ?? "?"
        }
    }

    /// A place on a shelf: what a text is bound to.
    struct Cursor: Sendable, Hashable {
        let name: String
        let number: Int

        static let start = Cursor(name: "", number: -1)
    }

    /// Texts that another key than this one sealed, in order and after a place.
    func texts(
        notUnder kid: String, after cursor: Cursor, limit: Int, in transaction: any Transaction
    ) throws(StorageFailure) -> [Text] {
        try transaction.run(query(other: "GWF1.%.\(kid).%", after: cursor, limit)).map {
            (row) throws(StorageFailure) in
            Text(
                cursor: Cursor(name: try row.text(0), number: try row.int(1)),
                sealed: try row.text(2), wire: try row.optionalBytes(3) ?? [])
        }
    }

    /// Where the texts of a shelf stand: its table's names of a text, and the column.
    private var columns: (name: SQL, number: SQL, sealed: SQL) {
        switch self {
        case .keptRow, .partRow, .leadRow: ("intake", "row", "sealed")
        case .resultList: ("digest", "number", "sealed")
        case .ownKey: ("id", "CAST(0 AS bigint)", "own_key")
        }
    }

    private var table: SQL { SQL(stringLiteral: rawValue) }

    private func query(other pattern: String, after cursor: Cursor, _ limit: Int) -> SQL {
        let (name, number, sealed) = columns
        // A submission's document stands beside it.
        let wire: SQL =
            self == .ownKey
            ? "(SELECT wire FROM block WHERE block.submission = submission.id)" : "NULL"
        return """
            SELECT \(clause: name), \(clause: number), \(clause: sealed), \(clause: wire)
            FROM \(clause: table)
            WHERE (\(clause: name), \(clause: number)) > (\(cursor.name), \(cursor.number))
                AND \(clause: sealed) NOT LIKE \(pattern) AND \(clause: sealed) <> ''
            ORDER BY 1, 2 LIMIT \(limit)
            """
    }

    /// Puts texts in the places of those that were read; one that was changed meanwhile stays.
    func replace(
        _ texts: [(old: Text, new: String)], in transaction: any Transaction
    ) throws(StorageFailure) {
        let (name, number, sealed) = columns
        for (old, new) in texts {
            try transaction.run(
                """
                UPDATE \(clause: table) SET \(clause: sealed) = \(new)
                WHERE \(clause: name) = \(old.cursor.name)
                    AND \(clause: number) = \(old.cursor.number)
                    AND \(clause: sealed) = \(old.sealed)
                """)
        }
    }

    /// The id of a key that sealed some text and is none of these; `nil` where each text opens.
    ///
    /// - Parameter kids: oldest first, never empty; most texts are under the last.
    static func stranger(to kids: [String], in database: any Database) async throws -> String? {
        guard let newest = kids.last else { return nil }
        for shelf in allCases {
            var cursor = Cursor.start
            while true {
                let texts = try await database.read { [cursor] in
                    try shelf.texts(notUnder: newest, after: cursor, limit: 500, in: $0)
                }
                if let stranger = texts.first(where: { !kids.contains($0.kid) }) {
                    return stranger.kid
                }
                guard let last = texts.last else { break }
                cursor = last.cursor
            }
        }
        return nil
    }

    /// How many texts a key sealed, on all shelves.
    static func count(under kid: String, in transaction: any Transaction) throws(StorageFailure)
        -> Int
    {
        let pattern = "GWF1.%.\(kid).%"
        var count = 0
        for shelf in allCases {
            count += try transaction.run(
                """
                SELECT count(*) FROM \(clause: shelf.table)
                WHERE \(clause: shelf.columns.sealed) LIKE \(pattern)
                """)[0].int(0)
        }
        return count
    }
}
