import LibCrypto
import Records

extension ReviewSheet {
    /// The sheet as one HTML page for the screen and for A4 paper: no script, nothing loaded.
    ///
    /// - Parameter earlier: the version approved last, for the list of changes.
    package func html(comparedWith earlier: ReviewSheet? = nil) -> [UInt8] {
        Array(SheetPage(sheet: self, earlier: earlier).text.utf8)
    }
}

/// Writes the page. Every text from a file goes through `escaped`.
private struct SheetPage {
    let sheet: ReviewSheet
    let earlier: ReviewSheet?

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
            \(signatures)
            </body></html>

            """
    }

    private var head: String {
        """
        <header><h1>映射审核表 <small>Mapping review sheet</small></h1>
        <p class="name">\(escaped(sheet.mapping)) · \(both(sheet.title))</p></header>
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
        <div class="wide"><dt>保存 <small>Retention</small></dt>\
        <dd>\(escaped(sheet.retention))</dd></div>
        <div class="wide"><dt>内容摘要 <small>Content</small></dt><dd class="digest">\
        SHA-256 \(sheet.content.sha256)<br>SM3 \(sheet.content.sm3)</dd></div>
        </dl>
        """
    }

    /// Who gets it; of a list nobody does.
    private var recipient: String {
        sheet.sent.isEmpty
            ? "无：只在本县计数 <small>nobody: counted in the county alone</small>"
            : "国家平台 · \(escaped(sheet.recipient.profile))"
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
        return "<ul class=\"counts\">\(items.joined())</ul>"
    }

    private var findings: String {
        let heading = section("检查结果", "Findings of the data-minimisation lint")
        guard !sheet.findings.isEmpty else {
            return heading + "<p class=\"good\">没有发现。 <small>None.</small></p>"
        }
        let items = sheet.findings.map { finding in
            let what = finding.entry.map { both($0.what) } ?? ""
            let next = finding.entry.map { both($0.next) } ?? ""
            return """
                <li><b>\(escaped(finding.code))</b> <code>\(escaped(finding.field))</code> \
                \(what)<br><span class="next">\(next)</span></li>
                """
        }
        return heading + "<ul class=\"findings\">\(items.joined())</ul>"
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
            <p class="note">+ 增加隐私影响，须重新审核；− 减少。 \
            <small>+ more leaves: approve anew; − less.</small></p>
            """
    }

    private var sentTable: String {
        section("上报的字段", "Fields that are sent")
            + (sheet.sent.isEmpty ? "<p>没有。 <small>None.</small></p>" : table(sheet.sent))
            + "<p class=\"note\">示例均为虚构。红色：自由文本。 "
            + "<small>All examples are invented. Red: free text.</small><br>"
            + "DI 直接标识 <small>direct identifier</small>　QI 准标识 <small>quasi</small>　"
            + "SH 健康 <small>health</small>　SH+ 易受歧视 <small>stigmatising</small>　"
            + "OP 业务 <small>operational</small></p>"
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
            <th>必填<small>Mand.</small></th><th>类别<small>Class</small></th>\
            <th>处理<small>Technique</small></th><th>理由与密钥域<small>Reason, key domain</small></th>\
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
        let domain =
            field.keyDomain.isEmpty
            ? "" : "<span class=\"domain\">\(escaped(field.keyDomain))</span>"
        return """
            <tr\(field.isFreeText ? " class=\"free\"" : "")><td>\(escaped(field.number))</td>\
            <td>\(source)</td><td>\(both(field.title)) <code>\(escaped(field.path))</code></td>\
            <td>\(field.isRequired ? "是" : "")</td>\
            <td><span class="class">\(escaped(field.privacyClass))</span></td>\
            <td class="\(field.technique.rawValue)">\(both(field.technique.title))</td>\
            <td>\(escaped(field.reason))\(domain)</td>\
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

    private var signatures: String {
        let line = "<span class=\"line\"></span>"
        return """
            <section class="signatures">\(section("审核意见", "Decision"))
            <p>☐ 批准 <small>approved</small>　☐ 驳回 <small>rejected</small>　\
            有效期至 <small>valid until</small> \(line)</p>
            <p>理由 <small>Reason</small> <span class="line long"></span></p>
            <div class="signers">
            <p>编写人 <small>Author</small> \(line)<br>日期 <small>Date</small> \(line)</p>
            <p>隐私负责人 <small>Privacy officer</small> \(line)<br>日期 <small>Date</small> \(line)</p>
            </div>
            <p class="note">审核人不得是编写人。本表 SHA-256 \
            <small>This sheet</small> <span class="digest">\(sheet.sha256)</span></p></section>
            """
    }

    private func section(_ zh: String, _ en: String) -> String {
        "<h2>\(zh) <small>\(en)</small></h2>"
    }

    private func both(_ wording: Wording) -> String {
        "\(escaped(wording.zh)) <small>\(escaped(wording.en))</small>"
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for scalar in SheetText.shown(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
