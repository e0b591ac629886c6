import Delivery
import Privacy
import Records
import Storage
import Validation

/// What is remembered of records beyond their items (跨批次键), and of which case a follow-up is: keyed
/// digests, record ids, and days that are about the work.
extension Register {
    static let keysMigration: StaticString = """
        CREATE TABLE record_key (
            record text NOT NULL, memory text NOT NULL, key text NOT NULL, owner text NOT NULL,
            day bigint, PRIMARY KEY (record, memory));
        CREATE INDEX record_key_key ON record_key (memory, key);
        CREATE TABLE follow_up (record text PRIMARY KEY, parent text NOT NULL);
        CREATE INDEX follow_up_parent ON follow_up (parent);
        """

    /// A key with the record that has it.
    struct HeldKey: Sendable {
        let record: String
        let mark: KeyMark
    }

    /// Notes what records of one stretch hold; a corrected record lets go of what it held before.
    func remember(_ keys: [HeldKey], in transaction: any Transaction) throws(StorageFailure) {
        try transaction.runEach(
            """
            INSERT INTO record_key (record, memory, key, owner, day) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (record, memory) DO UPDATE SET key = excluded.key,
                owner = excluded.owner, day = excluded.day
            """, keys
        ) { item, parameters in
            parameters.bind(item.record)
            parameters.bind(item.mark.memory)
            parameters.bind(item.mark.key)
            parameters.bind(item.mark.owner)
            parameters.bind(item.mark.day.map { Int($0) })
        }
    }

    /// Who else has a key: other records, where it is somebody's those of other owners.
    func others(with mark: KeyMark, than record: String, in transaction: any Transaction)
        throws(StorageFailure) -> [(record: RecordID, owner: String, day: Int32?)]
    {
        try transaction.run(
            """
            SELECT record, owner, day FROM record_key
            WHERE memory = \(mark.memory) AND key = \(mark.key) AND record <> \(record)
                AND (owner <> \(mark.owner) OR owner = '')
            """
        ).map { (row) throws(StorageFailure) in
            (
                RecordID(try row.text(0)), try row.text(1),
                try row.optionalInt64(2).map { Int32(truncatingIfNeeded: $0) }
            )
        }
    }

    /// What a record that went out holds of a memory; `nil` for nothing.
    func mark(of record: String, memory: String, in transaction: any Transaction)
        throws(StorageFailure) -> KeyMark?
    {
        try transaction.run(
            """
            SELECT key, owner, day FROM record_key
            WHERE record = \(record) AND memory = \(memory)
            """
        ).first.map { (row) throws(StorageFailure) in
            KeyMark(
                memory: memory, key: try row.text(0), owner: try row.text(1),
                day: try row.optionalInt64(2).map { Int32(truncatingIfNeeded: $0) })
        }
    }

    /// The case of which a record is a follow-up; `nil` for a case.
    func parent(of record: String, in transaction: any Transaction) throws(StorageFailure)
        -> RecordID?
    {
        try transaction.run("SELECT parent FROM follow_up WHERE record = \(record)").first
            .map { (row) throws(StorageFailure) in RecordID(try row.text(0)) }
    }

    /// Notes of which case each follow-up is.
    func link(_ followUps: [(record: String, parent: String)], in transaction: any Transaction)
        throws(StorageFailure)
    {
        try transaction.runEach(
            """
            INSERT INTO follow_up (record, parent) VALUES ($1, $2)
            ON CONFLICT (record) DO NOTHING
            """, followUps
        ) { item, parameters in
            parameters.bind(item.record)
            parameters.bind(item.parent)
        }
    }

    /// The follow-ups of a case that ever went out.
    func followUps(of parent: RecordID, in transaction: any Transaction) throws(StorageFailure)
        -> [RecordID]
    {
        try transaction.run(
            "SELECT record FROM follow_up WHERE parent = \(parent.text) ORDER BY record"
        ).map { (row) throws(StorageFailure) in RecordID(try row.text(0)) }
    }
}

/// Which rows of a stretch repeat what records of earlier items hold.
struct RepeatedKeys: Sendable {
    /// By row and memory.
    private var found: Set<Place> = []

    private struct Place: Hashable {
        let row: Int
        let memory: Int
    }

    /// One look-up for each key that a row has; none where nothing is remembered.
    init(
        of identities: [Identity], _ remembered: [RememberedKey], register: Register,
        outbox: Outbox, in transaction: any Transaction
    ) throws(StorageFailure) {
        guard !remembered.isEmpty else { return }
        for (row, identity) in identities.enumerated() {
            for (place, mark) in identity.marks.enumerated() {
                guard let mark, let record = identity.record else { continue }
                if try RepeatedKeys.isFull(
                    remembered[place], mark, than: record.text, register: register,
                    outbox: outbox, in: transaction)
                {
                    found.insert(Place(row: row, memory: place))
                }
            }
        }
    }

    /// Whether as many others have a key as may.
    static func isFull(
        _ memory: RememberedKey, _ mark: KeyMark, than record: String, register: Register,
        outbox: Outbox, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        var owners: Set<String> = []
        for other in try register.others(with: mark, than: record, in: transaction)
        where isNear(mark.day, other.day, memory.days) {
            // What the nation refused or gave back is free again.
            let standing = try outbox.standing(of: [other.record], in: transaction).first
            guard standing?.isThere == true else { continue }
            owners.insert(other.owner.isEmpty ? other.record.text : other.owner)
        }
        return owners.count >= memory.most
    }

    private static func isNear(_ day: Int32?, _ other: Int32?, _ days: Int32) -> Bool {
        guard let day, let other else { return true }
        return abs(Int(day) - Int(other)) <= Int(days)
    }

    func contains(row: Int, memory: Int) -> Bool {
        !found.isEmpty && found.contains(Place(row: row, memory: memory))
    }

    /// Whether anything is said of a row.
    func contains(row: Int) -> Bool { found.contains { $0.row == row } }
}
