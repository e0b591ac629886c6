import Evidence
import Flow
import Programmes
import Records
import Settlements
import Storage

/// What outcomes are called, for people.
struct SheetTitles: Sendable {
    private let outcomes: [String: Wording]

    init(_ file: DifferenceFile) {
        outcomes = Dictionary(file.outcomes.map { ($0.name, $0.title) }) { first, _ in first }
    }

    /// Its title; the name itself for one that the file has no longer.
    func outcome(_ name: String) -> Wording { outcomes[name] ?? Wording(zh: name, en: name) }
}

/// One difference that was written down, for people and programs. No name and no ID number is in
/// it.
struct SheetLine: Encodable {
    let number: Int64
    let state: DifferenceBook.State
    let isOverdue: Bool
    let programme: String
    let year: Int
    let level: String
    let kind: String
    let reason: Wording
    let institution: String?
    let month: CalendarMonth?
    let service: String?
    let record: RecordID?
    let serial: String?
    let rows: [Int]?
    let local: Int?
    let national: Int?
    let source: Int?
    let owner: String?
    let dueOn: CalendarDate
    /// Whole days since it was opened, or from then until it was closed.
    let days: Int
    let outcome: Wording?
    /// The same difference that was closed before.
    let again: Int64?

    init(_ sheet: DifferenceBook.Sheet, on today: CalendarDate, _ titles: SheetTitles) {
        let differed = sheet.differed
        number = sheet.number
        state = sheet.state
        isOverdue = sheet.isOverdue(on: today)
        programme = differed.programme
        year = differed.year
        level = differed.level
        kind = differed.kind
        reason = sheet.reason
        institution = differed.institution
        month = differed.month
        service = differed.service
        record = differed.record
        serial = differed.serial
        rows = differed.rows
        local = differed.local
        national = differed.national
        source = differed.source
        owner = sheet.owner
        dueOn = sheet.dueOn
        days = sheet.age(on: today)
        outcome = sheet.outcome.map(titles.outcome)
        again = differed.again
    }

    /// What it is about: a case, or an institution's month.
    var subject: String {
        record?.text ?? serial
            ?? [institution, month?.description, service].compactMap { $0 }
            .joined(separator: " ")
    }

    /// The numbers that differ.
    var figures: String {
        [
            source.map { said("自报 \($0)", "their count \($0)") },
            local.map { said("我方 \($0)", "ours \($0)") },
            national.map { said("对方 \($0)", "theirs \($0)") },
        ].compactMap { $0 }.joined(separator: said("，", ", "))
    }

    /// How it stands, with what must be seen first.
    var stateWords: String {
        (isOverdue ? said("▲ 逾期 ", "▲ late ") : "") + (outcome ?? state.title).said
    }
}

extension SheetLine {
    private static let heads = [
        "编号", "状态", "逾期", "项目", "年度", "类别", "原因", "why", "记录", "对方编号", "清单的行", "机构",
        "月份", "服务", "自报", "我方", "对方", "负责人", "期限", "天数", "结果", "前一张",
    ]

    /// All of them as CSV in UTF-8 with its mark, so that Excel reads it.
    static func table(_ lines: [SheetLine]) -> String {
        let rows = [heads] + lines.map(\.cells)
        return "\u{FEFF}" + rows.map(SheetCell.row).joined()
    }

    private var cells: [String] {
        let names = [record?.text, serial, rows?.map(String.init).joined(separator: " ")]
        let place = [institution, month?.description, service]
        let counts = [source, local, national].map { $0.map(String.init) }
        let end = [
            owner, dueOn.description, "\(days)", outcome?.zh, again.map(String.init),
        ]
        return ["\(number)", state.title.zh, isOverdue ? "▲" : "", programme, "\(year)"]
            + [kind, reason.zh, reason.en] + (names + place + counts + end).map { $0 ?? "" }
    }
}

/// The list of differences.
struct SheetTable {
    private let lines: [SheetLine]
    private let output: Output

    init(_ lines: [SheetLine], output: Output) {
        self.lines = lines
        self.output = output
    }

    func show() {
        guard !lines.isEmpty else {
            output.line("没有差异单。", "There is none.")
            return
        }
        var table = Columns([
            (said("编号", "number"), .right), (said("负责人", "owner"), .left),
            (said("期限", "due"), .left), (said("天数", "days"), .right),
            (said("类别", "class"), .left), (said("原因与对象", "why, and of what"), .left),
        ])
        for line in lines {
            table.add([
                "\(line.number)", line.owner ?? said("未指派", "nobody"), line.dueOn.description,
                "\(line.days)", line.kind,
                "\(line.stateWords) \(line.reason.said) \(line.subject) \(line.figures)",
            ])
        }
        output.table(table)
        let late = lines.count(where: \.isOverdue)
        output.line(
            "  \(lines.count) 张，逾期 \(late) 张", "  \(lines.count) of them, \(late) late")
    }
}

/// One difference and its steps.
struct SheetPage: Encodable {
    struct Step: Encodable {
        let at: String
        let step: String
        let by: String
        let owner: String?
        let dueOn: CalendarDate?
        let outcome: Wording?
        let because: String?
    }

    let sheet: SheetLine
    let opened: String
    let by: String
    /// SHA-256 of the list that it comes from, hex.
    let list: String?
    let steps: [Step]

    init(_ sheet: DifferenceBook.Sheet, on today: CalendarDate, _ titles: SheetTitles) {
        self.sheet = SheetLine(sheet, on: today, titles)
        opened = sheet.openedAt.dateTime
        by = sheet.differed.by
        list = sheet.differed.list
        steps = sheet.steps.map { step in
            Step(
                at: step.at.dateTime, step: step.handled.step, by: step.handled.by,
                owner: step.handled.owner, dueOn: step.handled.dueOn,
                outcome: step.handled.outcome.map(titles.outcome),
                because: step.handled.because)
        }
    }

    func show(_ output: Output) {
        output.line(
            "差异单 \(sheet.number)　\(sheet.stateWords)",
            "Difference \(sheet.number): \(sheet.stateWords)")
        var table = Columns(sides: [.left, .left])
        func add(_ zh: String, _ en: String, _ text: String?) {
            if let text, !text.isEmpty { table.add([said(zh, en), text]) }
        }
        add("类别", "class", sheet.kind)
        add("原因", "why", sheet.reason.said)
        add("记录", "record", sheet.record?.text)
        add("对方编号", "their number", sheet.serial)
        add("清单的行", "rows of the list", sheet.rows?.map(String.init).joined(separator: " "))
        add("机构", "institution", sheet.institution)
        add("月份", "month", sheet.month?.description)
        add("服务", "service", sheet.service)
        add("例数", "cases", sheet.figures)
        add("项目", "programme", "\(sheet.programme) \(sheet.year)")
        add("负责人", "owner", sheet.owner ?? said("未指派", "nobody"))
        add("期限", "due", sheet.dueOn.description)
        add("天数", "days", "\(sheet.days)")
        add("前一张", "closed before", sheet.again.map(String.init))
        add("清单", "list", list.map { String($0.prefix(16)) })
        output.table(table)
        output.line()
        output.line("  \(opened) \(by) 开单", "  \(opened) opened by \(by)")
        for step in steps {
            let words =
                [step.owner, step.dueOn?.description, step.outcome?.said, step.because]
                .compactMap { $0 }.joined(separator: " ")
            output.paragraph("\(step.at) \(step.by) \(title(of: step.step)) \(words)", indent: 2)
        }
    }

    private func title(of step: String) -> String {
        switch step {
        case "assigned": said("指派", "assigned")
        case "gone": said("对账时已消失", "gone in a comparison")
        case "back": said("对账时又出现", "back in a comparison")
        case "closed": said("关闭", "closed")
        default: step
        }
    }
}

/// How many differences wait for people, as `status` says it.
struct StandingDifferences: Encodable {
    let open: Int
    let overdue: Int

    init(on today: CalendarDate, in transaction: any Transaction) throws {
        (open, overdue) = try DifferenceDesk.book(in: transaction).standing(on: today)
    }

    /// One line, where any is late.
    func show(_ output: Output) {
        guard overdue > 0 else { return }
        output.line(
            "▲ 差异单逾期 \(overdue) 张（未关闭 \(open) 张）：shangbao differences list --overdue",
            "▲ \(overdue) differences are late, of \(open) open: shangbao differences list --overdue"
        )
    }
}
