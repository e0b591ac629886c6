package import Definitions
package import Delivery
import Evidence
import Foundation
package import LibCrypto
import Mappings
import Notices
package import Privacy
package import Programmes
package import Records
package import Storage
import Submissions
import Validation

/// One county's gateway, wired (装配): the only place that makes live objects out of the site's file.
package struct Site: Sendable {
    package let configuration: Configuration
    package let catalogue: Catalogue
    /// What is reported, in the order of the site's file; never empty.
    package let programmes: [SiteProgramme]
    package let clock: Clock
    /// What holds signing keys that are not in the key ring's file.
    package let devices: [any SigningDevice]

    /// Reads the site's file and the catalogue; opens nothing else.
    ///
    /// - Parameter pins: where the command says that devices' PINs come from, by their names.
    package init(
        folder: String, clock: @escaping Clock, pins: [String: Passphrase] = [:]
    ) throws {
        let configuration = try Configuration(folder: folder)
        self.configuration = configuration
        devices = configuration.devices.map { $0.opened(pins[$0.name]) }
        if let name = pins.keys.first(where: { name in
            !configuration.devices.contains { $0.name == name }
        }) {
            throw KeyFailure(DeviceFault(.unknown, PersonalSigns.masked(name)))
        }
        catalogue = try Catalogue(root: configuration.mappings, passesUnfinished: true)
        self.clock = clock
        programmes = try SiteProgramme.all(of: configuration, in: catalogue)
        for source in configuration.sources {
            if let fault = catalogue.fault(of: source.mapping) { throw fault }
            let file = catalogue.mapping(named: source.mapping)?.mapping
            guard let file, programmes.contains(where: { $0.isFilled(by: file) }) else {
                throw DefinitionError(
                    file: Configuration.fileName,
                    problem: Wording(
                        zh: "来源 \(source.name) 的映射 \(source.mapping) 不存在，或其项目未列入 profile。",
                        en: "Source \(source.name): no mapping \(source.mapping), or its programme "
                            + "is not among national.profile."))
            }
        }
    }

    /// The profile that the national side speaks; programmes share it.
    package var profile: NationalProfile { programmes[0].profile }

    /// What new submissions are made under: the profile's rules, at the site's own pace where it
    /// has one. Throws `EncodingError`.
    package var retryPolicy: RetryPolicy {
        get throws {
            try configuration.national.pace.map { try profile.retry.with(pace: $0) }
                ?? profile.retry
        }
    }

    /// What the national side's codes mean: the programmes' lists, each code once.
    var acknowledgementCodes: [AcknowledgementCode] {
        var codes: [AcknowledgementCode] = []
        for code in programmes.flatMap(\.profile.codes)
        where !codes.contains(where: { $0.code == code.code }) { codes.append(code) }
        return codes
    }

    /// What the national side's free texts mean: the programmes' patterns together; `nil` where
    /// none of the profiles has such texts.
    var answerTexts: AnswerTexts? {
        let lists = programmes.compactMap(\.profile.texts)
        return lists.isEmpty ? nil : AnswerTexts(lists.flatMap(\.self))
    }

    /// The programme that a mapping fills.
    package func programme(of file: MappingFile) -> SiteProgramme {
        programmes.first { $0.isFilled(by: file) } ?? programmes[0]
    }

    /// A programme by its folder's name or its name on the wire; the first where none is named.
    package func programme(named name: String?) throws(DefinitionError) -> SiteProgramme {
        let found = programmes.first {
            name == nil || $0.programme.folderName == name || $0.name == name
        }
        if let found { return found }
        let known = programmes.map(\.programme.folderName).joined(separator: ", ")
        throw DefinitionError(
            file: Configuration.fileName,
            problem: Wording(
                zh: "没有项目 \(name ?? "")；可用：\(known)。",
                en: "No programme \(name ?? ""); known: \(known)."))
    }

    /// The tables of the whole program, in their order.
    package static let migrations: [Migration] = [
        Migration(number: 1, statements: evidenceMigration),
        Migration(number: 2, statements: deliveryMigration),
        Migration(number: 3, statements: Register.migration),
        Migration(number: 4, statements: Register.notesMigration),
        Migration(number: 5, statements: ledgerIndexMigration),
        Migration(number: 6, statements: Register.partsMigration),
        Migration(number: 7, statements: Register.listsMigration),
        Migration(number: 8, statements: Register.keysMigration),
        Migration(number: 9, statements: withdrawalIndexMigration),
        Migration(number: 10, statements: Register.partLinkIndexMigration),
        Migration(number: 11, statements: ScheduleBook.migration),
        Migration(number: 12, statements: DeadlineDesk.migration),
        Migration(number: 13, statements: Register.partDaysMigration),
        Migration(number: 14, statements: workersMigration),
        Migration(number: 15, statements: retryMigration),
        Migration(number: 16, statements: reversalMigration),
        Migration(number: 17, statements: resendMigration),
        Migration(number: 18, statements: IncidentBook.migration),
        Migration(number: 19, statements: assistedMigration),
        Migration(number: 20, statements: refusedSignaturesMigration),
        Migration(number: 21, statements: renewalMigration),
        Migration(number: 22, statements: settledLinesMigration),
        Migration(number: 23, statements: NamingRegister.migration),
        Migration(number: 24, statements: Register.vaultMigration),
        Migration(number: 25, statements: NamingRegister.rootsMigration),
        Migration(number: 26, statements: AnswerTextNames.migration),
    ]

    /// Opens the key ring with a passphrase from where the site or the command says.
    ///
    /// - Parameter counter: the counter that is known of; an older ring is refused.
    package func openKeyring(_ passphrase: Passphrase?, notBefore counter: Int = 0) throws
        -> Keyring
    {
        try Keyring.refuseOpenFolder(of: configuration.keyring)
        let ring = try Keyring.open(
            configuration.keyring, passphrase: (passphrase ?? configuredPassphrase).read(),
            notBefore: counter, devices: devices)
        guard configuration.environment == .rehearsal || ring.cost.n >= PassphraseCost.standard.n
        else { throw KeyFailure(.rehearsal, place: configuration.keyring) }
        return ring
    }

    /// How hard it is made to try passphrases on the site's ring.
    package var passphraseCost: PassphraseCost {
        configuration.environment == .rehearsal ? .rehearsal : .standard
    }

    package var configuredPassphrase: Passphrase {
        switch configuration.passphrase {
        case .terminal: .terminal()
        case .credential(let name):
            // Outside the service there is no credential: a person at the terminal is asked.
            ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"].map {
                .credential(folder: $0, name: name)
            } ?? .terminal()
        case .file(let path): .file(path)
        }
    }

    /// The domain of the county's internal joins.
    package var linkDomain: String { "link/\(configuration.county.city)" }

    /// The clinic mapping of a source, by the source's name or by the mapping's own.
    package func mapping(for name: String?) throws -> (source: String, file: MappingFile) {
        let source = configuration.sources.first { name == nil || $0.name == name }
        if let source, let found = catalogue.mapping(named: source.mapping) {
            return (source.name, found.mapping)
        }
        if let name, let found = catalogue.mapping(named: name) {
            guard programmes.contains(where: { $0.isFilled(by: found.mapping) }) else {
                throw DefinitionError(
                    file: Configuration.fileName,
                    problem: Wording(
                        zh: "\(name) 所属项目未列入 national.profile。",
                        en: "The programme of \(name) is not among national.profile."))
            }
            return (name, found.mapping)
        }
        if let name, let fault = catalogue.fault(of: name) { throw fault }
        let known = configuration.sources.map(\.name).joined(separator: ", ")
        throw DefinitionError(
            file: Configuration.fileName,
            problem: Wording(
                zh: "没有来源 \(name ?? "")；可用：\(known)。",
                en: "No source \(name ?? ""); known: \(known)."))
    }

    /// Everything that the left half works with, for one programme.
    ///
    /// - Parameter vault: for those whose keys hold; by the site's files alone if absent.
    package func preparationKit(
        _ keyring: Keyring, for part: SiteProgramme, vault: IdentityVault? = nil
    ) throws -> PreparationKit {
        let suite = configuration.suite
        let county = configuration.county
        let naming = try NamingKeys(keyring, suite, linkDomain: linkDomain)
        let signing = try keyring.signingKey(suite)
        // Where nothing leaves by wire and no key is named, it is a key that nobody has: only our
        // own copy opens the values.
        let recipient = try recipient()
        return PreparationKit(
            programme: part.programme, profile: part.profile,
            naming: naming,
            sender: Sender(
                creditCode: county.creditCode, region: county.region, pseudonymEpoch: naming.epoch,
                recipientName: recipient?.name ?? configuration.national.recipientName,
                recipient: try recipient?.certificate.key
                    ?? UnwrappingKey(generating: suite).wrappingKey(),
                signingKeyID: signing.kid, signingKey: signing.key),
            recipientTerm: recipient?.term,
            localKeys: try keyring.epochs(of: .field, suite),
            designated: try designatedInstitutions(), qualified: try qualifiedInstitutions(),
            staff: try staff(), quality: try qualityReferences(), county: servedCounty,
            acceptsInvented: configuration.environment == .rehearsal,
            approvals: try ApprovalGate(self, sealingTo: recipient),
            vault: try vault ?? custody().map { IdentityVault(custody: $0) },
            random: { (count) throws(CryptoFailure) in
                try SecretBytes.random(count: count).withUnsafeBytes { Array($0) }
            })
    }

    /// Of whom this gateway reports.
    var servedCounty: ServedCounty {
        ServedCounty(
            region: configuration.county.region, fundingArea: configuration.county.fundingArea)
    }

    /// The institutions that may do the checks. Throws `DefinitionError`.
    func designatedInstitutions() throws(DefinitionError) -> CodeList {
        try CodeList(
            name: "designated", text: try text(configuration.designated),
            shownAs: "designated.csv")
    }

    /// What each institution may do; `nil` where the site's file names no list. Throws
    /// `DefinitionError`.
    func qualifiedInstitutions() throws(DefinitionError) -> QualifiedInstitutions? {
        guard let path = configuration.qualified else { return nil }
        return try QualifiedInstitutions(text: try text(path), shownAs: "qualified.csv")
    }

    /// Who works where; `nil` where the site's file names no list. Throws `DefinitionError`.
    func staff() throws(DefinitionError) -> StaffList? {
        guard let path = configuration.staff else { return nil }
        return try StaffList(text: try text(path), shownAs: "staff.csv")
    }

    /// Proofs of laboratories' quality; `nil` where the site's file names no list. Throws
    /// `DefinitionError`.
    func qualityReferences() throws(DefinitionError) -> QualityReferences? {
        guard let path = configuration.quality else { return nil }
        return try QualityReferences(text: try text(path), shownAs: "quality.csv")
    }

    /// Refuses a database whose cases were named under other keys, and a ring that is older than
    /// the database knows.
    package func bind(_ database: any Database, to keyring: Keyring) async throws {
        try await check(keyring, in: database)
        try await checkRecipient(in: database)
        let suite = configuration.suite
        let naming = keyring.list().filter { key in
            key.suite == suite && key.epoch == 1 && [.caseID, .pidLink, .pidOut].contains(key.use)
        }
        let keys = naming.map { "\($0.use.rawValue) \($0.domain) \($0.fingerprint ?? "")" }
            .sorted().joined(separator: "\n")
        let isSame = try await database.write { try Register().bind(to: keys, in: $0) }
        guard isSame else { throw SiteFailure(.otherKeys, detail: configuration.keyring) }
    }

    /// The desks of the left half: one a core.
    package func desks(_ kit: PreparationKit) throws -> [PreparationDesk] {
        let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)
        return try (0..<min(cores, 8)).map { _ in try PreparationDesk(kit: kit) }
    }

    func text(_ path: String) throws(DefinitionError) -> String {
        guard let bytes = FileManager.default.contents(atPath: path),
            let text = String(bytes: bytes, encoding: .utf8)
        else {
            throw DefinitionError(
                file: path,
                problem: Wording(
                    zh: "文件不存在或不是 UTF-8；请核对 \(Configuration.fileName)。",
                    en: "No such file, or not UTF-8; check \(Configuration.fileName)."))
        }
        return text
    }
}
