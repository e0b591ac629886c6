import Definitions
import Delivery
import Mappings
import Privacy
import Records
import Storage
import Submissions
import Validation

/// What the database knows of the cases of one stretch.
struct KnownCases: Sendable {
    /// By record, or by the content of rows whose key could not be read.
    let versions: [String: Register.CaseVersion]
    let standing: [RecordID: RecordStanding]
    /// By claim the case that holds it, while that case is unanswered or in force.
    let holders: [String: String]
    /// Cases whose latest version stayed at home.
    let keptAtHome: Set<String>
    /// Cases of follow-ups that the nation has, or will have as far as anybody knows.
    let parents: Set<RecordID>
    /// Follow-ups that the county has, whatever became of them.
    let earlierFollowUps: Set<RecordID>
    /// What repeats the keys of earlier items' records.
    let repeated: RepeatedKeys

    init(
        of identities: [Identity], standing: [RecordStanding], remembered: [RememberedKey],
        register: Register, outbox: Outbox, in transaction: any Transaction
    ) throws {
        var keptAtHome = Set<String>()
        var versions: [String: Register.CaseVersion] = [:]
        var holders: [String: String] = [:]
        for identity in identities {
            let name = identity.caseName
            if let version = try register.latest(of: name, in: transaction) {
                versions[name] = version
                if try register.isKept(name, version: version.version, in: transaction) {
                    keptAtHome.insert(name)
                }
            }
            if let claim = identity.entitlement,
                let holder = try register.holder(of: identity.entitlements, in: transaction)
            {
                // The holder's own row keeps the check while it is corrected here; one that says
                // nothing new keeps only what the case still has.
                let isCorrected = holder == name && !identity.has(versions[name]?.content)
                let isHeld =
                    try isCorrected
                    || KnownCases.holds(claim, RecordID(holder), outbox, in: transaction)
                if isHeld { holders[claim] = holder }
            }
        }
        parents = try outbox.there(
            of: Set(identities.compactMap(\.parent)), in: transaction)
        var earlierFollowUps = Set<RecordID>()
        for earlier in Set(identities.compactMap(\.earlier))
        where try register.latest(of: earlier.text, in: transaction) != nil {
            earlierFollowUps.insert(earlier)
        }
        self.earlierFollowUps = earlierFollowUps
        repeated = try RepeatedKeys(
            of: identities, remembered, register: register, outbox: outbox, in: transaction)
        self.keptAtHome = keptAtHome
        self.versions = versions
        self.holders = holders
        self.standing = Dictionary(
            standing.map { ($0.record, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether a case still holds the free check that it once claimed. One that was rejected or
    /// withdrawn holds nothing; an answer that is open may yet leave it what it had; and of one in
    /// force that version counts: amended to self-paid or to another child order, it lets go.
    private static func holds(
        _ claim: String, _ holder: RecordID, _ outbox: Outbox, in transaction: any Transaction
    ) throws -> Bool {
        guard let standing = try outbox.standing(of: [holder], in: transaction).first else {
            return false
        }
        if standing.openVersion != nil || standing.isFrozen { return true }
        guard let inForce = standing.versionInForce else { return false }
        guard let record = try outbox.accepted(holder, version: inForce, in: transaction) else {
            return true
        }
        let isSameOrder = record.childOrder.map { claim.hasSuffix("/\($0)") } ?? true
        return record.traits.isFree && isSameOrder
    }
}

extension Outbox {
    /// Those of some cases that the nation has, or will have as far as anybody knows.
    func there(of cases: Set<RecordID>, in transaction: any Transaction) throws(StorageFailure)
        -> Set<RecordID>
    {
        Set(try standing(of: Array(cases), in: transaction).filter(\.isThere).map(\.record))
    }
}

extension Identity {
    /// The record's id, or a name made of the content where the key fields could not be read.
    var caseName: String {
        // Of the first epoch, whatever key came after: a name is for good.
        record?.text ?? "row:" + contents[0].map { String($0, radix: 16) }.joined(separator: ".")
    }

    /// Whether a digest that is stored is of this content, in whatever epoch it was made.
    func has(_ stored: [UInt8]?) -> Bool { stored.map(contents.contains) ?? false }
}

/// Decisions of stretches that are not on disk yet.
struct DecisionsAhead: Sendable {
    struct Version: Sendable {
        let version: Int
        let content: [UInt8]
    }

    fileprivate(set) var versions: [String: Version] = [:]
    fileprivate(set) var holders: [String: String] = [:]

    /// Forgets what a committed stretch put on disk.
    mutating func forget(_ stretch: PreparedStretch) {
        for item in stretch.changes.cases where versions[item.record]?.version == item.version {
            versions[item.record] = nil
        }
        for item in stretch.changes.claims { holders[item.claim] = nil }
    }
}

/// Decides the rows of one stretch in their order: version, action, and the free check.
struct RowDecisions: EntitlementRegister {
    private let known: KnownCases
    private(set) var ahead: DecisionsAhead
    private let intake: IntakeID
    private let identities: [Identity]
    /// For each row the version that it is; 0 for what was known already.
    private(set) var versions: [Int]

    init(known: KnownCases, ahead: DecisionsAhead, intake: IntakeID, identities: [Identity]) {
        self.known = known
        self.ahead = ahead
        self.intake = intake
        self.identities = identities
        versions = Array(repeating: 0, count: identities.count)
    }

    /// Rows that waited: their versions were given when they came.
    init(known: KnownCases, waiting versions: [Int], identities: [Identity], intake: IntakeID) {
        self.init(known: known, ahead: DecisionsAhead(), intake: intake, identities: identities)
        self.versions = versions
    }

    /// What is known of a row's case; asked once a row, in order.
    ///
    /// - Parameter outcome: what the rules said that look at the row alone.
    mutating func standing(row: Int, _ outcome: RowOutcome) -> CaseStanding {
        let standing = ownStanding(row: row, outcome)
        guard case .due = standing, let parent = identities[row].parent,
            !known.parents.contains(parent)
        else { return standing }
        return .orphan
    }

    private mutating func ownStanding(row: Int, _ outcome: RowOutcome) -> CaseStanding {
        let identity = identities[row]
        let name = identity.caseName
        if let earlier = ahead.versions[name] {
            if identity.has(earlier.content) { return .copy }
            note(row, version: earlier.version + 1, name)
            return .waiting
        }
        guard let earlier = known.versions[name] else {
            note(row, version: 1, name)
            return .due
        }
        if identity.has(earlier.content) {
            if earlier.intake == intake.text { return .copy }
            // What stayed at home is judged again: a list, a rule or another case may have changed.
            let isFreed =
                outcome.fate == .sent && !isTaken(row: row) && !known.repeated.contains(row: row)
            // A withdrawal that the nation refused is told again with every new export.
            let isOpen = recordStanding(row).map { $0.openVersion != nil || $0.isFrozen } ?? false
            let isTakenBack = outcome.isConsentWithdrawn && isInForce(row: row) && !isOpen
            // So is what was taken back before it left.
            let isAtHome =
                known.keptAtHome.contains(name) || recordStanding(row)?.isVoid == true
            guard isTakenBack || (isAtHome && isFreed) else {
                return .unchanged
            }
        }
        note(row, version: earlier.version + 1, name)
        let standing = identity.record.flatMap { known.standing[$0] }
        let mustWait = standing.map { $0.openVersion != nil || $0.isFrozen }
        return mustWait == true ? .waiting : .due
    }

    private mutating func note(_ row: Int, version: Int, _ name: String) {
        versions[row] = version
        ahead.versions[name] = DecisionsAhead.Version(
            version: version, content: identities[row].content)
    }

    func isTaken(row: Int) -> Bool {
        guard let claim = identities[row].entitlement else { return false }
        guard let holder = ahead.holders[claim] ?? known.holders[claim] else { return false }
        return holder != identities[row].caseName
    }

    func isRepeated(row: Int, memory: Int) -> Bool {
        known.repeated.contains(row: row, memory: memory)
    }

    func hasEarlierFollowUp(row: Int) -> Bool? {
        identities[row].earlier.map(known.earlierFollowUps.contains)
    }

    /// What is known of a row that waited: its follow-up's case may be gone meanwhile.
    func standingOfWaiting(row: Int) -> CaseStanding {
        guard let parent = identities[row].parent, !known.parents.contains(parent) else {
            return .due
        }
        return .orphan
    }

    func isInForce(row: Int) -> Bool { recordStanding(row)?.versionInForce != nil }

    /// What delivery knows of a row's case.
    func recordStanding(_ row: Int) -> RecordStanding? {
        identities[row].record.flatMap { known.standing[$0] }
    }

    mutating func take(row: Int) {
        if let claim = identities[row].entitlement {
            ahead.holders[claim] = identities[row].caseName
        }
    }

    /// What the wire says of a row that goes out.
    func head(row: Int, of batch: DecidedBatch) -> RecordHead? {
        let records = batch.checked.batch
        let fields = records.dictionary.caseFields
        guard let record = identities[row].record,
            case .text(let institution) = records.value(row, fields.institution).expose(),
            let servedOn = records.servedOn(row)
        else { return nil }
        let isInForce = known.standing[record]?.versionInForce != nil
        return RecordHead(
            version: versions[row], action: isInForce ? .amend : .submit,
            institution: String(decoding: records.arena[institution], as: UTF8.self),
            servedOn: servedOn, traits: batch.outcomes[row].traits)
    }
}
