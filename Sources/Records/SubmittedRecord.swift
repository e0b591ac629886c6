/// One version of one case as it stands in a submission (上报记录), without personal data.
package struct SubmittedRecord: Hashable, Sendable, Codable {
    package let record: RecordID
    /// Counts from 1; gaps allowed.
    package let version: Int
    package let action: RecordAction
    /// The serving institution's code.
    package let institution: String
    /// The day of service; its month is the period of counts, its year that of settlement.
    package let servedOn: CalendarDate
    package let traits: SettlementTraits
    /// The settlement pseudonym of the entitled person, and the number that tells one entitlement
    /// of a person from the next: the child order (孩次), or that of the pregnancy (孕次).
    package let claimant: String?
    package let childOrder: Int?
    /// The day on which the child is due (预产期), where the programme asks for it: it tells one
    /// pregnancy from the next where the number was mistyped.
    package let dueOn: CalendarDate?
    /// The person's settlement pseudonym of the year before, where the programme asks for a due
    /// date: a pregnancy may reach over New Year.
    package let claimantBefore: String?

    package init(
        record: RecordID, version: Int, action: RecordAction, institution: String,
        servedOn: CalendarDate, traits: SettlementTraits, claimant: String?, childOrder: Int?,
        dueOn: CalendarDate? = nil, claimantBefore: String? = nil
    ) {
        self.record = record
        self.version = version
        self.action = action
        self.institution = institution
        self.servedOn = servedOn
        self.traits = traits
        self.claimant = claimant
        self.childOrder = childOrder
        self.dueOn = dueOn
        self.claimantBefore = claimantBefore
    }
}

/// What a record asks of the national side (EXCHANGE 1, `Record@action`).
package enum RecordAction: String, Sendable, Codable, CaseIterable {
    case submit, amend, withdraw
}

/// The facts about a record on which money depends; no personal data among them.
///
/// What a programme does not know is absent, and is not written down.
package struct SettlementTraits: Hashable, Sendable, Codable {
    /// Entered as free (免费), not self-paid (自费).
    package let isFree: Bool
    /// Which of the programme's subjects the record names, in their order.
    package let spouses: [Bool]
    /// All items of the programme done.
    package let isComplete: Bool
    /// The service that is paid for, where a programme has several: `serum`, `nipt`; of a follow-up
    /// its name.
    package let service: String?
    /// Set where a test gave no result, or repeats one that gave none.
    package let attempt: TestAttempt?
    /// Registered in the place that subsidises (户籍), where the programme asks.
    package let isLocal: Bool?
    /// The person is known by a verified number (实名制), where the programme asks.
    package let isRealName: Bool?

    package init(
        isFree: Bool, spouses: [Bool], isComplete: Bool, service: String? = nil,
        attempt: TestAttempt? = nil, isLocal: Bool? = nil, isRealName: Bool? = nil
    ) {
        self.isFree = isFree
        self.spouses = spouses
        self.isComplete = isComplete
        self.service = service
        self.attempt = attempt
        self.isLocal = isLocal
        self.isRealName = isRealName
    }
}

/// What a test is to another of the same pregnancy (检测与重采血).
package enum TestAttempt: String, Sendable, Codable, CaseIterable {
    /// Gave no result (检测失败).
    case failed
    /// Repeats one that gave none, from a sample drawn again (重采血).
    case redraw
    /// Both: marked as drawn again, and gave no result either.
    case failedRedraw
}
