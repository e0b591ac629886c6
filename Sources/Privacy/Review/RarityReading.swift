package import Definitions
package import Mappings
import Records

/// How many people share what leaves of them (k-匿名计数): counts over real rows, kept in memory and
/// forgotten; what comes out are numbers and names of fields, never a value.
package struct RarityReading {
    /// Fewer than so many people in a cell may be told apart (CMS's rule for small cells).
    package static let least = 11

    private let quasi: [Element]
    private let coded: [Element]
    private var rows = 0
    private var classes: [[UInt8]: Int] = [:]
    private var values: [Int: [[UInt8]: Int]] = [:]

    package init(_ dictionary: ElementDictionary) {
        let clear = dictionary.elements.filter { element in
            if case .keep = element.protection {
                element.privacyClass != .operational
            } else {
                false
            }
        }
        quasi = clear.filter { $0.privacyClass == .quasi }
        coded = clear.filter { element in
            switch element.kind {
            case .code, .division, .flag: true
            default: false
            }
        }
    }

    /// Counts some rows of a batch.
    package mutating func add(_ batch: RecordBatch, rows chosen: some Sequence<Int>) {
        for row in chosen {
            rows += 1
            var key: [UInt8] = []
            for element in quasi {
                key += text(element, batch, row)
                key.append(0)
            }
            classes[key, default: 0] += 1
            for element in coded {
                let value = text(element, batch, row)
                guard !value.isEmpty else { continue }
                values[element.ordinal, default: [:]][value, default: 0] += 1
            }
        }
    }

    private func text(_ element: Element, _ batch: RecordBatch, _ row: Int) -> [UInt8] {
        let value = batch.value(row, element.ordinal)
        guard !value.isAbsent else { return [] }
        var bytes: [UInt8] = []
        batch.arena.withUnsafeBufferPointer { arena in
            element.appendText(of: value, arena: arena, to: &bytes)
        }
        return bytes
    }

    /// What was counted.
    package var figures: RarityFigures {
        let small = classes.values.filter { $0 < RarityReading.least }
        let rare = coded.compactMap { element -> RarityFigures.Rare? in
            let count = values[element.ordinal]?.values.count { $0 < RarityReading.least } ?? 0
            return count == 0 ? nil : RarityFigures.Rare(field: element.name, values: count)
        }
        return RarityFigures(
            rows: rows, quasi: quasi.map(\.name), classes: classes.count,
            smallest: classes.values.min() ?? 0, rowsInSmall: small.reduce(0, +), rare: rare)
    }
}

/// Figures of `RarityReading`.
package struct RarityFigures: Hashable, Sendable, Codable {
    /// A field some of whose values are borne by fewer than `RarityReading.least`.
    package struct Rare: Hashable, Sendable, Codable {
        package let field: String
        /// How many of its values.
        package let values: Int
    }

    package let rows: Int
    /// The fields that were taken together.
    package let quasi: [String]
    /// Different combinations of them.
    package let classes: Int
    /// How many rows bear the rarest combination.
    package let smallest: Int
    /// Rows whose combination fewer than `RarityReading.least` bear.
    package let rowsInSmall: Int
    package let rare: [Rare]

    /// M12 and M18, where they apply.
    package var findings: [SheetFinding] {
        let isSmall = rowsInSmall > 0 && !quasi.isEmpty
        return (isSmall ? [SheetFinding(code: "M12", field: quasi.joined(separator: "、"))] : [])
            + rare.map { SheetFinding(code: "M18", field: $0.field) }
    }
}
