package import LibPDF
import Records

extension ReviewSheet {
    /// Writes the sheet as pages (审核表 PDF), in Chinese, with English where a term needs it.
    ///
    /// The same sheet gives the same bytes on the same machine. Throws `PDFFailure`.
    ///
    /// - Parameters:
    ///   - path: a new file.
    ///   - made: the day that the pages bear, `xs:dateTime`.
    package func writePDF(
        to path: String, comparedWith earlier: ReviewSheet? = nil,
        annex: SheetAnnex = SheetAnnex(), made: String
    ) throws(PDFFailure) {
        var paper = SheetPaper(sheet: self, made: made)
        paper.addHead(annex)
        paper.addFindings()
        if let earlier { paper.add(changes(since: earlier)) }
        paper.addFields("上报的字段 · Fields that are sent", sent)
        paper.addFields(
            "只读不报的字段 · Fields that are read and not sent", readOnly,
            legend: ["类别、级别同上。红色：自由文本。"])
        paper.addRest()
        paper.add(annex)
        paper.add(annex.decisions)
        paper.addSignatures(annex)
        try paper.pages.write(to: path)
    }
}

/// Lays the sheet out. Every text from a file goes through `shown`.
private struct SheetPaper {
    let sheet: ReviewSheet
    let made: String
    var pages: PDFPages
    private var numbers = ["一", "二", "三", "四", "五", "六", "七", "八"][...]

    private static let head = TextStyle(isBold: true, size: 11)
    private static let legend = [
        "类别：DI 直接标识　QI 准标识　SH 健康　SH+ 易受歧视　OP 业务。级别（GB/T 39725）：1 可公开 … 5 最严。",
        "处理后等级（GB/T 42460，对没有平台密钥的人而言）：1 能直接指认　2 已去直接标识　3 风险可接受　4 只有汇总。加密：仅国家平台可解，密钥每份报文一把。",
        "红色：自由文本。示例均为虚构：“→”左边是机构的写法，右边是报出的内容。",
    ]
    private static let small = TextStyle(size: 7.5, ink: .grey)

    init(sheet: ReviewSheet, made: String) {
        self.sheet = sheet
        self.made = made
        pages = PDFPages(
            title: "映射审核表 \(sheet.mapping)", made: made,
            foot: "\(sheet.mapping)　SHA-256 \(sheet.sha256)")
    }

    /// The next section's head.
    private mutating func section(_ title: String) {
        let number = numbers.first ?? ""
        numbers = numbers.dropFirst()
        pages.paragraph("\(number)、\(title)", SheetPaper.head)
    }

    private func shown(_ text: String) -> String { SheetText.shown(text) }

    mutating func addHead(_ annex: SheetAnnex) {
        pages.paragraph(
            "映射审核表 · Mapping review sheet", TextStyle(.center, isBold: true, size: 16), after: 4)
        pages.paragraph(
            shown("\(sheet.mapping)　\(sheet.title.zh)"), TextStyle(.center, size: 11), after: 2)
        pages.paragraph(
            shown(sheet.title.en), TextStyle(.center, size: 8, ink: .grey), after: 4)
        if let origin = annex.origin {
            pages.paragraph(
                shown("\(origin.zh)　　　　　　　　　　　　（盖章处）"), TextStyle(.center, size: 9), after: 8)
        }
        let recipient =
            sheet.sent.isEmpty ? "无：只在本县计数" : "国家平台 · \(sheet.recipient.title)"
        let level = sheet.highestLevel == 0 ? "—" : "\(sheet.highestLevel) 级"
        let facts = [
            ("项目 Programme", "\(sheet.programmeTitle.zh)　\(sheet.programmeTitle.en)"),
            ("服务对象 Subjects", sheet.subjects.map(\.zh).joined(separator: "、")),
            ("目的 Purpose", "\(sheet.purpose.zh)\n\(sheet.purpose.en)"),
            ("依据 Legal basis", sheet.legalBasis),
            ("接收方 Recipient", recipient), ("通道 Channel", sheet.recipient.channel),
            ("接收方公钥 Key", sheet.recipient.keyTitle.zh),
            ("保存 Retention", sheet.retention),
            (
                "期限与门槛 Terms",
                sheet.terms.map { "\($0.title.zh) \($0.text)" }.joined(separator: "；")
            ),
            ("最高敏感级别 Level", "\(level)（GB/T 39725，1 可公开 … 5 最严）"),
            (
                "处理后等级 Grade",
                "\(sheet.grade.map { "\($0) 级" } ?? "—")（GB/T 42460，1 能直接指认 … 4 只有汇总；"
                    + "对没有平台密钥的人而言）"
            ),
            ("内容摘要 Content", "SHA-256 \(sheet.content.sha256)　SM3 \(sheet.content.sm3)"),
        ]
        pages.table(
            [TableColumn("项 Item", 1.3), TableColumn("内容 Content", 7)],
            facts.map { [$0.0, shown($0.1.split(separator: "\n").joined(separator: "　"))] })
        addCounts()
    }

    private mutating func addCounts() {
        func count(_ technique: ReviewSheet.Technique) -> String {
            "\(sheet.sent.count { $0.technique == technique })"
        }
        pages.table(
            [
                "上报 sent", "加密 sealed", "只报年月 month", "原样 as it is", "只读不报 read only",
                "忽略的列 ignored", "必填未填 missing",
            ].map { TableColumn($0, 1, .center) },
            [
                [
                    "\(sheet.sent.count)", count(.encrypt), count(.month), count(.keep),
                    "\(sheet.readOnly.count)", "\(sheet.ignored.count)",
                    "\(sheet.unfilled.count { $0.isRequired })",
                ]
            ])
        if let by = sheet.countedBySubject { pages.paragraph(by.zh, SheetPaper.small, after: 8) }
    }

    mutating func addFindings() {
        section("检查结果 · Findings（\(sheet.lint)）")
        if sheet.findings.isEmpty {
            pages.paragraph("没有发现。None.", TextStyle(ink: .green))
        } else {
            add(sheet.findings)
        }
        pages.paragraph(
            "须改的必须先改好才能批准；须权衡的在批准理由里按编号说明。M12、M18 要用实际数据，见附页。", SheetPaper.small,
            after: 8)
    }

    private mutating func add(_ findings: [SheetFinding]) {
        let rows = grouped(findings).map { found in
            TableRow(
                [
                    found[0].code, found[0].isToMend ? "须改" : "须权衡",
                    shown(found.map(sheet.titled).joined(separator: "、")),
                    found[0].entry?.what.zh ?? "", found[0].entry?.next.zh ?? "",
                ], ink: found[0].isToMend ? .red : .black)
        }
        pages.table(
            [
                TableColumn("代码", 0.6, .center), TableColumn("程度", 0.7, .center),
                TableColumn("字段或列 Field", 5), TableColumn("问题 What", 2),
                TableColumn("怎么办 Next", 2),
            ], of: rows)
    }

    mutating func add(_ changes: [SheetChange]) {
        section("与上次批准版本的差异 · Changes since the version approved last")
        guard !changes.isEmpty else { return pages.paragraph("没有差异。None.", after: 8) }
        for change in changes {
            let (mark, ink): (String, TextStyle.Ink) =
                switch change.direction {
                case .worse: ("+", .red)
                case .better: ("−", .green)
                case .neither: ("·", .black)
                }
            pages.paragraph(
                shown("\(mark)　\(change.what.zh)　\(change.what.en)"), TextStyle(ink: ink), after: 1)
        }
        pages.paragraph(
            "\(SheetChange.legend.zh)\(SheetChange.legend.en)", SheetPaper.small, after: 8)
    }

    mutating func addFields(
        _ title: String, _ fields: [ReviewSheet.Field], legend: [String] = SheetPaper.legend
    ) {
        section(title)
        guard !fields.isEmpty else { return pages.paragraph("没有。None.", after: 8) }
        for line in legend {
            pages.paragraph(line, SheetPaper.small, after: 3, keepsWithNext: true)
        }
        var rows: [TableRow] = []
        var place: Wording?
        for field in fields {
            if field.place != place {
                rows.append(TableRow(head: shown("\(field.place.zh) · \(field.place.en)")))
                place = field.place
            }
            rows.append(row(field))
        }
        pages.table(
            [
                TableColumn("编号", 0.8), TableColumn("来源列", 2), TableColumn("国家数据元", 3.4),
                TableColumn("必填", 0.5, .center), TableColumn("类别 级别", 0.8, .center),
                TableColumn("处理 等级", 1.1, .center), TableColumn("理由、必要性、密钥域", 3.8),
                TableColumn("示例（虚构）", 2.4),
            ], of: rows)
        pages.paragraph("", after: 4)
    }

    private func row(_ field: ReviewSheet.Field) -> TableRow {
        let source = field.isConstant ? "固定值 \(field.source)" : field.source
        let grade = field.grade.map { " \($0) 级" } ?? ""
        // What is the same of every sealed field stands above the table once, and the English of
        // reasons in the page for a browser.
        let why = (field.why + field.ownDomains).map(\.zh)
        return TableRow(
            [
                field.number, source, "\(field.title.zh) \(field.path)",
                field.isRequired ? "是" : "",
                field.privacyClass + (field.level.map { " \($0) 级" } ?? ""),
                field.technique.title.zh + grade, why.joined(separator: "；"),
                "\(field.before) → \(field.after)",
            ].map(shown), ink: field.isFreeText ? .red : .black)
    }

    mutating func addRest() {
        section("没有人读的列 · Columns that nobody reads")
        pages.paragraph(
            sheet.ignored.isEmpty ? "没有。None." : shown(sheet.ignored.joined(separator: "、")),
            after: 8)
        section("本来源不填的字段 · Fields that this source does not fill")
        let missing = sheet.unfilled.map {
            "\($0.title.zh)（\($0.number)\($0.isRequired ? "，必填" : "")）"
        }
        pages.paragraph(
            missing.isEmpty ? "没有。None." : shown(missing.joined(separator: "、")), after: 8)
        section("残余风险 · What remains a risk")
        for (number, risk) in sheet.risks.enumerated() {
            pages.paragraph("\(number + 1)．\(risk.zh)", after: 1)
            pages.paragraph("　　\(risk.en)", SheetPaper.small, after: 3)
        }
    }

    mutating func add(_ annex: SheetAnnex) {
        pages.paragraph("附页：数字（不进入本表摘要） · Figures of the day", SheetPaper.head)
        pages.paragraph(annex.recordsTitle.zh, after: 2)
        guard let rarity = annex.rarity else {
            return pages.paragraph("M12、M18 未查：没有给数据（--data）。", after: 8)
        }
        pages.paragraph(
            "M12：\(rarity.rows) 行，准标识 \(rarity.quasi.count) 项合在一起有 \(rarity.classes) 种组合，"
                + "最少的一种 \(rarity.smallest) 行；不足 \(RarityReading.least) 行的组合共 "
                + "\(rarity.rowsInSmall) 行。", after: 4)
        for finding in grouped(rarity.findings) {
            let mark = finding[0].isToMend ? "须改" : "须权衡"
            pages.paragraph(
                "\(finding[0].code)（\(mark)）\(finding[0].entry?.what.zh ?? "")"
                    + "\(finding[0].entry?.next.zh ?? "")", after: 2)
            // A cell of so many names would be a page by itself.
            pages.paragraph(shown(sheet.namesByPlace(of: finding)), SheetPaper.small, after: 4)
        }
    }

    /// Findings of one rule stand together.
    private func grouped(_ findings: [SheetFinding]) -> [[SheetFinding]] {
        var codes: [String] = []
        for finding in findings where !codes.contains(finding.code) { codes.append(finding.code) }
        return codes.map { code in findings.filter { $0.code == code } }
    }

    mutating func add(_ decisions: [SheetAnnex.Decision]) {
        guard !decisions.isEmpty else { return }
        pages.paragraph("历次审核决定 · Decisions so far", SheetPaper.head)
        for decision in decisions {
            pages.paragraph(
                shown(
                    "\(decision.day)　\(decision.mapping)　\(decision.title.zh)　\(decision.approver)："
                        + "\(decision.reason)　\(decision.digest.prefix(16))"), after: 1)
        }
        pages.paragraph("", after: 4)
    }

    mutating func addSignatures(_ annex: SheetAnnex) {
        pages.paragraph("审核意见 · Decision", SheetPaper.head)
        pages.paragraph(
            "□ 批准　　□ 驳回　　　有效期至 ＿＿＿＿年＿＿月＿＿日　　　理由 ＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿",
            TextStyle(size: 10), after: 12)
        pages.paragraph(
            "编写人 ＿＿＿＿＿＿＿＿　日期 ＿＿＿＿＿＿　　　　隐私负责人 ＿＿＿＿＿＿＿＿　部门 ＿＿＿＿＿＿＿＿　日期 ＿＿＿＿＿＿",
            TextStyle(size: 10), after: 8)
        pages.paragraph(
            shown("\(annex.county?.zh ?? "")（盖章处）"), TextStyle(size: 10), after: 12)
        if let command = annex.command {
            pages.paragraph(shown("签署用审批人本人的密钥：\(command)"), SheetPaper.small, after: 2)
        }
        pages.paragraph(
            "审核人不得是编写人。本表摘要 SHA-256 \(sheet.sha256)　SM3 \(sheet.sm3)", SheetPaper.small)
    }
}
