import Foundation
package import Programmes
package import Records
package import Settlements

/// The national side's list of cases, as somebody brought it (对方病例清单): XLSX or CSV, with the
/// columns and words of the profile. Names and ID numbers are never read.
package struct CaseList: Sendable {
    /// All rows but blank ones, in their order; those that make no sense say why.
    package let rows: [ListedRow]
    /// SHA-256 of the list, hex.
    package let digest: String
    package let shape: ListReconciliation.Shape

    /// A million cases with room to spare.
    private static let byteLimit = 1 << 30

    /// - Throws: `ReadFailure`, `CaseListFailure` where a column is missing.
    package init(path: String, by form: CaseListForm) throws {
        var wanted: BroughtList.Wanted = [:]
        for (column, names) in form.columns { wanted[column.rawValue] = names }
        let hasStatus = form.columns[.status] != nil
        let key: CaseListForm.Column =
            hasStatus ? .status : form.columns[.serial] != nil ? .serial : .reference
        let list = try BroughtList(
            path: path, sheet: form.sheet, headerRow: form.headerRow,
            byteLimit: CaseList.byteLimit, wanted: wanted, key: key.rawValue)
        func has(_ column: CaseListForm.Column) -> Bool { list.columns[column.rawValue] != nil }
        if hasStatus, !has(.status) { throw CaseListFailure(list.name, form, [.status]) }
        guard has(.reference) || has(.serial) else {
            throw CaseListFailure(list.name, form, [.reference, .serial])
        }
        var rows: [ListedRow] = []
        try list.read(
            unreadable: { rows.append(ListedRow(number: $0, problem: .unreadable)) },
            each: { rows.append(CaseList.row($0, form)) })
        self.rows = rows
        digest = try ItemDigest.sha256(ofFileAt: path, byteLimit: CaseList.byteLimit)
        shape = ListReconciliation.Shape(
            countsRows: form.rowKind == .wholeCase, omitted: form.omitted)
    }

    private static func row(_ row: BroughtList.Row, _ form: CaseListForm) -> ListedRow {
        func text(_ column: CaseListForm.Column) -> String { row.text(column.rawValue) }
        func optional(_ column: CaseListForm.Column) -> String? {
            row.optionalText(column.rawValue)
        }
        guard !row.isSpoiled else { return ListedRow(number: row.number, problem: .unreadable) }
        let reference = ListedText.reference(in: text(.reference))
        let numbers = [optional(.serial), optional(.group)]
        let areNumbers = numbers.allSatisfy { $0.map(ListedText.isSerial) ?? true }
        let word = form.words.isEmpty ? .accepted : form.words[text(.status)]
        let state = word.flatMap { ListedRow.State(rawValue: $0.rawValue) }
        let month = optional(.servedOn).map { CalendarMonth(spelledOfDay: $0) }
        let problem: ListedRowProblem? =
            !areNumbers ? .serial : state == nil ? .word : month == .some(nil) ? .month : nil
        let institution = optional(.institution)?.uppercased()
        return ListedRow(
            number: row.number, record: reference?.record, version: reference?.version,
            serial: numbers[0].flatMap { ListedText.isSerial($0) ? $0 : nil },
            group: numbers[1].flatMap { ListedText.isSerial($0) ? $0 : nil },
            // Many platforms write a name there: it says nothing then.
            institution: institution.flatMap { ListedText.isInstitution($0) ? $0 : nil },
            month: month ?? nil, state: state ?? .pending, problem: problem)
    }
}

/// Why a list of cases says nothing.
package struct CaseListFailure: ExplainedFailure {
    package let entry: CodeEntry
    package let place: String?
    package let detail: String?

    init(_ name: String, _ form: CaseListForm, _ columns: [CaseListForm.Column]) {
        entry = CaseListFailure.column
        place = name
        detail = columns.flatMap { form.columns[$0] ?? [] }.joined(separator: " / ")
    }

    private init(profile: String) {
        entry = CaseListFailure.form
        place = profile
        detail = nil
    }

    /// Whether the list itself is to be mended, and not the profile.
    package var isOfList: Bool { entry.code == CaseListFailure.column.code }

    static func noForm(_ profile: String) -> CaseListFailure { CaseListFailure(profile: profile) }

    static let column = CodeEntry(
        "M-COLUMN",
        what: Wording(zh: "清单缺少必需的列。", en: "The list lacks a column that it needs."),
        next: Wording(
            zh: "核对该规格 case-list.yaml 的 columns 与 headerRow。",
            en: "Check columns and headerRow in the profile's case-list.yaml."))
    static let form = CodeEntry(
        "M-NO-FORM",
        what: Wording(
            zh: "这个项目的接口规格没有 case-list.yaml，不知道清单怎样读。",
            en: "The programme's profile has no case-list.yaml: nothing says how a list is read."),
        next: Wording(
            zh: "照 reference-1 的 case-list.yaml 写一份，放在该规格的文件夹里。",
            en: "Write one after that of reference-1 and put it into the profile's folder."))
}
