import Records

extension ReviewSheet {
    /// The sheet for a terminal: Chinese, one field a line.
    ///
    /// - Parameters:
    ///   - earlier: the version approved last, for the list of changes.
    ///   - annex: figures of the day.
    package func plainText(
        comparedWith earlier: ReviewSheet? = nil, annex: SheetAnnex = SheetAnnex()
    ) -> String {
        var lines = [
            "映射审核表 \(mapping) \(title.zh)",
            "项目：\(programmeTitle.zh)", "目的：\(purpose.zh)", "依据：\(legalBasis)",
            "接收方：\(recipient.title)（\(recipient.channel)）",
            "接收方公钥：\(recipient.keyTitle.zh)", "保存：\(retention)",
            "期限与门槛：\(terms.map { "\($0.title.zh) \($0.text)" }.joined(separator: "；"))",
            "内容 SHA-256 \(content.sha256)", "内容 SM3     \(content.sm3)",
            "本表 SHA-256 \(sha256)", "本表 SM3     \(sm3)",
            "最高敏感级别 \(highestLevel)（GB/T 39725，5 最严）  处理后等级 "
                + "\(grade.map { "\($0)" } ?? "—")（GB/T 42460，1 能直接指认）", "",
            "检查结果（\(findings.count)，\(lint)；M12、M18 要用数据，见 --data）",
        ]
        lines += findings.map {
            "  \($0.code) \($0.isToMend ? "须改" : "须权衡") \(titled($0))：\($0.entry?.what.zh ?? "")"
        }
        if let earlier {
            let changes = changes(since: earlier)
            lines += ["", "与上次批准版本的差异（\(changes.count)）"]
            lines += changes.map { change in
                let mark =
                    switch change.direction {
                    case .worse: "+"
                    case .better: "-"
                    case .neither: "·"
                    }
                return "  \(mark) \(change.what.zh)"
            }
            lines.append("  （\(SheetChange.legend.zh)）")
        }
        lines += ["", "上报的字段（\(sent.count)）"] + (countedBySubject.map { ["  " + $0.zh] } ?? [])
        lines += sent.map(ReviewSheet.line)
        lines += ["", "只读不报的字段（\(readOnly.count)）"] + readOnly.map(ReviewSheet.line)
        lines += ["", "忽略的列（\(ignored.count)）"] + ignored.map { "  \($0)" }
        lines += ["", "本来源不填的字段（\(unfilled.count)）"]
        lines += unfilled.map {
            "  \($0.number) \($0.title.zh) \($0.name)\($0.isRequired ? " 必填" : "")"
        }
        lines += ["", "残余风险"] + risks.map { "  \($0.zh)" }
        lines += ["", "附页：数字（不进入本表摘要）"] + foot(annex)
        return lines.map { SheetText.shown($0) + "\n" }.joined()
    }

    /// The county's own terms, in the order of their files.
    var terms: [Term] { grounding?.terms ?? [] }

    private func foot(_ annex: SheetAnnex) -> [String] {
        var lines = ["  \(annex.recordsTitle.zh)"]
        lines += annex.rarity.map(counts) ?? ["  M12、M18 未查：没有给数据"]
        lines += ["", "历次审核决定（\(annex.decisions.count)）"]
        lines += annex.decisions.map {
            "  \($0.day) \($0.mapping) \($0.title.zh) \($0.approver)：\($0.reason) "
                + $0.digest.prefix(16)
        }
        return lines
    }

    private func counts(_ rarity: RarityFigures) -> [String] {
        let rare = rarity.rare.map { rare in
            "  M18 \(titled(SheetFinding(code: "M18", field: rare.field)))：\(rare.values) 个取值不足 "
                + "\(RarityReading.least) 例"
        }
        return [
            "  M12 \(rarity.rows) 行，\(rarity.classes) 种准标识组合，最少 \(rarity.smallest) 行；"
                + "不足 \(RarityReading.least) 行的组合共 \(rarity.rowsInSmall) 行"
        ] + rare
    }

    private static func line(of why: [Wording]) -> String {
        why.map { $0.zh + "；" }.joined()
    }

    private static func line(_ field: Field) -> String {
        let source = field.isConstant ? "固定值 \(field.source)" : field.source
        let marks = (field.isRequired ? " 必填" : "") + (field.isFreeText ? " 自由文本" : "")
        return "  \(field.number) \(source) → \(field.place.zh)·\(field.title.zh) \(field.path)"
            + " [\(field.privacyClass)\(field.level.map { " \($0)级" } ?? "")\(marks)]"
            + " \(field.technique.title.zh)\(field.grade.map { "→\($0)级" } ?? "")"
            + "；\(line(of: field.why))例 \(field.before) → \(field.after)"
    }
}

/// Texts from files as a person may see them.
enum SheetText {
    /// Both languages, for a page.
    static func both(_ wording: Wording) -> String {
        let en = wording.en.isEmpty ? "" : " <small>\(escaped(wording.en))</small>"
        return escaped(wording.zh) + en
    }

    /// A text for a page.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in shown(text).unicodeScalars {
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

    /// Control characters and marks that turn the reading direction become visible: neither a
    /// terminal nor a page is steered by what stands in a mapping.
    static func shown(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x00...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069,
                0xFEFF:
                shown.unicodeScalars.append("\u{FFFD}")
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
