package import Definitions
package import Delivery
package import LibCrypto
package import Notices
import Privacy
import Programmes
package import Records
package import Schedules

/// What this county says (站点配置): `shangbao.yaml` of its site folder. Paths in it are relative to
/// the folder; secrets are named there, never in it.
package struct Configuration: Sendable {
    /// Where invented people pass and a mapping may run unapproved, or where neither may.
    package enum Environment: String, Sendable, CaseIterable {
        case rehearsal, production
    }

    package struct County: Sendable {
        package let name: Wording
        /// The sender's 18-character unified social credit code.
        package let creditCode: String
        /// GB/T 2260, six digits.
        package let region: String
        /// Names the domain of internal joins: `link/<city>`.
        package let city: String
        /// The area by whose parameters money is shared (经费结算区域), where it is no division of its
        /// own: `LC-KFQ`. Without it the region decides.
        package let fundingArea: String?
    }

    package struct Source: Sendable {
        package let name: String
        package let folder: String
        /// As the catalogue names it, e.g. `preconception/from-county-csv`.
        package let mapping: String
    }

    package struct National: Sendable {
        /// Programme folders and profile names, e.g. `preconception/reference-1`; never empty.
        package let profiles: [(folder: String, profile: String)]
        package let address: String
        package let way: NationalWay
        package let recipientName: String
        /// The recipient's public key file of the suite in use; `nil` where nothing goes by wire.
        package let recipientKey: String?
        /// Who issues the recipient's certificates, a file; `nil` where none is named.
        package let recipientAuthority: String?
        package let receiptKeys: [(id: String, file: String)]
        package let inFlight: Int
        /// How many submissions may be sent in how long; the profile's own where it is absent.
        package let pace: SendPace?
    }

    package let folder: String
    package let environment: Environment
    package let county: County
    package let mappings: String
    package let database: DatabasePlace
    /// Where it is noted what might have been sent: apart from the database.
    package let sendJournal: String
    package let keyring: String
    package let passphrase: PassphraseOrigin
    package let suite: CipherSuite
    package let designated: String
    /// What each institution may do, where the county keeps such a list.
    package let qualified: String?
    /// Who works where (医师名单), a file; `nil` where the county keeps no such list.
    package let staff: String?
    /// Proofs of laboratories' quality (检验质量控制凭据), a file; `nil` without one.
    package let quality: String?
    package let sources: [Source]
    package let national: National
    /// What runs when, and when the national side may be called.
    package let calendar: UploadCalendar
    package let deadlines: Deadlines
    /// How the service that runs all the time is watched.
    package let service: ServiceSettings
    /// How people are told of incidents.
    package let notices: [NoticeChannel]
    /// By what evidence packs are signed and stamped.
    package let evidence: EvidenceSettings
    /// Where it is written down who did and looked at what.
    package let audit: AuditSettings
    /// Who may approve mappings.
    package let privacy: PrivacySettings
    /// What holds signing keys that are not in the key ring's file.
    package let devices: [DeviceSettings]
    /// Who opens the identity vault; `nil` where none is kept.
    package let custody: CustodySettings?

    /// Where the key ring's passphrase comes from, unless the command names a descriptor.
    package enum PassphraseOrigin: Sendable {
        case terminal
        /// A systemd credential by its name.
        case credential(String)
        /// A file that only its owner reads; rehearsal only.
        case file(String)
    }

    package static let fileName = "shangbao.yaml"

    /// Reads `folder/shangbao.yaml`.
    package init(folder: String) throws(DefinitionError) {
        var section = try Section(
            path: folder + "/" + Configuration.fileName, shownAs: Configuration.fileName)
        func path(_ name: String) -> String { name.hasPrefix("/") ? name : folder + "/" + name }
        self.folder = folder
        guard let environment = try section.choice("environment", of: Environment.self) else {
            throw section.error("缺少 “environment”。", "environment is missing.")
        }
        self.environment = environment
        county = try Configuration.county(&section)
        mappings = path(try section.text("mappings"))
        database = try DatabasePlace(&section, file: path)
        sendJournal = path(try section.optionalText("sendJournal") ?? "send-journal")
        var keys = try section.section("keys")
        keyring = path(try keys.text("ring"))
        passphrase = try Configuration.passphrase(&keys, path, environment)
        try keys.finish()
        guard let suite = CipherSuite(rawValue: try section.text("suite")) else {
            throw section.error(at: "suite", "应为 gm 或 intl。", "gm or intl.")
        }
        self.suite = suite
        designated = path(try section.text("designated"))
        qualified = try section.optionalText("qualified").map(path)
        staff = try section.optionalText("staff").map(path)
        quality = try section.optionalText("quality").map(path)
        sources = try Configuration.sources(&section, path)
        national = try Configuration.national(&section, path, suite)
        calendar = try UploadCalendar(
            &section, sources: sources.map(\.name),
            holidays: HolidayCalendar(folder: mappings + "/calendars"), county: county.creditCode)
        deadlines = try Deadlines(
            &section, programmes: national.profiles.map { $0.folder }, openTimes: calendar.openTimes
        )
        service = try ServiceSettings(&section)
        notices = try NoticeChannel.all(
            &section, file: path, isRehearsal: environment == .rehearsal)
        evidence = try EvidenceSettings(&section, file: path)
        audit = try AuditSettings(&section, file: path)
        privacy = try PrivacySettings(&section, file: path)
        custody = try CustodySettings.read(&section, file: path)
        devices = try DeviceSettings.all(
            &section, file: path, isRehearsal: environment == .rehearsal)
        try section.finish()
    }

    private static func county(_ section: inout Section) throws(DefinitionError) -> County {
        var county = try section.section("county")
        let read = County(
            name: Wording(zh: try county.text("zh"), en: try county.text("en")),
            creditCode: try county.text("creditCode"), region: try county.text("region"),
            city: try county.text("city"), fundingArea: try county.optionalText("fundingArea"))
        guard read.region.utf8.count == 6, read.region.utf8.allSatisfy({ (0x30...0x39) ~= $0 })
        else {
            throw county.error(at: "region", "应为 6 位行政区划代码。", "Six digits of GB/T 2260.")
        }
        guard read.creditCode.utf8.count == 18 else {
            throw county.error(at: "creditCode", "应为 18 位统一社会信用代码。", "18 characters.")
        }
        // It goes into the ring's file, and cannot be changed there.
        guard Keyring.isCity(read.city) else {
            throw county.error(
                at: "city", "请给市起个名：字母、数字、连字符，如 city-9901；写进密钥环后不能改。",
                "A name for the city: letters, digits and hyphens, as city-9901. The key ring keeps it."
            )
        }
        try county.finish()
        return read
    }

    private static func passphrase(
        _ keys: inout Section, _ path: (String) -> String, _ environment: Environment
    ) throws(DefinitionError) -> PassphraseOrigin {
        guard var origin = try keys.optionalSection("passphrase") else { return .terminal }
        if let name = try origin.optionalText("credential") {
            try origin.finish()
            return .credential(name)
        }
        let file = try origin.text("file")
        guard environment == .rehearsal else {
            throw origin.error(
                at: "file", "口令文件只允许用于演练环境。", "A passphrase file is for rehearsal only.")
        }
        try origin.finish()
        return .file(path(file))
    }

    private static func sources(_ section: inout Section, _ path: (String) -> String)
        throws(DefinitionError) -> [Source]
    {
        var group = try section.section("sources")
        var sources: [Source] = []
        for name in group.keys {
            var source = try group.section(name)
            sources.append(
                Source(
                    name: name, folder: path(try source.text("folder")),
                    mapping: try source.text("mapping")))
            try source.finish()
        }
        guard !sources.isEmpty else {
            throw section.error(at: "sources", "至少要有一个来源。", "At least one source is needed.")
        }
        return sources
    }

    private static func national(
        _ section: inout Section, _ path: (String) -> String, _ suite: CipherSuite
    ) throws(DefinitionError) -> National {
        var national = try section.section("national")
        var profiles: [(folder: String, profile: String)] = []
        for text in try national.texts("profile") {
            let parts = text.split(separator: "/").map(String.init)
            guard parts.count == 2, !profiles.contains(where: { $0.folder == parts[0] }) else {
                throw national.error(
                    at: "profile", "应为 项目目录/规格名，每个项目一次。",
                    "FOLDER/PROFILE, each programme once.")
            }
            profiles.append((parts[0], parts[1]))
        }
        guard !profiles.isEmpty else {
            throw national.error("缺少 “profile”。", "profile is missing.")
        }
        let (way, address) = try NationalWay.read(&national, path)
        let recipient = try Configuration.recipient(&national, of: way, suite)
        var receiptKeys: [(id: String, file: String)] = []
        for var key in try national.sections("receipts") {
            receiptKeys.append((try filled(&key, "id"), path(try key.text("key"))))
            try key.finish()
        }
        let read = National(
            profiles: profiles, address: address, way: way, recipientName: recipient.name,
            recipientKey: recipient.key.map(path),
            recipientAuthority: recipient.authority.map(path), receiptKeys: receiptKeys,
            inFlight: max(1, try national.integer("inFlight") ?? 2),
            pace: try RetryFile.pace(&national, "pace"))
        try national.finish()
        return read
    }

    /// Whose key closes what leaves. Only assisted entry may do without.
    /// A text that `init` left for the county to fill in.
    private static func filled(
        _ section: inout Section, _ key: String
    ) throws(DefinitionError) -> String {
        let text = try section.text(key)
        guard text != unfilled else {
            throw section.error(at: key, "还没有填写。", "It is not filled in yet.")
        }
        return text
    }

    /// What stands in a new site's file where the county has to write something.
    package static let unfilled = "请填写"

    private static func recipient(
        _ national: inout Section, of way: NationalWay, _ suite: CipherSuite
    ) throws(DefinitionError) -> (name: String, key: String?, authority: String?) {
        if case .assisted = way, !national.has("recipient") { return ("none", nil, nil) }
        var recipient = try national.section("recipient")
        let name = try filled(&recipient, "name")
        let keys = [
            "gm": try recipient.optionalText("gm"), "intl": try recipient.optionalText("intl"),
        ]
        guard let key = keys[suite.rawValue] ?? nil else {
            throw recipient.error(
                "缺少 \(suite.rawValue) 套件的公钥文件。",
                "The \(suite.rawValue) suite's public key is missing.")
        }
        let authority = try recipient.optionalText("authority")
        try recipient.finish()
        return (name, key, authority)
    }
}
