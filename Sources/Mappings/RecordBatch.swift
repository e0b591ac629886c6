package import Definitions
package import Records

/// Some hundred records of one programme, clear (明文记录): every value by the dictionary's ordinal.
///
/// Only `BoundMapping` fills one; what it could not read is a finding of the row, not an accident.
package struct RecordBatch: Sendable {
    package let dictionary: ElementDictionary
    package let places: [SourceBatch.RowPlace]
    /// `dictionary.count` values a row.
    private var values: [Value]
    /// UTF-8 text of all text values.
    package let arena: [UInt8]
    /// What was noticed while reading, by row.
    package let findings: [RowFinding]

    /// A finding and the row of the batch that it is about.
    package struct RowFinding: Sendable {
        package let row: Int
        package let finding: Finding
    }

    init(
        dictionary: ElementDictionary, places: [SourceBatch.RowPlace], values: [Value],
        arena: [UInt8], findings: [RowFinding]
    ) {
        self.dictionary = dictionary
        self.places = places
        self.values = values
        self.arena = arena
        self.findings = findings
    }

    package var count: Int { places.count }

    /// The value of a field, by row and ordinal.
    package func value(_ row: Int, _ ordinal: Int) -> Value {
        values[row * dictionary.count + ordinal]
    }

    /// Whether a person of the case is named in this row.
    package func hasSubject(_ row: Int, _ subject: Int) -> Bool {
        let person = dictionary.subjects[subject]
        return !value(row, person.name).isAbsent || !value(row, person.idNumber).isAbsent
    }

    /// Takes all that one person said out of a row: consent does not cover it.
    package mutating func withhold(subject: Int, row: Int) {
        for element in dictionary.elements where dictionary.subject(of: element) == subject {
            values[row * dictionary.count + element.ordinal] = .absent
        }
    }

    /// Takes out of the family's part of a row what it says of one person.
    package mutating func withhold(answersAbout subject: Int, row: Int) {
        for element in dictionary.elements where element.about == subject {
            values[row * dictionary.count + element.ordinal] = .absent
        }
    }

    /// Appends all values of a row in a fixed form, so that a keyed digest tells whether it
    /// changed.
    package func appendCanonical(row: Int, to bytes: inout [UInt8]) {
        for ordinal in 0..<dictionary.count {
            let value = value(row, ordinal)
            bytes.append(value.kind.rawValue)
            switch value.expose() {
            case .absent, .notDone: break
            case .text(let range):
                appendNumber(Int64(range.count), to: &bytes)
                bytes.append(contentsOf: arena[range])
            case .code(let code): appendNumber(Int64(code), to: &bytes)
            case .integer(let number), .decimal(let number): appendNumber(number, to: &bytes)
            case .date(let date): appendNumber(Int64(date.daysSince1970), to: &bytes)
            case .month(let month): appendNumber(Int64(month.year * 12 + month.month), to: &bytes)
            case .flag(let flag): bytes.append(flag ? 1 : 0)
            }
        }
        for found in findings where found.row == row {
            bytes.append(contentsOf: found.finding.code.utf8)
        }
    }

    private func appendNumber(_ number: Int64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

extension ElementDictionary {
    /// The person that an element is about, or `nil` for the whole family.
    package func subject(of element: Element) -> Int? {
        switch element.location {
        case .subject(let subject): subject
        case .form(let form): forms[form].subject
        }
    }
}
