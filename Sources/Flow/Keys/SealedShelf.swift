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

    private func query(other pattern: String, after cursor: Cursor, _ limit: Int) -> SQL {
        let (name, number) = (cursor.name, cursor.number)
        return switch self {
        case .keptRow:
            """
            SELECT intake, row, sealed, NULL FROM kept_row
            WHERE (intake, row) > (\(name), \(number)) AND sealed NOT LIKE \(pattern) AND sealed <> ''
            ORDER BY intake, row LIMIT \(limit)
            """
        case .partRow:
            """
            SELECT intake, row, sealed, NULL FROM part_row
            WHERE (intake, row) > (\(name), \(number)) AND sealed NOT LIKE \(pattern) AND sealed <> ''
            ORDER BY intake, row LIMIT \(limit)
            """
        case .leadRow:
            """
            SELECT intake, row, sealed, NULL FROM lead_row
            WHERE (intake, row) > (\(name), \(number)) AND sealed NOT LIKE \(pattern) AND sealed <> ''
            ORDER BY intake, row LIMIT \(limit)
            """
        case .resultList:
            """
            SELECT digest, number, sealed, NULL FROM result_list_part
            WHERE (digest, number) > (\(name), \(number)) AND sealed NOT LIKE \(pattern) AND sealed <> ''
            ORDER BY digest, number LIMIT \(limit)
            """
        case .ownKey:
            """
            SELECT submission.id, CAST(0 AS bigint), submission.own_key, block.wire
            FROM submission JOIN block ON block.submission = submission.id
            WHERE submission.id > \(name) AND submission.own_key NOT LIKE \(pattern)
                AND submission.own_key <> ''
            ORDER BY submission.id LIMIT \(limit)
            """
        }
    }

    /// Puts texts in the places of those that were read; one that was changed meanwhile stays.
    func replace(
        _ texts: [(old: Text, new: String)], in transaction: any Transaction
    ) throws(StorageFailure) {
        if self == .ownKey {
            try transaction.runEach(
                "UPDATE submission SET own_key = $1 WHERE id = $2 AND own_key = $3", texts
            ) { text, parameters in
                parameters.bind(text.new)
                parameters.bind(text.old.cursor.name)
                parameters.bind(text.old.sealed)
            }
            return
        }
        try transaction.runEach(replacement, texts) { text, parameters in
            parameters.bind(text.new)
            parameters.bind(text.old.cursor.name)
            parameters.bind(text.old.cursor.number)
            parameters.bind(text.old.sealed)
        }
    }

    private var replacement: StaticString {
        switch self {
        case .keptRow, .ownKey:
            "UPDATE kept_row SET sealed = $1 WHERE intake = $2 AND row = $3 AND sealed = $4"
        case .partRow:
            "UPDATE part_row SET sealed = $1 WHERE intake = $2 AND row = $3 AND sealed = $4"
        case .leadRow:
            "UPDATE lead_row SET sealed = $1 WHERE intake = $2 AND row = $3 AND sealed = $4"
        case .resultList:
            """
            UPDATE result_list_part SET sealed = $1
            WHERE digest = $2 AND number = $3 AND sealed = $4
            """
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
                for text in texts {
                    // GWF1.suite.kid.…
                    let kid = text.sealed.split(separator: ".").dropFirst(2).first.map(String.init)
                    guard let kid, kids.contains(kid) else { return kid ?? "?" }
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
        return try transaction.run(
            """
            SELECT CAST((SELECT count(*) FROM kept_row WHERE sealed LIKE \(pattern))
                + (SELECT count(*) FROM part_row WHERE sealed LIKE \(pattern))
                + (SELECT count(*) FROM lead_row WHERE sealed LIKE \(pattern))
                + (SELECT count(*) FROM result_list_part WHERE sealed LIKE \(pattern))
                + (SELECT count(*) FROM submission WHERE own_key LIKE \(pattern)) AS bigint)
            """
        )[0].int(0)
    }
}
