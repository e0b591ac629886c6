import Records

/// The statement as a page to print and sign: self-contained, A4, Chinese with English below it.
extension Statement {
    /// The statement as one page without scripts, for the screen and for A4.
    package func html() -> [UInt8] {
        let heading = "\(title.zh) \(periodTitle.zh)"
        var page = HTMLPage(title: "\(heading) \(division)", style: Statement.style)
        page.heading(heading, "\(title.en), \(periodTitle.en)", level: 1)
        page.paragraph(
            "区县 \(division)　规则 \(rule)　制表 \(made)",
            "County \(division) · rule \(rule) · made \(made)", mark: "under")
        if isClosed {
            page.paragraph(
                national == nil ? "可以关账：账目平；没有国家计数可对。" : "可以关账：账目平，与国家平台一致。",
                national == nil
                    ? "Ready to close: the books balance; there are no national counts."
                    : "Ready to close: the books balance and agree.", mark: "closed")
        } else {
            page.paragraph(
                "草案，不能关账：\(blocked.count) 项待解决，见“未能关账的原因”。",
                "Draft, cannot be closed: see what stands in the way (\(blocked.count)).",
                mark: "open")
        }
        if let carriedOver {
            page.paragraph(
                "未决 \(carriedOver) 例结转下期，见 exceptions.csv。",
                "Still open and carried over: \(carriedOver), see exceptions.csv.", mark: "open")
        }
        writeLines(to: &page)
        writePayers(to: &page)
        writeCorrection(to: &page)
        writeBlocked(to: &page)
        writeBalance(to: &page)
        writeDiscrepancies(to: &page)
        writeParameters(to: &page)
        page.paragraph(
            "金额单位：元；计数单位：\(unit.zh)、人。本表不含个人信息。经办＿＿＿＿　复核＿＿＿＿　负责人＿＿＿＿",
            "Amounts in yuan; counts in \(unit.en) and persons. No personal data. "
                + "Made by · checked by · approved by", mark: "under")
        return page.closed()
    }

    private func writeLines(to page: inout HTMLPage) {
        page.heading("一、结算与不结算", "What is paid, and what is not")
        page.openTable([
            ("项目", "Item", false), ("依据", "Rule", false), (unit.zh, unit.en, true),
            ("人", "persons", true), ("单价", "Price", true), ("金额", "Amount", true),
        ])
        for line in lines {
            page.row([
                .titled(line.title.zh, line.title.en), .text(line.rule), .number("\(line.cases)"),
                .number("\(line.persons)"), .number(line.priceFen.yuan), .number(line.fen.yuan),
            ])
        }
        for line in unpaid {
            page.row([
                .titled(line.title.zh, line.title.en), .text(line.rule), .number("\(line.cases)"),
                .number("\(line.persons)"), .number(Money.zero.yuan), .number(Money.zero.yuan),
            ])
        }
        page.row(
            [
                .titled("结算合计", "Paid in all"), .text(""), .number("\(totalCases)"),
                .number("\(lines.reduce(0) { $0 + $1.persons })"), .text(""),
                .number(totalFen.yuan),
            ], mark: "sum")
        if let unsigned {
            page.row([
                .titled("其中依据无签名结果清单", "Of which by lists without a signature"), .text(""),
                .number("\(unsigned.cases)"), .number("\(unsigned.persons)"), .text(""),
                .number(unsigned.fen.yuan),
            ])
        }
        page.closeTable()
        guard !institutions.isEmpty else { return }
        page.openTable([
            ("机构", "Institution", false), ("项目", "Item", false), (unit.zh, unit.en, true),
            ("人", "persons", true), ("金额", "Amount", true),
        ])
        for line in institutions {
            page.row([
                .code(line.institution), .titled(line.title.zh, line.title.en),
                .number("\(line.cases)"), .number("\(line.persons)"), .number(line.fen.yuan),
            ])
        }
        page.closeTable()
    }

    private func writePayers(to page: inout HTMLPage) {
        page.heading("二、各方分担与预拨结算", "Who pays, and what was paid ahead")
        for warning in warnings { page.paragraph(warning.zh, warning.en, mark: "open") }
        guard !payers.isEmpty else {
            page.paragraph("参数未设，未分担。", "Not shared out: parameters are unset.", mark: "open")
            return
        }
        page.openTable(
            [("", "", false)] + payers.map { ($0.title.zh, $0.title.en, true) }
                + [("合计", "Total", true)])
        let parts: [(zh: String, en: String, amount: (PayerLine) -> Money?)] = [
            ("按标准应负担", "Due by the standard", { $0.dueFen }),
            ("超标准部分", "Above the standard", { $0.rules.excess == nil ? nil : $0.excessFen }),
            ("应负担合计", "Due in all", { $0.totalFen }),
            ("预拨基数（预测×单价×比例）", "Basis: forecast × price × share", { $0.prepayment?.basisFen }),
            ("上年结转（正为多拨）", "Carried in (+ overpaid)", { $0.prepayment?.carryInFen }),
            ("当年预拨", "Paid ahead", { $0.prepayment?.paidFen }),
            ("差额（基数减应负担）", "Surplus (− deficit)", { $0.prepayment?.surplusFen }),
            ("结转下年（正为多拨）", "Carried out (+ overpaid)", { $0.prepayment?.carryOutFen }),
            ("下年应拨", "Next year's payment", { $0.prepayment?.next?.paymentFen }),
            ("下年仍结转", "Carried on after it", { $0.prepayment?.next?.carriedOnFen }),
        ]
        page.row([.titled("比例", "Share")] + payers.map { .number($0.share) } + [.text("")])
        for part in parts {
            let amounts = payers.map(part.amount)
            guard amounts.contains(where: { $0 != nil }) else { continue }
            let sum = amounts.reduce(Money.zero) { $0 + ($1 ?? .zero) }
            page.row(
                [.titled(part.zh, part.en)] + amounts.map { .number($0?.yuan ?? "—") }
                    + [.number(sum.yuan)])
        }
        page.closeTable()
    }

    private func writeCorrection(to page: inout HTMLPage) {
        guard let correction else { return }
        page.heading("对上次结算的更正", "What changes about the statement before")
        page.openTable([
            ("病例", "Case", false), ("项目", "Item", false), ("原因", "Why", false),
            ("原行号", "Old line", true), ("金额", "Amount", true),
        ])
        page.row([
            .code(correction.statement), .titled("上次结算", "The statement before"), .text(""),
            .number("\(correction.earlierCases)"), .number(correction.earlierFen.yuan),
        ])
        for line in correction.lines {
            page.row([
                .code(line.record.text), .code(line.item), .titled(line.title.zh, line.title.en),
                .number("\(line.seq)"), .number(line.fen.yuan),
            ])
        }
        page.row([
            .text(""), .titled("本次新增", "Added"), .text(""),
            .number("\(correction.addedCases)"), .number(correction.addedFen.yuan),
        ])
        page.row(
            [
                .text(""), .titled("结算合计", "Paid in all"), .text(""),
                .number("\(totalCases)"), .number(totalFen.yuan),
            ], mark: "sum")
        page.closeTable()
    }

    private func writeBlocked(to page: inout HTMLPage) {
        guard !blocked.isEmpty else { return }
        page.heading("未能关账的原因", "What stands in the way")
        page.openTable([("代码", "Code", false), ("原因", "Why", false)])
        for blocker in blocked {
            page.row([.code(blocker.code), .titled(blocker.wording.zh, blocker.wording.en)])
        }
        page.closeTable()
    }

    private func writeBalance(to page: inout HTMLPage) {
        page.heading("三、核对：按机构和月份（\(unit.zh)）", "Tie-out by institution and month (\(unit.en))")
        page.paragraph(
            "收到 = 其余各栏之和。国家生效与本地已接收应相等。",
            "Taken is the sum of the classes; national in force should equal accepted here.")
        let classes = Balance.sum(balance).counts
        page.openTable(
            [("月份", "Month", false)] + classes.map { ($0.title.zh, $0.title.en, true) }
                + [("国家生效", "national", true)])
        var institution: String?
        var isFirst = true
        for line in balance {
            if isFirst || line.institution != institution {
                page.row(
                    [.wide(line.institution ?? "机构或日期无法识别 unknown", columns: classes.count + 2)],
                    mark: "group")
            }
            isFirst = false
            institution = line.institution
            let count = nationalCount(line)
            let isEqual = count == nil || count == line.accepted
            let shown = count.map { "\($0)" } ?? "—"
            page.row(
                [.code(line.month?.description ?? "未知")]
                    + line.counts.map { .number("\($0.count)") }
                    + [isEqual ? .number(shown) : .loud(shown)])
        }
        let nationalSum = national.map { "\($0.reduce(0) { $0 + $1.accepted })" } ?? "—"
        page.row(
            [.text("合计")] + classes.map { .number("\($0.count)") } + [.number(nationalSum)],
            mark: "sum")
        page.closeTable()
        page.paragraph(
            "历年全部来件：\(intake.rows) 行，其中未变 \(intake.unchanged)，收到 \(intake.taken)，"
                + "无去向 \(intake.withoutFate)。",
            "All items of all years: \(intake.rows) rows, \(intake.unchanged) unchanged, "
                + "\(intake.taken) taken, \(intake.withoutFate) without a fate.")
    }

    /// The national count of a line's cell: absent without counts, 0 where they leave it out.
    private func nationalCount(_ line: Balance.Line) -> Int? {
        guard let national, line.month != nil else { return nil }
        return national.first {
            $0.institution == line.institution && $0.month == line.month
        }?.accepted ?? 0
    }

    private func writeDiscrepancies(to page: inout HTMLPage) {
        page.heading("四、差异", "Discrepancies")
        guard !discrepancies.isEmpty else {
            page.paragraph(
                national == nil ? "未取得国家计数，未对账。" : "没有差异。",
                national == nil ? "No national counts: not compared." : "None.")
            return
        }
        page.openTable([
            ("代码", "Code", false), ("机构", "Institution", false), ("月份", "Month", false),
            ("说明", "What", false), ("病例", "Case", false),
        ])
        for discrepancy in discrepancies {
            page.row([
                .code(discrepancy.kind.rawValue), .code(discrepancy.institution),
                .code(discrepancy.month.description),
                .titled(discrepancy.wording.zh, discrepancy.wording.en),
                .text(discrepancy.record?.text ?? ""),
            ])
        }
        page.closeTable()
    }

    private func writeParameters(to page: inout HTMLPage) {
        page.heading("五、所用参数", "Parameters used")
        page.openTable([("参数", "Parameter", false), ("值", "Value", false)])
        for parameter in parameters {
            page.row([.code(parameter.name), .code(parameter.value)])
        }
        page.row([.code("SHA-256"), .code(ruleDigest)])
        page.closeTable()
    }

    private static let style = """
        @page { size: A4; margin: 14mm 12mm }
        body { font: 10pt/1.45 "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif;
          color: #111; max-width: 186mm; margin: 0 auto }
        h1 { font-size: 16pt; text-align: center; margin: 0 0 2mm }
        h2 { font-size: 11.5pt; margin: 6mm 0 1.5mm; break-after: avoid;
          break-inside: avoid }
        small { display: block; font-size: 7.5pt; font-weight: normal; color: #555 }
        p { margin: 1mm 0; break-inside: avoid } p.under { text-align: center; margin-top: 3mm }
        p.closed, p.open { border: 1px solid; padding: 1.5mm 2.5mm }
        p.open, .loud { color: #a40000 } p.closed { color: #0a5c2b }
        table { width: 100%; border-collapse: collapse; font-size: 8.5pt }
        table + table { margin-top: 3mm }
        thead { display: table-header-group } tr { break-inside: avoid }
        th, td { border: 1px solid #999; padding: 0.8mm 1.2mm; text-align: left;
          vertical-align: top; overflow-wrap: anywhere }
        th { background: #eee; font-weight: bold } th small { font-size: 6.5pt }
        .c { white-space: nowrap } h2 + p { break-after: avoid }
        .n { text-align: right; font-variant-numeric: tabular-nums }
        .sum td { font-weight: bold; border-top: 2px solid #333 }
        .group td { background: #f6f6f6; font-weight: bold } .loud { font-weight: bold }
        """
}
