package import Delivery
import LibCrypto
import Programmes
package import Records
package import Storage

/// The right half of the house at work (上报与回执): carries sealed bytes to the national side and its
/// receipts back. It never understands a record.
package struct Exchange: Sendable {
    package let outbox: Outbox
    package let courier: Courier
    /// The national side as receipts are read by.
    package let endpoint: Endpoint
    /// Whether people type what is due into the platform's forms: nothing goes over a wire.
    package let isAssisted: Bool
    package let clock: Clock
    private let transport: (any Transport)?
    private let hasCounts: Bool
    private let database: any SteadyDatabase

    /// What a run of rounds did.
    package struct Outcome: Sendable, Codable {
        package var rounds = 0
        package var sent = 0
        package var asked = 0
        package var receipts = 0
        /// States of all submissions afterwards.
        package var states: [String: Int] = [:]
        /// Why the lane is closed, where it is.
        package var laneReason: String?
    }

    /// Wires a site's courier.
    ///
    /// - Parameters:
    ///   - tally: counts what the database does not keep.
    ///   - failPoint: told at every durable step; a test ends the process there.
    package init(
        site: Site, database: any SteadyDatabase, tally: DeliveryTally = DeliveryTally(),
        failPoint: @escaping FailPointHook = { _ in }
    ) throws {
        let national = site.configuration.national
        var keys: [String: VerifyingKey] = [:]
        for key in national.receiptKeys {
            keys[key.id] = try VerifyingKey(pem: try site.text(key.file))
        }
        endpoint = Endpoint(
            name: site.profile.name, sender: site.configuration.county.creditCode,
            namespace: site.profile.namespace, keys: keys,
            codes: AcknowledgementCodes(site.acknowledgementCodes), texts: site.answerTexts)
        let epoch = try SecretBytes.random(count: 16).withUnsafeBytes { Hex.encode(Array($0)) }
        let (deadlines, programmes) = (site.configuration.deadlines, site.programmes)
        let folder = { @Sendable (name: String) in
            programmes.first { $0.name == name }?.programme.folderName ?? name
        }
        outbox = Outbox(
            epoch: epoch, policy: try site.retryPolicy,
            latestSend: { deadlines.latestSend(of: $0, programme: folder($0.programme)) },
            isLate: { deadlines.isLate($1, programme: folder($0), at: $2) })
        transport = try site.transport(to: endpoint, tally)
        courier = Courier(
            database: database, outbox: outbox, transport: transport, endpoint: endpoint,
            inFlight: national.inFlight, clock: site.clock,
            jitter: { Double.random(in: 0..<1) },
            wire: site.wireGuard(database, outbox), leases: site.leaseKeeper(database, outbox),
            tally: tally, failPoint: failPoint)
        hasCounts = national.way.binding.hasCounts
        isAssisted = national.way.binding == .assisted
        clock = site.clock
        self.database = database
    }

    /// Opens the lane where it waits for a trouble on our side: whoever calls for a delivery by
    /// hand says that it is mended. A pause that the other side asked for stays.
    ///
    /// - Returns: whether it waited for one.
    @discardableResult
    package func openMendedLane() async throws -> Bool {
        let (outbox, name) = (outbox, endpoint.name)
        return try await database.write { transaction in
            let reason = try outbox.lane(name, in: transaction).reason
            let ours: [TransportCode] = [
                .denied, .address, .untrusted, .certificate, .sender, .configuration,
                .unreachable,
            ]
            guard let reason, ours.contains(where: { $0.rawValue == reason }) else { return false }
            try outbox.openLane(name, in: transaction)
            return true
        }
    }

    /// Rounds until nothing more can be sent or asked now.
    ///
    /// - Parameters:
    ///   - limits: until when, and whether deadlines count.
    ///   - progress: told after each round how many were sent so far.
    package func deliver(
        _ limits: RoundLimits = RoundLimits(), progress: @Sendable (Int) -> Void = { _ in }
    ) async throws -> Outcome {
        var outcome = Outcome()
        while limits.mayGoOn() {
            let round = try await courier.round(
                limit: 50, expires: limits.expires, while: limits.mayGoOn)
            outcome.rounds += 1
            outcome.sent += round.sent
            outcome.asked += round.asked
            outcome.receipts += round.collected.values.reduce(0, +)
            progress(outcome.sent)
            if round.sent == 0, round.asked == 0 { break }
        }
        return try await closed(outcome)
    }

    private func closed(_ outcome: Outcome) async throws -> Outcome {
        var outcome = outcome
        let (outbox, name) = (outbox, endpoint.name)
        let counts = try await database.read { try outbox.counts(in: $0) }
        for (state, count) in counts where count > 0 { outcome.states[state.rawValue] = count }
        outcome.laneReason = try await database.read {
            try outbox.lane(name, in: $0).reason
        }
        return outcome
    }

    /// Whether the national side says that it never had a submission: a fresh question, whose
    /// answer changes nothing here. Throws `TransportFailure`.
    package func hasNeverHad(
        _ submission: SubmissionID
    ) async throws(TransportFailure) -> Bool {
        guard let transport else { return false }
        if case .unknown = try await transport.receipt(of: submission) { return true }
        return false
    }

    /// The national side's own counts of a year (对账数), checked by their signature.
    func counts(programme: String, region: String, year: Int) async -> NationalAnswer {
        guard hasCounts, let transport else {
            return NationalAnswer(missing: FlowCodes.noCounts.code)
        }
        let query = CountsQuery(
            programme: programme, region: region, from: CalendarMonth(year: year, month: 1),
            to: CalendarMonth(year: year, month: 12))
        do throws(TransportFailure) {
            let document = try await transport.counts(query)
            guard endpoint.hasSigned(document) else {
                return NationalAnswer(missing: FlowCodes.countsSignature.code)
            }
            guard let counts = CountsGrammar(endpoint).read(document, answering: query) else {
                return NationalAnswer(missing: FlowCodes.countsUnreadable.code)
            }
            return NationalAnswer(counts, document: document)
        } catch {
            return NationalAnswer(missing: error.cause.code.rawValue)
        }
    }
}

/// The site's file names something that cannot be used.
package struct SiteFailure: ExplainedFailure {
    package enum Reason: Sendable {
        case address
        case verifier
        case nothingToSettle
        /// The database names cases under other keys.
        case otherKeys
        /// A signer's certificate cannot be used.
        case certificate
        /// The time-stamping authority gave no stamp that holds.
        case timestamp
        /// A statement of the year went further already.
        case periodOrder
        /// The ledger has moved on since the statement was shown.
        case movedOn
    }

    package let reason: Reason
    package let detail: String?

    init(_ reason: Reason, detail: String? = nil) {
        self.reason = reason
        self.detail = detail
    }

    /// The site's file, where that is what must be mended.
    package var place: String? {
        switch reason {
        case .periodOrder, .movedOn, .nothingToSettle, .verifier: nil
        case .address, .otherKeys, .certificate, .timestamp:
            Configuration.fileName
        }
    }

    package var entry: CodeEntry {
        switch reason {
        case .address: FlowCodes.address
        case .verifier: FlowCodes.verifier
        case .nothingToSettle: FlowCodes.nothingToSettle
        case .otherKeys: FlowCodes.otherKeys
        case .certificate: FlowCodes.certificate
        case .timestamp: FlowCodes.timestamp
        case .periodOrder: FlowCodes.periodOrder
        case .movedOn: FlowCodes.movedOn
        }
    }
}

/// What the wiring may say.
enum FlowCodes {
    static let address = CodeEntry(
        "E-ADDRESS",
        what: Wording(zh: "国家平台地址无法使用。", en: "The national side's address cannot be used."),
        next: Wording(
            zh: "改正 shangbao.yaml 中的 national.address。",
            en: "Correct national.address in shangbao.yaml."))
    static let certificate = CodeEntry(
        "E-SIGNER-CERT",
        what: Wording(
            zh: "签名证书读不出、写不下，或不是本县签名密钥的证书。",
            en: "A signer's certificate cannot be read or kept, or is of another key."),
        next: Wording(
            zh: "检查 shangbao.yaml 的 evidence.certificates 与 shangbao keys list；不写则由密钥自签。",
            en: "Look at evidence.certificates in shangbao.yaml and at shangbao keys list; without "
                + "one the key signs its own."))
    static let periodOrder = CodeEntry(
        "E-PERIOD-ORDER",
        what: Wording(
            zh: "本年度已经结算到更后面的月份：结算期只向前，不重开。",
            en: "A statement of this year goes further already: periods go forward and are never "
                + "reopened."),
        next: Wording(
            zh: "结算到同一月或更后；迟到的接收和撤销会作为新行列在下一份结算表里。",
            en: "Settle up to the same month or a later one: what came late is in the next "
                + "statement as lines of its own."))
    static let movedOn = CodeEntry(
        "E-SETTLE-MOVED",
        what: Wording(
            zh: "结算表显示之后，账本又有变动：没有出证据包。",
            en: "The ledger has moved on since the statement was shown: no pack was written."),
        next: Wording(
            zh: "再运行一次 shangbao settle，看过新的结算表再出。",
            en: "Run shangbao settle again, and look at what it says now."))
    static let timestamp = CodeEntry(
        "E-TIMESTAMP",
        what: Wording(
            zh: "时间戳服务没有给出可信的时间戳，证据包没有出。",
            en: "The time-stamping authority gave no stamp that holds; no pack was issued."),
        next: Wording(
            zh: "检查 shangbao.yaml 的 evidence.timestamp（地址、根证书）和网络后重试。",
            en: "Look at evidence.timestamp in shangbao.yaml (address, roots) and at the network, "
                + "then try again."))
    static let verifier = CodeEntry(
        "E-VERIFIER",
        what: Wording(
            zh: "映射目录中缺少 evidence/verify.py。", en: "mappings/ lacks evidence/verify.py."),
        next: Wording(
            zh: "恢复完整的 mappings 目录后重试。", en: "Restore the whole mappings folder."))
    static let nothingToSettle = CodeEntry(
        "E-NOTHING",
        what: Wording(zh: "账本中没有任何记录。", en: "The ledger holds nothing yet."),
        next: Wording(
            zh: "先用 shangbao take 接收文件。", en: "Take a file in with shangbao take first."))
    static let otherKeys = CodeEntry(
        "E-KEYS-OTHER",
        what: Wording(
            zh: "数据库是用另一套密钥建立的：同一人会得到另一个假名，可能重复结算。",
            en: "The database was made under other keys: a person would get another pseudonym "
                + "and could be paid twice."),
        next: Wording(
            zh: "恢复原来的密钥环（keys/keyring.json）和 suite 设置，再试。",
            en: "Put back the key ring (keys/keyring.json) and the suite that were used before."))
    static let countsSignature = CodeEntry(
        "E-COUNTS-SIGNATURE",
        what: Wording(
            zh: "国家平台的对账数没有有效签名。", en: "The national counts bear no valid signature."),
        next: Wording(
            zh: "不予采信；请联系国家平台。", en: "They are not believed; ask the national side."))
    static let noCounts = CodeEntry(
        "E-COUNTS-NONE",
        what: Wording(
            zh: "这种接口方式（SFTP、辅助录入）不提供对账数。",
            en: "This way to the national side (SFTP, assisted entry) has no counts to ask for."),
        next: Wording(
            zh: "请国家平台另行提供盖章的对账数，与 shangbao reconcile 的本地数字核对。",
            en: "Ask the national side for its counts on paper, and hold them against those of "
                + "shangbao reconcile."))
    static let countsUnreadable = CodeEntry(
        "E-COUNTS-UNREADABLE",
        what: Wording(zh: "国家平台的对账数无法读取。", en: "The national counts cannot be read."),
        next: Wording(
            zh: "已留存；请联系国家平台。", en: "They were kept; ask the national side."))
}

/// All codes of this module, for `shangbao explain`.
package let flowCodes: [CodeEntry] =
    [
        FlowCodes.address, FlowCodes.verifier, FlowCodes.nothingToSettle, FlowCodes.otherKeys,
        FlowCodes.certificate, FlowCodes.timestamp,
        FlowCodes.periodOrder, FlowCodes.movedOn, FlowCodes.countsSignature,
        FlowCodes.noCounts, FlowCodes.countsUnreadable, CaseFailure.realPerson, CaseFailure.noInput,
        ErasedFailure.code, RetentionFailure.code, PublishingFailure.code,
        HeaderDoubt.data, HeaderDoubt.title, HeaderDoubt.messages, AnotherWorker.code,
    ] + AssistedCodes.all + signOffCodes + identifyCodes + recipientCodes + rekeyCodes
    + [RetentionDesk.ending, AuditAnchors.cut]
