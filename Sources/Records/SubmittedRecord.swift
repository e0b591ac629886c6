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
    /// The settlement pseudonym of the entitled person, and the child order: one claim at most.
    package let claimant: String?
    package let childOrder: Int?

    package init(
        record: RecordID, version: Int, action: RecordAction, institution: String,
        servedOn: CalendarDate, traits: SettlementTraits, claimant: String?, childOrder: Int?
    ) {
        self.record = record
        self.version = version
        self.action = action
        self.institution = institution
        self.servedOn = servedOn
        self.traits = traits
        self.claimant = claimant
        self.childOrder = childOrder
    }
}

/// What a record asks of the national side (EXCHANGE 1, `Record@action`).
package enum RecordAction: String, Sendable, Codable, CaseIterable {
    case submit, amend, withdraw
}

/// The facts about a record on which money depends; no personal data among them.
package struct SettlementTraits: Hashable, Sendable, Codable {
    /// Entered as free (免费), not self-paid (自费).
    package let isFree: Bool
    /// Which of the programme's subjects the record names, in their order.
    package let spouses: [Bool]
    /// All items of the programme done.
    package let isComplete: Bool

    package init(isFree: Bool, spouses: [Bool], isComplete: Bool) {
        self.isFree = isFree
        self.spouses = spouses
        self.isComplete = isComplete
    }
}
