package import Records

/// What became of one row.
package struct RowOutcome: Sendable {
    package var fate: Fate
    /// All findings, not only the first.
    package var findings: [Finding]
    /// What settlement will ask about it.
    package let traits: SettlementTraits
    /// The row says that nobody consents any more: what was sent is to be taken back.
    package let isConsentWithdrawn: Bool
    /// Consent does not cover everybody in the row: a part of it stayed at home.
    package let isNarrowed: Bool
}

/// Where a row goes (记录去向).
package enum Fate: String, Sendable, Codable, CaseIterable {
    case sent, superseded, held, excluded, quarantined
    /// Nobody consents any more: what the nation has of the case is taken back.
    case withdrawn
    /// Known already from an earlier item: not counted again.
    case unchanged
    /// A part of a case: it is sent with the rest of its case, and counted there.
    case joined
    /// A person of a list (名单): counted here for the year, and never reported.
    case counted
    /// A person taken off a list: no longer counted.
    case struckOff

    init(_ effect: FindingEffect) {
        switch effect {
        case .warning: self = .sent
        case .superseded: self = .superseded
        case .held: self = .held
        case .excluded: self = .excluded
        case .quarantined: self = .quarantined
        }
    }
}

/// What the register knows of a row's case.
package enum CaseStanding: Sendable {
    /// New, or changed and free to go.
    case due
    /// The same content was taken before, from another item.
    case unchanged
    /// The same content was taken before, from this item.
    case copy
    /// Changed, while an earlier version is still unanswered.
    case waiting
    /// A follow-up whose case the nation does not have.
    case orphan
}

/// Who had the free check of a child order (免费检查资格), asked in the order of the rows.
package protocol EntitlementRegister {
    /// Whether another case holds the free check that this row would be.
    func isTaken(row: Int) -> Bool
    /// Whether the nation has a version of this row's case in force.
    func isInForce(row: Int) -> Bool
    /// Notes that this row's case holds it now.
    mutating func take(row: Int)
    /// Whether records of earlier items have what this row's record may not have too, by the place
    /// among `RuleSet.remembered`.
    func isRepeated(row: Int, memory: Int) -> Bool
    /// Whether the county has the follow-up that should have come before this one; `nil` where
    /// nobody can tell.
    func hasEarlierFollowUp(row: Int) -> Bool?
}

extension EntitlementRegister {
    /// Who knows of one item alone knows of no other.
    package func isRepeated(row: Int, memory: Int) -> Bool { false }
    package func hasEarlierFollowUp(row: Int) -> Bool? { nil }
}

/// What deciding may say.
package enum ValidationCodes {
    static let copy = CodeEntry(
        "S-COPY",
        what: Wording(
            zh: "与本文件中另一行完全相同，只上报一次。",
            en: "The same as another row of this file; it is reported once."),
        next: Wording(zh: "无需处理。", en: "Nothing to do."))
    static let orphan = CodeEntry(
        "H-CASE",
        what: Wording(
            zh: "随访所属的档案不在国家系统中：尚未收到、仍在本地待更正、被退回，或已经撤回。",
            en: "The nation does not have this follow-up's case: it did not come, was kept here, "
                + "was rejected, or was taken back."),
        next: Wording(
            zh: "先上报（或重新上报）档案本身；之后随访自动继续。",
            en: "Report the case itself, or report it again; then this goes on."))
    static let waiting = CodeEntry(
        "H-WAITING",
        what: Wording(
            zh: "该档案的前一版本尚无回执，新版本暂缓。",
            en: "The case's earlier version has no answer yet; this version waits."),
        next: Wording(
            zh: "收到回执后会自动继续；可用 shangbao collect 催收。",
            en: "It goes on by itself after the answer; shangbao collect asks for it."))
    static let person = CodeEntry(
        "V-PERSON",
        what: Wording(
            zh: "原样上报的字段里有本人的姓名、证件号码、电话或住址，或某个人的号码；该行留在本地。",
            en: "A field that leaves unsealed holds the name, ID number, phone or address of the "
                + "record's person, or somebody's number; the row stays here."),
        next: Wording(
            zh: "看该字段的来源列：整批如此，是映射读错了列，由信息人员改映射；只有一两行，请机构改正该字段。",
            en:
                "Look at the field's column: where all rows are so the mapping reads the wrong one, "
                + "and county IT mends it; where a few are, the clinic corrects the field."))
}

/// The codes of this module that no programme file explains.
package let validationCodes: [CodeEntry] = [
    ValidationCodes.copy, ValidationCodes.waiting, ValidationCodes.orphan, ValidationCodes.person,
]
