package import Definitions
package import Records

/// Records while they are being filled (填写中的记录): cells are read, and parts of cases that came
/// in other files go in, before what follows from them is worked out.
package struct RecordDraft: Sendable {
    package let dictionary: ElementDictionary
    let places: [SourceBatch.RowPlace]
    /// `dictionary.count` values a row.
    var values: [Value]
    var arena: [UInt8]
    var findings: [RecordBatch.RowFinding]
    /// Which fields were filled from a cell, by ordinal; constants are not.
    var isFromCell: [Bool]
    /// Which fields the files fill at all, by ordinal.
    package var isMapped: [Bool]
    /// By row, the fields of parts that have not come.
    var awaited: [Int: Set<Int>] = [:]

    package var count: Int { places.count }

    /// The text of a field as the wire writes it; empty where there is none.
    package func text(_ row: Int, _ ordinal: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        arena.withUnsafeBufferPointer { arena in
            dictionary.elements[ordinal].appendText(
                of: values[row * dictionary.count + ordinal], arena: arena, to: &bytes)
        }
        return bytes
    }

    /// A field of a row, of a person whom the row does not name too.
    package func value(_ row: Int, _ ordinal: Int) -> Value {
        values[row * dictionary.count + ordinal]
    }

    /// What reading noticed so far.
    package var noted: [RecordBatch.RowFinding] { findings }

    /// Whether a row names this person.
    package func hasSubject(_ row: Int, _ subject: Int) -> Bool {
        let person = dictionary.subjects[subject]
        return [person.name, person.idNumber].contains {
            !values[row * dictionary.count + $0].isAbsent
        }
    }

    /// The day in a field of days, with or without a time.
    package func day(_ row: Int, _ ordinal: Int) -> CalendarDate? {
        switch values[row * dictionary.count + ordinal].expose() {
        case .date(let day): day
        case .dateTime(let minute): minute.day
        default: nil
        }
    }

    /// Puts a part's values into the fields of a row that are still empty. Two files that say
    /// different things of one field are a finding: nobody picks one of them.
    ///
    /// - Parameter part: one row, read by the part's own mapping.
    package mutating func fill(_ row: Int, from part: RecordDraft) {
        for ordinal in dictionary.elements.indices where part.isMapped[ordinal] {
            isMapped[ordinal] = true
            if part.isFromCell[ordinal] { isFromCell[ordinal] = true }
            let value = part.values[ordinal]
            guard !value.isAbsent else { continue }
            let place = row * dictionary.count + ordinal
            if values[place].isAbsent {
                values[place] = adopted(value, from: part)
            } else if text(row, ordinal) != part.text(0, ordinal)
                || values[place].kind != value.kind
            {
                note(
                    row,
                    Finding(
                        code: MappingCodes.conflict.code, effect: .quarantined,
                        field: dictionary.elements[ordinal].name))
            }
        }
        for found in part.findings {
            let start = arena.count
            arena.append(contentsOf: part.arena[found.refused])
            findings.append(
                RecordBatch.RowFinding(
                    row: row, finding: found.finding, refused: start..<arena.count))
        }
    }

    /// Whether a row has this code of its field's list.
    package func holds(_ row: Int, _ ordinal: Int, code: Int) -> Bool {
        if case .code(let found) = values[row * dictionary.count + ordinal].expose() {
            return found == code
        }
        return false
    }

    /// Notes that a part of a row is not there: nobody asks for its fields.
    package mutating func await(_ part: BoundMapping, _ row: Int) {
        for ordinal in part.isMapped.indices where part.isMapped[ordinal] {
            awaited[row, default: []].insert(ordinal)
        }
    }

    /// Adds a finding of a row that is about no cell.
    package mutating func note(_ row: Int, _ finding: Finding) {
        findings.append(RecordBatch.RowFinding(row: row, finding: finding, refused: 0..<0))
    }

    /// Brings the findings into the order of the rows; what is said of one row keeps its order.
    mutating func sortFindings() {
        let isInOrder = zip(findings, findings.dropFirst()).allSatisfy { $0.row <= $1.row }
        guard !isInOrder else { return }
        findings = findings.enumerated().sorted {
            ($0.element.row, $0.offset) < ($1.element.row, $1.offset)
        }.map(\.element)
    }

    /// A value whose text lies in this draft's own arena.
    private mutating func adopted(_ value: Value, from part: RecordDraft) -> Value {
        guard case .text(let range) = value.expose() else { return value }
        let start = arena.count
        arena.append(contentsOf: part.arena[range])
        return .text(start..<arena.count)
    }
}
