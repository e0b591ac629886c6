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
                "依据《个人信息保护法》第五十五、五十六条。处理情况、字段、风险、措施由映射生成，风险程度按 privacy/ratings.csv 由事实得出；必要性意见、措施是否相称、结论三处由隐私负责人填写。--out "
                    + "写成 .html 或 .pdf。评估报告至少保存三年。",
                "After articles 55 and 56 of the Personal Information Protection Law. What is done, the "
                    + "fields, risks and measures come from the mapping, ratings from facts by "
                    + "privacy/ratings.csv; the officer writes necessity, proportion and conclusion. "
                    + "--out writes .html or .pdf. Kept for three years at least."))
    }

    /// Days of what has no term (100 years).
    private static let forEver = 36_500

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
        let kept = try RetentionRule(mappings: site.configuration.mappings).days[.ownCopy]
        let facts = AssessmentFact.all(
            of: sheet, rarity: rarity, ownCopyDays: kept ?? MappingAssessment.forEver)
        let threats = try site.assessedThreats().rated(by: facts)
        let paper = AssessmentPaper(
            sheet: sheet, rarity: rarity, threats: threats, ownCopyDays: kept,
            county: site.configuration.county.name, day: site.clock().day
        ).paper
        let path = Places.absolute(out)
        switch (path as NSString).pathExtension.lowercased() {
        case "html", "htm": try Places.write(paper.html, to: path)
        case "pdf": try paper.pdf(at: site.clock().dateTime).writeAnew(to: path)
        default: throw CommandFailure(.usage, place: out, detail: ".html, .pdf")
        }
        output.line("✓ \(Places.shown(path))")
        output.line(
            "待填写：必要性意见、措施是否相称、结论；再签字盖章",
            "Left to write: necessity, proportion, conclusion; then signature and seal")
        try output.give(["file": path, "sheet": sheet.sha256])
        return .done
    }
}

extension Site {
    /// The threats as the mappings' folder has them. Throws `DefinitionError`.
    fileprivate func assessedThreats() throws -> AssessedThreats {
        func text(_ name: String) throws -> String {
            let path = configuration.mappings + "/privacy/" + name
            guard let bytes = FileManager.default.contents(atPath: path),
                let text = String(bytes: bytes, encoding: .utf8)
            else {
                throw DefinitionError(
                    file: "privacy/" + name,
                    problem: Wording(zh: "文件不存在，或不是 UTF-8。", en: "No such file, or not UTF-8."))
            }
            return text
        }
        return try AssessedThreats(threats: text("threats.csv"), ratings: text("ratings.csv"))
    }
}
