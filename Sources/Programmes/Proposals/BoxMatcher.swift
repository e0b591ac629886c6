import Definitions
import Mappings
import Records

/// Finds columns that are the boxes of one field (勾选列): a form's list with a box for each answer,
/// which software keeps as a column each, `避孕措施-口服避孕药`.
///
/// One column alone is no list: two boxes of a field at least must be there, and nothing but ticks
/// may be written in them.
struct BoxMatcher {
    struct Box: Hashable {
        let field: Int
        let code: String
    }

    private let matcher: FieldMatcher
    private let ticks: WordTable?
    /// Boxes by the field's name and the answer's, and by the answer's alone.
    private var boxes: [String: Set<Box>] = [:]

    /// The table by which a tick is read where more than 0 and 1 is written.
    static let table = "words/yes-no"

    init(_ matcher: FieldMatcher, dictionary: ElementDictionary, tables: [WordTable]) {
        self.matcher = matcher
        ticks = tables.first { $0.name == BoxMatcher.table }
        for element in dictionary.elements {
            guard case .set(let list) = element.kind else { continue }
            for code in list.codes {
                let answer = ColumnName.folded(code.label.zh)
                let box = Box(field: element.ordinal, code: code.code)
                boxes[answer, default: []].insert(box)
                boxes[ColumnName.folded(element.title.zh) + answer, default: []].insert(box)
            }
        }
        boxes[""] = nil
    }

    /// For each column the box that it is.
    ///
    /// - Parameter findings: what each column is by its own name: one that is a field's is no box,
    ///   and a field that has a column of its own has no boxes.
    func boxes(
        of header: [String], _ evidence: [ColumnEvidence], _ findings: [FieldMatcher.Finding?]
    ) -> [Int: Box] {
        var found: [Int: Box] = [:]
        for place in header.indices
        where findings[place]?.likeness != .same && holdsTicks(evidence[place]) {
            found[place] = box(of: header[place])
        }
        let fields = Dictionary(grouping: found, by: \.value.field)
        let taken = Set(
            findings.indices.filter { found[$0] == nil }.flatMap { findings[$0]?.fields ?? [] })
        return found.filter { _, box in
            let columns = fields[box.field] ?? []
            return columns.count > 1 && Set(columns.map(\.value)).count == columns.count
                && !taken.contains(box.field)
        }
    }

    private func holdsTicks(_ evidence: ColumnEvidence) -> Bool {
        guard evidence.count > 0, let ticks else { return evidence.count == 0 }
        return evidence.count(knownTo: ticks, isSet: false) == evidence.count
    }

    private func box(of header: String) -> Box? {
        for reading in matcher.readings(ofHeader: header) {
            let named = (boxes[reading.name] ?? []).filter {
                matcher.isOf(reading.subject, $0.field)
            }
            if named.count == 1 { return named.first }
        }
        return nil
    }

    /// Whether these columns hold more than the 0 and 1 that need no table.
    static func needsTable(_ evidence: [ColumnEvidence]) -> Bool {
        evidence.contains { $0.count(among: ["0", "1"]) < $0.count }
    }
}
