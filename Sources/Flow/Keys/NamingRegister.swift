package import Privacy
package import Records
package import Storage

/// In which epochs the names of this database stand, and how far each rotation is (轮换登记).
///
/// Two kinds of stored names go from epoch to epoch: whose free check it is (`pid-link`), and what
/// the content of a case was (`content`). The others never do: cases and parts are named under
/// `case-id`, and the ledger's names of people by the key of their year.
package struct NamingRegister: Sendable {
    package init() {}

    static let migration: StaticString = """
        ALTER TABLE entitlement ADD COLUMN epoch bigint NOT NULL DEFAULT 1;
        ALTER TABLE case_version ADD COLUMN epoch bigint NOT NULL DEFAULT 1;
        CREATE TABLE naming_epoch (
            use text NOT NULL CHECK (use IN ('pid-link', 'content')), epoch bigint NOT NULL,
            began bigint NOT NULL, names bigint NOT NULL, moved bigint NOT NULL DEFAULT 0,
            overtaken bigint NOT NULL DEFAULT 0, finished bigint, PRIMARY KEY (use, epoch));
        """

    /// From which link key on a name was made: a name that was carried over keeps its own.
    static let rootsMigration: StaticString = """
        ALTER TABLE entitlement ADD COLUMN root bigint NOT NULL DEFAULT 1;
        """

    /// How far the names of one use are.
    package struct Standing: Sendable, Hashable {
        package let use: KeyUse
        package let epoch: Int
        package let began: Timestamp
        /// Names of earlier epochs when the rotation began.
        package let names: Int
        /// Those of them that were carried over.
        package let moved: Int
        /// Those of them that a clinic's row made anew meanwhile.
        package let overtaken: Int
        package let finished: Timestamp?
    }

    /// The newest epoch of a use; `nil` while it is the first.
    package func standing(of use: KeyUse, in transaction: any Transaction)
        throws(StorageFailure) -> Standing?
    {
        let rows = try transaction.run(
            """
            SELECT epoch, began, names, moved, overtaken, finished FROM naming_epoch
            WHERE use = \(use.rawValue) ORDER BY epoch DESC LIMIT 1
            """)
        guard let row = rows.first else { return nil }
        return Standing(
            use: use, epoch: try row.int(0),
            began: Timestamp(microseconds: try row.int64(1)), names: try row.int(2),
            moved: try row.int(3), overtaken: try row.int(4),
            finished: try row.optionalInt64(5).map { Timestamp(microseconds: $0) })
    }

    /// Notes that the ring in hand makes names in newer epochs. From here on a process that has an
    /// older ring writes nothing more.
    ///
    /// Throws `KeyFailure` (`rotated`) where the ring lacks an epoch that names stand in, and
    /// `StorageFailure`.
    package func begin(
        _ epochs: NamingEpochs, at moment: Timestamp, in transaction: any Transaction
    ) throws {
        for use in KeyUse.allCases where use.isChained {
            let known = try standing(of: use, in: transaction)?.epoch ?? 1
            guard epochs[use] >= known else { throw KeyFailure(.rotated) }
            guard epochs[use] > known else { continue }
            let names = try count(of: use, before: epochs[use], in: transaction)
            try transaction.run(
                """
                INSERT INTO naming_epoch (use, epoch, began, names, finished)
                VALUES (\(use.rawValue), \(epochs[use]), \(moment.microseconds), \(names),
                    \(names == 0 ? moment.microseconds : nil))
                """)
        }
    }

    /// Takes what a stretch writes anew out of the rotation's way.
    ///
    /// Throws `KeyFailure` (`rotated`) where its names are of an epoch that is over.
    func makeRoom(for stretch: Register.Stretch, in transaction: any Transaction) throws {
        guard let epochs = stretch.epochs else { return }
        for use in KeyUse.allCases where use.isChained {
            guard let standing = try standing(of: use, in: transaction) else { continue }
            guard standing.epoch <= epochs[use] else { throw KeyFailure(.rotated) }
            // Names that could not be made anew stay in their chain until their case comes again.
            let isMixed = use == .pidLink && epochs.linkRoot > 1
            guard standing.finished == nil || isMixed else { continue }
            let overtaken =
                use == .pidLink
                ? try transaction.runEach(
                    "DELETE FROM entitlement WHERE claim = $1", stretch.claims.flatMap(\.earlier)
                ) { name, parameters in parameters.bind(name) }
                : try transaction.runEach(
                    "UPDATE case_version SET epoch = $1 WHERE record = $2 AND epoch < $3",
                    stretch.cases
                ) { item, parameters in
                    parameters.bind(standing.epoch)
                    parameters.bind(item.record)
                    parameters.bind(standing.epoch)
                }
            guard standing.finished == nil else { continue }
            try add(overtaken, to: "overtaken", of: use, standing.epoch, in: transaction)
        }
    }

    /// Names of a use that stand in an earlier epoch.
    package func count(of use: KeyUse, before epoch: Int, in transaction: any Transaction)
        throws(StorageFailure) -> Int
    {
        try transaction.run(
            use == .pidLink
                ? "SELECT count(*) FROM entitlement WHERE epoch < \(epoch)"
                : "SELECT count(*) FROM case_version WHERE epoch < \(epoch)"
        )[0].int(0)
    }

    /// Free checks whose names are made by way of a link key before this epoch's.
    func carried(before epoch: Int, in transaction: any Transaction) throws(StorageFailure)
        -> Int
    {
        try transaction.run("SELECT count(*) FROM entitlement WHERE root < \(epoch)")[0].int(0)
    }

    /// Counts names that went over to an epoch.
    func noteMoved(
        _ count: Int, of use: KeyUse, _ epoch: Int, in transaction: any Transaction
    ) throws(StorageFailure) {
        try add(count, to: "moved", of: use, epoch, in: transaction)
    }

    private func add(
        _ count: Int, to column: String, of use: KeyUse, _ epoch: Int,
        in transaction: any Transaction
    ) throws(StorageFailure) {
        guard count > 0 else { return }
        let (moved, overtaken) = column == "moved" ? (count, 0) : (0, count)
        try transaction.run(
            """
            UPDATE naming_epoch SET moved = moved + \(moved), overtaken = overtaken + \(overtaken)
            WHERE use = \(use.rawValue) AND epoch = \(epoch)
            """)
    }
}

// MARK: - Carrying over

extension NamingRegister {
    /// A stored name with the epoch it was made in.
    struct StoredName: Sendable {
        /// The claim, or the record whose content it is.
        let key: String
        let epoch: Int
        /// The digest; empty for claims, and for contents that nothing equals.
        let content: [UInt8]
    }

    /// Stored names of earlier epochs, by their keys and after one of them.
    func names(
        of use: KeyUse, before epoch: Int, after key: String, limit: Int,
        in transaction: any Transaction
    ) throws(StorageFailure) -> [StoredName] {
        try transaction.run(
            use == .pidLink
                ? """
                SELECT claim, epoch, NULL FROM entitlement
                WHERE claim > \(key) AND epoch < \(epoch) ORDER BY claim LIMIT \(limit)
                """
                : """
                SELECT record, epoch, content FROM case_version
                WHERE record > \(key) AND epoch < \(epoch) ORDER BY record LIMIT \(limit)
                """
        ).map { (row) throws(StorageFailure) in
            StoredName(
                key: try row.text(0), epoch: try row.int(1),
                content: try row.optionalBytes(2) ?? [])
        }
    }

    /// Puts names of the newest epoch in the places of old ones; one that was overtaken meanwhile
    /// is left alone.
    func move(
        _ names: [(old: StoredName, new: [UInt8])], of use: KeyUse, to epoch: Int,
        in transaction: any Transaction
    ) throws(StorageFailure) {
        let moved =
            use == .pidLink
            ? try transaction.runEach(
                "UPDATE entitlement SET claim = $1, epoch = $2 WHERE claim = $3 AND epoch = $4",
                names
            ) { name, parameters in
                parameters.bind(String(decoding: name.new, as: UTF8.self))
                parameters.bind(epoch)
                parameters.bind(name.old.key)
                parameters.bind(name.old.epoch)
            }
            : try transaction.runEach(
                """
                UPDATE case_version SET content = $1, epoch = $2
                WHERE record = $3 AND epoch = $4
                """, names
            ) { name, parameters in
                parameters.bind(name.new)
                parameters.bind(epoch)
                parameters.bind(name.old.key)
                parameters.bind(name.old.epoch)
            }
        try add(moved, to: "moved", of: use, epoch, in: transaction)
    }

    /// Notes the end of a rotation; false where names of earlier epochs are left.
    func finish(
        _ use: KeyUse, _ epoch: Int, at moment: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        guard try count(of: use, before: epoch, in: transaction) == 0 else { return false }
        try transaction.run(
            """
            UPDATE naming_epoch SET finished = coalesce(finished, \(moment.microseconds))
            WHERE use = \(use.rawValue) AND epoch = \(epoch)
            """)
        return true
    }
}
