import Delivery
import Evidence
import Foundation
import Intake
import LibCrypto
import Mappings
import Privacy
import Programmes
import Records
import Storage
import Submissions
import Validation

/// One item on its way in: stretches are examined on all cores, decided in their order, packed on
/// all cores, and committed in their order, each in one transaction.
struct ArrivalRun {
    let arrival: Arrival
    let intake: IntakeID
    let bound: BoundMapping
    /// Where the rest of each case comes from.
    let parts: CaseParts?
    /// Of the mapping's content, SHA-256 hex.
    let mappingDigest: String
    /// What is asked before each stretch whether it may still leave.
    let file: MappingFile
    let context: RuleContext
    /// Rows of the item that are on disk.
    private(set) var rows: Int
    /// Whether a submission was taken back whose other records must go again.
    private(set) var hasRecalled = false
    /// What the rules over rows remember of the rows before.
    private var watch: ItemWatch
    /// What was decided and is not on disk yet.
    private var ahead = DecisionsAhead()
    private var examineTurn = 0
    private var packTurn = 0

    /// Stretches in work at a time: enough for every core, few enough to keep memory flat.
    private static let window = 3

    init(
        arrival: Arrival, intake: IntakeID, bound: BoundMapping, parts: CaseParts?,
        mappingDigest: String, file: MappingFile, context: RuleContext, rows: Int
    ) {
        self.arrival = arrival
        self.intake = intake
        self.bound = bound
        self.parts = parts
        self.mappingDigest = mappingDigest
        self.file = file
        self.context = context
        self.rows = rows
        watch = arrival.kit.programme.rules(for: bound.mapping.dictionary).watch
    }

    /// Looks at the rows again that are on disk already, so that the rules over rows know them.
    mutating func recall(_ cursor: any RecordCursor, before row: Int) async throws {
        let rules = arrival.kit.programme.rules(for: bound.mapping.dictionary)
        while let batch = try cursor.next(upTo: arrival.stretchRows) {
            let desk = nextDesk(\.examineTurn)
            let examined = try await desk.examine(
                batch, by: bound, context, joining: parts, from: arrival.shelf(desk))
            var nobody = NoEntitlements()
            _ = rules.decide(
                examined.batch, standing: examined.identities.map { _ in .due },
                entitlements: &nobody, watch: &watch)
            if cursor.position.nextRow >= row { return }
        }
    }

    mutating func takeAll(
        from cursor: any RecordCursor, progress: @Sendable (Int) -> Void
    ) async throws {
        var examining: [Task<Examining, any Error>] = []
        var packing: [Task<PreparedStretch, any Error>] = []
        var isDone = false
        do {
            while true {
                // What is on disk stays; the next run goes on from there.
                try Task.checkCancellation()
                while !isDone, examining.count < ArrivalRun.window {
                    guard let batch = try cursor.next(upTo: arrival.stretchRows) else {
                        isDone = true
                        break
                    }
                    examining.append(try examine(batch, cursor))
                }
                if !examining.isEmpty {
                    let examined = try await examining.removeFirst().value
                    packing.append(pack(try await decide(examined)))
                }
                if packing.count == ArrivalRun.window || (examining.isEmpty && !packing.isEmpty) {
                    let stretch = try await packing.removeFirst().value
                    try await commit(stretch)
                    progress(rows)
                }
                if isDone, examining.isEmpty, packing.isEmpty { return }
            }
        } catch {
            for task in examining { task.cancel() }
            for task in packing { task.cancel() }
            throw error
        }
    }

    private struct Examining: Sendable {
        let examined: PreparationDesk.Examined
        let position: String
        let nextRow: Int
        /// The raw bytes of rows that could not be read.
        let unreadable: [[UInt8]]
    }

    /// Each kind of work goes round the desks by itself: taken in one turn, the two would keep step
    /// and every packing would wait for the same desk.
    private mutating func nextDesk(_ turn: WritableKeyPath<ArrivalRun, Int>) -> PreparationDesk {
        self[keyPath: turn] += 1
        return arrival.desks[self[keyPath: turn] % arrival.desks.count]
    }

    private mutating func examine(_ batch: SourceBatch, _ cursor: any RecordCursor) throws
        -> Task<Examining, any Error>
    {
        let position = try cursor.position.text
        let nextRow = cursor.position.nextRow
        let unreadable = try batch.unreadable.map { try cursor.content(of: $0) }
        let desk = nextDesk(\.examineTurn)
        let (bound, context, parts) = (bound, context, parts)
        let shelf = arrival.shelf(desk)
        return Task {
            Examining(
                examined: try await desk.examine(
                    batch, by: bound, context, joining: parts, from: shelf),
                position: position,
                nextRow: nextRow, unreadable: unreadable)
        }
    }

    /// Rows with what was decided about each, before they are packed.
    private struct Decided: Sendable {
        let examining: Examining
        let batch: DecidedBatch
        let versions: [Int]
        let heads: [Int: RecordHead]
        let withdrawals: [(row: Int, record: SubmittedRecord)]
        /// Records that one submission may have just now.
        let most: Int
        let moment: Timestamp
    }

    private mutating func decide(_ examining: Examining) async throws -> Decided {
        let identities = examining.examined.identities
        let records = identities.compactMap(\.record)
        let rules = arrival.kit.programme.rules(
            for: examining.examined.batch.batch.dictionary)
        let moment = arrival.clock()
        let (known, most) = try await arrival.database.read { [arrival] transaction in
            (
                try KnownCases(
                    of: identities,
                    standing: try arrival.outbox.standing(of: records, in: transaction),
                    remembered: rules.remembered, register: arrival.register,
                    outbox: arrival.outbox, in: transaction),
                try arrival.mostRecords(at: moment, in: transaction)
            )
        }
        var decision = RowDecisions(
            known: known, ahead: ahead, intake: intake, identities: identities)
        let outcomes = examining.examined.batch.outcomes
        let standing = identities.indices.map { row in
            decision.standing(row: row, outcomes[row])
        }
        let batch = rules.decide(
            examining.examined.batch, standing: standing, entitlements: &decision, watch: &watch)
        ahead = decision.ahead
        var heads: [Int: RecordHead] = [:]
        for row in batch.checked.rows {
            heads[row] = decision.head(row: row, of: batch)
        }
        let withdrawals = try await arrival.withdrawals(
            of: batch, versions: decision.versions, standing: decision.recordStanding)
        return Decided(
            examining: examining, batch: batch, versions: decision.versions, heads: heads,
            withdrawals: withdrawals, most: most, moment: arrival.clock())
    }

    private mutating func pack(_ decided: Decided) -> Task<PreparedStretch, any Error> {
        let desk = nextDesk(\.packTurn)
        let (intake, mappingDigest, file) = (intake, mappingDigest, file)
        let gate = arrival.kit.approvals
        return Task {
            let approval = try gate.pass(file)
            let examined = decided.examining.examined
            let (packed, refused) = try await desk.pack(
                decided.batch.checked, identities: examined.identities, heads: decided.heads,
                upTo: decided.most, at: decided.moment)
            var stretch = PreparedStretch(
                intake: intake, mappingDigest: mappingDigest, approval: approval,
                position: decided.examining.position,
                nextRow: decided.examining.nextRow,
                packed: packed
                    + (try await desk.withdraw(decided.withdrawals, at: decided.moment)),
                epochs: desk.kit.naming.epochs, moment: decided.moment)
            for row in decided.batch.outcomes.indices {
                try await stretch.add(
                    row: row, decided.batch.outcomes[row], refused: refused[row],
                    version: decided.versions[row], examined, desk)
            }
            for (row, raw) in zip(examined.source.unreadable, decided.examining.unreadable) {
                try await stretch.add(unreadable: row, raw: raw, desk)
            }
            try stretch.close()
            return stretch
        }
    }

    private mutating func commit(_ stretch: PreparedStretch) async throws {
        let (register, ledger, outbox) = (arrival.register, arrival.ledger, arrival.outbox)
        let before = rows
        try stretch.checkTieOut()
        let recalled = try await arrival.database.writeDecided { transaction in
            try register.advance(
                stretch.intake, to: stretch.position, rows: stretch.rows, after: before,
                in: transaction)
            let recalled = try outbox.recall(
                stretch.recalled, now: stretch.moment, in: transaction)
            for packed in stretch.packed {
                try outbox.enqueue(Parcel(packed), in: transaction)
            }
            try register.write(stretch.changes, in: transaction)
            try register.writeLeads(stretch.leads, of: stretch.intake, in: transaction)
            try register.note(
                stretch.said, of: stretch.intake, before: stretch.nextRow, in: transaction)
            try ledger.append(stretch.facts, at: stretch.moment, in: transaction)
            return recalled
        }
        hasRecalled = hasRecalled || recalled
        ahead.forget(stretch)
        rows += stretch.rows
    }
}

/// Of rows that are looked at again nothing is decided.
private struct NoEntitlements: EntitlementRegister {
    func isTaken(row: Int) -> Bool { false }
    func isInForce(row: Int) -> Bool { false }
    mutating func take(row: Int) {}
}

extension ReadPosition {
    /// The position as it is kept. Throws `EncodingError`.
    var text: String {
        get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }
}

extension Parcel {
    /// Right of the waist there are only bytes and names.
    init(_ packed: PreparationDesk.Packed) {
        let submission = packed.submission
        self.init(
            id: submission.id, programme: submission.programme, profile: submission.profile,
            sender: submission.sender, region: submission.region,
            suite: submission.suite.rawValue, created: submission.created,
            signingKey: submission.signingKeyID, wire: submission.wire,
            byteCount: submission.byteCount, digest: Hex.encode(submission.digest),
            wireDigest: Hash.sha256.digest(submission.wire), signature: submission.signature,
            ownKey: packed.ownKey, records: submission.records)
    }
}
