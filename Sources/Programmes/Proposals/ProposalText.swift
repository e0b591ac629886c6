import Definitions
import Mappings
import Records

extension MappingProposal {
    /// The mapping as a file, with what a person has to look at said in it. It holds column names,
    /// counts and names of tables; nothing that stood in a row.
    package var text: String {
        var text = head
        text += "\nfields:\n" + fields
        text += undecided + missingFields
        text += ignored
        text += """

            # 样例：虚构的人（证件号 99 开头），shangbao lint 会逐条试跑。整份文件的样例放 tests/，见 mappings/README.md。
            # Examples: invented people (ID prefix 99); shangbao lint runs them. Whole files go to tests/.
            examples: []

            """
        return text
    }

    private var dictionary: ElementDictionary { programme.dictionary }

    private var head: String {
        let pattern = programme.mappings.first?.mapping
        let rows = columns.map(\.evidence.rows).max() ?? 0
        let title = dictionary.title
        var text = """
            # 由 shangbao mapping new 按表头和前 \(rows) 行拟定；行里的内容一概没有写进来。逐行核对后再用。
            # Proposed by shangbao mapping new from the header and the first \(rows) rows; nothing of the rows
            # stands here. Check every line before it is used.

            """
        let codeSet = request.codeSet.map(YAMLScalar.text) ?? ""
        let zh = YAMLScalar.text("\(request.name)：\(title.zh)")
        let en = YAMLScalar.text("\(request.name): \(title.en)")
        let lines: [(String, String)] = [
            ("mapping", YAMLScalar.text(request.name + "@1")),
            ("programme", YAMLScalar.text(dictionary.programme)),
            ("title", "{ zh: \(zh), en: \(en) }"),
        ]
        for (key, value) in lines { text += "\(key): \(value)\n" }
        text += """
            # 目的、依据、保存期：抄自同一项目的映射，隐私负责人核对。
            # Purpose, legal basis, retention: those of the programme's first mapping; to be checked.
            purpose:
              zh: \(pattern.map { YAMLScalar.text($0.purpose.zh) } ?? "")
              en: \(pattern.map { YAMLScalar.text($0.purpose.en) } ?? "")
            legalBasis: \(pattern.map { YAMLScalar.text($0.legalBasis) } ?? "")
            retention: \(pattern.map { YAMLScalar.text($0.retention) } ?? "")
            reads: \(request.reads)
            options: { \(request.options.map { "\($0.key): \(YAMLScalar.option($0.value))" }
                .joined(separator: ", ")) }

            """
        if codeSet.isEmpty {
            text += """
                # 待填写：这家机构写的是谁的代码，如 LOCAL:机构:年份；不填 lint 不通过。
                # To be written: whose codes these are, e.g. LOCAL:CLINIC:2012; lint refuses it empty.

                """
        }
        text += "codeSet: \(codeSet)".trimmingEnd + "\n"
        text += "dates: [\(dates.map(YAMLScalar.text).joined(separator: ", "))]\n"
        text += "# 没有写内容 · nothing was written\n"
        text += "empty: [\(empty.map(YAMLScalar.text).joined(separator: ", "))]\n"
        text += "# 没有做 · was not done\n"
        text += "notDone: [\(notDone.map(YAMLScalar.text).joined(separator: ", "))]\n"
        return text
    }

    /// The columns that fill a field, in the order of the wire, with a head for each place.
    private var fields: String {
        var text = ""
        var place: Element.Location?
        let filled = Dictionary(grouping: columns.filter(\.isRead)) { $0.candidates[0] }
        for (ordinal, columns) in filled.sorted(by: { $0.key < $1.key }) {
            let element = dictionary.elements[ordinal]
            if element.location != place {
                let title = dictionary.title(of: element.location)
                text += "  # \(title.zh) · \(title.en)\n"
                place = element.location
            }
            guard let column = columns.first, case .field(_, let table) = column.choice else {
                text += "  " + MappingProposal.line(element, boxes: columns)
                text += "  # 一列一个框，1 或 √ 为勾选，请核对 · a column a box: check that 1 is a tick\n"
                continue
            }
            text += "  " + MappingProposal.line(element, column.column, table, column.spelling)
            let remarks = remarks(on: column, element, table)
            text += remarks.isEmpty ? "\n" : "  # \(remarks.joined(separator: "；"))\n"
        }
        return text
    }

    private static func line(
        _ element: Element, _ column: String, _ table: String?, _ spelling: String? = nil
    ) -> String {
        let lookUp = table.map { ", lookUp: \($0)" } ?? ""
        let more = spelling.map { ", \($0)" } ?? ""
        return "- { field: \(element.name), from: \(YAMLScalar.text(column))\(lookUp)\(more) }"
    }

    private static func line(_ element: Element, boxes columns: [ProposedColumn]) -> String {
        let ticks = columns.compactMap { column -> String? in
            guard case .box(_, let code) = column.choice else { return nil }
            return "\(YAMLScalar.text(column.column)): \(YAMLScalar.text(code))"
        }
        let lookUp =
            BoxMatcher.needsTable(columns.map(\.evidence)) ? ", lookUp: \(BoxMatcher.table)" : ""
        let boxes = ticks.joined(separator: ", ")
        return "- { field: \(element.name), ticks: { \(boxes) }\(lookUp) }"
    }

    private func remarks(on column: ProposedColumn, _ element: Element, _ table: String?)
        -> [String]
    {
        var remarks: [String] = []
        switch column.likeness {
        case .half: remarks.append("待核对：只有一半列名认得 · check: half of the name is known")
        case .near: remarks.append("待核对：列名相近，\(element.title.zh)？ · check: the name is only near")
        case .same, nil: break
        }
        if column.spelling != nil {
            remarks.append("按列名换算单位，请核对 · converted by the header: check it")
        }
        if let table, table.contains("crosswalk") {
            remarks.append("按所写代码集的对照 · by the crosswalk of the set of codes")
        }
        let evidence = column.evidence
        if let known = column.known, known < evidence.count {
            let what = table ?? (element.kind.holdsWords ? "codes" : "dates")
            remarks.append("\(what) 只认得 \(known)/\(evidence.count) 种写法 · knows so many spellings")
        } else if case .code = element.kind, table == nil, evidence.count > 0 {
            remarks.append("按代码读，请核对含义 · read as codes: check what they mean")
        }
        return remarks
    }

    private var undecided: String {
        var text = ""
        let keys = Set(dictionary.caseFields.key)
        for column in columns {
            guard case .undecided(let ordinals, let doubt) = column.choice else { continue }
            text += "  # \(MappingProposal.words(for: doubt))\n"
            let tables: [String?] =
                if case .severalTables(let names) = doubt { names } else { [nil] }
            if ordinals.allSatisfy({ keys.contains($0) }) {
                text += "  # 待填写：lint 不填不通过 · to be written: lint refuses the mapping without it\n"
            }
            var spelling: String?
            if case .unit(let unit, _) = doubt {
                spelling = "unit: \(YAMLScalar.text(unit)), convert: { multiply: \"\" }"
            }
            for ordinal in ordinals {
                for table in tables {
                    let element = dictionary.elements[ordinal]
                    text += "  # \(MappingProposal.line(element, column.column, table, spelling))"
                    text += "  # \(dictionary.shownTitle(of: element).zh)\n"
                }
            }
        }
        guard !text.isEmpty else { return "" }
        return """
              # 待定：选一行去掉行首的 #，并从 ignore 中删去该列。
              # Undecided: take the # off one of the lines, and the column out of ignore.

            """ + text
    }

    private static func words(for doubt: ProposedColumn.Doubt) -> String {
        switch doubt {
        case .severalFields: "像几个字段 · like several fields:"
        case .rivals(let names):
            "\(names.map(YAMLScalar.text).joined(separator: "、")) 也像这个字段 · so is this column:"
        case .severalTables(let names):
            "\(names.joined(separator: "、")) 读法不同（0 是“是”还是“否”？），问过再选 · they differ: ask:"
        case .unit(let unit, let own):
            "列名的单位是 \(unit)，字段是 \(own)：问过系数再填 · another unit: ask for the factor:"
        }
    }

    private var missingFields: String {
        guard !missing.isEmpty else { return "" }
        var text = """
              # 必填而没有列：给一个固定值（去掉 #），或请机构导出这一列。
              # Mandatory and without a column: give one value for all rows, or ask the clinic for a column.

            """
        var constants: [Int: String] = [:]
        for rule in programme.mappings.flatMap(\.mapping.rules) {
            if case .constant(let value) = rule.origin { constants[rule.ordinal] = value }
        }
        let keys = Set(dictionary.caseFields.key)
        for ordinal in missing {
            let element = dictionary.elements[ordinal]
            let value = YAMLScalar.text(constants[ordinal] ?? "")
            text += "  # - { field: \(element.name), value: \(value) }"
            text += "  # \(dictionary.shownTitle(of: element).zh)"
            if keys.contains(ordinal) {
                text += "：待填写，lint 不填不通过 · to be written: lint refuses the mapping without it"
            }
            text += "\n"
        }
        return text
    }

    private var ignored: String {
        let left = columns.filter { !$0.isRead }
        guard !left.isEmpty else { return "\nignore: []\n" }
        var text = "\n# 有这些列，但不读 · columns that are there and read by nobody\nignore:\n"
        for column in left {
            let remark =
                column.choice == .unknown
                ? "待定：没有相近的字段 · undecided: like no field" : "待定：见上 · undecided: see above"
            text += "  - \(YAMLScalar.text(column.column))  # \(remark)\n"
        }
        return text
    }
}

extension String {
    fileprivate var trimmingEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}

extension ElementDictionary {
    /// What a form, or the person of a subject, is called.
    func title(of location: Element.Location) -> Wording {
        switch location {
        case .subject(let subject): subjects[subject].title
        case .form(let form): forms[form].title
        }
    }

    /// An element's title with the person it is about: twins are told apart.
    func shownTitle(of element: Element) -> Wording {
        guard let subject = subject(of: element) else { return element.title }
        let person = subjects[subject].title
        return Wording(
            zh: person.zh + element.title.zh, en: "\(person.en): \(element.title.en)")
    }
}
