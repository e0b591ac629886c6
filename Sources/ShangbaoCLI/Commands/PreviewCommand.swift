import ArgumentParser
import Flow
import Foundation
import Privacy
import Programmes
import Records
import Validation

/// Shows what would leave of a file, and queues nothing.
struct PreviewCommand: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "preview",
            abstract: said("预览会上报什么（遮蔽个人信息），不入队。", "Show what would leave, masked; queue nothing."),
            discussion: said(
                "与 take 走同一段代码，但不打开数据库，也不生成报文。",
                "The same code as take, but no database is opened and no submission is made."))
    }

    @Argument(help: ArgumentHelp(said("文件（CSV、XLSX、HL7）。", "The file (CSV, XLSX, HL7).")))
    var file: String

    @Option(help: ArgumentHelp(said("来源名称（默认第一个）。", "The source; the first if absent.")))
    var source: String?

    @Option(help: ArgumentHelp(said("逐项展示几行。", "Of how many rows each element is shown.")))
    var rows = 1

    @Option(
        help: ArgumentHelp(
            said(
                "病例的另一部分：来源或映射=文件，可多次。",
                "Another part of the cases: SOURCE=FILE, as often as needed.")))
    var part: [String] = []

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        let fates: [String: Int]
        let unknownColumns: [String]
        /// Codes about the file as a whole.
        let findings: [String]
        let rows: [Preview.Row]
    }

    var audited: AuditSubject { .files(1 + part.count, of: source) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let (name, mapping) = try site.mapping(for: source)
        CommandAudit.current.found([name] + AuditSubject.digests(of: [file]))
        let keyring = try await common.openKeyring(of: site)
        let filled = site.programme(of: mapping)
        let funding = try site.funding(of: filled.programme)
        let preview = try await Preview(
            of: Places.absolute(file), by: mapping, parts: try partFiles(of: site),
            kit: try site.preparationKit(keyring, for: filled),
            arrivedOn: site.clock().day,
            funding: (funding, site.place(for: funding)),
            shownRows: max(0, rows), listedRows: 200_000)
        let fates = Dictionary(
            uniqueKeysWithValues: preview.fates.map { ($0.key.rawValue, $0.value) })
        try output.give(
            Result(
                fates: fates, unknownColumns: preview.unknownColumns,
                findings: Set(preview.findings.map(\.code)).sorted(), rows: preview.rows))
        show(preview, CodeBook(site.catalogue, of: filled.programme), output)
        return preview.fates[.quarantined] ?? 0 > 0 ? .toCorrect : .done
    }

    /// The files of the parts, each with its mapping.
    private func partFiles(of site: Site) throws -> [(mapping: MappingFile, path: String)] {
        try part.map { text in
            let pieces = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard pieces.count == 2 else {
                throw CommandFailure(.usage, place: text, detail: "--part SOURCE=FILE")
            }
            return (try site.mapping(for: pieces[0]).file, Places.absolute(pieces[1]))
        }
    }

    private func show(_ preview: Preview, _ codes: CodeBook, _ output: Output) {
        for row in preview.rows where !row.elements.isEmpty {
            output.line("第 \(row.row) 行会上报：", "Row \(row.row) would leave as:")
            var table = Columns(sides: [.left, .left, .left])
            for element in row.elements {
                table.add([element.way.title.said, element.path, element.text])
            }
            output.table(table)
            output.line()
        }
        let told = preview.rows.filter { !$0.findings.isEmpty }
        if !told.isEmpty {
            output.line("有问题的行：", "Rows with findings:")
            var table = Columns([
                (said("行", "row"), .right), (said("去向", "fate"), .left),
                (said("代码", "code"), .left), (said("字段", "field"), .left),
            ])
            for row in told.prefix(200) {
                for finding in row.findings {
                    table.add([
                        "\(row.row)", row.fate.title.said, finding.code, finding.field ?? "",
                    ])
                }
            }
            output.table(table)
            if told.count > 200 {
                output.line(
                    "  …… 另有 \(told.count - 200) 行", "  … and \(told.count - 200) rows more")
            }
            output.line()
            var sentences = Columns(sides: [.left, .left])
            for code in Set(told.flatMap { $0.findings.map(\.code) }).sorted() {
                sentences.add([code, codes[code]?.what.said ?? ""])
            }
            output.table(sentences)
            output.line()
        }
        let file = Set(preview.findings.map(\.code)).sorted()
        if !file.isEmpty {
            output.line("整个文件：", "The file as a whole:")
            var sentences = Columns(sides: [.left, .left])
            for code in file { sentences.add([code, codes[code]?.what.said ?? ""]) }
            output.table(sentences)
            output.line()
        }
        let counts = Fate.allCases.compactMap { fate in
            preview.fates[fate].map { "\(fate.title.said) \(Figure.grouped($0))" }
        }
        output.paragraph(counts.joined(separator: said("，", ", ")))
        output.line("没有入队，没有写入任何数据。", "Nothing was queued, nothing was written.")
    }
}

extension Preview.Shown.Way {
    var title: Wording {
        switch self {
        case .kept: Wording(zh: "原样", en: "kept")
        case .sealed: Wording(zh: "密封", en: "sealed")
        case .dropped: Wording(zh: "不报", en: "stays")
        }
    }
}
