/// What can be wrong with a row, or unusual about it (缺陷种类). The raw value is the truth file's
/// note.
///
/// What the gateway must say of each follows from the rules of the programme (DOMAIN 0.4, 4.1 and
/// 5.5), not from running it.
enum Defect: String, CaseIterable, Sendable {
    case wifeOnly = "wife-only"
    case husbandOnly = "husband-only"
    case noConsent = "consent-missing"
    case husbandConsentOnly = "consent-by-husband-only"
    case wrongCheckDigit = "id-wrong-check-digit"
    case spreadsheetNumber = "id-damaged-by-spreadsheet"
    case impossibleBirthday = "id-impossible-date"
    case fifteenDigits = "id-15-digits"
    case lowerCaseX = "id-lower-case-x"
    case fullWidthNumber = "id-full-width"
    case contradictingSex = "id-contradicts-sex"
    case contradictingBirthDate = "id-contradicts-birth-date"
    case notEligible = "policy-not-eligible"
    case fiveMonths = "residence-5-months"
    case sixMonths = "residence-6-months"
    case unfinished = "file-unfinished"
    case undesignated = "institution-not-designated"
    case itemNotDone = "item-not-done"
    case mandatoryEmpty = "mandatory-cell-empty"
    case unknownWord = "unknown-word"
    case impossibleDate = "impossible-date"
    case outOfRange = "value-out-of-range"
    case lineBreak = "quoted-line-break"
    case quotedText = "quoted-comma-and-quotes"
    case fewColumns = "too-few-columns"
    case undecodableBytes = "undecodable-bytes"
    // Rows about the couple of an earlier row come last: see `DefectSchedule`.
    case identicalCopy = "identical-copy"
    case secondFreeCheck = "second-free-check"
    case selfPaidCheck = "self-paid-check"
    case nextChild = "next-child-order"

    /// The row's fate and all finding codes, sorted.
    var expectation: Expectation {
        switch self {
        case .wifeOnly, .husbandOnly: Expectation(.sent, ["R-11"], isPaid: false)
        case .noConsent: Expectation(.held, ["R-06"])
        case .husbandConsentOnly: Expectation(.sent, ["R-06", "R-11"], isPaid: false)
        case .wrongCheckDigit, .impossibleBirthday: Expectation(.quarantined, ["L-001"])
        case .spreadsheetNumber: Expectation(.quarantined, ["E-ID-SCI"])
        case .fifteenDigits: Expectation(.sent, ["V-ID-15"])
        case .lowerCaseX, .fullWidthNumber: Expectation(.sent, ["V-ID-SPELLING"])
        case .contradictingSex: Expectation(.quarantined, ["L-002"])
        case .contradictingBirthDate: Expectation(.quarantined, ["L-003"])
        case .notEligible: Expectation(.excluded, ["R-01"])
        case .fiveMonths: Expectation(.excluded, ["R-02"])
        case .sixMonths, .lineBreak, .quotedText, .nextChild: Expectation(.sent, [])
        case .unfinished: Expectation(.held, ["R-10"])
        case .undesignated: Expectation(.quarantined, ["R-08"])
        case .itemNotDone: Expectation(.sent, ["R-09"], isPaid: false)
        case .mandatoryEmpty: Expectation(.quarantined, ["L-070"])
        case .unknownWord: Expectation(.quarantined, ["V-CODE"])
        case .impossibleDate: Expectation(.quarantined, ["V-DATE"])
        case .outOfRange: Expectation(.quarantined, ["V-RANGE"])
        case .fewColumns: Expectation(.quarantined, ["V-COLUMNS"])
        case .undecodableBytes: Expectation(.quarantined, ["V-ENCODING"])
        case .identicalCopy: Expectation(.superseded, ["S-COPY"])
        case .secondFreeCheck: Expectation(.quarantined, ["R-05"])
        case .selfPaidCheck: Expectation(.sent, ["R-05"], isPaid: false)
        }
    }

    /// Columns without which the defect cannot be shown.
    var needs: [String] {
        switch self {
        case .wifeOnly, .husbandOnly, .contradictingSex, .wrongCheckDigit, .spreadsheetNumber,
            .impossibleBirthday, .fifteenDigits, .lowerCaseX, .fullWidthNumber:
            ["wife.name", "wife.idNumber", "husband.name", "husband.idNumber"]
        case .contradictingBirthDate:
            ["wife.idNumber", "wife.birthDate", "husband.idNumber", "husband.birthDate"]
        case .noConsent, .husbandConsentOnly: ["consentStatus"]
        case .notEligible: ["policyEligible"]
        case .fiveMonths, .sixMonths:
            [
                "localHukouWife", "localHukouHusband", "residenceMonthsWife",
                "residenceMonthsHusband",
            ]
        case .unfinished: ["fileCompleteStatus"]
        case .undesignated: ["servingOrgCode"]
        case .secondFreeCheck, .nextChild: ["wife.idNumber", "childOrder", "localFileId"]
        case .selfPaidCheck: ["wife.idNumber", "childOrder", "localFileId", "payerType"]
        case .identicalCopy, .itemNotDone, .mandatoryEmpty, .unknownWord, .impossibleDate,
            .outOfRange, .lineBreak, .quotedText, .fewColumns, .undecodableBytes:
            []
        }
    }

    /// For rows about the couple of an earlier row: how many rows earlier, and how many days later.
    var repeats: (rowsBack: Int, daysLater: Int)? {
        switch self {
        case .identicalCopy: (157, 0)
        case .secondFreeCheck: (23, 60)
        case .selfPaidCheck: (101, 90)
        case .nextChild: (61, 300)
        default: nil
        }
    }
}

/// What must become of a row.
struct Expectation {
    let fate: ExpectedFate
    let codes: [String]
    /// Whether a couple of whom nothing else is wrong is settled.
    let isPaid: Bool

    init(_ fate: ExpectedFate, _ codes: [String], isPaid: Bool = true) {
        self.fate = fate
        self.codes = codes
        self.isPaid = isPaid && fate == .sent
    }
}

/// Where a row must go (预期去向).
package enum ExpectedFate: String, Sendable, Codable, CaseIterable {
    case sent, superseded, held, excluded, quarantined
}
