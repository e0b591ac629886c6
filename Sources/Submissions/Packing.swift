package import Definitions
package import LibCrypto
import LibXML
import LibZlib
package import Privacy
package import Records

/// What a submission says of the county that sends it (EXCHANGE 1).
package struct Sender: Sendable {
    /// The 18-character unified social credit code.
    package let creditCode: String
    /// GB/T 2260, six digits.
    package let region: String
    package let pseudonymEpoch: Int
    /// The name of the recipient's key, as configured.
    package let recipientName: String
    package let recipient: WrappingKey
    package let signingKeyID: String
    package let signingKey: SigningKey

    package init(
        creditCode: String, region: String, pseudonymEpoch: Int,
        recipientName: String, recipient: WrappingKey, signingKeyID: String,
        signingKey: SigningKey
    ) {
        self.creditCode = creditCode
        self.region = region
        self.pseudonymEpoch = pseudonymEpoch
        self.recipientName = recipientName
        self.recipient = recipient
        self.signingKeyID = signingKeyID
        self.signingKey = signingKey
    }
}

/// What one record of a submission is, besides its values.
package struct RecordHead: Sendable {
    package let version: Int
    package let action: RecordAction
    package let institution: String
    package let servedOn: CalendarDate
    package let traits: SettlementTraits

    package init(
        version: Int, action: RecordAction, institution: String, servedOn: CalendarDate,
        traits: SettlementTraits
    ) {
        self.version = version
        self.action = action
        self.institution = institution
        self.servedOn = servedOn
        self.traits = traits
    }
}

/// How often libxml2 itself looks at records that the compiled check passed.
package enum SchemaSampling: Sendable {
    /// Every record: for a schema that was written elsewhere.
    case every
    /// The first record of a submission and one in so many.
    case oneIn(Int)
}

/// Makes submissions of protected records (组包): written, checked, sealed, signed, compressed.
///
/// One a thread: it keeps its validator and compressor.
package final class Packing {
    private let names: WireNames
    private let trialHeader: [UInt8]
    private let layout: RecordLayout
    private let check: SchemaCheck
    private let schema: CompiledSchema
    private let validator: SchemaValidator
    private let sampling: SchemaSampling
    private let compressor: GzipCompressor
    private let mostBytes: Int
    /// The submission being written: room for its start, then its records. The start is known last,
    /// since it counts the records, and is written backwards into the room: nothing is copied.
    private var body: [UInt8] = []
    private static let roomForStart = 4096

    /// - Parameter mostBytes: the profile's limit before compression (20 MB).
    package init(
        dictionary: ElementDictionary, names: WireNames, sampling: SchemaSampling, mostBytes: Int
    ) throws(PackingFailure) {
        self.names = names
        trialHeader = Packing.trialHeader(names, programme: dictionary.programme)
        layout = RecordLayout(dictionary: dictionary)
        check = SchemaCheck(dictionary: dictionary)
        self.sampling = sampling
        self.mostBytes = mostBytes
        do {
            schema = try CompiledSchema(main: Array(SchemaText.xsd(for: dictionary, names).utf8))
            validator = schema.validator()
            compressor = GzipCompressor()
        } catch {
            throw PackingFailure(.schemaUnusable)
        }
    }

    /// Packs up to 1,000 records of one envelope into one submission.
    ///
    /// - Parameter heads: by the record's place in the batch.
    /// - Returns: the submission, or `nil` where no record passed, and the records that did not.
    package func pack(
        _ batch: ProtectedBatch<ForNation>, heads: [RecordHead], sender: Sender,
        at moment: Timestamp
    ) throws(PackingFailure) -> PackedBatch {
        body.removeAll(keepingCapacity: true)
        body.append(contentsOf: repeatElement(0, count: Packing.roomForStart))
        var packed: [Int] = []
        var refused: [PackedBatch.Refused] = []
        var sample: [Range<Int>] = []
        for index in batch.records.indices {
            let start = body.count
            let head = Packing.startTag(of: batch.records[index].record, heads[index])
            layout.append(index, of: batch, head: head, to: &body)
            if let element = try fault(in: start..<body.count) {
                body.removeSubrange(start...)
                refused.append(PackedBatch.Refused(index: index, element: element))
                continue
            }
            if isSampled(packed.count) { sample.append(start..<body.count) }
            packed.append(index)
        }
        guard !packed.isEmpty else { return PackedBatch(submission: nil, refused: refused) }
        let programme = batch.dictionary.programme
        let header = try header(
            of: batch.envelope, programme, sender, count: packed.count, moment)
        try judge(sample, header: header)
        let records = packed.map { index in
            let record = batch.records[index]
            let head = heads[index]
            return SubmittedRecord(
                record: record.record, version: head.version, action: head.action,
                institution: head.institution, servedOn: head.servedOn, traits: head.traits,
                claimant: record.identity.claimant, childOrder: record.identity.childOrder,
                dueOn: record.identity.dueOn, claimantBefore: record.identity.claimantBefore)
        }
        body.append(contentsOf: Packing.end)
        let start = Packing.roomForStart - header.count
        precondition(start >= 0, "the start of a submission has outgrown its room")
        body.replaceSubrange(start..<Packing.roomForStart, with: header)
        let submission = try body.withUnsafeBufferPointer { (body) throws(PackingFailure) in
            try finished(
                UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: body[start...])), records,
                batch.envelope,
                programme, sender, moment)
        }
        return PackedBatch(submission: submission, refused: refused)
    }

    private func isSampled(_ number: Int) -> Bool {
        switch sampling {
        case .every: true
        case .oneIn(let count): number % count == 0
        }
    }

    /// The element at fault in a record's bytes, by the compiled check, or by libxml2 where that
    /// one is not sure.
    private func fault(in range: Range<Int>) throws(PackingFailure) -> String? {
        let verdict = body.withUnsafeBufferPointer { bytes in
            check.verdict(on: UnsafeBufferPointer(rebasing: bytes[range]))
        }
        switch verdict {
        case .valid: return nil
        case .invalid(let element): return element
        case .unsure:
            do {
                try validate(trialHeader + body[range] + Packing.end)
                return nil
            } catch {
                return error.firstElement
            }
        }
    }

    /// Lets libxml2 judge a sample of what the compiled check passed: they must agree.
    private func judge(_ sample: [Range<Int>], header: [UInt8]) throws(PackingFailure) {
        guard !sample.isEmpty else { return }
        var document = header
        for range in sample { document.append(contentsOf: body[range]) }
        document.append(contentsOf: Packing.end)
        do {
            try validate(document)
        } catch {
            throw PackingFailure(.checksDisagree, detail: error.firstElement)
        }
    }

    func validate(_ document: [UInt8]) throws(XMLFailure) {
        try document.withUnsafeBufferPointer { (bytes) throws(XMLFailure) in
            try validator.validate(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Compresses and signs a whole document.
    func finished(
        _ document: [UInt8], _ records: [SubmittedRecord], _ envelope: Envelope,
        _ programme: String, _ sender: Sender, _ moment: Timestamp
    ) throws(PackingFailure) -> Submission {
        try document.withUnsafeBufferPointer { (bytes) throws(PackingFailure) in
            try finished(
                UnsafeRawBufferPointer(bytes), records, envelope, programme, sender, moment)
        }
    }

    private func finished(
        _ document: UnsafeRawBufferPointer, _ records: [SubmittedRecord], _ envelope: Envelope,
        _ programme: String, _ sender: Sender, _ moment: Timestamp
    ) throws(PackingFailure) -> Submission {
        guard document.count <= mostBytes else { throw PackingFailure(.tooLarge) }
        do {
            let wire = try compressor.compress(document)
            return Submission(
                id: envelope.submission, programme: programme, profile: names.profile,
                sender: sender.creditCode, region: sender.region, suite: envelope.suite,
                created: moment, signingKeyID: sender.signingKeyID, wire: wire,
                byteCount: document.count, digest: Hash.sha256.digest(document),
                wireSM3: Hash.sm3.digest(wire),
                signature: try sender.signingKey.sign(document), records: records)
        } catch {
            throw PackingFailure(error)
        }
    }

    /// The document up to its first record.
    ///
    /// - Parameter epoch: of the pseudonyms in it, where that is not the one of new ones.
    func header(
        of envelope: Envelope, _ programme: String, _ sender: Sender, epoch: Int? = nil,
        count: Int, _ moment: Timestamp
    ) throws(PackingFailure) -> [UInt8] {
        let wrapped: String
        do {
            wrapped = Base64.standard.encode(try sender.recipient.wrap(envelope.dataKey))
        } catch {
            throw PackingFailure(.sealing)
        }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<Submission xmlns=\"\(names.namespace)\" id=\"\(envelope.submission.text)\""
        text += " profile=\"\(names.profile)\" programme=\"\(programme)\""
        text += " sender=\"\(sender.creditCode)\" region=\"\(sender.region)\""
        text += " created=\"\(moment.dateTime)\" count=\"\(count)\""
        text += " pseudonymEpoch=\"\(epoch ?? sender.pseudonymEpoch)\">\n"
        text += "<Key id=\"\(envelope.keyID)\" suite=\"\(envelope.suite.rawValue)\""
        text += " recipient=\"\(sender.recipientName)\" wrapped=\"\(wrapped)\"/>\n"
        return Array(text.utf8)
    }

    static let end = Array("</Submission>\n".utf8)

    /// A frame around one record that libxml2 is asked about.
    private static func trialHeader(_ names: WireNames, programme: String) -> [UInt8] {
        Array(
            ("<Submission xmlns=\"\(names.namespace)\""
                + " id=\"00000000-0000-7000-8000-000000000000\" profile=\"\(names.profile)\""
                + " programme=\"\(programme)\" sender=\"000000000000000000\" region=\"000000\""
                + " created=\"2012-01-01T00:00:00+08:00\" count=\"1\" pseudonymEpoch=\"1\">"
                + "<Key id=\"00000000\" suite=\"gm\" recipient=\"n\" wrapped=\"AA==\"/>").utf8)
    }

    static func startTag(of record: SubmittedRecord) -> [UInt8] {
        startTag(
            of: record.record,
            RecordHead(
                version: record.version, action: record.action, institution: record.institution,
                servedOn: record.servedOn, traits: record.traits))
    }

    static func startTag(of record: RecordID, _ head: RecordHead) -> [UInt8] {
        var text = "<Record id=\"\(record.text)\" version=\"\(head.version)\""
        text += " action=\"\(head.action.rawValue)\" institution=\"\(head.institution)\""
        text += " serviceDate=\"\(head.servedOn)\">\n"
        return Array(text.utf8)
    }
}

/// What packing made of a batch.
package struct PackedBatch: Sendable {
    /// A record that the profile's structure refuses: kept at home with the element's name.
    package struct Refused: Sendable {
        /// Its place in the protected batch.
        package let index: Int
        package let element: String
    }

    package let submission: Submission?
    package let refused: [Refused]
}

/// The waist (报文): sealed bytes under one random id, signed once; every attempt sends just these.
/// Only `Packing` makes one.
package struct Submission: Sendable, Identifiable {
    package let id: SubmissionID
    package let programme: String
    package let profile: String
    package let sender: String
    package let region: String
    package let suite: CipherSuite
    package let created: Timestamp
    package let signingKeyID: String
    /// The XML, compressed by gzip: what goes over the wire.
    package let wire: [UInt8]
    /// Bytes of the XML before compression.
    package let byteCount: Int
    /// SHA-256 of the XML, 32 bytes.
    package let digest: [UInt8]
    /// SM3 of the compressed bytes as they are sent, 32 bytes.
    package let wireSM3: [UInt8]
    /// Detached, DER, over the XML's bytes.
    package let signature: [UInt8]
    package let records: [SubmittedRecord]

    fileprivate init(
        id: SubmissionID, programme: String, profile: String, sender: String, region: String,
        suite: CipherSuite, created: Timestamp, signingKeyID: String, wire: [UInt8],
        byteCount: Int, digest: [UInt8], wireSM3: [UInt8], signature: [UInt8],
        records: [SubmittedRecord]
    ) {
        self.id = id
        self.programme = programme
        self.profile = profile
        self.sender = sender
        self.region = region
        self.suite = suite
        self.created = created
        self.signingKeyID = signingKeyID
        self.wire = wire
        self.byteCount = byteCount
        self.digest = digest
        self.wireSM3 = wireSM3
        self.signature = signature
        self.records = records
    }
}
