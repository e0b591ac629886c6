import Flow
import Foundation
import Privacy
import Records

/// The disclosure report as a file: for a spreadsheet, a browser, or paper.
struct DisclosurePage {
    let report: Disclosures
    let county: Wording

    private var title: String { "披露报告 \(county.zh) \(report.from) 至 \(report.through)" }

    private var note: String {
        report.withoutBytes == 0
            ? "按首次发出之日统计；只数，不打开任何内容。"
            : "按首次发出之日统计。\(report.withoutBytes) 份报文的内容已不在，其字段没有数到。"
    }

    /// One table: a line for each mapping and approval, then one for each field.
    var csv: [UInt8] {
        var text =
            "\u{FEFF}kind,programme,name,number,title,class,technique,approval,approver,count,"
            + "recipient,submissions,withdrawals,note\r\n"
        for line in report.lines {
            text += SheetCell.row([
                "approval", line.programme,
                line.mapping.isEmpty ? line.content : line.mapping, "", "", "", "",
                line.approval, line.approver, "\(line.records)", line.shownRecipient,
                "\(line.submissions)", "\(line.withdrawals)", line.unknownNote?.zh ?? "",
            ])
        }
        for field in report.fields {
            text += SheetCell.row([
                "field", field.programme, field.name, field.number, field.title.zh,
                field.privacyClass, field.technique.rawValue, "", "", "\(field.records)", "", "",
                "", "",
            ])
        }
        return Array(text.utf8)
    }

    /// The report for a browser and on paper.
    var paper: Paper {
        var paper = Paper(title: title, subtitle: "Disclosures of \(county.en). \(note)")
        paper.heading("一、凭什么、给谁 · Under which approval, to whom")
        paper.table(
            [
                .init("映射 Mapping", 3), .init("接收方 Recipient", 2), .init("批准人 Approver", 1.6),
                .init("决定 Decision", 2.4), .init("报文 Sent", isNumber: true),
                .init("记录 Records", isNumber: true),
                .init("撤销 Withdrawn", 1.2, isNumber: true),
            ],
            report.lines.map { line in
                [
                    line.shownMapping, line.shownRecipient,
                    line.approver.isEmpty ? "—" : line.approver,
                    line.approval.isEmpty ? "—" : String(line.approval.prefix(16)),
                    "\(line.submissions)", "\(line.records)", "\(line.withdrawals)",
                ]
            })
        for note in report.lines.compactMap(\.unknownNote) {
            paper.paragraph("⚠ \(note.zh) \(note.en)")
        }
        paper.heading("二、逐个字段 · Field by field")
        paper.table(
            [
                .init("编号 No.", 1), .init("字段 Field", 6),
                .init("类别 Class", 1), .init("处理 Technique", 1.4),
                .init("记录 Records", isNumber: true),
            ],
            report.fields.map { field in
                [
                    field.number, field.shown, field.privacyClass,
                    field.technique.title.zh, "\(field.records)",
                ]
            })
        paper.paragraph("\(Disclosures.classes.zh)。\(Disclosures.classes.en).")
        return paper
    }
}

extension Disclosures.Line {
    /// The mapping by its name, or what is known of it.
    var shownMapping: String {
        if !mapping.isEmpty { return mapping }
        return content.isEmpty ? "—" : said("内容", "content") + " " + content.prefix(12)
    }

    /// The recipient's name and the profile.
    var shownRecipient: String {
        (recipient.isEmpty ? "" : recipient + " · ") + profile
    }

    /// That nobody can say any more what the fields were; `nil` where somebody can.
    var unknownNote: Wording? {
        guard unknownFields > 0 else { return nil }
        return Wording(
            zh: "\(programme) \(shownMapping)：\(unknownFields) 份报文的字段无从得知：当时的内容已不在。",
            en: "\(programme) \(shownMapping): nobody can say any more what the fields of "
                + "\(unknownFields) submissions were: what was decided on then is gone.")
    }
}
