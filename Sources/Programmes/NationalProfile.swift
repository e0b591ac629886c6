package import Definitions
package import Delivery
import Foundation
package import Records

/// What one national side wants (国家接口规格): a folder of data, never code.
package struct NationalProfile: Sendable {
    package let name: String
    package let programme: String
    package let title: Wording
    /// Says plainly what this profile is and is not.
    package let notice: Wording
    package let namespace: String
    package let mostRecords: Int
    package let mostBytes: Int
    /// Records that go into one submission.
    package let batch: Int
    package let checksEveryRecord: Bool
    package let sampleEvery: Int
    package let suites: [String]
    /// Whether the client certificate must name the sender by its credit code (证书主体即报送主体).
    package let certificateNamesSender: Bool
    package let retry: RetryPolicy
    package let codes: [AcknowledgementCode]
    /// What the free texts of receipts mean; `nil` where every refusal has a code.
    package let texts: [AnswerTexts.Pattern]?
    /// How people type into its forms; `nil` for a side that is reached by wire alone.
    package let assisted: AssistedEntry?
    /// How its list of cases is read; `nil` where it gives none.
    package let caseList: CaseListForm?
    /// The profile's folder.
    package let folder: String

    /// Reads a profile's folder.
    package init(folder: String, shownAs shown: String) throws(DefinitionError) {
        var section = try Section(
            path: folder + "/profile.yaml", shownAs: shown + "/profile.yaml")
        name = try section.text("profile")
        programme = try section.text("programme")
        title = try section.wording("title")
        notice = try section.wording("notice")
        namespace = try section.text("namespace")
        var limits = try section.section("limits")
        mostRecords = try limits.integer("records") ?? 1000
        mostBytes = try limits.integer("bytes") ?? 20_000_000
        try limits.finish()
        batch = try section.integer("batch") ?? 500
        guard batch >= 1, batch <= mostRecords else {
            throw section.error(at: "batch", "应在 1 与 records 之间。", "Between 1 and records.")
        }
        guard let check = try section.choice("schemaCheck", of: SchemaChecking.self) else {
            throw section.error("缺少 “schemaCheck”。", "schemaCheck is missing.")
        }
        checksEveryRecord = check == .every
        sampleEvery = max(1, try section.integer("sampleEvery") ?? 100)
        suites = try section.texts("suites")
        certificateNamesSender = try section.flag("certificateNamesSender") ?? false
        let root = ((folder as NSString).deletingLastPathComponent as NSString)
            .deletingLastPathComponent
        retry = try RetryFile.policy(named: section.text("retry"), below: root)
        let hasTexts = try section.flag("freeText") ?? false
        try section.finish()
        codes = try AcknowledgementTable.codes(
            path: folder + "/acknowledgement-codes.csv",
            shownAs: shown + "/acknowledgement-codes.csv")
        // A list of results has its reasons in words, whatever comes by wire.
        let table = folder + "/answer-texts.csv"
        let isRead = FileManager.default.fileExists(
            atPath: folder + "/" + AssistedEntry.fileName)
        let patterns = try AnswerTextTable.patterns(
            path: table, shownAs: shown + "/answer-texts.csv",
            isWanted: hasTexts || (isRead && FileManager.default.fileExists(atPath: table)),
            codes: codes)
        texts = hasTexts ? patterns : nil
        assisted = try AssistedEntry.read(
            folder: folder, shownAs: shown, texts: AnswerTexts(patterns ?? []))
        caseList = try CaseListForm.read(folder: folder, shownAs: shown)
        self.folder = folder
    }

    private enum SchemaChecking: String, CaseIterable { case every, sample }
}

/// Reads `acknowledgement-codes.csv` of a profile (应答码): code, class, final, repair, zh, en.
enum AcknowledgementTable {
    private enum Family: String {
        case information, envelope, content, identity, security, transient, reversal
    }

    static func codes(path: String, shownAs shown: String) throws(DefinitionError)
        -> [AcknowledgementCode]
    {
        let table = try CodeTable(path: path, shownAs: shown)
        try table.expect(header: ["code", "class", "final", "repair", "zh", "en"])
        var codes: [AcknowledgementCode] = []
        for row in table.rows {
            guard let family = Family(rawValue: row.cells[1]),
                row.cells[2] == "true" || row.cells[2] == "false",
                !codes.contains(where: { $0.code == row.cells[0] })
            else {
                throw table.error(
                    row, "class、final 不对，或代码重复。",
                    "Wrong class or final, or the code stands twice.")
            }
            let effect: AcknowledgementCode.Effect =
                switch family {
                case .information: .information
                case .transient: .transient
                case .reversal: .reversal
                case .envelope, .content, .identity, .security: .final
                }
            guard (effect == .transient) == (row.cells[2] == "false") || effect == .information
            else {
                throw table.error(
                    row, "transient 类必须是 final=false，其余为 true。",
                    "Transient codes are final=false, the others true.")
            }
            codes.append(
                AcknowledgementCode(
                    code: row.cells[0], effect: effect,
                    meaning: Wording(zh: row.cells[4], en: row.cells[5]), repair: row.cells[3]))
        }
        return codes
    }
}
