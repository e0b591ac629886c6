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
    /// By row, the fields of parts that have not come: nobody can say yet that they are empty.
    package let awaited: [Int: Set<Int>]
    /// Values a row: every check asks for some.
    private let width: Int
    /// By subject, the fields that name a person.
    private let naming: [(name: Int, idNumber: Int)]

    /// A finding and the row of the batch that it is about.
    package struct RowFinding: Sendable {
        package let row: Int
        package let finding: Finding
        /// What stood in the cell, in the arena, where it could not be read.
        let refused: Range<Int>
    }

    init(
        dictionary: ElementDictionary, places: [SourceBatch.RowPlace], values: [Value],
        arena: [UInt8], findings: [RowFinding], awaited: [Int: Set<Int>] = [:]
    ) {
        self.dictionary = dictionary
        self.places = places
        self.values = values
        self.arena = arena
        self.findings = findings
        self.awaited = awaited
        width = dictionary.count
        naming = dictionary.subjects.map { ($0.name, $0.idNumber) }
    }

    package var count: Int { places.count }

    /// The value of a field, by row and ordinal.
    package func value(_ row: Int, _ ordinal: Int) -> Value {
        values[row * width + ordinal]
    }

    /// All values of a row by ordinal, and the text where text values lie, for a whole walk: one
    /// look-up for the row instead of one for each value.
    package func withRow<Result, Failure: Error>(
        _ row: Int,
        _ body: (UnsafeBufferPointer<Value>, UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let first = row * width
        return try values.withUnsafeBufferPointer { (values) throws(Failure) in
            try arena.withUnsafeBufferPointer { (arena) throws(Failure) in
                try body(
                    UnsafeBufferPointer(rebasing: values[first..<first + width]), arena)
            }
        }
    }

    /// The day of service of a row, `nil` where it could not be read: a day, or the day of a time.
    package func servedOn(_ row: Int) -> CalendarDate? {
        switch value(row, dictionary.caseFields.servedOn).expose() {
        case .date(let date): date
        case .dateTime(let minute): minute.day
        default: nil
        }
    }

    /// Whether a person of the case is named in this row.
    package func hasSubject(_ row: Int, _ subject: Int) -> Bool {
        let (name, idNumber) = naming[subject]
        return !value(row, name).isAbsent || !value(row, idNumber).isAbsent
    }

    /// Takes all that one person said out of a row: consent does not cover it.
    package mutating func withhold(subject: Int, row: Int) {
        for element in dictionary.elements where dictionary.subject(of: element) == subject {
            values[row * width + element.ordinal] = .absent
        }
    }

    /// Takes out of the family's part of a row what it says of one person.
    package mutating func withhold(answersAbout subject: Int, row: Int) {
        for element in dictionary.elements where element.about == subject {
            values[row * width + element.ordinal] = .absent
        }
    }

    /// Takes out of the family's part of a row what it says of both spouses at once.
    package mutating func withholdAnswersAboutBoth(row: Int) {
        for element in dictionary.elements where element.isAboutBoth {
            values[row * width + element.ordinal] = .absent
        }
    }

    /// Takes out of a row what records of a follow-up do not hold.
    package mutating func keep(_ followUp: FollowUp, row: Int) {
        for ordinal in followUp.holds.indices where !followUp.holds[ordinal] {
            values[row * width + ordinal] = .absent
        }
    }

    /// Appends all values of a row in a fixed form, so that a keyed digest tells whether it
    /// changed.
    package func appendCanonical(row: Int, to bytes: inout [UInt8]) {
        let marks = dictionary.marks
        withRow(row) { values, arena in
            for (ordinal, value) in values.enumerated() where !value.isAbsent {
                RecordBatch.append(marks.fields[ordinal], to: &bytes)
                bytes.append(value.kind.rawValue)
                switch value.expose() {
                case .absent, .notDone: break
                case .text(let range):
                    append(Int64(range.count), to: &bytes)
                    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: arena[range]))
                case .code(let code):
                    RecordBatch.append(marks.code(code, of: ordinal), to: &bytes)
                case .integer(let number), .decimal(let number): append(number, to: &bytes)
                case .date(let date): append(Int64(date.daysSince1970), to: &bytes)
                case .month(let month): append(Int64(month.year * 12 + month.month), to: &bytes)
                case .flag(let flag): bytes.append(flag ? 1 : 0)
                case .codes(let bits):
                    for code in 0..<64 where bits >> UInt64(code) & 1 == 1 {
                        RecordBatch.append(marks.code(code, of: ordinal), to: &bytes)
                    }
                case .dateTime(let minute): append(minute.minutesSince1970, to: &bytes)
                case .risk(let risk):
                    bytes.append(risk.comparator.rawValue)
                    append(Int64(risk.denominator), to: &bytes)
                }
            }
        }
        for index in findingPlaces(of: row) {
            bytes.append(contentsOf: findings[index].finding.code.utf8)
            // Another unreadable text is another content: it waits for a decision of its own.
            let refused = findings[index].refused
            append(Int64(refused.count), to: &bytes)
            bytes.append(contentsOf: arena[refused])
        }
    }

    /// Where a row's findings stand: findings are in the order of the rows.
    private func findingPlaces(of row: Int) -> Range<Int> {
        var low = 0
        var high = findings.count
        while low < high {
            let middle = (low + high) / 2
            if findings[middle].row < row { low = middle + 1 } else { high = middle }
        }
        var end = low
        while end < findings.count, findings[end].row == row { end += 1 }
        return low..<end
    }

    private static func append(_ mark: UInt32, to bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: mark))
        bytes.append(UInt8(truncatingIfNeeded: mark >> 8))
        bytes.append(UInt8(truncatingIfNeeded: mark >> 16))
        bytes.append(UInt8(truncatingIfNeeded: mark >> 24))
    }

    /// Seven bits a byte, the least first, the sign in the lowest: most numbers are small.
    private func append(_ number: Int64, to bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: number << 1 ^ number >> 63)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
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
