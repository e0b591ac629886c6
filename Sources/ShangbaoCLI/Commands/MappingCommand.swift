import ArgumentParser
import Definitions
import Evidence
import Flow
import Foundation
import LibCrypto
import Mappings
import Privacy
import Programmes
import Records
import Storage

/// The county's and the privacy officer's work on a mapping.
struct MappingCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "mapping",
            abstract: said(
                "映射：拟定、试跑、查漏、审核、审批。", "Propose, try, review and approve a mapping."),
            subcommands: [
                MappingNew.self, MappingTest.self, MappingCoverageCommand.self, MappingSheet.self,
                MappingApprove.self, MappingAccept.self, MappingConfirm.self, MappingImpact.self,
                MappingAssessment.self,
            ])
    }
}

extension Site {
    /// A mapping by a source's name or its own, with its sheet.
    func reviewed(_ name: String) throws -> (file: MappingFile, sheet: ReviewSheet) {
        let file = try mapping(for: name).file
        return (file, try sheet(of: file))
    }
}

struct MappingSheet: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "sheet",
            abstract: said("审核表：什么离开、凭什么、怎样保护。", "The sheet: what leaves, why, how protected."))
    }

    @Argument(help: ArgumentHelp(said("来源或映射的名称。", "A source's or a mapping's name.")))
    var name: String

    @Option(
        help: ArgumentHelp(
            said("写成文件：.html 网页，.pdf 纸页。", "Write a page (.html) or paper (.pdf).")))
    var out: String?

    @Option(
        help: ArgumentHelp(
            said(
                "机构的文件：数准标识组合与少见取值（M12、M18），只出数字。",
                "A file of real rows: counts for M12 and M18, numbers alone."), valueName: "file"))
    var data: String?

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        let file: String
        let sha256: String
        let sm3: String
        let annex: SheetAnnex
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let (file, sheet) = try site.reviewed(name)
        let store = try site.approvals()
        let earlier = store.lastApprovedSheet(mapping: file.mapping.name)
        var annex = SheetAnnex()
        if let data { annex.rarity = try site.rarity(of: Places.absolute(data), by: file) }
        annex.records = await records(of: file, site)
        annex.county = site.configuration.county.name
        annex.printedOn = site.clock().day
        annex.command = signing(sheet, site)
        annex.decisions = store.history(mapping: file.mapping.name).map { .init($0.approval) }
        guard let out else {
            try output.give(sheet)
            output.line(sheet.plainText(comparedWith: earlier, annex: annex))
            return .done
        }
        let path = Places.absolute(out)
        switch (path as NSString).pathExtension.lowercased() {
        case "pdf":
            try? FileManager.default.removeItem(atPath: path)
            try sheet.writePDF(
                to: path, comparedWith: earlier, annex: annex, made: site.clock().dateTime)
        case "html", "htm":
            try Places.write(sheet.html(comparedWith: earlier, annex: annex), to: path)
        default: throw CommandFailure(.usage, place: out, detail: ".html, .pdf")
        }
        output.line("✓ \(Places.shown(path))")
        output.line("  审核表 SHA-256 \(sheet.sha256)", "  sheet SHA-256 \(sheet.sha256)")
        try output.give(
            Result(file: path, sha256: sheet.sha256, sm3: sheet.sm3, annex: annex))
        return .done
    }

    /// What an officer types to sign the sheet, whole but for who and why.
    private func signing(_ sheet: ReviewSheet, _ site: Site) -> String {
        let officers = site.configuration.privacy.officers
        let by = officers.count == 1 ? officers[0].name : "审批人"
        let why = (["理由"] + sheet.weighed.map { $0 + "：理由" }).joined(separator: "；")
        let words = [
            "shangbao", "mapping", "approve", name, "--by", by, "--key", "私钥文件", "--author", "编写人",
            "--because", why, "--sheet", sheet.sha256, "--valid-until",
            site.clock().day.adding(days: 365).description, "--site", site.configuration.folder,
        ]
        return words.map { word in
            let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./@".contains($0) }
            return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
        }.joined(separator: " ")
    }

    /// What the ledger knows; nothing where there is no database yet.
    private func records(of file: MappingFile, _ site: Site) async -> SheetAnnex.Records? {
        let name = site.programme(of: file).name
        return try? await site.withView { view in
            try await view.read { try site.recordsOfYear(name, in: $0) }
        }
    }
}

extension CalendarDate: ExpressibleByArgument {
    public init?(argument: String) { self.init(iso: argument) }
}
