import Definitions
package import Records

/// A mapping fitted to one file's header: column numbers instead of names.
package struct BoundMapping: Sendable {
    package let mapping: Mapping
    /// What is done for each row: every rule whose column the file has, and every constant.
    private let steps: [Step]
    /// Which fields this file fills at all, by ordinal.
    package let isMapped: [Bool]
    private let acceptsInvented: Bool
    /// Columns of the file that the mapping neither reads nor names as ignored.
    package let unknownColumns: [String]
    /// Months that stand beside sealed dates, and the dates they are made of, by ordinal.
    private let months: [(month: Int, date: Int)]

    /// One field of a row.
    struct Step: Sendable {
        enum Source: Sendable {
            case column(Int)
            case constant([UInt8])

            static func text(_ text: String) -> Source { .constant(Array(text.utf8)) }
        }

        let rule: FieldRule
        let source: Source
    }

    init(mapping: Mapping, steps: [Step], acceptsInvented: Bool, unknownColumns: [String]) {
        self.mapping = mapping
        self.steps = steps
        var isMapped = [Bool](repeating: false, count: mapping.dictionary.count)
        for step in steps { isMapped[step.rule.ordinal] = true }
        self.isMapped = isMapped
        self.acceptsInvented = acceptsInvented
        self.unknownColumns = unknownColumns
        months = mapping.dictionary.elements.compactMap { element in
            if case .month(of: let date) = element.kind { (element.ordinal, date) } else { nil }
        }
    }

    /// Reads every row into a record. Never throws: what cannot be read is a finding.
    package func apply(to batch: SourceBatch) -> RecordBatch {
        let dictionary = mapping.dictionary
        var reading = ValueReading(
            dates: mapping.dates, empty: mapping.empty, notDone: mapping.notDone,
            acceptsInvented: acceptsInvented)
        reading.arena.reserveCapacity(batch.bytes.count / 2)
        var values = Array(repeating: Value.absent, count: batch.rowCount * dictionary.count)
        var findings: [RecordBatch.RowFinding] = []
        batch.bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<batch.rowCount {
                let base = row * dictionary.count
                for step in steps {
                    let rule = step.rule
                    let element = dictionary.elements[rule.ordinal]
                    switch step.source {
                    case .column(let column):
                        let cell = UnsafeBufferPointer(
                            rebasing: bytes[batch.cell(row: row, column: column)])
                        values[base + rule.ordinal] = reading.read(cell, rule, element)
                    case .constant(let text):
                        values[base + rule.ordinal] = text.withUnsafeBufferPointer {
                            reading.read($0, rule, element)
                        }
                    }
                    if let found = reading.takeFinding() {
                        findings.append(RecordBatch.RowFinding(row: row, finding: found))
                    }
                }
                clearAbsentSubjects(row: row, base: base, &values, &findings)
                fillMonths(base: base, &values)
            }
        }
        refuseSpoiled(batch, &values, &findings)
        return RecordBatch(
            dictionary: dictionary, places: batch.places, values: values, arena: reading.arena,
            findings: findings)
    }

    /// A person with neither name nor number is not in the case; results without one are a finding.
    private func clearAbsentSubjects(
        row: Int, base: Int, _ values: inout [Value], _ findings: inout [RecordBatch.RowFinding]
    ) {
        let dictionary = mapping.dictionary
        for (number, subject) in dictionary.subjects.enumerated()
        where values[base + subject.name].isAbsent && values[base + subject.idNumber].isAbsent {
            // A number that could not be read is a finding of its own: the person is there.
            let names = [subject.name, subject.idNumber].map { dictionary.elements[$0].name }
            let unread = findings.contains { found in
                found.row == row && names.contains { $0 == found.finding.field }
            }
            guard !unread else { continue }
            for step in steps
            where dictionary.subject(of: dictionary.elements[step.rule.ordinal]) == number {
                let rule = step.rule
                if case .column = step.source, !values[base + rule.ordinal].isAbsent {
                    let finding = Finding(
                        code: MappingCodes.nobody.code, effect: .quarantined,
                        field: dictionary.elements[subject.idNumber].name)
                    if !findings.contains(where: { $0.row == row && $0.finding == finding }) {
                        findings.append(RecordBatch.RowFinding(row: row, finding: finding))
                    }
                }
                values[base + rule.ordinal] = .absent
            }
        }
    }

    /// What a reader could not tell of a cell takes the place of whatever was read from it.
    private func refuseSpoiled(
        _ batch: SourceBatch, _ values: inout [Value],
        _ findings: inout [RecordBatch.RowFinding]
    ) {
        for cell in batch.spoiled {
            for step in steps {
                guard case .column(cell.column) = step.source else { continue }
                let ordinal = step.rule.ordinal
                let name = mapping.dictionary.elements[ordinal].name
                values[cell.row * mapping.dictionary.count + ordinal] = .absent
                findings.removeAll { $0.row == cell.row && $0.finding.field == name }
                findings.append(
                    RecordBatch.RowFinding(
                        row: cell.row,
                        finding: Finding(code: cell.code, effect: .quarantined, field: name)))
            }
        }
    }

    private func fillMonths(base: Int, _ values: inout [Value]) {
        for (month, date) in months {
            if case .date(let day) = values[base + date].expose() {
                values[base + month] = .month(day.month)
            }
        }
    }
}
