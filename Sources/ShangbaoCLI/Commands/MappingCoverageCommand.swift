import ArgumentParser
import Flow
import Foundation
import Mappings
import Programmes
import Records

/// Names what a mapping leaves out.
struct MappingCoverageCommand: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "coverage",
            abstract: said("映射漏了什么：字段与列。", "What a mapping leaves out: fields and columns."),
            discussion: said(
                "给出文件时，还看哪些列没有用、缺哪些列、每列有几行填了。",
                "With a file also which columns are unused, missing, and how often each is filled.")
        )
    }

    @Argument(help: ArgumentHelp(said("来源或映射的名称。", "A source's or a mapping's name.")))
    var name: String

    @Argument(help: ArgumentHelp(said("机构的文件。", "A file of the clinic.")))
    var file: String?

    @Flag(help: ArgumentHelp(said("全部列出。", "List everything.")))
    var all = false

    @Option(help: ArgumentHelp(said("映射目录（默认按站点）。", "The folder mappings; the site's if absent.")))
    var mappings: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let mapping = try common.openMapping(name, mappings).file.mapping
        let coverage: MappingCoverage
        if let file {
            let survey = try ColumnSurvey(allRowsOf: Places.absolute(file), by: mapping)
            try HeaderDoubt.check(
                survey.header.filter { !mapping.namedColumns.contains($0) },
                of: (file as NSString).lastPathComponent)
            coverage = MappingCoverage(
                of: mapping, header: survey.header, evidence: survey.evidence, rows: survey.rows)
        } else {
            coverage = MappingCoverage(of: mapping)
        }
        try output.give(coverage)
        CoverageReport(coverage, isWhole: all).show(output)
        return coverage.file?.missing.isEmpty ?? true ? .done : .toCorrect
    }
}

extension SharedOptions {
    /// A mapping by its own name or, in a site, by a source's; and its programme.
    func openMapping(_ name: String, _ mappings: String?) throws
        -> (programme: Programme, file: MappingFile)
    {
        let isSite = FileManager.default.fileExists(
            atPath: siteFolder + "/" + Configuration.fileName)
        if mappings == nil, isSite {
            let site = try openSite()
            let file = try site.mapping(for: name).file
            if let found = site.catalogue.mapping(named: file.path) {
                return (found.programme, found.mapping)
            }
        }
        let catalogue = try openCatalogue(mappings)
        guard let found = catalogue.mapping(named: name) else {
            let known = catalogue.programmes.flatMap(\.mappings).map(\.path)
            throw CommandFailure(.usage, place: name, detail: known.joined(separator: ", "))
        }
        return (found.programme, found.mapping)
    }
}
