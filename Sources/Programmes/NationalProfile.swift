package import Definitions
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
    package let repeats: Repeatability
    /// HTTP statuses that prove that nothing was stored.
    package let provesNothingTaken: [Int]
    package let paths: HTTPSPaths
    package let retry: RetryNumbers
    package let codes: [AcknowledgementCode]
    /// The profile's folder.
    package let folder: String

    /// What the other side promises about hearing the same submission twice.
    package enum Repeatability: String, Sendable, CaseIterable {
        case safe, askFirst, never
    }

    /// Paths below the base address.
    package struct HTTPSPaths: Sendable {
        package let submissions: String
        package let receipt: String
        package let receipts: String
        package let counts: String
    }

    /// How tries are spaced, in seconds.
    package struct RetryNumbers: Sendable {
        package let firstSeconds: Int
        package let floorSeconds: Int
        package let capSeconds: Int
        package let lifetimeDays: Int
        package let resendsInDoubt: Int
    }

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
        guard let repeats = try section.choice("repeats", of: Repeatability.self) else {
            throw section.error("缺少 “repeats”。", "repeats is missing.")
        }
        self.repeats = repeats
        provesNothingTaken = try section.texts("provesNothingTaken").compactMap { Int($0) }
        guard try section.text("inDoubt") == "ask" else {
            throw section.error(at: "inDoubt", "只支持 ask。", "Only ask is known.")
        }
        paths = try NationalProfile.paths(&section)
        retry = try NationalProfile.retry(&section)
        try section.finish()
        codes = try AcknowledgementCode.table(
            path: folder + "/acknowledgement-codes.csv",
            shownAs: shown + "/acknowledgement-codes.csv")
        self.folder = folder
    }

    private enum SchemaChecking: String, CaseIterable { case every, sample }

    private static func paths(_ section: inout Section) throws(DefinitionError) -> HTTPSPaths {
        var bindings = try section.section("bindings")
        var https = try bindings.section("https")
        let paths = HTTPSPaths(
            submissions: try https.text("submissions"), receipt: try https.text("receipt"),
            receipts: try https.text("receipts"), counts: try https.text("counts"))
        try https.finish()
        try bindings.finish()
        return paths
    }

    private static func retry(_ section: inout Section) throws(DefinitionError) -> RetryNumbers {
        var retry = try section.section("retry")
        let numbers = RetryNumbers(
            firstSeconds: try retry.integer("firstSeconds") ?? 10,
            floorSeconds: try retry.integer("floorSeconds") ?? 2,
            capSeconds: try retry.integer("capSeconds") ?? 1800,
            lifetimeDays: try retry.integer("lifetimeDays") ?? 7,
            resendsInDoubt: try retry.integer("resendsInDoubt") ?? 5)
        try retry.finish()
        return numbers
    }
}

/// One acknowledgement code of a profile (应答码).
package struct AcknowledgementCode: Sendable {
    package enum Family: String, Sendable, CaseIterable {
        case information, envelope, content, identity, security, transient
    }

    package let code: String
    package let family: Family
    package let isFinal: Bool
    /// Who repairs it, e.g. `clinic`.
    package let repair: String
    package let meaning: Wording

    static func table(path: String, shownAs shown: String) throws(DefinitionError)
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
            codes.append(
                AcknowledgementCode(
                    code: row.cells[0], family: family, isFinal: row.cells[2] == "true",
                    repair: row.cells[3], meaning: Wording(zh: row.cells[4], en: row.cells[5])))
        }
        return codes
    }
}
