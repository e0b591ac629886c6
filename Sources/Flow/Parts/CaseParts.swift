import Definitions
package import Mappings
import Privacy
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

    /// What other files brought.
    package struct Shelf: Sendable {
        /// Rows of a part by key, in the order of their arrival.
        let rows: @Sendable (_ mapping: String, _ keys: [String]) async throws -> Rows
        /// Of some keys those whose rows were erased before a case asked for them.
        let erased: @Sendable (_ mapping: String, _ keys: [String]) async throws -> Set<String>
        /// By key the cases that have claimed it as theirs alone.
        let claimants: @Sendable (_ claim: String, _ keys: [String]) async throws -> Claimants
    }

    package typealias Rows = [String: [FoundRow]]
    typealias Claimants = [String: Set<PartLink.Claimant>]

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
    /// - Returns: for each row the parts that it looked for.
    func fill(
        _ draft: inout RecordDraft, servedOn: Int, shelf: Shelf,
        isolation: isolated (any Actor)? = #isolation, naming: Identification
    ) async throws -> [[PartLink]] {
        var links = [[PartLink]](repeating: [], count: draft.count)
        let claims = try await claim(
            in: &draft, servedOn: servedOn, shelf: shelf, naming: naming, &links)
        for kinds in sources {
            var looked = Set<Int>()
            var erased = Set<Int>()
            var filled = Set<Int>()
            for source in kinds {
                var keys: [Int: String] = [:]
                for row in 0..<draft.count {
                    guard CaseParts.has(row, of: draft, source.reference),
                        let key = CaseParts.key(row, of: draft, source)
                    else { continue }
                    let digest = try naming.partName(source.mapping, key)
                    links[row].append(PartLink(mapping: source.mapping, key: digest))
                    if source.reference.isOnce, claims.disputed.contains(row) { continue }
                    looked.insert(row)
                    keys[row] = digest
                }
                let found = try await shelf.rows(source.mapping, Array(Set(keys.values)))
                let gone = try await shelf.erased(
                    source.mapping, Array(Set(keys.values).subtracting(found.keys)))
                erased.formUnion(keys.filter { gone.contains($0.value) }.keys)
                for (row, key) in keys.sorted(by: { $0.key < $1.key })
                where !filled.contains(row) {
                    let isShared = source.reference.isOnce && claims.shared.contains(row)
                    if fill(row, of: &draft, from: source, found[key] ?? [], servedOn, isShared) {
                        filled.insert(row)
                    }
                }
            }
            guard let first = kinds.first, first.reference.isNeeded else { continue }
            for row in looked.subtracting(filled).sorted() {
                let code = erased.contains(row) ? PartCodes.erased : PartCodes.missing
                draft.note(row, Finding(code: code.code, effect: .held, field: first.form))
                draft.await(first.bound, row)
            }
        }
        return links
    }

    /// Whether a case has such a part at all.
    private static func has(_ row: Int, of draft: RecordDraft, _ reference: PartReference) -> Bool {
        // A file of one spouse has no tables of the other.
        if let person = reference.person, !draft.hasSubject(row, person) { return false }
        return reference.when.map { draft.holds(row, $0.field, code: $0.code) } ?? true
    }

    private static func key(_ row: Int, of draft: RecordDraft, _ source: Source) -> [UInt8]? {
        draft.text(row, source.reference.by).withUnsafeBufferPointer {
            source.part.key.form(of: $0)
        }
    }

    /// Rows that do not have their key for themselves.
    private struct Claims {
        /// Another case claims it in the same time: they get nothing of the part.
        var disputed: Set<Int> = []
        /// Another case has it at another time, where the laboratory counts anew.
        var shared: Set<Int> = []
    }

    /// Claims for each row the keys that may be one case's alone; of two that claim one, in this
    /// batch or before it, both are told so.
    private func claim(
        in draft: inout RecordDraft, servedOn: Int, shelf: Shelf,
        isolation: isolated (any Actor)? = #isolation,
        naming: Identification, _ links: inout [[PartLink]]
    ) async throws -> Claims {
        var claims = Claims()
        var claimed: Set<Int> = []
        for source in sources.joined()
        where source.reference.isOnce && claimed.insert(source.reference.by).inserted {
            let field = source.bound.mapping.dictionary.elements[source.reference.by].name
            let claim = PartLink.claim(of: field)
            var keys: [Int: String] = [:]
            for row in 0..<draft.count {
                guard let key = CaseParts.key(row, of: draft, source) else { continue }
                keys[row] = try naming.partName(claim, key)
            }
            var cases = try await shelf.claimants(claim, Array(Set(keys.values)))
            var own: [Int: PartLink.Claimant] = [:]
            for (row, key) in keys {
                let day = draft.day(row, servedOn).map { Int($0.daysSince1970) }
                links[row].append(PartLink(mapping: claim, key: key, day: day))
                let name = try naming.record(of: draft, row)?.text ?? "row \(row)"
                let claimant = PartLink.Claimant(record: name, day: day)
                own[row] = claimant
                // The case's own claim may be of another day by now.
                cases[key] = (cases[key] ?? []).filter { $0.record != name }.union([claimant])
            }
            for (row, key) in keys.sorted(by: { $0.key < $1.key }) {
                let others = (cases[key] ?? []).filter { $0.record != own[row]?.record }
                if others.isEmpty { continue }
                claims.shared.insert(row)
                // One result may be near to both where the two are near enough to each other.
                let within = source.reference.within.map { $0 * 2 }
                guard
                    others.contains(where: {
                        PartLink.areNear($0.day, own[row]?.day, within: within)
                    })
                else { continue }
                claims.disputed.insert(row)
                let finding = Finding(
                    code: PartCodes.sample.code, effect: .quarantined, field: field)
                draft.note(row, finding)
                for each in sources.joined() where each.reference.isOnce {
                    draft.await(each.bound, row)
                }
            }
        }
        return claims
    }

    /// Fills one row; whether there was anything to fill it from.
    private func fill(
        _ row: Int, of draft: inout RecordDraft, from source: Source, _ found: [FoundRow],
        _ servedOn: Int, _ isShared: Bool
    ) -> Bool {
        // Of a key that two cases have a row without a day may be either's.
        let isUnclear = { (row: FoundRow) in
            row.isDisputed || (isShared && !source.rows.hasDay(row.row))
        }
        if found.contains(where: isUnclear) {
            draft.note(
                row,
                Finding(
                    code: PartCodes.sample.code, effect: .quarantined, field: source.form))
        }
        let sound = found.filter { !isUnclear($0) }.map(\.row)
        let near = source.reference.within.flatMap { within in
            draft.day(row, servedOn).map { ($0, within: within) }
        }
        guard let merged = source.rows.merge(sound, near: near) else {
            // What is in dispute is not missing.
            return sound.count < found.count
        }
        if merged.isOfTwoPeople {
            draft.note(
                row,
                Finding(code: PartCodes.sample.code, effect: .quarantined, field: source.form))
            return true
        }
        if merged.isContradictory {
            draft.note(
                row,
                Finding(code: PartCodes.rows.code, effect: .quarantined, field: source.form))
        }
        draft.fill(row, from: source.bound.read(SourceBatch(oneRow: merged.cells)))
        return true
    }
}

extension SourceBatch {
    /// One row of cells.
    ///
    /// - Parameter row: as Excel counts, where it stands for a row of a file.
    init(oneRow cells: [[UInt8]], at row: Int = 0) {
        var bytes: [UInt8] = []
        var ranges: [Range<UInt32>] = []
        var spoiled: [SpoiledCell] = []
        for (column, cell) in cells.enumerated() {
            let (text, code) = SpoiledMark.parts(of: cell)
            let start = UInt32(bytes.count)
            bytes.append(contentsOf: text)
            if let code { spoiled.append(SpoiledCell(row: 0, column: column, code: code)) }
            ranges.append(start..<UInt32(bytes.count))
        }
        self.init(
            bytes: bytes, cells: ranges, columnCount: cells.count,
            places: [RowPlace(row: row, raw: 0..<0)], unreadable: [], spoiled: spoiled)
    }
}
