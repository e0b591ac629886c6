import Mappings
import Records
import TestKit
import Testing
import Validation

/// One record that a logic check of DOMAIN 5.5 is tried on: the clean couple, or the clean
/// follow-up of its wife, with some fields written otherwise, and all codes that must be said of
/// it, no more.
struct CheckCase: Sendable, CustomTestStringConvertible {
    enum Kind: String, Sendable, CaseIterable {
        /// The check must speak.
        case violating
        /// The last value that passes.
        case boundary
        /// An ordinary one that has what the check looks at.
        case clean
    }

    let code: String
    /// The follow-up whose record it is; `nil` for a couple's.
    let record: String?
    let kind: Kind
    let fields: [String: String]
    /// What else the record deserves.
    let others: Set<String>

    var testDescription: String { "\(code) \(kind.rawValue) \(fields.keys.sorted())" }

    /// What the rules of its record say of it alone.
    func outcome() throws -> RowOutcome {
        let preconception = try Preconception.loaded()
        if let record {
            let followUp = try #require(preconception.followUps[record])
            return try followUp.examine(fields, designated: preconception.designated).outcomes[0]
        }
        let couple = try CleanCouple().with(fields: fields, in: preconception.mapping)
        return try preconception.examine([couple]).outcomes[0]
    }

    /// What is said of the record must be exactly this.
    var expected: Set<String> { kind == .violating ? others.union([code]) : others }
}

/// The cases of one check.
struct Check {
    let code: String
    let record: String?
    var cases: [CheckCase] = []

    init(_ code: String, of record: String? = nil) {
        self.code = code
        self.record = record
    }

    func violating(_ fields: [String: String], _ others: String...) -> Check {
        adding(.violating, fields, others)
    }

    func boundary(_ fields: [String: String], _ others: String...) -> Check {
        adding(.boundary, fields, others)
    }

    func clean(_ fields: [String: String], _ others: String...) -> Check {
        adding(.clean, fields, others)
    }

    private func adding(_ kind: CheckCase.Kind, _ fields: [String: String], _ others: [String])
        -> Check
    {
        var check = self
        check.cases.append(
            CheckCase(
                code: code, record: record, kind: kind, fields: fields, others: Set(others)))
        return check
    }
}

/// Somebody born on another day: the number, the day and the age on the file date.
func born(_ role: String, _ day: String) -> [String: String] {
    guard let date = CalendarDate(iso: day), let opened = CalendarDate(iso: "2012-03-01") else {
        return [:]
    }
    let digits = Array(
        ("990101" + day.replacing("-", with: "") + "00" + (role == "wife" ? "2" : "1")).utf8)
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(digits, weights).reduce(0) { $0 + (Int($1.0) - 0x30) * $1.1 }
    let number = String(decoding: digits, as: UTF8.self) + String(Array("10X98765432")[sum % 11])
    return [
        "\(role).idNumber": number, "\(role).birthDate": day,
        "\(role).ageYears": String(date.completedYears(to: opened)),
    ]
}

/// Two sets of changes, the second before the first.
func + (left: [String: String], right: [String: String]) -> [String: String] {
    left.merging(right) { _, new in new }
}

/// A couple at risk, as the conclusion says it.
func risk(_ party: String) -> [String: String] {
    ["riskLevel": "RISK", "highRiskParty": party]
}
