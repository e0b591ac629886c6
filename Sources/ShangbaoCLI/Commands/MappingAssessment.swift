import ArgumentParser
import Definitions
import Flow
import Foundation
import LibPDF
import Mappings
import Privacy
import Programmes
import Records
import Storage

/// Writes the document of a privacy impact assessment, with the officer's parts left to write.
struct MappingAssessment: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "assessment",
            abstract: said("个人信息保护影响评估：生成文件，意见留给负责人写。", "The impact assessment, with blanks."),
            discussion: said(
                "依据《个人信息保护法》第五十五、五十六条。处理情况、字段、风险、措施由映射生成；必要性意见和结论由隐私负责人填写。--out "
                    + "写成 .html 或 .pdf。评估报告至少保存三年。",
                "After articles 55 and 56 of the Personal Information Protection Law. What is done, the "
                    + "fields, risks and measures come from the mapping; the officer writes the opinion. "
                    + "--out writes .html or .pdf. Kept for three years at least."))
    }

    @Argument(help: ArgumentHelp(said("来源或映射的名称。", "A source's or a mapping's name.")))
    var name: String

    @Option(help: ArgumentHelp(said("写成文件：.html 或 .pdf。", "The file: .html or .pdf.")))
    var out: String

    @Option(
        help: ArgumentHelp(
            said("机构的文件：数少见的组合，只出数字。", "A file of real rows, for counts alone."), valueName: "file")
    )
    var data: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let (file, sheet) = try site.reviewed(name)
        let rarity = try data.map { try site.rarity(of: Places.absolute($0), by: file) }
        let threats = try AssessedThreats(
            path: site.configuration.mappings + "/privacy/threats.csv")
        let paper = AssessmentPaper(
            sheet: sheet, rarity: rarity, threats: threats, county: site.configuration.county.name,
            day: site.clock().day
        ).paper
        let path = Places.absolute(out)
        switch (path as NSString).pathExtension.lowercased() {
        case "html", "htm": try Places.write(paper.html, to: path)
        case "pdf": try paper.pdf(at: site.clock().dateTime).writeAnew(to: path)
        default: throw CommandFailure(.usage, place: out, detail: ".html, .pdf")
        }
        output.line("✓ \(Places.shown(path))")
        output.line(
            "待填写：必要性意见、结论、签字", "Left to write: necessity, conclusion, signature")
        try output.give(["file": path, "sheet": sheet.sha256])
        return .done
    }
}

/// What may go wrong and what stands against it, as `mappings/privacy/threats.csv` has it.
struct AssessedThreats {
    /// Threat, measure, what is left, in Chinese.
    let rows: [[String]]

    /// Throws `DefinitionError`; a file that is not there says nothing.
    init(path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            rows = []
            return
        }
        let table = try CodeTable(path: path, shownAs: "privacy/threats.csv")
        try table.expect(header: ["threat", "measure", "left", "before", "after"])
        rows = table.rows.map(\.cells)
    }
}
