import ArgumentParser
import Definitions
import Flow
import Foundation
import Mappings
import Privacy
import Programmes
import Records
import Storage
import Validation

/// Shows what a new version of a mapping would change, before anybody signs it.
struct MappingImpact: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "impact",
            abstract: said(
                "影响预览：新映射会改变哪些行、例数和钱。", "What a new mapping would change: rows and money."),
            discussion: said(
                "对一段时间收到的、仍在的文件和留在本地的密封行，用现在的映射和新的映射各走一遍；每例算一次，按最后的结果。只出字段名和数字，不写任何数据。已上报且文件不在的行看不到，报告写明有多少。",
                "Both versions run over the files of the period that still lie there and over the sealed "
                    + "rows that stayed here. Each record counts once, by what became of it last. Names "
                    + "of fields and numbers alone, nothing is written. Rows that left and whose file is "
                    + "gone cannot be seen: how many, is said."))
    }

    @Argument(help: ArgumentHelp(said("来源或映射的名称。", "A source's or a mapping's name.")))
    var name: String

    @Option(
        help: ArgumentHelp(said("从哪一天收到的算起，yyyy-MM-dd。", "What came since this day, yyyy-MM-dd.")))
    var since: CalendarDate

    @Option(
        help: ArgumentHelp(
            said(
                "新的映射文件；不写则用现在的映射，与当时的去向相比。",
                "The new version; if absent, the present one against what became of the rows then."),
            valueName: "file"))
    var mapping: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let present = try site.mapping(for: name).file
        let other = try mapping.map {
            try site.programme(of: present).programme.version(of: present, at: Places.absolute($0))
        }
        let keyring = try await common.openKeyring(of: site)
        let impact = try await site.withView { view in
            try await ImpactReading(
                of: other ?? present, against: other == nil ? nil : present, at: site, view,
                keyring: keyring
            ).impact(since: since)
        }
        try output.give(impact)
        ImpactTable(
            impact: impact, dictionary: present.mapping.dictionary,
            isAgainstMapping: mapping != nil
        ).show(output)
        return impact.newlyFailing > 0 ? .toCorrect : .done
    }
}
