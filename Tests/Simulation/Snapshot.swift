import Delivery
import Records
import Storage

/// What a transaction left behind, as far as the rules look at it. One statement, and read only
/// where something has changed: a run has hundreds of commits.
struct Snapshot: Sendable {
    struct Submission: Sendable, Equatable {
        let state: DeliveryState
        let fence: Int64
        let owner: String?
        let nextStep: Int64
        let reason: String?
    }

    struct ItemKey: Hashable, Comparable, Sendable {
        let submission: String
        let position: Int

        static func < (left: ItemKey, right: ItemKey) -> Bool {
            (left.submission, left.position) < (right.submission, right.position)
        }
    }

    struct AttemptKey: Hashable, Sendable {
        let submission: String
        let fence: Int64
    }

    let texts: [String]
    private(set) var submissions: [String: Submission] = [:]
    private(set) var items: [ItemKey: ItemState] = [:]
    private(set) var attempts: [AttemptKey: String] = [:]
    private(set) var cursor = 0
    private(set) var isReconciling = false

    static func texts(in transaction: any Transaction) throws -> [String] {
        let rows = try transaction.run(
            """
            SELECT
                (SELECT group_concat(line, char(10)) FROM (SELECT id || ' ' || state || ' '
                    || fence || ' ' || coalesce(lease_owner, '-') || ' ' || next_step || ' '
                    || coalesce(reason, '-') AS line FROM submission ORDER BY id)),
                (SELECT group_concat(line, char(10)) FROM (SELECT submission || ' ' || position
                    || ' ' || state AS line FROM item ORDER BY submission, position)),
                (SELECT group_concat(line, char(10)) FROM (SELECT submission || ' ' || fence
                    || ' ' || coalesce(outcome, '-') AS line FROM attempt
                    ORDER BY submission, fence)),
                (SELECT max(cursor) FROM feed), (SELECT count(*) || '' FROM reconciling)
            """)
        guard let row = rows.first else { throw StorageFailure(.corrupt) }
        return try (0..<5).map { try row.optionalText(.position($0)) ?? "" }
    }

    init(_ texts: [String]) throws {
        self.texts = texts
        for words in Snapshot.lines(texts[0]) {
            guard words.count == 6, let state = DeliveryState(rawValue: words[1]),
                let fence = Int64(words[2]), let nextStep = Int64(words[4])
            else { throw StorageFailure(.unexpectedColumn("submission")) }
            submissions[words[0]] = Submission(
                state: state, fence: fence, owner: words[3] == "-" ? nil : words[3],
                nextStep: nextStep, reason: words[5] == "-" ? nil : words[5])
        }
        for words in Snapshot.lines(texts[1]) {
            guard words.count == 3, let position = Int(words[1]),
                let state = ItemState(rawValue: words[2])
            else { throw StorageFailure(.unexpectedColumn("item")) }
            items[ItemKey(submission: words[0], position: position)] = state
        }
        for words in Snapshot.lines(texts[2]) {
            guard words.count == 3, let fence = Int64(words[1]) else {
                throw StorageFailure(.unexpectedColumn("attempt"))
            }
            attempts[AttemptKey(submission: words[0], fence: fence)] = words[2]
        }
        cursor = Int(texts[3]) ?? 0
        isReconciling = texts[4] != "0"
    }

    private static func lines(_ text: String) -> [[String]] {
        text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }

    /// The attempts, as the referee names them.
    var sends: Set<Referee.Send> {
        Set(
            attempts.keys.map {
                Referee.Send(submission: SubmissionID($0.submission), fence: $0.fence)
            })
    }

    /// The latest attempts of what must be asked for before it goes again.
    var doubtfulSends: Set<Referee.Send> {
        Set(
            submissions.filter { $0.value.state == .onWire || $0.value.state == .inDoubt }.map {
                Referee.Send(submission: SubmissionID($0.key), fence: $0.value.fence)
            })
    }

    /// The records of one submission, by position.
    func states(of submission: String) -> [ItemState] {
        items.filter { $0.key.submission == submission }
            .sorted { $0.key.position < $1.key.position }.map(\.value)
    }
}
