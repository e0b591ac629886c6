import ArgumentParser
import Definitions
import Flow
import Foundation
import Intake
import Mappings
import Programmes
import Records

/// Proposes a mapping for a clinic's file.
struct MappingNew: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "new",
            abstract: said("按表头拟一份新映射，供人核对。", "Propose a mapping from a file's header."),
            discussion: said(
                "只看前 200 行的写法，不写出行里的任何内容。拿不准的列留给人定，不猜。",
                "The first 200 rows are looked at, and nothing of them is written down. What cannot be "
                    + "told is left to a person; nothing is guessed."))
    }

    @Option(help: ArgumentHelp(said("机构的文件。", "The clinic's file.")))
    var from: String

    @Option(
        help: ArgumentHelp(
            said("项目目录名（默认按表头判断）。", "The programme's folder; by the header if absent.")))
    var programme: String?

    @Option(help: ArgumentHelp(said("写到哪个文件（默认打印）。", "Where to write it; printed if absent.")))
    var out: String?

    @Option(help: ArgumentHelp(said("映射名称（默认按文件名）。", "Its name; by the file's if absent.")))
    var name: String?

    @Option(
        help: ArgumentHelp(said("代码集，如 LOCAL:机构:2012。", "The codes' set, as LOCAL:CLINIC:2012.")))
    var codeSet: String?

    @Option(help: ArgumentHelp(said("列名在第几行。", "The row with the column names.")))
    var headerRow = 1

    @Option(help: ArgumentHelp(said("工作簿的工作表：名称或序号。", "A workbook's sheet: name or number.")))
    var sheet = "1"

    @Option(help: ArgumentHelp(said("合并表头的末行（工作簿）。", "The last row of merged heads (workbooks).")))
    var lastHeaderRow: Int?

    @Option(help: ArgumentHelp(said("分隔符：, ; | 或 tab。", "Between cells: , ; | or tab.")))
    var delimiter = ","

    @Option(help: ArgumentHelp(said("映射目录（默认按站点）。", "The folder mappings; the site's if absent.")))
    var mappings: String?

    @OptionGroup var common: SharedOptions

    /// So many rows are looked at.
    static let sampleRows = 200

    func perform(_ output: Output) async throws -> ExitStatus {
        let catalogue = try common.openCatalogue(mappings)
        let target = out.map(Places.absolute)
        if let target, FileManager.default.fileExists(atPath: target) {
            throw CommandFailure(.exists, place: Places.shown(target))
        }
        let path = Places.absolute(from)
        let survey = try ColumnSurvey(
            firstRows: MappingNew.sampleRows,
            of: try reader(for: path).open(path: path))
        let programme = try chosen(among: catalogue.programmes, survey.header)
        try HeaderDoubt.check(
            survey.header, of: (path as NSString).lastPathComponent, unreadable: survey.unreadable)
        let stem = ((target ?? path) as NSString).lastPathComponent as NSString
        let proposal = try MappingProposal(
            .init(
                name: name ?? MappingNew.name(of: stem.deletingPathExtension), codeSet: codeSet,
                reads: isWorkbook(path) ? "xlsx" : "csv", options: optionLines(for: path)),
            for: programme, header: survey.header, evidence: survey.evidence)
        if let target { try Places.write(proposal.text, to: target) }
        let report = ProposalReport(proposal, of: programme, file: target.map(Places.shown))
        try output.give(report)
        if self.programme == nil, target != nil {
            output.line(
                "按表头判断为项目 \(programme.folderName)；不对就用 --programme 说明",
                "By its header a file of \(programme.folderName); if not, say --programme")
        }
        if target == nil {
            if !output.isJSON { print(proposal.text, terminator: "") }
        } else {
            report.show(output)
        }
        return .done
    }

    /// The programme that is named, else the one most of whose names the header has; in doubt the
    /// first.
    private func chosen(among programmes: [Programme], _ header: [String])
        throws(CommandFailure) -> Programme
    {
        if let named = programme {
            if let found = programmes.first(where: { $0.folderName == named }) { return found }
            let known = programmes.map(\.folderName).joined(separator: ", ")
            throw CommandFailure(.usage, place: named, detail: "--programme: " + known)
        }
        let hits = programmes.map { programme in
            let matcher = FieldMatcher(of: programme)
            return header.count { matcher.find($0)?.fields.count == 1 }
        }
        let best = hits.indices.max { (hits[$0], -$0) < (hits[$1], -$1) } ?? 0
        return programmes[best]
    }

    private func isWorkbook(_ path: String) -> Bool {
        ["xlsx", "xlsm", "xls"].contains((path as NSString).pathExtension.lowercased())
    }

    private func reader(for path: String) throws(CommandFailure) -> any RecordReader {
        guard isWorkbook(path) else { return CSVReader(options: try options()) }
        let last = lastHeaderRow ?? headerRow
        guard headerRow >= 1, last >= headerRow else {
            throw CommandFailure(.usage, detail: "--header-row: 1 …; --last-header-row ≥")
        }
        return XLSXReader(options: XLSXOptions(sheet: sheet, headerRows: headerRow...last))
    }

    /// The options as the mapping writes them.
    private func optionLines(for path: String) -> [(String, String)] {
        guard isWorkbook(path) else {
            return [
                ("encoding", "auto"), ("delimiter", delimiter == "tab" ? "\t" : delimiter),
                ("headerRow", String(headerRow)),
            ]
        }
        guard let lastHeaderRow, lastHeaderRow > headerRow else {
            return [("sheet", sheet), ("headerRow", String(headerRow))]
        }
        return [("sheet", sheet), ("headerRows", "[\(headerRow), \(lastHeaderRow)]")]
    }

    private func options() throws(CommandFailure) -> CSVOptions {
        let byte = delimiter == "tab" ? 0x09 : delimiter.utf8.first ?? 0
        guard delimiter == "tab" || delimiter.utf8.count == 1,
            let mark = CSVOptions.Delimiter(rawValue: byte)
        else { throw CommandFailure(.usage, detail: "--delimiter: , ; | tab") }
        guard headerRow >= 1 else { throw CommandFailure(.usage, detail: "--header-row: 1 …") }
        return CSVOptions(delimiter: mark, headerRow: headerRow)
    }

    /// `from-renmin-csv` → `renmin-csv`.
    private static func name(of stem: String) -> String {
        stem.hasPrefix("from-") ? String(stem.dropFirst("from-".count)) : stem
    }
}

extension SharedOptions {
    /// The definitions: of the folder given, else of the site, else those that are found.
    func openCatalogue(_ mappings: String?) throws -> Catalogue {
        let isSite = FileManager.default.fileExists(
            atPath: siteFolder + "/" + Configuration.fileName)
        if mappings == nil, isSite { return try openSite().catalogue }
        return try Catalogue(root: try Places.mappings(mappings))
    }
}
