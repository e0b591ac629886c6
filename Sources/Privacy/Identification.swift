import Definitions
package import LibCrypto
package import Mappings
package import Records

/// The county's own keys for naming: what stays at home and what is made for others.
package struct NamingKeys: Sendable {
    package let suite: CipherSuite
    /// Root of the internal join (`link/<city>`), never used for what leaves.
    package let linkRoot: SecretBytes
    /// e.g. `link/city-9901`.
    package let linkDomain: String
    /// Root of everything that leaves (`out/…`).
    package let outRoot: SecretBytes
    /// The epoch that pseudonyms for the nation bear (`pseudonymEpoch`).
    package let epoch: Int
    /// Names cases (`Record@id`); never rotated.
    package let caseKey: SecretBytes
    /// Tells whether a case's content changed; never leaves.
    package let contentKey: SecretBytes

    package init(
        suite: CipherSuite, linkRoot: SecretBytes, linkDomain: String, outRoot: SecretBytes,
        epoch: Int, caseKey: SecretBytes, contentKey: SecretBytes
    ) {
        self.suite = suite
        self.linkRoot = linkRoot
        self.linkDomain = linkDomain
        self.outRoot = outRoot
        self.epoch = epoch
        self.caseKey = caseKey
        self.contentKey = contentKey
    }
}

/// Who a row is about, in keyed names only.
package struct Identity: Sendable {
    /// `nil` where the row's key fields could not be read.
    package let record: RecordID?
    /// For a follow-up the case that it belongs to.
    package let parent: RecordID?
    /// The first 16 bytes of a keyed digest over all values.
    package let content: [UInt8]
    /// The wife's link pseudonym and the child order: one free check. Stays at home.
    package let entitlement: String?
    package let childOrder: Int?
    /// When the child is due, where the programme tells pregnancies apart by it.
    package let dueOn: CalendarDate?
    /// For each subject the pseudonym for the nation.
    package let pseudonyms: [[UInt8]?]
    /// The pseudonym for settlement of the service year (`out/settle-YYYY`).
    package let claimant: String?
    /// The same of the year before, where the programme tells pregnancies apart by a due date.
    package let claimantBefore: String?
}

/// Names the cases and people of a batch. One a thread: it keeps its keyed contexts.
package final class Identification {
    private let keys: NamingKeys
    private let caseDigest: KeyedDigest
    private let contentDigest: KeyedDigest
    private let link: PseudonymDomain
    /// The same join for the few numbers of other documents, by the kind of document.
    private var documents: [PseudonymDomain.Source: PseudonymDomain] = [:]
    private let nation: PseudonymDomain
    private var settlement: [Int: PseudonymDomain] = [:]
    private var buffer: [UInt8] = []

    /// - Parameter nationDomain: the programme's, e.g. `out/nat-pchc`.
    package init(keys: NamingKeys, nationDomain: String) throws(CryptoFailure) {
        self.keys = keys
        caseDigest = try KeyedDigest(suite: keys.suite, key: keys.caseKey)
        contentDigest = try KeyedDigest(suite: keys.suite, key: keys.contentKey)
        link = try PseudonymDomain(
            suite: keys.suite, root: keys.linkRoot, domain: keys.linkDomain, epoch: 1,
            source: .residentID)
        nation = try PseudonymDomain(
            suite: keys.suite, root: keys.outRoot, domain: nationDomain, epoch: keys.epoch,
            source: .linkPseudonym)
    }

    /// Names every row of a batch.
    ///
    /// - Parameters:
    ///   - childOrder: the ordinal of the field that counts the planned child.
    ///   - due: the ordinal of the due date.
    package func identify(_ batch: RecordBatch, childOrder: Int?, due: Int? = nil)
        throws(CryptoFailure) -> [Identity]
    {
        var identities: [Identity] = []
        identities.reserveCapacity(batch.count)
        for row in 0..<batch.count {
            identities.append(try identify(batch, row, childOrder, due))
        }
        return identities
    }

    private func identify(
        _ batch: RecordBatch, _ row: Int, _ childOrder: Int?, _ due: Int?
    ) throws(CryptoFailure) -> Identity {
        var links: [[UInt8]?] = []
        var pseudonyms: [[UInt8]?] = []
        for subject in batch.dictionary.subjects {
            guard case .text(let range) = batch.value(row, subject.idNumber).expose() else {
                links.append(nil)
                pseudonyms.append(nil)
                continue
            }
            let number = batch.arena[range]
            let domain = try document(of: number, subject, batch, row)
            let linked = try (domain ?? link).pseudonym(of: number)
            links.append(linked)
            pseudonyms.append(try nation.pseudonym(of: linked))
        }
        let entitled = links.first ?? nil
        var order: Int?
        if let childOrder, case .integer(let number) = batch.value(row, childOrder).expose() {
            order = Int(number)
        }
        var entitlement: String?
        if let entitled, let order {
            entitlement = String(decoding: entitled, as: UTF8.self) + "/\(order)"
        }
        var dueOn: CalendarDate?
        if let due, case .date(let day) = batch.value(row, due).expose() { dueOn = day }
        let person = entitled ?? links.compactMap { $0 }.first
        let followUp = batch.dictionary.followUp
        let named = try caseID(batch, row)
        return Identity(
            record: try followUp.map { (followUp) throws(CryptoFailure) in
                try named.map { (named) throws(CryptoFailure) in try id(of: followUp, named) }
            } ?? named,
            parent: followUp == nil ? nil : named, content: try content(batch, row),
            entitlement: entitlement, childOrder: order, dueOn: dueOn, pseudonyms: pseudonyms,
            claimant: try claimant(batch, row, person),
            claimantBefore: due == nil ? nil : try claimant(batch, row, person, yearsBefore: 1))
    }

    /// The domain of a number that is no citizen's; `nil` for those that are. A citizen's number is
    /// one in whatever document it stands: household registers and driving licences bear it too.
    private func document(
        of number: ArraySlice<UInt8>, _ subject: ElementDictionary.Subject, _ batch: RecordBatch,
        _ row: Int
    ) throws(CryptoFailure) -> PseudonymDomain? {
        guard !IDNumber.isFormed(number), let field = subject.idType,
            case .code(let list) = batch.dictionary.elements[field].kind,
            case .code(let code) = batch.value(row, field).expose()
        else { return nil }
        let source = PseudonymDomain.Source.document(code: list.codes[code].code)
        if let kept = documents[source] { return kept }
        let domain = try PseudonymDomain(
            suite: keys.suite, root: keys.linkRoot, domain: keys.linkDomain, epoch: 1,
            source: source)
        documents[source] = domain
        return domain
    }

    /// `Record@id`: programme, institution and the clinic's own case number (EXCHANGE 1).
    private func caseID(_ batch: RecordBatch, _ row: Int) throws(CryptoFailure) -> RecordID? {
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: batch.dictionary.programme.utf8)
        for ordinal in batch.dictionary.caseFields.key {
            let value = batch.value(row, ordinal)
            guard !value.isAbsent else { return nil }
            buffer.append(0)
            batch.arena.withUnsafeBufferPointer {
                batch.dictionary.elements[ordinal].appendText(of: value, arena: $0, to: &buffer)
            }
        }
        return RecordID(Hex.encode(Array(try caseDigest.digest(buffer)[0..<16])))
    }

    /// A follow-up is a record of its own beside its case's.
    private func id(of followUp: FollowUp, _ parent: RecordID) throws(CryptoFailure) -> RecordID {
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: parent.text.utf8)
        buffer.append(0)
        buffer.append(contentsOf: followUp.name.utf8)
        return RecordID(Hex.encode(Array(try caseDigest.digest(buffer)[0..<16])))
    }

    /// The name under which a part of a case waits for the rest of it: a keyed digest of the text
    /// that joins them, hex. Stays at home.
    package func partName(_ mapping: String, _ key: [UInt8]) throws(CryptoFailure) -> String {
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: "part".utf8)
        buffer.append(0)
        buffer.append(contentsOf: mapping.utf8)
        buffer.append(0)
        buffer.append(contentsOf: key)
        return Hex.encode(Array(try caseDigest.digest(buffer)[0..<16]))
    }

    private func content(_ batch: RecordBatch, _ row: Int) throws(CryptoFailure) -> [UInt8] {
        buffer.removeAll(keepingCapacity: true)
        batch.appendCanonical(row: row, to: &buffer)
        return Array(try contentDigest.digest(buffer)[0..<16])
    }

    private func claimant(
        _ batch: RecordBatch, _ row: Int, _ link: [UInt8]?, yearsBefore years: Int = 0
    ) throws(CryptoFailure) -> String? {
        guard let link, let day = batch.servedOn(row) else { return nil }
        let year = day.parts.year - years
        let domain: PseudonymDomain
        if let kept = settlement[year] {
            domain = kept
        } else {
            domain = try PseudonymDomain(
                suite: keys.suite, root: keys.outRoot, domain: "out/settle-\(year)", epoch: 1,
                source: .linkPseudonym)
            settlement[year] = domain
        }
        return String(decoding: try domain.pseudonym(of: link), as: UTF8.self)
    }
}
