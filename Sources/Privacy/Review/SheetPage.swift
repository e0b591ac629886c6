import LibCrypto
import Records

extension ReviewSheet {
    /// The sheet as one HTML page for the screen and for A4 paper: no script, nothing loaded.
    ///
    /// - Parameters:
    ///   - earlier: the version approved last, for the list of changes.
    ///   - annex: figures of the day.
    package func html(
        comparedWith earlier: ReviewSheet? = nil, annex: SheetAnnex = SheetAnnex()
    ) -> [UInt8] {
        Array(SheetPage(sheet: self, earlier: earlier, annex: annex).text.utf8)
    }
}

/// Writes the page. Every text from a file goes through `escaped`.
private struct SheetPage {
    let sheet: ReviewSheet
    let earlier: ReviewSheet?
    let annex: SheetAnnex

    var text: String {
        let style = SheetStyle.text
        let hash = Base64.standard.encode(Hash.sha256.digest(Array(style.utf8)))
        return """
            <!DOCTYPE html>
            <html lang="zh-CN"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'sha256-\(hash)'">
            <title>映射审核表 · \(escaped(sheet.mapping))</title>
            <style>\(style)</style></head><body>
            \(head)
            \(summary)
            \(findings)
            \(changes)
            \(sentTable)
            \(readOnlyTable)
            \(rest)
            \(risks)
            \(figures)
            \(SheetFoot(sheet: sheet, annex: annex).text)
            </body></html>

            """
    }

    private var head: String {
        """
        <header><h1>映射审核表 <small>Mapping review sheet</small></h1>
        <p class="name">\(escaped(sheet.mapping)) · \(both(sheet.title))</p>
        \(annex.origin.map { "<p class=\"origin\">\(both($0))　（盖章处 <small>seal</small>）</p>" } ?? "")\
        </header>
        <dl class="facts">
        <div><dt>项目 <small>Programme</small></dt><dd>\(both(sheet.programmeTitle))</dd></div>
        <div><dt>服务对象 <small>Subjects</small></dt>\
        <dd>\(sheet.subjects.map { both($0) }.joined(separator: "；"))</dd></div>
        <div class="wide"><dt>目的 <small>Purpose</small></dt><dd>\(both(sheet.purpose))</dd></div>
        <div class="wide"><dt>依据 <small>Legal basis</small></dt>\
        <dd>\(escaped(sheet.legalBasis))</dd></div>
        <div><dt>接收方 <small>Recipient</small></dt>\
        <dd>\(recipient)</dd></div>
        <div><dt>通道 <small>Channel</small></dt><dd>\(escaped(sheet.recipient.channel))</dd></div>
        <div class="wide"><dt>接收方公钥 <small>Key</small></dt>\
        <dd class="digest">\(both(sheet.recipient.keyTitle))</dd></div>
        <div class="wide"><dt>保存 <small>Retention</small></dt>\
        <dd>\(escaped(sheet.retention))</dd></div>
        <div class="wide"><dt>期限与门槛 <small>Terms</small></dt>\
        <dd>\(sheet.terms.map { both($0.title) + " " + escaped($0.text) }.joined(separator: "；"))\
        </dd></div>
        <div><dt>最高敏感级别 <small>Level</small></dt>\
        <dd>\(level) <small>GB/T 39725，5 最严 5 is the strictest</small></dd></div>
        <div><dt>处理后等级 <small>Grade</small></dt>\
        <dd>\(grade) <small>GB/T 42460，1 能直接指认 names people</small></dd></div>
        <div class="wide"><dt>内容摘要 <small>Content</small></dt><dd class="digest">\
        SHA-256 \(sheet.content.sha256)<br>SM3 \(sheet.content.sm3)</dd></div>
        </dl>
        """
    }

    private var level: String { sheet.highestLevel == 0 ? "—" : "\(sheet.highestLevel) 级" }

    private var grade: String { sheet.grade.map { "\($0) 级" } ?? "—" }

    /// Who gets it; of a list nobody does.
    private var recipient: String {
        sheet.sent.isEmpty
            ? "无：只在本县计数 <small>nobody: counted in the county alone</small>"
            : "国家平台 · \(escaped(sheet.recipient.title))"
    }

    private var summary: String {
        func count(_ technique: ReviewSheet.Technique) -> Int {
            sheet.sent.count { $0.technique == technique }
        }
        let required = sheet.unfilled.count { $0.isRequired }
        let cells: [(Int, String, String, String)] = [
            (sheet.sent.count, "上报", "sent", ""),
            (count(.encrypt), "加密", "sealed", "encrypt"),
            (count(.month), "只报年月", "month only", "month"),
            (count(.keep), "原样", "as they are", "keep"),
            (sheet.readOnly.count, "只读不报", "read, not sent", "drop"),
            (sheet.ignored.count, "忽略的列", "columns ignored", ""),
            (required, "必填未填", "mandatory, not filled", required == 0 ? "" : "alert"),
        ]
        let items = cells.map { number, zh, en, style in
            "<li class=\"\(style)\"><b>\(number)</b> \(zh)<small>\(en)</small></li>"
        }
        let by = sheet.countedBySubject.map { "<p class=\"note\">\(both($0))</p>" } ?? ""
        return "<ul class=\"counts\">\(items.joined())</ul>\(by)"
    }

    private var findings: String {
        let heading = section("检查结果", "Findings of the data-minimisation lint")
        let open =
            "<p class=\"note\">M12、M18 要用实际数据，见附页。规则版本 \(sheet.lint) <small>M12 and "
            + "M18 take real rows: see the figures below. Version of the rules.</small></p>"
        guard !sheet.findings.isEmpty else {
            return heading + "<p class=\"good\">没有发现。 <small>None.</small></p>" + open
        }
        return heading + "<ul class=\"findings\">\(items(sheet.findings))</ul>" + open
    }

    /// Findings of one rule stand together.
    private func items(_ findings: [SheetFinding]) -> String {
        var codes: [String] = []
        for finding in findings where !codes.contains(finding.code) { codes.append(finding.code) }
        return codes.map { code in
            let found = findings.filter { $0.code == code }
            let finding = found[0]
            let fields = found.map { "<code>\(escaped(sheet.titled($0)))</code>" }.joined(
                separator: "、")
            let what = finding.entry.map { both($0.what) } ?? ""
            let next = finding.entry.map { both($0.next) } ?? ""
            let mark = finding.isToMend ? "须改 <small>mend</small>" : "须权衡 <small>weigh</small>"
            return """
                <li\(finding.isToMend ? " class=\"mend\"" : "")><b>\(escaped(code))</b> \
                <span class="mark">\(mark)</span> \(what)<br>\(fields)<br>\
                <span class="next">\(next)</span></li>
                """
        }.joined()
    }

    private var changes: String {
        guard let earlier else { return "" }
        let heading = section(
            "与上次批准版本的差异", "Changes since the version approved last")
        let changes = sheet.changes(since: earlier)
        guard !changes.isEmpty else { return heading + "<p>没有差异。 <small>None.</small></p>" }
        let items = changes.map { change in
            let (style, mark) =
                switch change.direction {
                case .worse: ("worse", "+")
                case .better: ("better", "−")
                case .neither: ("neither", "·")
                }
            return "<li class=\"\(style)\"><b>\(mark)</b> \(both(change.what))</li>"
        }
        return heading + """
            <ul class="changes">\(items.joined())</ul>
            <p class="note">\(both(SheetChange.legend))</p>
            """
    }

    private var sentTable: String {
        section("上报的字段", "Fields that are sent")
            + "<p class=\"note\">示例均为虚构。红色：自由文本。 "
            + "<small>All examples are invented. Red: free text.</small><br>"
            + "DI 直接标识 <small>direct identifier</small>　QI 准标识 <small>quasi</small>　"
            + "SH 健康 <small>health</small>　SH+ 易受歧视 <small>stigmatising</small>　"
            + "OP 业务 <small>operational</small><br>"
            + "级别：GB/T 39725，1 可公开 … 5 最严 <small>level, 5 is the strictest</small>　"
            + "处理后等级：GB/T 42460，1 能直接指认、2 已去直接标识、3 风险可接受、4 只有汇总，"
            + "对没有平台密钥的人而言 <small>grade after the step, to whoever lacks the key: 1 names a "
            + "person … 4 totals alone</small></p>"
            + (sheet.sent.isEmpty ? "<p>没有。 <small>None.</small></p>" : table(sheet.sent))
    }

    private var readOnlyTable: String {
        section("只读不报的字段", "Fields that are read here and not sent")
            + (sheet.readOnly.isEmpty
                ? "<p>没有。 <small>None.</small></p>" : table(sheet.readOnly))
    }

    private func table(_ fields: [ReviewSheet.Field]) -> String {
        var rows = ""
        var place: Wording?
        for field in fields {
            if field.place != place {
                rows += "<tr class=\"place\"><th colspan=\"8\">\(both(field.place))</th></tr>"
                place = field.place
            }
            rows += row(field)
        }
        return """
            <table><thead><tr><th>编号<small>No.</small></th>\
            <th>来源列<small>Source column</small></th>\
            <th>国家数据元<small>National element</small></th>\
            <th>必填<small>Mand.</small></th><th>类别级别<small>Class, level</small></th>\
            <th>处理与等级<small>Technique, grade</small></th><th>理由与密钥域<small>Reason, key domain</small></th>\
            <th>示例：原值 → 上报<small>Example: before → after</small></th></tr></thead>
            <tbody>\(rows)</tbody></table>
            """
    }

    private func row(_ field: ReviewSheet.Field) -> String {
        let source =
            field.isConstant
            ? "<span class=\"constant\">固定值 <small>constant</small></span> "
                + "<code>\(escaped(field.source))</code>"
            : escaped(field.source)
        let domain = field.keyDomain.split(separator: "；")
            .map { "<span class=\"domain\">\(both(Wording(reason: String($0))))</span>" }.joined()
        let level = field.level.map { "<small class=\"level\">\($0) 级</small>" } ?? ""
        let grade = field.grade.map { "<small class=\"level\">处理后 \($0) 级</small>" } ?? ""
        let why =
            field.technique == .encrypt ? [Wording(reason: field.reason)] + field.why : field.why
        let reasons = why.map { "<span class=\"why\">\(both($0))</span>" }.joined()
        return """
            <tr\(field.isFreeText ? " class=\"free\"" : "")><td>\(escaped(field.number))</td>\
            <td>\(source)</td><td>\(both(field.title)) <code>\(escaped(field.path))</code></td>\
            <td>\(field.isRequired ? "是" : "")</td>\
            <td><span class="class">\(escaped(field.privacyClass))</span> \(level)</td>\
            <td class="\(field.technique.rawValue)">\(both(field.technique.title))\(grade)</td>\
            <td>\(reasons)\(domain)</td>\
            <td class="example">\(escaped(field.before)) → \(escaped(field.after))</td></tr>

            """
    }

    private var rest: String {
        let ignored = sheet.ignored.map { "<li>\(escaped($0))</li>" }.joined()
        let unfilled = sheet.unfilled.map { field in
            "<li\(field.isRequired ? " class=\"alert\"" : "")>\(escaped(field.number)) "
                + "\(both(field.title)) <code>\(escaped(field.name))</code></li>"
        }
        let none = "<li>没有 <small>None</small></li>"
        return section("忽略的列", "Columns that nobody reads")
            + "<ul class=\"chips\">\(ignored.isEmpty ? none : ignored)</ul>"
            + section("本来源不填的字段", "Fields of the programme that this source does not fill")
            + "<ul class=\"chips\">\(unfilled.isEmpty ? none : unfilled.joined())</ul>"
            + "<p class=\"note\">橙框：必填。 <small>Framed: mandatory.</small></p>"
    }

    private var risks: String {
        section("残余风险", "What remains a risk")
            + "<ul class=\"risks\">\(sheet.risks.map { "<li>\(both($0))</li>" }.joined())</ul>"
    }

    private var figures: String {
        var text =
            section("附页：数字（不进入本表摘要）", "Figures of the day, not part of the digest")
            + "<p>\(both(annex.recordsTitle))</p>"
        guard let rarity = annex.rarity else {
            return text + "<p>M12、M18 未查：没有给数据（--data）。 "
                + "<small>Not checked: no rows were given (--data).</small></p>"
        }
        text += """
            <p>M12：\(rarity.rows) 行，准标识 \(rarity.quasi.count) 项合在一起有 \(rarity.classes) 种组合，\
            最少的一种 \(rarity.smallest) 行；不足 \(RarityReading.least) 行的组合共 \
            \(rarity.rowsInSmall) 行。 <small>Rows, combinations of quasi-identifiers, rows of the \
            rarest, rows of combinations below \(RarityReading.least).</small></p>
            """
        return text + "<ul class=\"findings\">\(items(rarity.findings))</ul>"
    }

    private func section(_ zh: String, _ en: String) -> String {
        "<h2>\(zh) <small>\(en)</small></h2>"
    }

    private func both(_ wording: Wording) -> String { SheetText.both(wording) }

    private func escaped(_ text: String) -> String { SheetText.escaped(text) }
}
