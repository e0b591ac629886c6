import ArgumentParser
import Definitions
import Flow
import Foundation
import Mappings
import Programmes
import Records
import Samples

/// Makes a file of invented couples, and what must become of each.
struct Sample: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said(
                "生成虚构夫妇或孕妇的样例和答案。", "Make invented couples or pregnancies, with the answers."))
    }

    @Option(
        name: [.customLong("count"), .customLong("couples"), .customLong("pregnancies")],
        help: ArgumentHelp(
            said("记录数：夫妇对数或筛查人次。", "How many records: couples, or tests of pregnancies.")))
    var count = 300

    @Option(help: ArgumentHelp(said("种子：相同则字节相同。", "The same seed gives the same bytes.")))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp(said("有缺陷的行所占比例，0 到 1。", "Share of rows with a defect, 0 to 1.")))
    var defects = 0.1

    @Option(
        help: ArgumentHelp(
            said("编码：gb18030、gbk、utf8，或工作簿 xlsx。", "gb18030, gbk, utf8, or xlsx (a workbook).")))
    var encoding = SampleEncoding.gb18030

    @Flag(help: ArgumentHelp(said("连可省略的列也写。", "Write the optional columns too.")))
    var whole = false

    @Flag(
        help: ArgumentHelp(
            said("再写一份计划怀孕夫妇名单。", "Write the list of planned couples beside it.")))
    var planned = false

    @Option(help: ArgumentHelp(said("按哪个映射的表头和写法生成。", "Whose headers and spellings.")))
    var mapping = "preconception/from-county-csv"

    @Option(help: ArgumentHelp(said("映射目录（默认自动查找）。", "The folder mappings, if not found.")))
    var mappings: String?

    @Option(help: ArgumentHelp(said("写到哪个目录。", "The folder to write to.")))
    var out = "."

    @OptionGroup var common: SharedOptions

    private struct Result<Summary: Encodable>: Encodable {
        let file: String
        let truth: String
        let summary: Summary
    }

    private func give<Summary: Encodable>(_ summary: Summary, _ path: String, _ output: Output)
        throws -> Summary
    {
        let stem = (path as NSString).deletingPathExtension
        try output.give(
            Result(file: path, truth: stem + ".truth.json", summary: summary))
        return summary
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let catalogue = try Catalogue(root: try Places.mappings(mappings))
        guard let (programme, file) = catalogue.mapping(named: mapping) else {
            let known = catalogue.programmes.flatMap(\.mappings).map(\.path)
            throw CommandFailure(
                .usage, place: mapping, detail: "--mapping: " + known.joined(separator: ", "))
        }
        let isPrenatal = programme.folderName == PregnancyWriter.programme
        let days = isPrenatal ? PregnancyWriter.defaultDays : SampleRequest.defaultDays
        let request = SampleRequest(
            couples: count, seed: seed, defectFraction: defects, encoding: encoding,
            firstDay: days.first, lastDay: days.last, isWhole: whole)
        let folder = Places.absolute(out)
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let kind = isPrenatal ? "pregnancies" : "couples"
        let stem = "\(folder)/\(kind)-\(count)-seed-\(seed)"
        let path = stem + (encoding == .xlsx ? ".xlsx" : ".csv")
        let rows: Int
        if isPrenatal {
            let writer = try PregnancyWriter(request, mapping: file.mapping)
            rows = try give(try writer.write(to: path), path, output).rows
        } else {
            let writer = try SampleWriter(request, mapping: file.mapping)
            rows = try give(try writer.write(to: path), path, output).rows
            if planned { try writeList(writer, of: programme, to: folder, output) }
        }
        output.line("✓ \(Places.shown(path))")
        output.line(
            "  \(Figure.grouped(rows)) 行；答案在 .truth.csv 和 .truth.json",
            "  \(Figure.grouped(rows)) rows; the answers are in .truth.csv and .truth.json")
        return .done
    }
}

extension Sample {
    /// The village list of the same couples, by the programme's layout for tables of lists.
    private func writeList(
        _ writer: SampleWriter, of programme: Programme, to folder: String, _ output: Output
    ) throws {
        let lists = programme.mappings.filter { $0.isList && $0.mapping.reads == .csv }
        guard let list = lists.first else { return }
        let path = "\(folder)/planned-\(count)-seed-\(seed).csv"
        let couples = try writer.writeList(by: list.mapping, to: path)
        output.line("✓ \(Places.shown(path))")
        output.line(
            "  名单 \(Figure.grouped(couples)) 对：shangbao take --source \(list.path)",
            "  a list of \(Figure.grouped(couples)) couples: shangbao take --source \(list.path)")
    }
}

extension SampleEncoding: ExpressibleByArgument {}
