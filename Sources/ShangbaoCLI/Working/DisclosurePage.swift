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
            "\u{FEFF}kind,programme,name,number,title,class,technique,approval,approver,count\r\n"
        for line in report.lines {
            text += SheetCell.row([
                "approval", line.programme,
                line.mapping.isEmpty ? line.content : line.mapping, "", "", "", "",
                line.approval, line.approver, "\(line.records)",
            ])
        }
        for field in report.fields {
            text += SheetCell.row([
                "field", field.programme, field.name, field.number, field.title.zh,
                field.privacyClass, field.technique.rawValue, "", "", "\(field.records)",
            ])
        }
        return Array(text.utf8)
    }

    /// The report for a browser and on paper.
    var paper: Paper {
        var paper = Paper(title: title, subtitle: "Disclosures of \(county.en). \(note)")
        paper.heading("一、凭什么 · Under which approval")
        paper.table(
            [
                .init("映射 Mapping", 3), .init("批准人 Approver", 2), .init("决定 Decision", 2.4),
                .init("报文 Sent", isNumber: true), .init("记录 Records", isNumber: true),
                .init("撤销 Withdrawn", 1.2, isNumber: true),
            ],
            report.lines.map { line in
                [
                    line.mapping.isEmpty ? "内容 \(line.content.prefix(16))" : line.mapping,
                    line.approver.isEmpty ? "—" : line.approver,
                    line.approval.isEmpty ? "—" : String(line.approval.prefix(16)),
                    "\(line.submissions)", "\(line.records)", "\(line.withdrawals)",
                ]
            })
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
        return paper
    }
}
