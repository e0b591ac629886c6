import Evidence
import Records

/// What the books remember of one version of a case: numbers of what is kept elsewhere once.
///
/// 60 bytes, whatever the version says; `noNumber` where there is nothing.
struct VersionNote: Sendable {
    static let noOrder = Int32.min

    let number: Int32
    /// The version before it, by its place among all versions.
    var older = noNumber
    /// The submission that carried it last.
    var submission = noNumber
    /// The receipt that answered it, with its line in the ledger; it stays when the version goes
    /// again.
    var answer = noNumber
    /// The verdict with its code and field, and the serial number's place.
    var verdict = noNumber
    var serial = noNumber
    /// The item that brought it, and the row there.
    var intake = noNumber
    var row: Int32 = 0
    /// How it was sent: institution, action and traits.
    var sentAs = noNumber
    /// The day of service, in days since 1970.
    var servedOn: Int32 = 0
    var claimant = noNumber
    var childOrder = VersionNote.noOrder
    /// What tells one pregnancy from the next.
    var pregnancy = noNumber
    /// Why a row stayed at home.
    var kept = noNumber
    var isDisputed = false
    var isRecalled = false

    init(number: Int) {
        self.number = Int32(clamping: number)
    }

    var isSent: Bool { sentAs != noNumber }
}

/// What many sent versions have in common.
struct SentAs: Hashable, Sendable {
    let institution: UInt32
    let action: RecordAction
    let traits: SettlementTraits
}

/// A verdict without its record and serial number.
struct VerdictWords: Hashable, Sendable {
    let verdict: Verdict
    let code: String?
    let field: String?
}

/// A receipt as a line of the ledger applied it.
struct AnswerNote: Sendable {
    let receipt: UInt32
    let seq: Int64
    let grade: AnswerGrade?
}

/// What a record says of a pregnancy beside its number.
struct PregnancyNote: Sendable {
    let dueOn: CalendarDate?
    /// The claimant's pseudonym of the year before.
    let before: UInt32
}

/// A row that was not sent.
struct KeptNote: Sendable {
    let intake: UInt32
    let row: Int32
    let fate: BalanceClass
    let codes: UInt32
    let cell: CellNote
    let traits: UInt32
}

/// Where something is counted, as numbers.
struct CellNote: Hashable, Sendable {
    let institution: UInt32
    let year: Int32
    let month: Int32

    static let unknown = CellNote(institution: noNumber, year: 0, month: 0)

    init(institution: UInt32, year: Int, month: Int) {
        self.institution = institution
        self.year = Int32(clamping: year)
        self.month = Int32(clamping: month)
    }

    var isKnown: Bool { institution != noNumber }

    var calendarMonth: CalendarMonth { CalendarMonth(year: Int(year), month: Int(month)) }
}

/// A submission as the books remember it.
struct DispatchNote: Sendable {
    let digest: UInt32
    let digestSM3: UInt32
    let sentUnder: UInt32
    let queuedAt: Timestamp
    var firstSentAt: Timestamp?
    var attempts = 0
    var state = DispatchState.queued

    /// A receipt came: the other side has it, whatever we thought.
    mutating func arrived() {
        if state == .queued { state = .unanswered }
    }
}

/// What many submissions have in common.
struct SentUnder: Hashable, Sendable {
    let profile: String
    let suite: String
    let signingKey: String
    let mappingDigest: String
}
