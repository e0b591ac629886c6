import Definitions
package import Mappings
import Records

/// Runs the examples that stand inside a mapping: what a clinic wrote, what must come out (样例测试).
package enum MappingTrial {
    /// An example that did not come out as it says.
    package struct Miss: Sendable {
        /// Which example, from 1.
        package let example: Int
        package let field: String
        package let expected: String
        package let found: String
    }

    /// All misses of a mapping's examples; examples hold invented people only.
    package static func misses(of mapping: Mapping) throws(HeaderFailure) -> [Miss] {
        var misses: [Miss] = []
        let header = mapping.columns.reduce(into: [String]()) { names, name in
            if !names.contains(name) { names.append(name) }
        }
        let bound = try mapping.bound(to: header, acceptsInvented: true)
        for (number, example) in mapping.examples.enumerated() {
            let batch = bound.apply(to: row(header.map { example.input[$0] ?? "" }))
            for (field, expected) in example.output.sorted(by: { $0.key < $1.key }) {
                guard let ordinal = mapping.dictionary.ordinal(of: field) else {
                    misses.append(
                        Miss(example: number + 1, field: field, expected: expected, found: "?"))
                    continue
                }
                let found = text(batch, ordinal)
                if found != expected {
                    misses.append(
                        Miss(example: number + 1, field: field, expected: expected, found: found))
                }
            }
        }
        return misses
    }

    private static func row(_ texts: [String]) -> SourceBatch {
        var bytes: [UInt8] = []
        var cells: [Range<UInt32>] = []
        for text in texts {
            let start = UInt32(bytes.count)
            bytes.append(contentsOf: text.utf8)
            cells.append(start..<UInt32(bytes.count))
        }
        return SourceBatch(
            bytes: bytes, cells: cells, columnCount: texts.count,
            places: [SourceBatch.RowPlace(row: 2, raw: 0..<bytes.count)], unreadable: [])
    }

    private static func text(_ batch: RecordBatch, _ ordinal: Int) -> String {
        let element = batch.dictionary.elements[ordinal]
        let value = batch.value(0, ordinal)
        if value.isAbsent,
            let found = batch.findings.first(where: { $0.finding.field == element.name })
        {
            return found.finding.code
        }
        var bytes: [UInt8] = []
        batch.arena.withUnsafeBufferPointer { element.appendText(of: value, arena: $0, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
