import Definitions
package import Mappings
package import Programmes
import Records

/// The parts of which a mapping's cases are made (病例的各部分), compiled: where each is looked for,
/// by which key, and the mapping that reads it.
package struct CaseParts: Sendable {
    /// One entry of `parts:` with the part's own mapping.
    struct Source: Sendable {
        let reference: PartReference
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

    let sources: [Source]
    /// Which fields the parts fill, by ordinal.
    let isMapped: [Bool]

    /// `nil` where a mapping's cases come whole.
    ///
    /// - Throws: `DefinitionError` or `HeaderFailure` for parts that lint would have refused.
    package init?(_ file: MappingFile, in programme: Programme, acceptsInvented: Bool) throws {
        guard !file.mapping.parts.isEmpty else { return nil }
        let dictionary = programme.dictionary
        var sources: [Source] = []
        var isMapped = [Bool](repeating: false, count: dictionary.count)
        for reference in file.mapping.parts {
            guard let found = programme.mapping(named: reference.mapping),
                let mapping = found.variant(for: reference.person), let part = mapping.part
            else {
                throw DefinitionError(
                    file: file.path + ".yaml",
                    problem: Wording(
                        zh: "parts 中的 \(reference.mapping) 不存在，或不是 part。",
                        en: "\(reference.mapping) in parts is no mapping of a part."))
            }
            let rows = PartRows(mapping, part)
            let bound = try mapping.bound(to: rows.header, acceptsInvented: acceptsInvented)
            for ordinal in isMapped.indices where bound.isMapped[ordinal] {
                isMapped[ordinal] = true
            }
            sources.append(
                Source(
                    reference: reference, part: part, rows: rows, bound: bound,
                    form: CaseParts.form(of: mapping, dictionary)))
        }
        self.sources = sources
        self.isMapped = isMapped
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
        for source in sources {
            var keys: [Int: String] = [:]
            for row in 0..<draft.count {
                let text = draft.text(row, source.reference.by)
                guard let key = text.withUnsafeBufferPointer({ source.part.key.form(of: $0) })
                else { continue }
                let digest = try name(source.reference.mapping, key)
                keys[row] = digest
                links[row].append((source.reference.mapping, digest))
            }
            let found = try await shelf(source.reference.mapping, Array(Set(keys.values)))
            for row in 0..<draft.count {
                guard let key = keys[row] else { continue }
                fill(row, of: &draft, from: source, found[key] ?? [], servedOn)
            }
        }
        return links
    }

    private func fill(
        _ row: Int, of draft: inout RecordDraft, from source: Source, _ found: [FoundRow],
        _ servedOn: Int
    ) {
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
            if source.reference.isNeeded, found.isEmpty || !sound.isEmpty {
                draft.note(
                    row, Finding(code: PartCodes.missing.code, effect: .held, field: source.form))
            }
            return
        }
        draft.fill(row, from: source.bound.read(SourceBatch(oneRow: cells)))
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
