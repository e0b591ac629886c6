import Records
import Storage

/// Whom the lists count (名单计数): keyed names, no row content.
extension Register {
    static let listsMigration: StaticString = """
        CREATE TABLE listed (
            programme text NOT NULL, list text NOT NULL, year bigint NOT NULL,
            person text NOT NULL, counted bigint NOT NULL CHECK (counted IN (0, 1)),
            division text NOT NULL, place text NOT NULL, source text NOT NULL,
            seen_in text NOT NULL, first_intake text NOT NULL, first_row bigint NOT NULL,
            first_day text NOT NULL, last_intake text NOT NULL, last_row bigint NOT NULL,
            PRIMARY KEY (programme, list, year, person));
        """

    /// Names a list of a programme in the tables.
    struct ListName: Sendable {
        let programme: String
        let list: String
    }

    /// What a stretch of a list changes.
    struct ListedChange: Sendable {
        let key: ListedKey
        let standing: ListedStanding
        let row: Int
        /// Whether the row counts her or takes her off: it is noted as the last that did.
        let decides: Bool
    }

    /// What is known of a person for a year; `nil` where no list named her.
    func standing(
        of key: ListedKey, on name: ListName, in transaction: any Transaction
    ) throws(StorageFailure) -> ListedStanding? {
        let rows = try transaction.run(
            """
            SELECT counted, division, place, source, seen_in FROM listed
            WHERE programme = \(name.programme) AND list = \(name.list)
                AND year = \(key.year) AND person = \(key.person)
            """)
        guard let row = rows.first else { return nil }
        return ListedStanding(
            isCounted: try row.int("counted") == 1, place: try row.text("place"),
            division: try row.text("division"), source: try row.text("source"),
            seenIn: try row.text("seen_in"))
    }

    /// Writes what a stretch of a list changed. Of each person the first file and row stay.
    ///
    /// - Parameter day: of the file's arrival.
    func write(
        _ changes: [ListedChange], on name: ListName, of intake: IntakeID, day: CalendarDate,
        in transaction: any Transaction
    ) throws(StorageFailure) {
        try transaction.runEach(
            """
            INSERT INTO listed (programme, list, year, person, counted, division, place, source,
                seen_in, first_intake, first_row, first_day, last_intake, last_row)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $10, $11)
            ON CONFLICT (programme, list, year, person) DO UPDATE SET
                counted = excluded.counted, division = excluded.division,
                place = excluded.place, source = excluded.source, seen_in = excluded.seen_in,
                last_intake = CASE WHEN $13 = 1 THEN excluded.last_intake
                    ELSE listed.last_intake END,
                last_row = CASE WHEN $13 = 1 THEN excluded.last_row ELSE listed.last_row END
            """, changes
        ) { change, parameters in
            parameters.bind(name.programme)
            parameters.bind(name.list)
            parameters.bind(change.key.year)
            parameters.bind(change.key.person)
            parameters.bind(change.standing.isCounted ? 1 : 0)
            parameters.bind(change.standing.division)
            parameters.bind(change.standing.place)
            parameters.bind(change.standing.source)
            parameters.bind(change.standing.seenIn)
            parameters.bind(intake.text)
            parameters.bind(change.row)
            parameters.bind(day.description)
            parameters.bind(change.decides ? 1 : 0)
        }
    }

    /// Whom a list counts for a year, by county or township (6 or 9 digits).
    func counted(
        on name: ListName, in year: Int, in transaction: any Transaction
    ) throws(StorageFailure) -> [(division: String, person: String)] {
        try transaction.run(
            """
            SELECT division, person FROM listed
            WHERE programme = \(name.programme) AND list = \(name.list) AND year = \(year)
                AND counted = 1
            ORDER BY division, person
            """
        ).map { (row) throws(StorageFailure) in
            (try row.text("division"), try row.text("person"))
        }
    }

    /// The years for which a list named anybody, in order.
    func years(of name: ListName, in transaction: any Transaction) throws(StorageFailure) -> [Int] {
        try transaction.run(
            """
            SELECT DISTINCT year FROM listed
            WHERE programme = \(name.programme) AND list = \(name.list) ORDER BY year
            """
        ).map { (row) throws(StorageFailure) in try row.int("year") }
    }
}
