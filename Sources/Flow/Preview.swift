import Definitions
import Intake
import Mappings
import Privacy
package import Programmes
package import Records
package import Settlements
package import Validation

/// What would leave of a file (预览): the very code of arrival, without a database and without a
/// submission. People appear masked.
package struct Preview: Sendable {
    /// One element of a row as the national side would see it.
    package struct Shown: Sendable, Encodable {
        package enum Way: String, Sendable, Encodable { case kept, sealed, dropped }

        /// e.g. `wife/name`.
        package let path: String
        package let title: Wording
        package let way: Way
        /// As it would stand there, masked where it would be sealed; empty where it stays here.
        package let text: String
    }

    package struct Row: Sendable, Encodable {
        package let row: Int
        package let fate: Fate
        package let findings: [Finding]
        /// What it would be settled at if all that goes out is accepted and nothing was before, in
        /// fen for each payer; empty where nothing is paid, and where the preview was not told by
        /// which rule.
        package fileprivate(set) var fen: [String: Int64] = [:]
        /// What would leave; empty but for the first rows.
        package let elements: [Shown]
    }

    package let header: [String]
    package let unknownColumns: [String]
    package private(set) var rows: [Row] = []
    /// Rows by fate.
    package private(set) var fates: [Fate: Int] = [:]
    /// What is to say of the file as a whole.
    package private(set) var findings: [Finding]

    /// Reads a whole file.
    ///
    /// - Parameters:
    ///   - funding: by which rule, and in which county, an accepted case is settled.
    ///   - shownRows: of so many accepted rows each element is shown.
    ///   - listedRows: so many rows are listed; all are counted.
    /// - Throws: `ReadFailure`, `HeaderFailure`, `CryptoFailure`.
    package init(
        of path: String, by file: MappingFile, parts: [(mapping: MappingFile, path: String)] = [],
        kit: PreparationKit, arrivedOn day: CalendarDate,
        funding: (rule: FundingScheme, division: String)? = nil,
        shownRows: Int, listedRows: Int
    ) async throws {
        let desk = try PreparationDesk(kit: kit)
        let cursor = TableCursor(try file.mapping.reader.open(path: path))
        header = cursor.header
        let bound = try file.mapping.bound(
            to: cursor.header, acceptsInvented: kit.acceptsInvented)
        unknownColumns = bound.unknownColumns
        let joined = try CaseParts(file, in: kit.programme, acceptsInvented: kit.acceptsInvented)
        let context = kit.context(for: bound, joined, arrivedOn: day)
        findings = []
        if let list = bound.mapping.dictionary.list {
            try await count(cursor, by: bound, list, context, desk, kit.profile.batch, listedRows)
            findings = cursor.findings
            return
        }
        let shelf = try await PreviewShelf(parts, desk)
        let rules = kit.programme.rules(for: bound.mapping.dictionary)
        var watch = rules.watch
        var sent: [Int: SubmittedRecord] = [:]
        var decisions = PreviewDecisions()
        var shown = 0
        while let batch = try cursor.next(upTo: kit.profile.batch) {
            let examined = try await desk.examine(
                batch, by: bound, context, joining: joined, from: shelf.rows)
            decisions.begin(examined.identities)
            let decided = rules.decide(
                examined.batch, standing: decisions.standings, entitlements: &decisions,
                watch: &watch)
            var listed: [Row] = batch.unreadable.map { row in
                Row(
                    row: row.place.row, fate: .quarantined, findings: [row.finding],
                    elements: [])
            }
            for (row, outcome) in decided.outcomes.enumerated() {
                var elements: [Shown] = []
                if outcome.fate == .sent, shown < shownRows {
                    shown += 1
                    elements = Preview.elements(of: decided.checked.batch, row: row)
                }
                let number = batch.places[row].row
                if outcome.fate == .sent, funding != nil {
                    sent[number] = Preview.record(
                        outcome, decided.checked.batch, row, examined.identities[row])
                }
                listed.append(
                    Row(
                        row: number, fate: outcome.fate, findings: outcome.findings,
                        elements: elements))
            }
            add(listed, listedRows)
        }
        findings = cursor.findings
        if let funding { settle(sent, by: funding.rule, division: funding.division) }
    }

    private mutating func add(_ listed: [Row], _ listedRows: Int) {
        for row in listed.sorted(by: { $0.row < $1.row }) {
            fates[row.fate, default: 0] += 1
            if rows.count < listedRows { rows.append(row) }
        }
    }

    /// Counts the rows of a list as if nobody were on it yet: nothing of it would leave.
    private mutating func count(
        _ cursor: any RecordCursor, by bound: BoundMapping, _ list: CountedList,
        _ context: RuleContext, _ desk: PreparationDesk, _ batchRows: Int, _ listedRows: Int
    ) async throws {
        let decision = ListDecision(source: "", intake: "")
        var known: [ListedKey: ListedStanding] = [:]
        while let batch = try cursor.next(upTo: batchRows) {
            let read = try await desk.read(batch, by: bound, list, context)
            let (outcomes, changes) = read.decide(by: decision, known: known)
            for change in changes { known[change.key] = change.standing }
            let unreadable = batch.unreadable.map { row in
                Row(
                    row: row.place.row, fate: .quarantined, findings: [row.finding],
                    elements: [])
            }
            add(
                unreadable
                    + zip(batch.places, outcomes).map { place, outcome in
                        Row(
                            row: place.row, fate: outcome.fate, findings: outcome.findings,
                            elements: [])
                    }, listedRows)
        }
    }

    /// What a row would be to settlement once it is accepted.
    static func record(
        _ outcome: RowOutcome, _ batch: RecordBatch, _ row: Int, _ identity: Identity
    ) -> SubmittedRecord? {
        guard let servedOn = batch.servedOn(row), let record = identity.record else { return nil }
        return SubmittedRecord(
            record: record, version: 1, action: .submit, institution: "", servedOn: servedOn,
            traits: outcome.traits, claimant: identity.claimant, childOrder: identity.childOrder,
            dueOn: identity.dueOn, claimantBefore: identity.claimantBefore)
    }

    /// Says of each listed row what it would be settled at, in the order in which settlement
    /// judges.
    private mutating func settle(
        _ sent: [Int: SubmittedRecord], by rule: FundingScheme, division: String
    ) {
        let rule = rule.local(to: division)
        var claims = FundingClaims(rule: rule)
        var fen: [Int: [String: Int64]] = [:]
        let ordered = sent.sorted { ($0.value.servedOn, $0.key) < ($1.value.servedOn, $1.key) }
        for (row, record) in ordered where rule.concerns(record) {
            guard case .paid(let item) = claims.judge(record) else { continue }
            fen[row] = rule.worth(item, of: record, division: division)
        }
        for place in rows.indices { rows[place].fen = fen[rows[place].row] ?? [:] }
    }

    private static func elements(of batch: RecordBatch, row: Int) -> [Shown] {
        let dictionary = batch.dictionary
        return dictionary.elements.compactMap { element in
            let value = batch.value(row, element.ordinal)
            guard !value.isAbsent else { return nil }
            let place =
                switch element.location {
                case .subject(let subject): dictionary.subjects[subject].role
                case .form(let form): dictionary.forms[form].name
                }
            var bytes: [UInt8] = []
            batch.arena.withUnsafeBufferPointer { arena in
                element.appendText(of: value, arena: arena, to: &bytes)
            }
            let (way, text): (Shown.Way, String) =
                switch element.protection {
                case .keep: (.kept, String(decoding: bytes, as: UTF8.self))
                case .encrypt: (.sealed, Masking.text(bytes, of: element.kind))
                case .drop: (.dropped, "")
                }
            return Shown(
                path: "\(place)/\(element.wireName)", title: element.title, way: way, text: text)
        }
    }
}

extension Masking {
    /// A sealed element's text as people may see it, by its kind.
    fileprivate static func text(_ bytes: [UInt8], of kind: ElementKind) -> String {
        switch kind {
        case .idNumber: idNumber(bytes)
        case .personName: personName(bytes)
        case .phone: phone(bytes)
        case .address: address(bytes)
        case .date: birthDate(bytes)
        default: stars
        }
    }
}

/// What a preview remembers: the cases and free checks of this file alone.
struct PreviewDecisions: EntitlementRegister {
    private(set) var standings: [CaseStanding] = []
    private var identities: [Identity] = []
    private var contents: [String: [UInt8]] = [:]
    private var holders: [String: String] = [:]
    /// Of each case what earlier items said.
    private var earlier: [String: Set<[UInt8]>] = [:]

    /// Begins another item: what was said so far came before it.
    mutating func beginItem() {
        for (name, content) in contents { earlier[name, default: []].insert(content) }
        contents = [:]
    }

    mutating func begin(_ identities: [Identity]) {
        self.identities = identities
        standings = identities.map { identity in
            let before = contents.updateValue(identity.content, forKey: identity.caseName)
            if earlier[identity.caseName]?.contains(identity.content) == true {
                return .unchanged
            }
            guard let before else { return earlier[identity.caseName] == nil ? .due : .waiting }
            return before == identity.content ? .copy : .waiting
        }
    }

    func isTaken(row: Int) -> Bool {
        guard let claim = identities[row].entitlement, let holder = holders[claim] else {
            return false
        }
        return holder != identities[row].caseName
    }

    /// A preview knows of nothing that was sent.
    func isInForce(row: Int) -> Bool { false }

    mutating func take(row: Int) {
        if let claim = identities[row].entitlement { holders[claim] = identities[row].caseName }
    }
}
