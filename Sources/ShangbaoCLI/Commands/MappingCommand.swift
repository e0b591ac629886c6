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
                MappingApprove.self,
            ])
    }
}

extension Site {
    /// A mapping by a source's name or its own, with its sheet.
    func reviewed(_ name: String) throws -> (file: MappingFile, sheet: ReviewSheet) {
        let file = try mapping(for: name).file
        return (file, try sheet(of: file))
    }

    /// Approvals checked with the exported public keys: no passphrase is needed to read.
    func readableApprovals() -> ApprovalStore {
        let folder = (configuration.keyring as NSString).deletingLastPathComponent + "/public"
        var keys: [String: VerifyingKey] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let parts = name.split(separator: "-", maxSplits: 1)
            guard parts.count == 2, name.hasSuffix(".pub.pem"),
                let bytes = FileManager.default.contents(atPath: folder + "/" + name),
                let key = try? VerifyingKey(pem: String(decoding: bytes, as: UTF8.self))
            else { continue }
            keys[String(parts[1].dropLast(".pub.pem".count))] = key
        }
        return ApprovalStore(folder: configuration.folder + "/approvals", keys: keys)
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
        let earlier = site.readableApprovals().lastApprovedSheet(mapping: file.mapping.name)
        var annex = SheetAnnex()
        if let data { annex.rarity = try site.rarity(of: Places.absolute(data), by: file) }
        annex.subjectsPerYear = await people(of: file, site)
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
        try output.give(
            Result(file: path, sha256: sheet.sha256, sm3: sheet.sm3, annex: annex))
        return .done
    }

    /// What the ledger knows; nothing where there is no database yet.
    private func people(of file: MappingFile, _ site: Site) async -> Int? {
        let name = site.programme(of: file).name
        return try? await site.withView { view in
            try await view.read { try site.recordsOfYear(name, in: $0) }
        }
    }
}

struct MappingApprove: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "approve",
            abstract: said("批准或驳回映射，绑定其内容。", "Approve or reject a mapping as it is now."),
            discussion: said(
                "审核人不得是编写人；映射一改，批准即失效。", "The approver is not the author; any change ends it."))
    }

    @Argument(help: ArgumentHelp(said("来源或映射的名称。", "A source's or a mapping's name.")))
    var name: String

    @Option(help: ArgumentHelp(said("审核人。", "Who decides.")))
    var by: String

    @Option(help: ArgumentHelp(said("理由。", "Why.")))
    var because: String

    @Option(help: ArgumentHelp(said("编写人。", "Who wrote the mapping.")))
    var author: String?

    @Flag(help: ArgumentHelp(said("驳回。", "Reject it.")))
    var reject = false

    @Option(
        help: ArgumentHelp(
            said("有效期至 yyyy-MM-dd（默认一年）。", "Last day, yyyy-MM-dd; a year if absent.")))
    var validUntil: CalendarDate?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let (file, sheet) = try site.reviewed(name)
        let keyring = try await common.openKeyring(of: site)
        let now = site.clock()
        let approval = try Approval(
            mapping: file.mapping.name, content: MappingContent.digest(of: file.content),
            xsd: site.programme(of: file).schemaDigest, sheet: sheet.sha256,
            decision: reject ? .rejected : .approved, approver: by, author: author,
            decidedAt: now, validUntil: validUntil ?? now.day.adding(days: 365), reason: because)
        try await site.withDatabase(.guest) { database in
            try await site.check(keyring, in: database)
            try site.approvals(keyring).record(approval, sheet: sheet, signedBy: keyring)
            let fact = Fact.Approved(
                mapping: approval.mapping, mappingDigest: approval.content.sha256,
                by: by, isApproved: !reject)
            try await database.write { transaction in
                try Ledger().append([.approved(fact)], at: now, in: transaction)
            }
        }
        try output.give(approval)
        output.line(
            reject
                ? "✓ 已驳回 \(approval.mapping)"
                : "✓ 已批准 \(approval.mapping)，有效期至 \(approval.validUntil)",
            reject
                ? "✓ \(approval.mapping) is rejected"
                : "✓ \(approval.mapping) is approved until \(approval.validUntil)")
        output.line("  SHA-256 \(approval.content.sha256)")
        return .done
    }
}

extension CalendarDate: ExpressibleByArgument {
    public init?(argument: String) { self.init(iso: argument) }
}
