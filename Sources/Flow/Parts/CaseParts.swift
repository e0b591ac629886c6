import Definitions
package import Mappings
package import Programmes
import Records

/// The parts of which a mapping's cases are made (病例的各部分), compiled: where each is looked for,
/// by which key, and the mapping that reads it.
package struct CaseParts: Sendable {
    /// One entry of `parts:` with one of its mappings.
    struct Source: Sendable {
        let reference: PartReference
        let mapping: String
        let part: CasePart
        let rows: PartRows
        let bound: BoundMapping
        /// The form that is missing where no row came.
        let form: String
    }

    /// Rows of a part by key, in the order of their arrival.
    package typealias Shelf =
        @Sendable (_ mapping: String, _ keys: [String]) async throws -> [String: [FoundRow]]

    /// A part's row as the shelf gives it.
    package struct FoundRow: Sendable {
        package let row: PartRow
        /// The sample's number stands with another person too.
        package let isDisputed: Bool
    }

    /// For each entry the kinds of files in which it may come.
    let sources: [[Source]]
    /// Which fields the parts fill, by ordinal.
    let isMapped: [Bool]

    /// `nil` where a mapping's cases come whole.
    ///
    /// - Throws: `DefinitionError` or `HeaderFailure` for parts that lint would have refused.
    package init?(_ file: MappingFile, in programme: Programme, acceptsInvented: Bool) throws {
        guard !file.mapping.parts.isEmpty else { return nil }
        let dictionary = programme.dictionary
        var sources: [[Source]] = []
        var isMapped = [Bool](repeating: false, count: dictionary.count)
        for reference in file.mapping.parts {
            let kinds = try reference.mappings.map { name in
                try CaseParts.source(reference, name, programme, acceptsInvented)
            }
            for kind in kinds {
                for ordinal in isMapped.indices where kind.bound.isMapped[ordinal] {
                    isMapped[ordinal] = true
                }
            }
            sources.append(kinds)
        }
        self.sources = sources
        self.isMapped = isMapped
    }

    private static func source(
        _ reference: PartReference, _ name: String, _ programme: Programme, _ acceptsInvented: Bool
    ) throws -> Source {
        guard let mapping = programme.mapping(named: name)?.variant(for: reference.person),
            let part = mapping.part
        else { preconditionFailure("the catalogue let a part pass that is none: \(name)") }
        let rows = PartRows(mapping, part)
        return Source(
            reference: reference, mapping: name, part: part, rows: rows,
            bound: try mapping.bound(to: rows.header, acceptsInvented: acceptsInvented),
            form: form(of: mapping, programme.dictionary))
    }

    /// The form, or the subject's part, that most of a mapping's fields stand in.
    private static func form(of mapping: Mapping, _ dictionary: ElementDictionary) -> String {
        var counts: [String: Int] = [:]
        for rule in mapping.rules {
            switch dictionary.elements[rule.ordinal].location {
            case .form(let form): counts[dictionary.forms[form].name, default: 0] += 1
            case .subject(let subject): counts[dictionary.subjects[subject].role, default: 0] += 1
            }
        }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? mapping.name
    }

    /// Fills the rows of a draft from the shelf, part after part.
    ///
    /// - Parameter name: the keyed digest of a part's key, hex.
    /// - Returns: for each row the parts that it looked for.
    func fill(
        _ draft: inout RecordDraft, servedOn: Int, shelf: Shelf,
        isolation: isolated (any Actor)? = #isolation,
        name: (_ mapping: String, _ key: [UInt8]) throws -> String
    ) async throws -> [[(mapping: String, key: String)]] {
        var links = [[(mapping: String, key: String)]](repeating: [], count: draft.count)
        for kinds in sources {
            var looked = Set<Int>()
            var filled = Set<Int>()
            for source in kinds {
                var keys: [Int: String] = [:]
                for row in 0..<draft.count {
                    // A file of one spouse has no tables of the other.
                    if let person = source.reference.person, !draft.hasSubject(row, person) {
                        continue
                    }
                    let text = draft.text(row, source.reference.by)
                    guard let key = text.withUnsafeBufferPointer({ source.part.key.form(of: $0) })
                    else { continue }
                    let digest = try name(source.mapping, key)
                    looked.insert(row)
                    keys[row] = digest
                    links[row].append((source.mapping, digest))
                }
                let found = try await shelf(source.mapping, Array(Set(keys.values)))
                for (row, key) in keys.sorted(by: { $0.key < $1.key })
                where !filled.contains(row) {
                    if fill(row, of: &draft, from: source, found[key] ?? [], servedOn) {
                        filled.insert(row)
                    }
                }
            }
            guard let first = kinds.first, first.reference.isNeeded else { continue }
            for row in looked.subtracting(filled).sorted() {
                draft.await(
                    first.bound, row,
                    Finding(code: PartCodes.missing.code, effect: .held, field: first.form))
            }
        }
        return links
    }

    /// Fills one row; whether there was anything to fill it from.
    private func fill(
        _ row: Int, of draft: inout RecordDraft, from source: Source, _ found: [FoundRow],
        _ servedOn: Int
    ) -> Bool {
        if found.contains(where: \.isDisputed) {
            draft.note(
                row,
                Finding(
                    code: PartCodes.sample.code, effect: .quarantined, field: source.form))
        }
        let sound = found.filter { !$0.isDisputed }.map(\.row)
        let near = source.reference.within.flatMap { within in
            draft.day(row, servedOn).map { ($0, within: within) }
        }
        guard let cells = source.rows.merge(sound, near: near) else {
            return !found.isEmpty && sound.isEmpty
        }
        draft.fill(row, from: source.bound.read(SourceBatch(oneRow: cells)))
        return true
    }
}

extension SourceBatch {
    /// One row of cells.
    init(oneRow cells: [[UInt8]]) {
        var bytes: [UInt8] = []
        var ranges: [Range<UInt32>] = []
        for cell in cells {
            let start = UInt32(bytes.count)
            bytes.append(contentsOf: cell)
            ranges.append(start..<UInt32(bytes.count))
        }
        self.init(
            bytes: bytes, cells: ranges, columnCount: cells.count,
            places: [RowPlace(row: 0, raw: 0..<0)], unreadable: [])
    }
}
