import ArgumentParser
import Flow
import Foundation
import LibPDF
import Privacy
import Records
import Storage

/// What left the county in a period, under whose approval, field by field.
struct DisclosuresCommand: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "disclosures",
            abstract: said("披露报告：一段时间内上报了什么、凭谁的批准。", "What left, and under whose approval."),
            discussion: said(
                "按首次发出之日统计份数、记录数和每个字段的次数；字段按当时的决定说明；只数，不打开任何内容。"
                    + "--out 写成 .csv、.html 或 .pdf。",
                "Counts submissions, records and each field by the day of first sending; fields are "
                    + "told by the decision of then; nothing is opened. --out writes .csv, .html "
                    + "or .pdf."))
    }

    @Option(help: ArgumentHelp(said("第一天 yyyy-MM-dd。", "The first day, yyyy-MM-dd.")))
    var from: CalendarDate

    @Option(name: .customLong("to"), help: ArgumentHelp(said("最后一天 yyyy-MM-dd。", "The last day.")))
    var through: CalendarDate

    @Option(help: ArgumentHelp(said("写成文件。", "Write a file.")))
    var out: String?

    @OptionGroup var common: SharedOptions

    func validate() throws {
        if through < from {
            throw ValidationError(said("--to 早于 --from。", "--to is before --from."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let report = try await site.withView { view in
            try await site.disclosures(from: from, through: through, in: view)
        }
        try output.give(report)
        if let out {
            let path = Places.absolute(out)
            let page = DisclosurePage(report: report, county: site.configuration.county.name)
            switch (path as NSString).pathExtension.lowercased() {
            case "csv": try Places.write(page.csv, to: path)
            case "html", "htm": try Places.write(page.paper.html, to: path)
            case "pdf": try page.paper.pdf(at: site.clock().dateTime).writeAnew(to: path)
            default: throw CommandFailure(.usage, place: out, detail: ".csv, .html, .pdf")
            }
            output.line("✓ \(Places.shown(path))")
        } else {
            show(report, output)
        }
        return .done
    }

    private func show(_ report: Disclosures, _ output: Output) {
        output.line(
            "披露报告 \(report.from) 至 \(report.through)（按首次发出之日）",
            "Disclosures \(report.from) to \(report.through), by the day of first sending")
        guard !report.lines.isEmpty else {
            return output.line("什么也没有离开。", "Nothing left.")
        }
        var lines = Columns([
            (said("项目", "programme"), .left), (said("映射", "mapping"), .left),
            (said("接收方", "recipient"), .left), (said("批准人", "approver"), .left),
            (said("决定", "decision"), .left), (said("报文", "sent"), .right),
            (said("记录", "records"), .right), (said("撤销", "withdrawn"), .right),
        ])
        for line in report.lines {
            lines.add([
                line.programme, line.shownMapping, line.shownRecipient,
                line.approver.isEmpty ? "—" : line.approver, String(line.approval.prefix(12)),
                Figure.grouped(line.submissions), Figure.grouped(line.records),
                Figure.grouped(line.withdrawals),
            ])
        }
        output.table(lines)
        for line in report.lines {
            guard let note = line.unknownNote else { continue }
            output.line("⚠ \(note.zh)", "⚠ \(note.en)")
        }
        output.line()
        var fields = Columns([
            (said("编号", "no."), .left), (said("字段", "field"), .left),
            (said("类别", "class"), .left), (said("处理", "how"), .left),
            (said("记录", "records"), .right),
        ])
        for field in report.fields {
            fields.add([
                field.number, field.shown, field.privacyClass, field.technique.title.said,
                Figure.grouped(field.records),
            ])
        }
        output.table(fields)
        output.line(Disclosures.classes.zh, Disclosures.classes.en)
        if report.withoutBytes > 0 {
            output.line(
                "⚠ \(report.withoutBytes) 份报文的内容已不在，字段没有数到",
                "⚠ \(report.withoutBytes) submissions are not kept any more: fields not counted")
        }
    }
}

extension PDFPages {
    /// Writes the document over one that is there. Throws `PDFFailure`.
    func writeAnew(to path: String) throws(PDFFailure) {
        try? FileManager.default.removeItem(atPath: path)
        try write(to: path)
    }
}
