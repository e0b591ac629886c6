import Definitions
import Intake
import LibCrypto
package import Records
import Submissions

/// Cases for the person who types them into the platform's forms (录入清单): a workbook with a row a
/// case in the platform's terms, and a checklist. It holds people's data, in memory and in the file
/// that the person names, and nowhere else.
package struct Worklist: Sendable {
    package let bytes: [UInt8]
    /// SHA-256 of the bytes, hex.
    package let digest: String
    package let cases: Int
    package let submissions: [SubmissionID]

    /// - Parameter persons: the elements by which a person is found, by their place in the
    ///   dictionary.
    init(
        _ cases: [Case], submissions: [SubmissionID], steps: [RecordAction: [String]],
        persons: Set<Int>
    ) {
        let writing = WorklistWriting(cases: cases, steps: steps, persons: persons)
        bytes = writing.bytes
        digest = Hex.encode(Hash.sha256.digest(bytes))
        self.cases = cases.count
        self.submissions = submissions
    }

    /// One case of it.
    struct Case {
        let record: ClearRecord
        /// The platform's number of an earlier version, for finding it.
        let serial: String?
        /// The version that stands on the platform now, where it is to be changed or deleted.
        let earlier: ClearRecord?
        /// The words that stand before an element's title, by the element's place in the
        /// dictionary: 女方, 女方实验室检查.
        let owner: (Element) -> String
    }

    /// How our record and version are written where a person copies them.
    static func reference(_ record: RecordID, _ version: Int) -> String {
        "\(record.text)-\(version)"
    }
}

/// Writes the workbook of a worklist. The same cases give the same bytes.
private struct WorklistWriting {
    let cases: [Worklist.Case]
    let steps: [RecordAction: [String]]
    let persons: Set<Int>

    private static let sheets = ["病例", "核对表"]
    private static let caseHead = [
        "序号", "上报编号", "操作", "平台档案编号", "平台现有编号", "与平台不同的项", "机构代码", "服务日期",
    ]
    private static let stepHead = [
        "序号", "上报编号", "操作", "步骤", "要做什么", "完成打√", "平台档案编号（抄写）", "录入人", "录入日期",
    ]

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        var book = WorkbookBytes(sheets: WorklistWriting.sheets, isForm: true)
        let columns = columns
        func add(_ cells: [String]) {
            book.append(
                Array(cells.map(WorklistWriting.plain).joined(separator: "\u{1F}").utf8), to: &bytes
            )
        }
        add(WorklistWriting.caseHead + columns.map { "\($0.owner)·\(title($0.element))" })
        for (index, each) in cases.enumerated() {
            let record = each.record
            let texts = texts(fields(of: each))
            add(
                [
                    "\(index + 1)", Worklist.reference(record.record, record.version),
                    name(record.action), each.serial ?? "",
                    each.earlier.map { Worklist.reference($0.record, $0.version) } ?? "",
                    changes(of: each, columns), record.institution, record.servedOn,
                ] + columns.map { texts[$0.element.ordinal] ?? "" })
        }
        book.nextSheet(&bytes)
        add(WorklistWriting.stepHead)
        for (index, each) in cases.enumerated() {
            let record = each.record
            for (number, step) in (steps[record.action] ?? []).enumerated() {
                add([
                    "\(index + 1)", Worklist.reference(record.record, record.version),
                    name(record.action), "\(number + 1)", step,
                ])
            }
        }
        book.finish(&bytes)
        return bytes
    }

    /// What a row has of a case. A withdrawal has nothing of its own: it is shown whose case is to
    /// be deleted, so that nobody deletes another one.
    private func fields(of each: Worklist.Case) -> [ClearRecord.Field] {
        guard each.record.action == .withdraw, let earlier = each.earlier else {
            return each.record.fields
        }
        return earlier.fields.filter { persons.contains($0.element.ordinal) }
    }

    private func texts(_ fields: [ClearRecord.Field]) -> [Int: String] {
        Dictionary(
            fields.map { ($0.element.ordinal, shown($0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// What an amendment changes of what stands on the platform, old and new.
    private func changes(
        of each: Worklist.Case, _ columns: [(element: Element, owner: String)]
    ) -> String {
        guard each.record.action == .amend, let earlier = each.earlier else { return "" }
        let (old, new) = (texts(earlier.fields), texts(each.record.fields))
        return columns.compactMap { column in
            let (before, after) = (old[column.element.ordinal], new[column.element.ordinal])
            guard before != after else { return nil }
            return "\(column.owner)·\(title(column.element))："
                + "\(before ?? WorklistWriting.empty) → \(after ?? WorklistWriting.empty)"
        }.joined(separator: "\n")
    }

    private static let empty = "（空）"

    /// The elements of which some case has a value, in the order of the wire.
    private var columns: [(element: Element, owner: String)] {
        var found: [Int: (element: Element, owner: String)] = [:]
        for each in cases {
            // What an amendment empties has a column, too.
            let earlier = each.record.action == .amend ? each.earlier?.fields ?? [] : []
            for field in fields(of: each) + earlier {
                // A month that was made of a day is not typed.
                if case .month = field.element.kind { continue }
                if found[field.element.ordinal] == nil {
                    found[field.element.ordinal] = (field.element, each.owner(field.element))
                }
            }
        }
        return found.sorted { $0.key < $1.key }.map(\.value)
    }

    private func title(_ element: Element) -> String {
        element.title.zh + (element.unit.map { "（\($0)）" } ?? "")
    }

    private func name(_ action: RecordAction) -> String {
        switch action {
        case .submit: "新增"
        case .amend: "变更"
        case .withdraw: "撤回"
        }
    }

    /// A value as a person reads it: codes with their words.
    private func shown(_ field: ClearRecord.Field) -> String {
        switch field.element.kind {
        case .code(let list): WorklistWriting.worded(field.text, in: list)
        case .set(let list):
            field.text.split(separator: " ").map { WorklistWriting.worded(String($0), in: list) }
                .joined(separator: "、")
        case .flag: field.text == "true" ? "是" : field.text == "false" ? "否" : field.text
        default: field.text
        }
    }

    private static func worded(_ code: String, in list: CodeList) -> String {
        guard let ordinal = list.ordinal(of: code) else { return code }
        return code + " " + list.codes[ordinal].label.zh
    }

    /// Without what would end a cell.
    private static func plain(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0.value >= 0x20 || $0 == "\n" || $0 == "\t" })
    }
}
