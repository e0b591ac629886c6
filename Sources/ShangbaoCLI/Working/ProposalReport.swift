import Definitions
import Mappings
import Programmes
import Records

/// What is to be said of a proposed mapping: which columns found a field, and what is left to do.
struct ProposalReport: Encodable {
    struct Column: Encodable {
        let column: String
        /// `same`, `half` or `near`, of a column that fills a field; `box` of one of a field's boxes;
        /// else `undecided` or `unknown`.
        let found: String
        /// The field, or those that are equally likely.
        let fields: [String]
        let lookUp: String?
        /// Rows in which something is written, of those that were looked at.
        let filled: Int
        /// Different texts among them, and how many of these are read.
        let texts: Int
        let known: Int?
    }

    let file: String?
    let rows: Int
    let columns: [Column]
    /// Mandatory fields without a column.
    let missing: [String]
    private let mandatory: Int

    init(_ proposal: MappingProposal, of programme: Programme, file: String?) {
        let elements = programme.dictionary.elements
        self.file = file
        rows = proposal.columns.map(\.evidence.rows).max() ?? 0
        missing = proposal.missing.map { elements[$0].name }
        mandatory = elements.count { element in
            if case .month = element.kind { false } else { element.isRequired }
        }
        columns = proposal.columns.map { column in
            let evidence = column.evidence
            func made(_ found: String, _ fields: [Int], _ table: String?) -> Column {
                Column(
                    column: column.column, found: found, fields: fields.map { elements[$0].name },
                    lookUp: table, filled: evidence.filled, texts: evidence.count,
                    known: column.known)
            }
            return switch column.choice {
            case .field(let ordinal, let table):
                made("\(column.likeness ?? .same)", [ordinal], table)
            case .box(let ordinal, _): made("box", [ordinal], nil)
            case .undecided(let ordinals, _): made("undecided", ordinals, nil)
            case .unknown: made("unknown", [], nil)
            }
        }
    }

    private enum CodingKeys: CodingKey { case file, rows, columns, missing }

    func show(_ output: Output) {
        if let file { output.line("✓ \(file)") }
        func count(_ found: String...) -> Int { columns.count { found.contains($0.found) } }
        var table = Columns(sides: [.left, .right, .left])
        for (title, number, next) in [
            (Wording(zh: "列", en: "columns"), columns.count, Wording(zh: "", en: "")),
            (
                Wording(zh: "对上字段", en: "found a field"), count("same", "box"),
                Wording(zh: "", en: "")
            ),
            (
                Wording(zh: "相近，待核对", en: "only near"), count("half", "near"),
                Wording(zh: "文件里标了“待核对”", en: "marked 待核对 in the file")
            ),
            (
                Wording(zh: "拿不准", en: "undecided"), count("undecided"),
                Wording(zh: "文件里列出了候选，由您选", en: "the file lists them; you decide")
            ),
            (
                Wording(zh: "没有相近的字段", en: "like no field"), count("unknown"),
                Wording(zh: "在 ignore 里", en: "under ignore")
            ),
            (
                Wording(zh: "必填而没有列", en: "mandatory, no column"), missing.count,
                Wording(
                    zh: "共 \(mandatory) 个必填；列在 fields 末尾",
                    en: "of \(mandatory); listed at the end of fields")
            ),
        ] { table.add([title.said, Figure.grouped(number), next.said]) }
        output.table(table)
        list(output)
        output.line(
            "下一步：核对文件，shangbao lint，shangbao mapping coverage",
            "Next: check the file, then shangbao lint, shangbao mapping coverage")
    }

    private func list(_ output: Output) {
        for (found, title) in [
            (["half", "near"], Wording(zh: "待核对：", en: "To be checked:")),
            (["undecided"], Wording(zh: "拿不准：", en: "Undecided:")),
        ] {
            let told = columns.filter { found.contains($0.found) }
            guard !told.isEmpty else { continue }
            output.line(title.said)
            var table = Columns(sides: [.left, .left])
            for column in told.prefix(20) {
                table.add([column.column, column.fields.joined(separator: ", ")])
            }
            if told.count > 20 { table.add(["…", "+\(told.count - 20)"]) }
            output.table(table)
        }
    }
}
