import Definitions
package import Records

/// A mapping fitted to one file's header: column numbers instead of names.
package struct BoundMapping: Sendable {
    package let mapping: Mapping
    /// What is done for each row: every rule whose column the file has, and every constant.
    private let steps: [Step]
    /// Which fields this file fills at all, by ordinal.
    package let isMapped: [Bool]
    /// The column in which every row names its set of codes, where there is one.
    private let codeSetColumn: Int?
    private let codeSet: [UInt8]
    /// Which fields this file fills from a column, by ordinal.
    private let isFromCell: [Bool]
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
            /// The columns of a field's boxes, one each.
            case boxes([Int])

            static func text(_ text: String) -> Source { .constant(Array(text.utf8)) }
        }

        let rule: FieldRule
        let source: Source
        /// The column that names the number's unit on every row.
        var unitColumn: Int?
        /// For a person's number the field that names its document, with the resident card's code.
        fileprivate(set) var document: (field: Int, card: Int)?

        func reads(_ place: Int) -> Bool {
            switch source {
            case .column(let column): column == place
            case .boxes(let columns): columns.contains(place)
            case .constant: false
            }
        }

        /// Whether the clinic wrote it in this row.
        var isFromCells: Bool {
            if case .constant = source { false } else { true }
        }
    }

    init(
        mapping: Mapping, steps: [Step], codeSetColumn: Int?, acceptsInvented: Bool,
        unknownColumns: [String]
    ) {
        self.mapping = mapping
        self.codeSetColumn = codeSetColumn
        codeSet = Array(mapping.codeSet.utf8)
        self.steps = BoundMapping.documentsFirst(steps, mapping.dictionary)
        var isMapped = [Bool](repeating: false, count: mapping.dictionary.count)
        var isFromCell = isMapped
        for step in steps {
            isMapped[step.rule.ordinal] = true
            if step.isFromCells { isFromCell[step.rule.ordinal] = true }
        }
        self.isMapped = isMapped
        self.isFromCell = isFromCell
        self.acceptsInvented = acceptsInvented
        self.unknownColumns = unknownColumns
        months = mapping.dictionary.elements.compactMap { element in
            if case .month(of: let date) = element.kind { (element.ordinal, date) } else { nil }
        }
    }

    /// Reads every row into a record. Never throws: what cannot be read is a finding.
    package func apply(to batch: SourceBatch) -> RecordBatch { finish(read(batch)) }

    /// Reads the cells of every row; what follows from them is left to `finish`.
    package func read(_ batch: SourceBatch) -> RecordDraft {
        let dictionary = mapping.dictionary
        var reading = ValueReading(mapping, acceptsInvented: acceptsInvented)
        reading.arena.reserveCapacity(batch.bytes.count / 2)
        var values = Array(repeating: Value.absent, count: batch.rowCount * dictionary.count)
        var findings: [RecordBatch.RowFinding] = []
        batch.bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<batch.rowCount {
                let base = row * dictionary.count
                if let codeSetColumn {
                    let cell = UnsafeBufferPointer(
                        rebasing: bytes[batch.cell(row: row, column: codeSetColumn)])
                    if let found = reading.otherCodeSet(cell, than: codeSet) {
                        findings.append(
                            RecordBatch.RowFinding(row: row, finding: found, refused: 0..<0))
                    }
                }
                for step in steps {
                    let rule = step.rule
                    if let (field, card) = step.document {
                        reading.isResidentCard = isCard(values[base + field], card)
                    }
                    if let column = step.unitColumn {
                        reading.takeUnit(
                            UnsafeBufferPointer(
                                rebasing: bytes[batch.cell(row: row, column: column)]))
                    }
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
                    case .boxes(let columns):
                        values[base + rule.ordinal] = reading.read(rule, element) { box in
                            UnsafeBufferPointer(
                                rebasing: bytes[batch.cell(row: row, column: columns[box])])
                        }
                    }
                    if let found = reading.takeFinding() {
                        findings.append(
                            RecordBatch.RowFinding(
                                row: row, finding: found, refused: reading.takeRefused()))
                    }
                }
            }
        }
        refuseSpoiled(batch, &values, &findings)
        return RecordDraft(
            dictionary: dictionary, places: batch.places, values: values, arena: reading.arena,
            findings: findings, isFromCell: isFromCell, isMapped: isMapped)
    }

    /// Works out what follows from the values of each row: who is in the case, fields made of
    /// others, months of days.
    package func finish(_ draft: RecordDraft) -> RecordBatch {
        var draft = draft
        for row in 0..<draft.count { clearAbsentSubjects(row: row, &draft) }
        draft.sortFindings()
        draft.compute()
        for row in 0..<draft.count { fillMonths(base: row * draft.dictionary.count, &draft.values) }
        return RecordBatch(
            dictionary: draft.dictionary, places: draft.places, values: draft.values,
            arena: draft.arena, findings: draft.findings, awaited: draft.awaited)
    }

    /// A person's document is read before its number, whose form it decides.
    private static func documentsFirst(_ steps: [Step], _ dictionary: ElementDictionary) -> [Step] {
        var steps = steps
        for subject in dictionary.subjects {
            guard let field = subject.idType,
                case .code(let list) = dictionary.elements[field].kind,
                let card = list.ordinal(of: IdentityDocument.residentCard),
                let document = steps.firstIndex(where: { $0.rule.ordinal == field }),
                let number = steps.firstIndex(where: { $0.rule.ordinal == subject.idNumber })
            else { continue }
            steps[number].document = (field, card)
            if document > number { steps.insert(steps.remove(at: document), at: number) }
        }
        return steps
    }

    /// Whether a person's number is a resident card's: so where the file does not say otherwise.
    private func isCard(_ value: Value, _ card: Int) -> Bool {
        if case .code(let code) = value.expose() { code == card } else { true }
    }

    /// A person with neither name nor number is not in the case; results without one are a finding.
    private func clearAbsentSubjects(row: Int, _ draft: inout RecordDraft) {
        let dictionary = mapping.dictionary
        let base = row * dictionary.count
        for (number, subject) in dictionary.subjects.enumerated()
        where draft.values[base + subject.name].isAbsent
            && draft.values[base + subject.idNumber].isAbsent
        {
            // A number that could not be read is a finding of its own: the person is there.
            let names = [subject.name, subject.idNumber].map { dictionary.elements[$0].name }
            let unread = draft.findings.contains { found in
                found.row == row && names.contains { $0 == found.finding.field }
            }
            guard !unread else { continue }
            let finding = Finding(
                code: MappingCodes.nobody.code, effect: .quarantined,
                field: dictionary.elements[subject.idNumber].name)
            var isAny = false
            for ordinal in dictionary.elements.indices
            where draft.isMapped[ordinal]
                && dictionary.subject(of: dictionary.elements[ordinal]) == number
            {
                if draft.isFromCell[ordinal], !draft.values[base + ordinal].isAbsent {
                    isAny = true
                }
                draft.values[base + ordinal] = .absent
            }
            if isAny { draft.note(row, finding) }
        }
    }

    /// What a reader could not tell of a cell takes the place of whatever was read from it.
    private func refuseSpoiled(
        _ batch: SourceBatch, _ values: inout [Value],
        _ findings: inout [RecordBatch.RowFinding]
    ) {
        for cell in batch.spoiled {
            for step in steps {
                guard step.reads(cell.column) else { continue }
                let ordinal = step.rule.ordinal
                let name = mapping.dictionary.elements[ordinal].name
                values[cell.row * mapping.dictionary.count + ordinal] = .absent
                findings.removeAll { $0.row == cell.row && $0.finding.field == name }
                findings.append(
                    RecordBatch.RowFinding(
                        row: cell.row,
                        finding: Finding(code: cell.code, effect: .quarantined, field: name),
                        refused: 0..<0))
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
