package import Definitions
package import LibCrypto
package import Mappings
package import Privacy
package import Programmes
package import Records
package import Submissions
package import Validation

/// What the left half of the house works with: compiled definitions and keys, no database.
package struct PreparationKit: Sendable {
    package let programme: Programme
    package let profile: NationalProfile
    package let naming: NamingKeys
    package let sender: Sender
    /// When the key holds that `sender` seals under; `nil` for one without an end.
    package let recipientTerm: RecipientTerm?
    /// Seal what stays at home: kept rows and our own copy of data keys. Oldest first; the newest
    /// seals, the others open.
    package let localKeys: [HeldKey]
    /// The county's designated institutions (定点服务机构).
    package let designated: CodeList
    /// What each institution may do (机构资格名单), where the county keeps such a list.
    package let qualified: QualifiedInstitutions?
    /// Who works where (医师名单), where the county keeps such a list.
    package let staff: StaffList?
    /// Proofs of laboratories' quality (检验质量控制凭据), where the county keeps such a list.
    package let quality: QualityReferences?
    /// Of whom this gateway reports.
    package let county: ServedCounty
    /// Whether invented people pass.
    package let acceptsInvented: Bool
    /// Lets through only what is approved.
    package let approvals: ApprovalGate
    /// Keeps who each case is about, for two people together; `nil` where the site keeps no vault.
    package let vault: IdentityVault?
    /// Fresh random bytes.
    package let random: @Sendable (Int) throws(CryptoFailure) -> [UInt8]

    package init(
        programme: Programme, profile: NationalProfile, naming: NamingKeys, sender: Sender,
        recipientTerm: RecipientTerm? = nil, localKeys: [HeldKey], designated: CodeList,
        qualified: QualifiedInstitutions? = nil, staff: StaffList? = nil,
        quality: QualityReferences? = nil, county: ServedCounty, acceptsInvented: Bool,
        approvals: ApprovalGate = .open,
        vault: IdentityVault? = nil,
        random: @escaping @Sendable (Int) throws(CryptoFailure) -> [UInt8]
    ) {
        self.programme = programme
        self.profile = profile
        self.naming = naming
        self.sender = sender
        self.recipientTerm = recipientTerm
        self.localKeys = localKeys
        self.designated = designated
        self.qualified = qualified
        self.staff = staff
        self.quality = quality
        self.county = county
        self.acceptsInvented = acceptsInvented
        self.approvals = approvals
        self.vault = vault
        self.random = random
    }

    /// What the rules may know of an item besides its records.
    ///
    /// - Parameter parts: where the rest of each case comes from.
    package func context(
        for mapping: BoundMapping, _ parts: CaseParts?, arrivedOn day: CalendarDate
    ) -> RuleContext {
        let isMapped = zip(mapping.isMapped, parts?.isMapped ?? mapping.isMapped).map { $0 || $1 }
        return RuleContext(
            arrivedOn: day, designated: designated, qualified: qualified, staff: staff,
            quality: quality, county: county, isMapped: isMapped)
    }
}

/// The left half of the house: what a clinic wrote goes in, what may leave comes out.
///
/// No database, no network, no clock. Each desk keeps its own cipher and schema contexts, so
/// several work at once; `shangbao preview` runs the very same code and does not enqueue.
package actor PreparationDesk {
    let kit: PreparationKit
    let identification: Identification
    private let protection: Protection<ForNation>
    private let packing: Packing
    private let local: HomeSeal

    package init(kit: PreparationKit) throws {
        self.kit = kit
        let dictionary = kit.programme.dictionary
        identification = try Identification(
            keys: kit.naming, nationDomain: dictionary.pseudonymDomain)
        protection = Protection(dictionary: dictionary)
        packing = try Packing(
            dictionary: dictionary, names: kit.profile.wire,
            sampling: kit.profile.checksEveryRecord ? .every : .oneIn(kit.profile.sampleEvery),
            mostBytes: kit.profile.mostBytes)
        local = try HomeSeal(suite: kit.naming.suite, keys: kit.localKeys)
    }

    /// Rows read, checked one by one, and named.
    package struct Examined: Sendable {
        package let source: SourceBatch
        package let batch: ExaminedBatch
        package let identities: [Identity]
        /// For each row the parts that it looked for; empty where cases come whole.
        package let links: [[PartLink]]
    }

    /// Reads and checks a stretch of rows; looks at each alone.
    ///
    /// - Parameters:
    ///   - parts: where the rest of each case comes from; `nil` where cases come whole.
    ///   - shelf: gives the rows of parts.
    package func examine(
        _ source: SourceBatch, by mapping: BoundMapping, _ context: RuleContext,
        joining parts: CaseParts?, from shelf: CaseParts.Shelf
    ) async throws -> Examined {
        var draft = mapping.read(source)
        var links: [[PartLink]] = []
        if let parts {
            links = try await parts.fill(
                &draft, servedOn: mapping.mapping.dictionary.caseFields.servedOn, shelf: shelf,
                naming: identification)
        }
        let records = mapping.finish(draft)
        let rules = kit.programme.rules(for: records.dictionary)
        let examined = rules.examine(records, context)
        // The consent rule may have taken a person out: what is named is what may leave.
        let identities = try identification.identify(
            examined.batch, childOrder: kit.programme.settles.childOrder,
            due: kit.programme.settles.due, for: rules)
        return Examined(source: source, batch: examined, identities: identities, links: links)
    }

    /// A submission with our own sealed copy of its data key.
    package struct Packed: Sendable {
        package let submission: Submission
        package let ownKey: String
        /// For each record of the submission the row of the batch.
        package let rows: [Int]
        /// Who they are about, where the site keeps a vault.
        var vault: VaultStretch?
    }

    /// Seals, checks and signs the accepted rows of a batch.
    ///
    /// - Parameters:
    ///   - heads: version and action by row of the batch.
    ///   - most: records that one submission may have.
    /// - Returns: the submissions, and for each refused row the element at fault.
    package func pack(
        _ checked: CheckedBatch, identities: [Identity], heads: [Int: RecordHead], upTo most: Int,
        at moment: Timestamp
    ) throws -> (packed: [Packed], refused: [Int: String]) {
        var packed: [Packed] = []
        var refused: [Int: String] = [:]
        var rest = checked.rows[...]
        while !rest.isEmpty {
            let rows = rest.prefix(most)
            rest = rest.dropFirst(rows.count)
            let envelope = try envelope(at: moment)
            let protected = try protection.protect(
                checked, rows: rows, identities: identities, under: envelope)
            let result = try packing.pack(
                protected, heads: rows.compactMap { heads[$0] }, sender: kit.sender, at: moment)
            for fault in result.refused {
                refused[protected.records[fault.index].row] = fault.element
            }
            if let submission = result.submission {
                let sent = rows.filter { refused[$0] == nil }
                packed.append(
                    Packed(
                        submission: submission, ownKey: try ownKey(of: envelope), rows: sent,
                        vault: try kit.vault?.seal(
                            checked.batch, rows: sent, identities: identities)))
            }
        }
        return (packed, refused)
    }

    /// Packs what takes cases back, in submissions of their own: no value of a row is in them.
    func withdraw(_ withdrawals: [(row: Int, record: SubmittedRecord)], at moment: Timestamp)
        throws -> [Packed]
    {
        var packed: [Packed] = []
        var rest = withdrawals[...]
        while !rest.isEmpty {
            let part = rest.prefix(kit.profile.batch)
            rest = rest.dropFirst(part.count)
            let envelope = try envelope(at: moment)
            packed.append(
                Packed(
                    submission: try packing.withdraw(
                        part.map(\.record), under: envelope,
                        programme: kit.programme.dictionary.programme, sender: kit.sender,
                        at: moment),
                    ownKey: try ownKey(of: envelope), rows: part.map(\.row)))
        }
        return packed
    }

    /// The names of a part's row: of what joins it, and of its sample; `nil` where it has no key.
    func partNames(_ row: Int, of batch: SourceBatch, _ table: PartTable, _ mapping: String)
        throws -> (key: String, sample: String)?
    {
        guard let key = table.key(row, of: batch) else { return nil }
        let sample = try table.sample(row, of: batch).map {
            try identification.partName(mapping + "/sample", $0)
        }
        return (try identification.partName(mapping, key), sample ?? "")
    }

    /// A part's row on its way to the shelf, sealed; `nil` where it has no key.
    func shelved(
        _ row: Int, of batch: SourceBatch, _ table: PartTable, _ mapping: String,
        intake: IntakeID
    ) throws -> Register.ShelvedRow? {
        guard let names = try partNames(row, of: batch, table, mapping) else { return nil }
        let number = batch.places[row].row
        return Register.ShelvedRow(
            row: number, key: names.key, sample: names.sample,
            item: try identification.partName(mapping + "/item", table.item(row, of: batch)),
            day: table.day(row, of: batch), isDeletion: table.isDeletion(row, of: batch),
            sealed: try seal(RowText.bytes(of: batch, row: row), intake: intake, number: number))
    }

    /// Seals a row that stays at home.
    package func seal(_ row: [UInt8], intake: IntakeID, number: Int) throws -> String {
        try local.seal(row, additionalData: "GWR1|\(intake.text)|\(number)")
    }

    /// Seals a piece of a file that stays at home.
    package func seal(_ piece: [UInt8], ofFile digest: String, number: Int) throws -> String {
        try local.seal(piece, additionalData: "GWB1|\(digest)|\(number)")
    }

    /// A piece of a file that stayed at home.
    package func open(_ text: String, ofFile digest: String, number: Int) throws -> [UInt8] {
        try local.open(text, additionalData: "GWB1|\(digest)|\(number)")
    }

    /// A row that stayed at home.
    package func open(_ text: String, intake: IntakeID, number: Int) throws -> [UInt8] {
        try local.open(text, additionalData: "GWR1|\(intake.text)|\(number)")
    }

    /// Packs records of an earlier submission again, in submissions of at most so many records.
    ///
    /// - Parameter document: the earlier submission's XML.
    package func repack(
        _ document: [UInt8], records: [SubmittedRecord], from earlier: SubmissionID,
        suite: CipherSuite, ownKey: String, limit: Int, at moment: Timestamp
    ) throws -> [Packed] {
        let old = try self.envelope(of: document, earlier, suite, ownKey: ownKey)
        var packed: [Packed] = []
        var rest = records[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(limit))
            rest = rest.dropFirst(part.count)
            let new = try envelope(at: moment)
            packed.append(
                Packed(
                    submission: try packing.repack(
                        document, records: part, from: old, under: new,
                        programme: kit.programme.dictionary.programme, sender: kit.sender,
                        at: moment),
                    ownKey: try self.ownKey(of: new), rows: []))
        }
        return packed
    }

    /// The envelope of a submission that went out before, by our own copy of its key.
    func envelope(
        of document: [UInt8], _ submission: SubmissionID, _ suite: CipherSuite, ownKey: String
    ) throws -> Envelope {
        let keyID = try PreparationDesk.keyID(of: document)
        return Envelope(
            submission: submission, suite: suite, keyID: keyID,
            dataKey: try openOwnKey(ownKey, of: submission, keyID))
    }

    /// The id of the data key of a document of ours.
    static func keyID(of document: [UInt8]) throws(CryptoFailure) -> String {
        let mark = Array("<Key id=\"".utf8)
        guard let start = document.firstRange(of: mark)?.upperBound else {
            throw CryptoFailure(.malformed, "submission without a key")
        }
        return String(
            decoding: document[start...].prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
    }

    private func openOwnKey(_ text: String, of submission: SubmissionID, _ keyID: String) throws
        -> SecretBytes
    {
        guard !text.isEmpty else { throw ErasedFailure(place: submission.text) }
        return try local.openSecret(
            text, additionalData: "GWD1|\(submission.text)|\(keyID)")
    }

    /// Throws `RecipientFailure` where the recipient's certificate does not hold at that moment.
    private func envelope(at moment: Timestamp) throws -> Envelope {
        try kit.recipientTerm?.demand(at: moment)
        let letters = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        let name = try kit.random(16).map { letters[Int($0 & 31)] }
        return Envelope(
            submission: SubmissionID(uuidVersion7(at: moment, random: try kit.random(10))),
            suite: kit.naming.suite, keyID: String(decoding: name, as: UTF8.self),
            dataKey: try SecretBytes.random(count: CipherSuite.dataKeyByteCount))
    }

    /// The data key sealed to ourselves, so that a record can go out again in another submission.
    private func ownKey(of envelope: Envelope) throws -> String {
        try local.seal(
            envelope.dataKey,
            additionalData: "GWD1|\(envelope.submission.text)|\(envelope.keyID)")
    }
}
