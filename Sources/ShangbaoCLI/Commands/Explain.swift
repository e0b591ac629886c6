import ArgumentParser
import Flow
import Foundation
import Programmes
import Records

/// What a code means, or why a record or a submission is where it is; and what to do.
struct Explain: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said(
                "一个代码是什么意思；一个记录、一份报文为什么在那里，怎么办。",
                "What a code means; why a record or submission is where it is; what to do."))
    }

    @Argument(
        help: ArgumentHelp(
            said(
                "代码，如 R-05、E2104；或记录编号（32 位），或报文编号或其开头（至少 8 位）。",
                "A code such as R-05; or a record's id (32 digits); or a submission's, or 8 digits of it."
            )
        ))
    var code: String

    @Option(help: ArgumentHelp(said("映射目录（默认自动查找）。", "The folder mappings, if not found.")))
    var mappings: String?

    @OptionGroup var common: SharedOptions

    private struct Told: Encodable {
        let code: String
        let what: Wording
        let next: Wording
    }

    var audited: AuditSubject { AuditSubject(object: code) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let found = catalogue()
        let book = CodeBook(found)
        guard let entry = book[code] else {
            if let status = try await OutlookPage.explain(code, common, book, output) {
                return status
            }
            let near = book.nearest(to: code)
            if !near.isEmpty {
                output.note(said("相近的代码：", "The nearest codes:"))
                var table = Columns(sides: [.left, .left])
                for entry in near { table.add([entry.code, entry.what.said]) }
                for line in table.lines(width: output.width, indent: 2) { output.note(line) }
            }
            if found == nil {
                output.note(
                    said(
                        "没有找到映射目录，规则的代码（L-…、R-…）都在其中：请用 --mappings 指明该目录，或在站点目录中运行。",
                        "No folder mappings was found, and the codes of rules (L-…, R-…) are in it: "
                            + "name it by --mappings, or run this in a site's folder."))
            }
            throw CommandFailure(
                .unknownCode, place: code,
                detail: output.isJSON ? near.map(\.code).joined(separator: ", ") : nil)
        }
        try output.give(Told(code: entry.code, what: entry.what, next: entry.next))
        let all = book.all(of: code)
        for entry in all {
            output.paragraph("\(entry.code) \(entry.what.said)")
            // Two programmes may say one code of their records in other words.
            if all.count > 1 {
                let places = book.places(of: entry).map(\.said).joined(separator: said("；", "; "))
                output.paragraph(said("出自：", "Said by: ") + places, indent: 2)
            }
            output.paragraph(said("怎么办：", "What to do: ") + entry.next.said, indent: 2)
        }
        return .done
    }

    /// The site's definitions, else those that are found; without any, the program's own codes do.
    private func catalogue() -> Catalogue? {
        if mappings == nil, let site = try? common.openSite() { return site.catalogue }
        return (try? Places.mappings(mappings)).flatMap { try? Catalogue(root: $0) }
    }
}
