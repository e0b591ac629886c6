import ArgumentParser
import Definitions
import Flow
import Foundation
import Programmes
import Records
import Samples

/// Makes a file of invented couples, and what must become of each.
struct Sample: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("生成虚构夫妇的样例和答案。", "Make invented couples, with the answers."))
    }

    @Option(help: ArgumentHelp(said("夫妇对数。", "How many couples.")))
    var couples = 300

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

    @Option(help: ArgumentHelp(said("按哪个映射的表头和写法生成。", "Whose headers and spellings.")))
    var mapping = "preconception/from-county-csv"

    @Option(help: ArgumentHelp(said("映射目录（默认自动查找）。", "The folder mappings, if not found.")))
    var mappings: String?

    @Option(help: ArgumentHelp(said("写到哪个目录。", "The folder to write to.")))
    var out = "."

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        let file: String
        let truth: String
        let summary: SampleSummary
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let catalogue = try Catalogue(root: try Places.mappings(mappings))
        guard let file = catalogue.mapping(named: mapping)?.mapping else {
            let known = catalogue.programmes.flatMap(\.mappings).map(\.path)
            throw CommandFailure(
                .usage, place: mapping, detail: "--mapping: " + known.joined(separator: ", "))
        }
        let request = SampleRequest(
            couples: couples, seed: seed, defectFraction: defects, encoding: encoding,
            isWhole: whole)
        let folder = Places.absolute(out)
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let stem = "\(folder)/couples-\(couples)-seed-\(seed)"
        let path = stem + (encoding == .xlsx ? ".xlsx" : ".csv")
        let summary = try SampleWriter(request, mapping: file.mapping).write(to: path)
        try output.give(
            Result(file: path, truth: stem + ".truth.json", summary: summary))
        output.line("✓ \(Places.shown(path))")
        output.line(
            "  \(Figure.grouped(summary.rows)) 行；答案在 .truth.csv 和 .truth.json",
            "  \(Figure.grouped(summary.rows)) rows; the answers are in .truth.csv and .truth.json")
        return .done
    }
}

extension SampleEncoding: ExpressibleByArgument {}
