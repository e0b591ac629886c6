package import LibXlsx
import Records

/// The statement as the finance bureau files it (结算表): merged heads, amounts in yuan and in Chinese
/// capitals, A4 with page numbers and room for signatures. Each row bears the code by which
/// `settlement.csv` and `settlement.json` have the same figure.
extension Statement {
    /// Writes a workbook. The same statement gives the same bytes.
    ///
    /// - Parameter path: a new file.
    /// - Throws: `WorkbookFailure`.
    package func writeWorkbook(to path: String) throws(WorkbookFailure) {
        // The day is enough, and a zone would make it another one elsewhere.
        let day = CalendarDate(iso: String(made.prefix(10)))?.daysSince1970 ?? 1
        let book = try Workbook(path: path, madeAt: Int64(day) * 86_400, title: title.zh)
        var page = try StatementPage(self, book)
        try page.head()
        try page.paid()
        try page.institutions()
        try page.shares()
        try page.others()
        try page.signatures()
        try StatementPage.tieOut(self, book)
        try book.close()
    }
}

/// The first sheet while it is written, from the top.
private struct StatementPage {
    private static let columns: [Double] = [22, 30, 14, 14, 14, 14, 14, 14, 14, 14, 14]
    private static let last = columns.count - 1

    private let statement: Statement
    private let sheet: Workbook.Sheet
    private var row = 0

    private let heading = CellStyle(.center, isBold: true, isShaded: true)
    private let plain = CellStyle(.left)
    private let middle = CellStyle(.center)
    private let money = CellStyle(.right, wraps: false, numberFormat: "#,##0.00")
    private let count = CellStyle(.right, wraps: false, numberFormat: "#,##0")
    private let section = CellStyle(.left, isBold: true, hasBorder: false, size: 12)

    init(_ statement: Statement, _ book: Workbook) throws(WorkbookFailure) {
        self.statement = statement
        sheet = try book.sheet("结算表", widths: StatementPage.columns)
    }

    mutating func head() throws(WorkbookFailure) {
        try across(
            "\(statement.title.zh)　\(statement.periodTitle.zh)",
            CellStyle(.center, isBold: true, hasBorder: false, size: 16))
        try sheet.height(of: row - 1, 30)
        let state = statement.isClosed ? "可以关账，签署后生效" : "草案，尚未关账"
        try across(
            "区划代码 \(statement.division)　　\(state)　　编制时间 \(statement.made.prefix(16))　　"
                + "结算规则 \(statement.rule)（SHA-256 \(statement.ruleDigest.prefix(16))）",
            CellStyle(.center, hasBorder: false))
        row += 1
    }

    // MARK: - What is paid

    mutating func paid() throws(WorkbookFailure) {
        try across("一、应结算", section)
        try heads([
            "代码", "项目", "单价（元）", "数量（\(statement.unit.zh)）", "人数（人）", "金额（元）", "依据",
        ])
        for line in statement.lines {
            try text("paid.\(line.item)", 0)
            try text(line.title.zh, 1)
            try amount(line.priceFen, 2)
            try number(line.cases, 3)
            try number(line.persons, 4)
            try amount(line.fen, 5)
            try sheet.text(line.rule, row, 6, middle)
            row += 1
        }
        try text("paid.total", 0)
        try text("合计", 1)
        try text("", 2)
        try number(statement.totalCases, 3)
        try number(statement.lines.reduce(0) { $0 + $1.persons }, 4)
        try amount(statement.totalFen, 5)
        try text("", 6)
        row += 1
        try text("大写", 0)
        try sheet.merged(
            "人民币\(statement.totalFen.capitals)", from: (row, 1), to: (row, 6), plain)
        row += 1
        if let unsigned = statement.unsigned {
            try text("paid.unsigned", 0)
            try sheet.merged("其中依据无签名的结果清单", from: (row, 1), to: (row, 2), plain)
            try number(unsigned.cases, 3)
            try number(unsigned.persons, 4)
            try amount(unsigned.fen, 5)
            try text("", 6)
            row += 1
        }
        row += 1
    }

    /// What each institution is to be paid.
    mutating func institutions() throws(WorkbookFailure) {
        guard !statement.institutions.isEmpty else { return }
        try across("其中各机构", section)
        try heads(["代码", "项目", "机构", "数量（\(statement.unit.zh)）", "人数（人）", "金额（元）", ""])
        for line in statement.institutions {
            try text("institution.\(line.item)", 0)
            try text(line.title.zh, 1)
            try text(line.institution, 2)
            try number(line.cases, 3)
            try number(line.persons, 4)
            try amount(line.fen, 5)
            try text("", 6)
            row += 1
        }
        row += 1
    }

    // MARK: - Who bears it

    mutating func shares() throws(WorkbookFailure) {
        try across("二、分担与预拨（元；结转为正表示多拨）", section)
        guard !statement.payers.isEmpty else {
            try across("参数未设，未分担：见未决事项。", CellStyle(.left, hasBorder: false))
            row += 1
            return
        }
        let top = row
        for (column, title) in ["代码", "出资方", "比例"].enumerated() {
            try sheet.merged(title, from: (top, column), to: (top + 1, column), heading)
        }
        try sheet.merged("应负担", from: (top, 3), to: (top, 5), heading)
        try sheet.merged("预拨与结转", from: (top, 6), to: (top, 10), heading)
        row += 1
        for (column, title) in [
            "按标准", "超标准", "合计", "上年结转", "当年预拨", "差额", "结转下年", "下年应拨",
        ].enumerated() {
            try sheet.text(title, row, column + 3, heading)
        }
        row += 1
        for line in statement.payers { try payer(line) }
        row += 1
    }

    private mutating func payer(_ line: PayerLine) throws(WorkbookFailure) {
        try text("total.\(line.payer)", 0)
        try text(line.title.zh, 1)
        try sheet.text(line.share, row, 2, middle)
        try amount(line.dueFen, 3)
        try amount(line.excessFen, 4)
        try amount(line.totalFen, 5)
        let ahead = line.prepayment
        let figures = [
            ahead?.carryInFen, ahead?.paidFen, ahead?.surplusFen, ahead?.carryOutFen,
            ahead?.next?.paymentFen,
        ]
        for (column, figure) in figures.enumerated() {
            if let figure {
                try amount(figure, column + 6)
            } else {
                try sheet.text("—", row, column + 6, middle)
            }
        }
        row += 1
        try text("大写", 0)
        try sheet.merged(
            "\(line.title.zh)应负担合计：人民币\(line.totalFen.capitals)", from: (row, 1),
            to: (row, StatementPage.last), plain)
        row += 1
    }

    // MARK: - What is not paid, and what is open

    mutating func others() throws(WorkbookFailure) {
        if !statement.unpaid.isEmpty {
            try across("三、已接收而不结算", section)
            try heads(["代码", "原因", "数量（\(statement.unit.zh)）", "人数（人）", "依据"])
            for line in statement.unpaid {
                try text("unpaid.\(line.reason.rawValue)", 0)
                try text(line.title.zh, 1)
                try number(line.cases, 2)
                try number(line.persons, 3)
                try sheet.text(line.rule, row, 4, middle)
                row += 1
            }
            row += 1
        }
        guard !statement.blocked.isEmpty else { return }
        try across("四、未决事项（解决之前不能关账）", section)
        for blocker in statement.blocked {
            try text(blocker.code, 0)
            try sheet.merged(
                blocker.wording.zh, from: (row, 1), to: (row, StatementPage.last), plain)
            row += 1
        }
        row += 1
    }

    mutating func signatures() throws(WorkbookFailure) {
        row += 1
        let line = CellStyle(.left, hasBorder: false)
        for (column, who) in [(1, "编制人："), (3, "复核人："), (6, "负责人："), (9, "日期：")] {
            try sheet.text(who, row, column, line)
        }
    }

    // MARK: - The tie-out

    /// The second sheet: what was taken, and what became of it, by institution and month.
    static func tieOut(_ statement: Statement, _ book: Workbook) throws(WorkbookFailure) {
        let classes = statement.balance.first?.counts ?? []
        let sheet = try book.sheet(
            "核对", widths: [26, 12] + classes.map { _ in 11 })
        let heading = CellStyle(.center, isBold: true, isShaded: true)
        let count = CellStyle(.right, wraps: false, numberFormat: "#,##0")
        for (column, title) in (["机构", "月份"] + classes.map(\.title.zh)).enumerated() {
            try sheet.text(title, 0, column, heading)
        }
        for (row, line) in statement.balance.enumerated() {
            try sheet.text(line.institution ?? "未知", row + 1, 0, CellStyle(.left))
            try sheet.text(line.month?.description ?? "未知", row + 1, 1, CellStyle(.center))
            for (column, figure) in line.counts.enumerated() {
                try sheet.number(Double(figure.count), row + 1, column + 2, count)
            }
        }
    }

    // MARK: - Cells

    private mutating func across(_ text: String, _ style: CellStyle) throws(WorkbookFailure) {
        try sheet.merged(text, from: (row, 0), to: (row, StatementPage.last), style)
        row += 1
    }

    private mutating func heads(_ titles: [String]) throws(WorkbookFailure) {
        for (column, title) in titles.enumerated() {
            try sheet.text(title, row, column, heading)
        }
        row += 1
    }

    private func text(_ text: String, _ column: Int) throws(WorkbookFailure) {
        try sheet.text(text, row, column, plain)
    }

    private func number(_ number: Int, _ column: Int) throws(WorkbookFailure) {
        try sheet.number(Double(number), row, column, count)
    }

    /// In yuan. Below 90 trillion yuan a spreadsheet's number holds every fen.
    private func amount(_ money: Money, _ column: Int) throws(WorkbookFailure) {
        try sheet.number(Double(money.fen) / 100, row, column, self.money)
    }
}
