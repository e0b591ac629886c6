package import LibPDF
import Records

/// The statement on paper (结算表 PDF): the same figures and codes as the other forms, in Chinese,
/// with amounts in capitals, page numbers, and room to sign.
extension Statement {
    /// Writes a PDF. The same statement gives the same bytes on the same machine.
    ///
    /// - Parameters:
    ///   - path: a new file.
    ///   - digest: SHA-256 of `settlement.json`, hex: the paper says of which statement it is.
    ///   - anchor: one line of the tree head, which the paper shows as a QR code too.
    /// - Throws: `PDFFailure`.
    package func writePDF(
        to path: String, digest: String, anchor: String? = nil
    ) throws(PDFFailure) {
        var pages = PDFPages(
            title: "\(title.zh) \(division) \(year)", made: made,
            foot: "settlement.json SHA-256 \(digest)")
        pages.paragraph(
            "\(title.zh)　\(periodTitle.zh)", TextStyle(.center, isBold: true, size: 16), after: 6)
        pages.paragraph(
            "区划代码 \(division)　　\(isClosed ? "可以关账，签署后生效" : "草案，尚未关账")　　编制时间 \(made.prefix(16))"
                + "　　结算规则 \(rule)（SHA-256 \(ruleDigest.prefix(16))）", TextStyle(.center), after: 10)
        var numbers = ["一", "二", "三", "四", "五"][...]
        func section(_ title: String) {
            pages.paragraph("\(numbers.removeFirst())、\(title)", Statement.head)
        }
        section("应结算")
        addPaid(to: &pages)
        section("分担与预拨（元；结转为正表示多拨）")
        addPayers(to: &pages)
        if !unpaid.isEmpty {
            section("已接收而不结算")
            addUnpaid(to: &pages)
        }
        if let correction {
            section("对上次结算的更正")
            add(correction, to: &pages)
        }
        if !blocked.isEmpty || !discrepancies.isEmpty {
            section("未决事项与差异")
            addOpen(to: &pages)
        }
        pages.paragraph(
            "编制人：\(maker ?? "　　　　　　　")　　　复核人：　　　　　　　　　　负责人：　　　　　　　　　　日期：",
            TextStyle(size: 10), after: 16)
        if let anchor {
            try pages.code(
                anchor,
                beside: "锚点 · anchor：请连同日期留存。以后用 verify.py --anchor 核对，结算行有没有被改写。　" + anchor)
        }
        addTieOut(to: &pages)
        try pages.write(to: path)
    }

    private static let head = TextStyle(isBold: true, size: 11)

    private func addPaid(to pages: inout PDFPages) {
        var rows = lines.map { line in
            [
                "paid.\(line.item)", line.title.zh, line.priceFen.grouped, "\(line.cases)",
                "\(line.persons)", line.fen.grouped, line.rule,
            ]
        }
        rows.append([
            "paid.total", "合计", "", "\(totalCases)",
            "\(lines.reduce(0) { $0 + $1.persons })", totalFen.grouped, "",
        ])
        if let unsigned {
            rows.append([
                "paid.unsigned", "其中依据无签名的结果清单", "", "\(unsigned.cases)",
                "\(unsigned.persons)", unsigned.fen.grouped, "",
            ])
        }
        pages.table(
            [
                TableColumn("代码", 2), TableColumn("项目", 4), TableColumn("单价（元）", 2, .right),
                TableColumn("数量（\(unit.zh)）", 2, .right), TableColumn("人数（人）", 2, .right),
                TableColumn("金额（元）", 2, .right), TableColumn("依据", 1.2, .center),
            ], rows)
        pages.paragraph("合计人民币（大写）：\(totalFen.capitals)", TextStyle(isBold: true), after: 10)
        guard !institutions.isEmpty else { return }
        pages.table(
            [
                TableColumn("机构", 4), TableColumn("项目", 4),
                TableColumn("数量（\(unit.zh)）", 2, .right), TableColumn("人数（人）", 2, .right),
                TableColumn("金额（元）", 2, .right),
            ],
            institutions.map { line in
                [
                    line.institution, line.title.zh, "\(line.cases)", "\(line.persons)",
                    line.fen.grouped,
                ]
            })
    }

    private func addPayers(to pages: inout PDFPages) {
        guard !payers.isEmpty else {
            return pages.paragraph("参数未设，未分担：见未决事项。", after: 10)
        }
        pages.table(
            [
                TableColumn("代码", 2.4), TableColumn("出资方", 2.4),
                TableColumn("比例", 1.2, .center), TableColumn("按标准", 2, .right),
                TableColumn("超标准", 2, .right), TableColumn("应负担合计", 2.2, .right),
                TableColumn("上年结转", 2, .right), TableColumn("当年预拨", 2, .right),
                TableColumn("差额", 2, .right), TableColumn("结转下年", 2, .right),
                TableColumn("下年应拨", 2, .right),
            ],
            payers.map { line in
                let ahead = line.prepayment
                return [
                    "total.\(line.payer)", line.title.zh, line.share, line.dueFen.grouped,
                    line.rules.excess == nil ? "—" : line.excessFen.grouped, line.totalFen.grouped,
                ]
                    + [
                        ahead?.carryInFen, ahead?.paidFen, ahead?.surplusFen, ahead?.carryOutFen,
                        ahead?.next?.paymentFen,
                    ].map { $0?.grouped ?? "—" }
            })
        for line in payers {
            pages.paragraph(
                "\(line.title.zh)应负担合计（大写）：人民币\(line.totalFen.capitals)", after: 2)
        }
        pages.paragraph("", after: 4)
    }

    private func addUnpaid(to pages: inout PDFPages) {
        pages.table(
            [
                TableColumn("代码", 3), TableColumn("原因", 5),
                TableColumn("数量（\(unit.zh)）", 2, .right),
                TableColumn("人数（人）", 2, .right), TableColumn("依据", 1.5, .center),
            ],
            unpaid.map { line in
                [
                    "unpaid.\(line.reason.rawValue)", line.title.zh, "\(line.cases)",
                    "\(line.persons)", line.rule,
                ]
            })
    }

    private func add(_ correction: Correction, to pages: inout PDFPages) {
        pages.paragraph(
            "上次 \(correction.earlierFen.grouped) 元（settlement.json SHA-256 "
                + "\(correction.statement)），冲减 \(correction.fen.grouped) 元，"
                + "新增 \(correction.addedFen.grouped) 元。")
        guard !correction.lines.isEmpty else { return }
        pages.table(
            [
                TableColumn("病例", 4), TableColumn("上次的行", 1.2, .right),
                TableColumn("项目", 1.6), TableColumn("金额（元）", 1.6, .right),
                TableColumn("原因", 2.4),
            ],
            correction.lines.prefix(Statement.mostOnPaper).map { line in
                [
                    line.record.text, "\(line.seq)", line.item, line.fen.grouped, line.title.zh,
                ]
            })
        sayRest(of: correction.lines.count, on: &pages)
    }

    /// Nobody reads hundreds of lines on paper.
    private static let mostOnPaper = 300

    private func sayRest(of count: Int, on pages: inout PDFPages) {
        guard count > Statement.mostOnPaper else { return }
        pages.paragraph("其余 \(count - Statement.mostOnPaper) 条见 settlement.csv。", after: 8)
    }

    private func addOpen(to pages: inout PDFPages) {
        pages.table(
            [TableColumn("代码", 2), TableColumn("说明", 9)],
            blocked.map { [$0.code, $0.wording.zh] }
                + discrepancies.prefix(Statement.mostOnPaper).map { line in
                    [
                        line.kind.rawValue,
                        line.wording.zh + (line.record.map { " \($0.text)" } ?? ""),
                    ]
                })
        sayRest(of: discrepancies.count, on: &pages)
    }

    private func addTieOut(to pages: inout PDFPages) {
        pages.paragraph("附：核对，收到的每一例都有去向", Statement.head)
        guard let first = balance.first else {
            return pages.paragraph("本年度没有收到病例。")
        }
        let counts = first.counts
        pages.table(
            [TableColumn("机构", 4), TableColumn("月份", 1.6, .center)]
                + counts.map { TableColumn($0.title.zh, 1.4, .right) },
            balance.map { line in
                [line.institution ?? "未知", line.month?.description ?? "未知"]
                    + line.counts.map { $0.count == 0 ? "·" : "\($0.count)" }
            })
    }
}

extension Money {
    /// Yuan with a comma after each three digits, e.g. `64,080.00`.
    fileprivate var grouped: String {
        let parts = yuan.split(separator: ".", maxSplits: 1)
        let digits = Array(parts[0].drop { $0 == "-" })
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return (fen < 0 ? "-" : "") + text + (parts.count > 1 ? ".\(parts[1])" : "")
    }
}
