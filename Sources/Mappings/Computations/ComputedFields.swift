import Definitions
import Records

extension RecordDraft {
    /// Fills the fields that follow from others where nothing was written and nothing was refused;
    /// findings are in the order of the rows before and after.
    mutating func compute() {
        guard !dictionary.computedFields.isEmpty else { return }
        let said = findings
        var next = 0
        for row in 0..<count {
            while next < said.count, said[next].row < row { next += 1 }
            var end = next
            while end < said.count, said[end].row == row { end += 1 }
            compute(row, said[next..<end])
            next = end
        }
        if findings.count > said.count { sortFindings() }
    }

    private mutating func compute(_ row: Int, _ said: ArraySlice<RecordBatch.RowFinding>) {
        let base = row * dictionary.count
        for field in dictionary.computedFields where values[base + field.ordinal].isAbsent {
            let element = dictionary.elements[field.ordinal]
            // What was written and could not be read is not replaced.
            guard !said.contains(where: { $0.finding.field == element.name }) else { continue }
            let filling = values.withUnsafeBufferPointer {
                ComputationInputs(values: $0, base: base)
                    .result(of: field.computation, as: element.kind)
            }
            switch filling {
            case .unknown: break
            case .value(let value): values[base + field.ordinal] = value
            case .outOfRange where element.isRequired:
                note(
                    row,
                    Finding(
                        code: MappingCodes.computedRange.code, effect: .quarantined,
                        field: element.name))
            case .outOfRange: break
            }
        }
    }
}
