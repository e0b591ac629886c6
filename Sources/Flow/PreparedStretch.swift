import Definitions
import Evidence
import Mappings
import Privacy
import Records
import Submissions
import Validation

/// One stretch of rows, ready to be written in one transaction.
struct PreparedStretch: Sendable {
    let intake: IntakeID
    /// Of the mapping's content, SHA-256 hex.
    let mappingDigest: String
    /// Of the decision that lets it leave, SHA-256 hex; `nil` in rehearsal.
    let approval: String?
    /// Where reading goes on after this stretch, as JSON.
    let position: String
    let nextRow: Int
    let packed: [PreparationDesk.Packed]
    let moment: Timestamp
    private(set) var changes: Register.Stretch
    /// Rows of cases that are made of parts, kept to be put together again.
    private(set) var leads: [Register.Lead] = []
    /// Rows of the stretch, unreadable ones included.
    private(set) var rows = 0
    private(set) var fates: [Fate: Int] = [:]
    private(set) var findings: [String: Int] = [:]
    /// Rows with findings, for the list that the clinic gets.
    private(set) var notes: [RowNote] = []
    /// What became of every readable row.
    private(set) var judged: [RowNote] = []
    private var kept: [Fact.KeptRow] = []
    private var warnings: [Int: [Finding]] = [:]
    /// By row of the batch its number in the file, of rows that went out.
    private var numbers: [Int: Int] = [:]
    /// Cases of which nothing must leave that has not left yet.
    private(set) var recalled: [RecordID] = []
    /// What is to be said of the stretch, as it is kept.
    private(set) var said = ""

    init(
        intake: IntakeID, mappingDigest: String, approval: String? = nil, position: String,
        nextRow: Int, packed: [PreparationDesk.Packed], epochs: NamingEpochs, moment: Timestamp
    ) {
        self.intake = intake
        self.mappingDigest = mappingDigest
        self.approval = approval
        self.position = position
        self.nextRow = nextRow
        self.packed = packed
        self.moment = moment
        changes = Register.Stretch(intake: intake, epochs: epochs)
        changes.vault = packed.compactMap(\.vault)
    }

    /// Notes a row's fate; one that was not sent is kept, sealed.
    mutating func add(
        row: Int, _ decided: RowOutcome, refused element: String?, version: Int,
        _ examined: PreparationDesk.Examined, _ desk: PreparationDesk
    ) async throws {
        var outcome = decided
        if let element {
            outcome.fate = .quarantined
            outcome.findings.append(
                Finding(
                    code: PackingCodes.structure.code, effect: .quarantined, field: element))
        }
        rows += 1
        fates[outcome.fate, default: 0] += 1
        for code in Set(outcome.findings.map(\.code)) { findings[code, default: 0] += 1 }
        let note = RowNote(
            row: examined.source.places[row].row, fate: outcome.fate, findings: outcome.findings)
        judged.append(note)
        if let record = examined.identities[row].record, PreparedStretch.mustStay(outcome) {
            recalled.append(record)
        }
        if !outcome.findings.isEmpty { notes.append(note) }
        let identity = examined.identities[row]
        // What a later row of the file replaces says nothing of the case any more.
        if let record = identity.record, outcome.fate != .superseded,
            outcome.isConsentWithdrawn || outcome.fate == .withdrawn
        {
            changes.forgotten.append(record)
        }
        if !examined.links.isEmpty, let record = identity.record, outcome.fate != .superseded {
            let number = examined.source.places[row].row
            leads.append(
                Register.Lead(
                    record: record.text, row: number,
                    sealed: try await desk.seal(
                        RowText.bytes(of: examined.source, row: row), intake: intake,
                        number: number), links: examined.links[row]))
        }
        if version > 0 {
            changes.cases.append(
                Register.Stretch.Case(
                    record: identity.caseName, version: version, content: identity.content,
                    epoch: desk.kit.naming.epochs.content))
        }
        if [.sent, .withdrawn].contains(outcome.fate) { numbers[row] = note.row }
        switch outcome.fate {
        // The case's names stand in the submission that takes it back; the row says nothing more.
        case .unchanged, .withdrawn, .joined, .counted, .struckOff: return
        case .sent:
            if !outcome.findings.isEmpty { warnings[row] = outcome.findings }
            if outcome.traits.isFree, let claim = identity.entitlement {
                changes.claims.append(
                    Register.Stretch.Claim(
                        claim: claim, record: identity.caseName,
                        earlier: identity.entitlements.dropLast()))
            }
            hold(identity)
        case .superseded, .held, .excluded, .quarantined:
            try await keep(row, outcome, version, examined, desk)
        }
    }

    /// Whether the row says that an earlier version must not leave, where it has not left yet: what
    /// is merely mistaken in a later row does not.
    private static func mustStay(_ outcome: RowOutcome) -> Bool {
        // Of two people, or of one whose parts do not agree on who that is.
        let disputes = [PartCodes.sample.code, MappingCodes.conflict.code]
        let isDisputed = outcome.findings.contains { disputes.contains($0.code) }
        switch outcome.fate {
        case .superseded, .joined, .counted, .struckOff: return false
        case .unchanged: return isDisputed
        case .sent, .held, .excluded, .quarantined, .withdrawn:
            return isDisputed || outcome.isConsentWithdrawn || outcome.isNarrowed
                || outcome.fate == .excluded
        }
    }

    /// Notes what a record that goes out is remembered by.
    private mutating func hold(_ identity: Identity) {
        guard let record = identity.record else { return }
        for mark in identity.marks.compactMap({ $0 }) {
            changes.keys.append(Register.HeldKey(record: record.text, mark: mark))
        }
        if let parent = identity.parent {
            changes.followUps.append((record.text, parent.text))
        }
    }

    private mutating func keep(
        _ row: Int, _ outcome: RowOutcome, _ version: Int, _ examined: PreparationDesk.Examined,
        _ desk: PreparationDesk
    ) async throws {
        let number = examined.source.places[row].row
        let identity = examined.identities[row]
        let records = examined.batch.batch
        let fields = records.dictionary.caseFields
        var institution: String?
        if case .text(let range) = records.value(row, fields.institution).expose() {
            institution = String(decoding: records.arena[range], as: UTF8.self)
        }
        let month = records.servedOn(row)?.month
        kept.append(
            Fact.KeptRow(
                row: number, record: identity.record, version: version,
                fate: outcome.fate.rawValue, findings: outcome.findings,
                institution: institution, month: month,
                traits: [.quarantined, .held].contains(outcome.fate) ? outcome.traits : nil))
        changes.kept.append(
            Register.Stretch.Kept(
                row: number, record: identity.record?.text, version: version,
                fate: outcome.fate.rawValue, codes: PreparedStretch.codes(outcome.findings),
                sealed: try await desk.seal(
                    RowText.bytes(of: examined.source, row: row), intake: intake, number: number),
                parent: identity.parent?.text ?? ""))
    }

    /// Notes a row of a part: it has its place on the shelf.
    mutating func addJoined() {
        rows += 1
        fates[.joined, default: 0] += 1
    }

    /// Notes a row of a list; one with a fault is kept, sealed, for its list of findings.
    mutating func add(
        listed row: Int, _ outcome: ListOutcome, of source: SourceBatch, _ desk: PreparationDesk
    ) async throws {
        let number = source.places[row].row
        rows += 1
        fates[outcome.fate, default: 0] += 1
        for code in Set(outcome.findings.map(\.code)) { findings[code, default: 0] += 1 }
        if !outcome.findings.isEmpty {
            notes.append(RowNote(row: number, fate: outcome.fate, findings: outcome.findings))
        }
        switch outcome.fate {
        case .counted, .struckOff, .unchanged, .superseded: return
        default: break
        }
        kept.append(
            Fact.KeptRow(
                row: number, record: nil, version: 0, fate: outcome.fate.rawValue,
                findings: outcome.findings, institution: nil, month: nil))
        changes.kept.append(
            Register.Stretch.Kept(
                row: number, record: nil, version: 0, fate: outcome.fate.rawValue,
                codes: PreparedStretch.codes(outcome.findings),
                sealed: try await desk.seal(
                    RowText.bytes(of: source, row: row), intake: intake, number: number)))
    }

    /// Notes a row that could not be read at all.
    mutating func add(unreadable row: UnreadableRow, raw: [UInt8], _ desk: PreparationDesk)
        async throws
    {
        rows += 1
        fates[.quarantined, default: 0] += 1
        findings[row.finding.code, default: 0] += 1
        notes.append(
            RowNote(row: row.place.row, fate: .quarantined, findings: [row.finding]))
        kept.append(
            Fact.KeptRow(
                row: row.place.row, record: nil, version: 0, fate: Fate.quarantined.rawValue,
                findings: [row.finding], institution: nil, month: nil))
        changes.kept.append(
            Register.Stretch.Kept(
                row: row.place.row, record: nil, version: 0, fate: Fate.quarantined.rawValue,
                codes: row.finding.code,
                sealed: try await desk.seal(raw, intake: intake, number: row.place.row)))
    }

    /// Writes down what is to be said, once all rows are added. Throws `EncodingError`.
    mutating func close() throws {
        var tally = ArrivalTally()
        tally.add(self)
        said = try StretchNotes(tally: tally, rows: notes).text
    }

    /// Refuses to be written where a row would have no fate. Throws `TieOutFailure`.
    func checkTieOut() throws {
        let elsewhere: [Fate] = [.joined, .counted, .struckOff]
        try TieOut.check(
            facts, elsewhere: elsewhere.reduce(0) { $0 + (fates[$1] ?? 0) })
    }

    /// The blocking codes, or all where none blocks.
    private static func codes(_ findings: [Finding]) -> String {
        let blocking = findings.filter { $0.effect != .warning }
        return Set((blocking.isEmpty ? findings : blocking).map(\.code)).sorted()
            .joined(separator: " ")
    }

    /// What the ledger says of rows that were counted when they came: no row is read anew.
    var factsOfRowsTakenBefore: [Fact] {
        var facts = enqueued
        if !kept.isEmpty {
            facts.append(
                .taken(
                    Fact.Taken(
                        intake: intake, nextRow: nextRow, rows: 0, unchanged: 0, kept: kept)))
        }
        return facts
    }

    /// What the ledger says of this stretch.
    var facts: [Fact] {
        enqueued + [
            .taken(
                Fact.Taken(
                    intake: intake, nextRow: nextRow, rows: rows,
                    unchanged: fates[.unchanged] ?? 0, kept: kept))
        ]
    }

    private var enqueued: [Fact] {
        packed.map { packed in
            let submission = packed.submission
            var noted: [Int: [Finding]] = [:]
            for (place, row) in packed.rows.enumerated() { noted[place] = warnings[row] }
            return .enqueued(
                Fact.Enqueued(
                    submission, mappingDigest: mappingDigest, approval: approval,
                    warnings: noted, source: (intake, packed.rows.map { numbers[$0] ?? 0 })))
        }
    }
}

extension ArrivalTally {
    mutating func add(_ stretch: PreparedStretch) {
        rows += stretch.rows
        submissions += stretch.packed.count
        for (fate, count) in stretch.fates { fates[fate.rawValue, default: 0] += count }
        for (code, count) in stretch.findings { findings[code, default: 0] += count }
    }
}
