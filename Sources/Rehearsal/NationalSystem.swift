import Blocking
import LibCrypto
import LibXML
package import Records
import Storage

/// The pretend national system (演练用国家系统): it reads what counties send by the exchange's own
/// page and nothing else, keeps its own ledger of effects, and errs when it is told to.
///
/// It knows nothing of sockets: `RehearsalServer` brings it requests. Cryptography and XML run on
/// its own thread, the books on the database's.
package actor NationalSystem: ExchangeDesk {
    /// The document schemas of one programme.
    package struct Schema: Sendable {
        /// The bytes of the XSD for `Submission`.
        package let main: [UInt8]
        /// What it includes, by `schemaLocation`.
        package let files: [String: [UInt8]]

        package init(main: [UInt8], files: [String: [UInt8]] = [:]) {
            self.main = main
            self.files = files
        }
    }

    /// What is settled when the system is opened.
    package struct Setting: Sendable {
        package let identity: NationalIdentity
        package let counties: [RegisteredCounty]
        /// By programme.
        package let schemas: [String: Schema]
        package let profile: String
        package let pads: PaddingTable
        package let clock: Clock

        package init(
            identity: NationalIdentity, counties: [RegisteredCounty], schemas: [String: Schema],
            profile: String = "reference-1", pads: PaddingTable = .reference1,
            clock: @escaping Clock
        ) {
            self.identity = identity
            self.counties = counties
            self.schemas = schemas
            self.profile = profile
            self.pads = pads
            self.clock = clock
        }
    }

    /// What truly happened, for tests and the demo.
    package nonisolated let ledger: EffectLedger

    private let executor = ThreadExecutor()
    private let identity: NationalIdentity
    private let counties: [String: RegisteredCounty]
    private let clock: Clock
    private let examiner: Examiner
    private let database: SQLiteDatabase
    private var mode: AnswerMode
    private var script: FaultScript
    private var postCount = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    private init(
        _ setting: Setting, _ schemas: [String: CompiledSchema], _ database: SQLiteDatabase,
        _ mode: AnswerMode, _ script: FaultScript
    ) {
        identity = setting.identity
        counties = Dictionary(
            setting.counties.map { ($0.sender, $0) }, uniquingKeysWith: { first, _ in first })
        clock = setting.clock
        examiner = Examiner(
            identity: setting.identity, profile: setting.profile, schemas: schemas,
            pads: setting.pads)
        self.database = database
        ledger = EffectLedger(database: database)
        self.mode = mode
        self.script = script
    }

    /// Opens the system on its own ledger file, which is made if it is missing.
    ///
    /// - Throws: `RehearsalFailure` with `unusable` for a schema that cannot be compiled;
    ///   `StorageFailure`.
    package static func open(
        _ setting: Setting, ledgerFile: String, mode: AnswerMode = .atOnce,
        faults: FaultScript = FaultScript()
    ) async throws -> NationalSystem {
        var schemas: [String: CompiledSchema] = [:]
        for (programme, schema) in setting.schemas {
            do throws(XMLFailure) {
                schemas[programme] = try CompiledSchema(main: schema.main, files: schema.files)
            } catch {
                throw RehearsalFailure(.unusable, place: programme, detail: error.description)
            }
        }
        let database = try await SQLiteDatabase.open(
            ledgerFile, migrations: LedgerSchema.migrations)
        return NationalSystem(setting, schemas, database, mode, faults)
    }

    /// Answers one request of the HTTPS binding, or one call of the SOAP binding at `/soap`.
    ///
    /// - Parameter client: the common name of the certificate that the TLS handshake has verified;
    ///   nil if it has none.
    package func answer(_ request: ExchangeRequest, client: String?) async -> ExchangeAnswer {
        guard let county = client.flatMap({ counties[$0] }) else {
            return .plain(403, "证书不认识 / unknown certificate\n")
        }
        do {
            if request.path == SOAPCall.path { return try await call(request, client: client) }
            return try await route(request, county)
        } catch let refused as NotTaken {
            return .plain(refused.status, refused.words)
        } catch {
            // Failures here hold names and codes, never a value.
            return .plain(500, "\(error)\n")
        }
    }

    /// Gives all verdicts and receipts that are still due, and what follows from them.
    package func process() async throws {
        let (identity, moment) = (identity, clock())
        try await database.write { try Processing($0, identity, moment).processAll() }
    }

    /// From now on, answers in another way.
    package func change(mode: AnswerMode) {
        self.mode = mode
    }

    /// Plays another script from now on; posts are counted from 1 again.
    package func play(_ script: FaultScript) {
        self.script = script
        postCount = 0
    }

    /// Closes the ledger. What comes later is answered with 500.
    package func close() async {
        await database.close()
    }

    /// A call is the same request in another dress, to the same books and with the same faults.
    private func call(
        _ request: ExchangeRequest, client: String?
    ) async throws -> ExchangeAnswer {
        try demand("POST", request)
        let call: SOAPCall
        do throws(NotTaken) {
            call = try SOAPCall(request.body)
        } catch {
            return SOAPReply.fault(error)
        }
        return SOAPReply(call).answer(await answer(call.request, client: client))
    }

    private func route(
        _ request: ExchangeRequest, _ county: RegisteredCounty
    ) async throws -> ExchangeAnswer {
        let path = request.path.split(separator: "/", omittingEmptySubsequences: false)
            .dropFirst()
        switch (path.first, path.dropFirst().last, path.count) {
        case ("submissions", _, 1):
            try demand("POST", request)
            return try await post(request, county)
        case ("submissions", "receipt", 3):
            try demand("GET", request)
            return try await receipt(of: String(path[path.startIndex + 1]), county)
        case ("receipts", _, 1):
            try demand("GET", request)
            return try await receipts(request, county)
        case ("counts", _, 1):
            try demand("GET", request)
            return try await counts(request, county)
        default:
            throw NotTaken(404, "没有这个地址", "there is nothing here")
        }
    }

    private func demand(_ method: String, _ request: ExchangeRequest) throws(NotTaken) {
        guard request.method == method else { throw NotTaken(405, "方法不对", "wrong method") }
    }
}

/// The four requests of the binding.
extension NationalSystem {
    private func post(
        _ request: ExchangeRequest, _ county: RegisteredCounty
    ) async throws -> ExchangeAnswer {
        postCount += 1
        let faults = script.faults(ofPost: postCount)
        var answer: ExchangeAnswer
        do throws(NotTaken) {
            if let early = faults.answerBeforeStoring {
                answer = early
            } else {
                let document = try PostedDocument(request)
                let posting = Posting(
                    document: document, county: county,
                    examination: try examine(document, county), faults: faults, mode: mode)
                answer = try await taken(posting)
            }
        } catch {
            answer = .plain(error.status, error.words)
        }
        answer.delay = faults.delay
        return answer
    }

    private func examine(
        _ document: PostedDocument, _ county: RegisteredCounty
    ) throws(NotTaken) -> Result<ExaminedSubmission, Refusal> {
        do throws(ExaminationEnd) {
            return .success(try examiner.examine(document, of: county))
        } catch {
            switch error {
            case .notTaken(let notTaken): throw notTaken
            case .refused(let refusal): return .failure(refusal)
            }
        }
    }

    private func taken(_ posting: Posting) async throws(NotTaken) -> ExchangeAnswer {
        let (identity, moment) = (identity, clock())
        let outcome: Posting.Outcome
        do {
            outcome = try await database.write {
                try posting.take(Processing($0, identity, moment))
            }
        } catch {
            throw NotTaken(500, "账本不可用", "the ledger is not available: \(error)")
        }
        switch outcome {
        case .conflict:
            throw NotTaken(409, "该标识已用于其他内容", "this id was sent before with other bytes")
        case .answered(let first):
            guard let receipt = first.receipt else {
                return posting.faults.spoiled(.plain(first.status, ""))
            }
            return posting.faults.spoiled(
                .document(first.status, receipt.bytes, signed: receipt.signed))
        }
    }

    private func receipt(
        of id: String, _ county: RegisteredCounty
    ) async throws -> ExchangeAnswer {
        try await collect(county)
        let found = try await database.read { transaction in
            (
                try transaction.submission(sender: county.sender, id: id) != nil,
                try transaction.newestReceipt(sender: county.sender, submission: id)
            )
        }
        guard found.0 else { throw NotTaken(404, "从未收到该报文", "never stored") }
        guard let receipt = found.1 else { return .plain(202, "") }
        return .document(200, receipt.bytes, signed: receipt.signed)
    }

    private func receipts(
        _ request: ExchangeRequest, _ county: RegisteredCounty
    ) async throws -> ExchangeAnswer {
        guard let cursor = request.query("after").flatMap({ Int64($0) }), cursor >= 0,
            let limit = request.query("limit").flatMap({ Int($0) }), (1...500).contains(limit)
        else { throw NotTaken(400, "游标或条数有误", "the cursor or the limit is wrong") }
        try await collect(county)
        let page = try await database.read {
            try $0.receipts(sender: county.sender, after: cursor, limit: limit)
        }
        var writer = DocumentWriter()
        try writer.open(
            "Receipts",
            [("xmlns", ReadSubmission.namespace), ("next", "\(page.last?.ordinal ?? cursor)")])
        for item in page {
            try writer.open(
                "Item",
                [
                    ("signature", Base64.standard.encode(item.signed.signature)),
                    ("key", item.signed.keyID),
                ])
            try writer.text(Base64.standard.encode(item.bytes))
            writer.close("Item")
        }
        writer.close("Receipts")
        return .document(200, writer.bytes, signed: nil)
    }

    private func counts(
        _ request: ExchangeRequest, _ county: RegisteredCounty
    ) async throws -> ExchangeAnswer {
        guard let programme = request.query("programme"), county.programmes.contains(programme),
            let region = request.query("region"), let from = request.query("from"),
            let to = request.query("to"),
            let query = CountsQuery(
                sender: county.sender, region: region, programme: programme, from: from, to: to)
        else { throw NotTaken(400, "查询条件有误", "the query is wrong") }
        guard region == county.region else {
            throw NotTaken(403, "区划与发送方不符", "the region is not the sender's")
        }
        let counts = try await database.read { try query.run($0) }
        let bytes = try query.document(counts, issued: clock())
        let suite = county.usualSuite
        let signature = try identity.receiptsKey(suite).sign(bytes)
        return .document(
            200, bytes,
            signed: Signed(signature: signature, keyID: identity.receiptsID(suite)))
    }

    /// Every asking for receipts brings what is due nearer.
    private func collect(_ county: RegisteredCounty) async throws {
        let (identity, moment) = (identity, clock())
        try await database.write {
            try Processing($0, identity, moment).collect(county.sender)
        }
    }
}
