package import Definitions
package import LibCrypto
package import Mappings
package import Records
package import Validation

/// Who a row is about, in keyed names only.
package struct Identity: Sendable {
    /// `nil` where the row's key fields could not be read.
    package let record: RecordID?
    /// For a follow-up the case that it belongs to.
    package let parent: RecordID?
    /// For a follow-up the one that should have come before it.
    package let earlier: RecordID?
    /// What is remembered of the record beyond its item, in the order of `RuleSet.remembered`;
    /// `nil` where a field of it is empty.
    package let marks: [KeyMark?]
    /// The first 16 bytes of a keyed digest over all values, in every epoch of the key, oldest
    /// first; never empty.
    package let contents: [[UInt8]]
    /// The wife's link pseudonym and the child order: one free check. In every epoch of the
    /// key, the newest last; empty where a row lacks either. Stays at home.
    package let entitlements: [String]
    package let childOrder: Int?
    /// When the child is due, where the programme tells pregnancies apart by it.
    package let dueOn: CalendarDate?
    /// For each subject the pseudonym for the nation.
    package let pseudonyms: [[UInt8]?]
    /// The pseudonym for settlement of the service year (`out/settle-YYYY`).
    package let claimant: String?
    /// The same of the year before, where the programme tells pregnancies apart by a due date.
    package let claimantBefore: String?

    /// The content's digest in the newest epoch: the one that is stored.
    package var content: [UInt8] { contents[contents.count - 1] }
    /// The free check's name in the newest epoch: the one that is stored.
    package var entitlement: String? { entitlements.last }
}

/// A remembered key of one record (跨批次键的摘要): keyed digests and a day that is about the work.
package struct KeyMark: Sendable, Hashable {
    /// The memory's name.
    package let memory: String
    /// Of the values that must not come again, hex.
    package let key: String
    /// Of whose they are; empty where they are the record's own.
    package let owner: String
    /// The day that counts, in days since 1970; `nil` where every day does.
    package let day: Int32?

    package init(memory: String, key: String, owner: String, day: Int32?) {
        self.memory = memory
        self.key = key
        self.owner = owner
        self.day = day
    }
}

/// Names the cases and people of a batch. One a thread: it keeps its keyed contexts.
package final class Identification {
    private let keys: NamingKeys
    private let caseDigest: KeyedDigest
    private let contentDigest: KeyedDigest
    private let contentChain: RotationChain
    private let link: LinkNames
    private let nation: PseudonymDomain
    private var settlement: [Int: PseudonymDomain] = [:]
    private var buffer: [UInt8] = []

    /// - Parameter nationDomain: the programme's, e.g. `out/nat-pchc`.
    package init(keys: NamingKeys, nationDomain: String) throws(CryptoFailure) {
        self.keys = keys
        caseDigest = try KeyedDigest(suite: keys.suite, key: keys.caseKey)
        contentDigest = try KeyedDigest(suite: keys.suite, key: keys.content[0].secret)
        contentChain = try .content(keys)
        link = try LinkNames(keys)
        nation = try PseudonymDomain(
            suite: keys.suite, root: keys.out[keys.out.count - 1].secret, domain: nationDomain,
            epoch: keys.epoch, source: .linkPseudonym)
    }

    /// Names every row of a batch.
    ///
    /// - Parameters:
    ///   - childOrder: the ordinal of the field that counts the planned child.
    ///   - due: the ordinal of the due date.
    ///   - rules: of the batch's records; they say what is remembered beyond the item.
    package func identify(
        _ batch: RecordBatch, childOrder: Int?, due: Int? = nil, for rules: RuleSet? = nil
    )
        throws(CryptoFailure) -> [Identity]
    {
        var identities: [Identity] = []
        identities.reserveCapacity(batch.count)
        for row in 0..<batch.count {
            identities.append(try identify(batch, row, childOrder, due, rules))
        }
        return identities
    }

    private func identify(
        _ batch: RecordBatch, _ row: Int, _ childOrder: Int?, _ due: Int?, _ rules: RuleSet?
    ) throws(CryptoFailure) -> Identity {
        var links: [[[UInt8]]?] = []
        var pseudonyms: [[UInt8]?] = []
        for subject in batch.dictionary.subjects {
            guard case .text(let range) = batch.value(row, subject.idNumber).expose() else {
                links.append(nil)
                pseudonyms.append(nil)
                continue
            }
            let linked = try linked(batch.arena[range], subject, batch, row)
            links.append(linked)
            pseudonyms.append(try nation.pseudonym(of: link.national(linked)))
        }
        let entitled = links.first ?? nil
        var order: Int?
        if let childOrder, case .integer(let number) = batch.value(row, childOrder).expose() {
            order = Int(number)
        }
        var entitlements: [String] = []
        if let entitled, let order { entitlements = try checks(of: entitled, order) }
        var dueOn: CalendarDate?
        if let due, case .date(let day) = batch.value(row, due).expose() { dueOn = day }
        let person = entitled ?? links.compactMap { $0 }.first
        let named = try caseID(batch, row)
        let followUp = named == nil ? nil : batch.dictionary.followUp
        var marks: [KeyMark?] = []
        for memory in rules?.remembered ?? [] { marks.append(try mark(memory, batch, row)) }
        return Identity(
            record: try named.map { (named) throws(CryptoFailure) in
                try record(named, followUp)
            },
            parent: followUp == nil ? nil : named,
            earlier: try rules?.earlierFollowUp.flatMap { (name) throws(CryptoFailure) in
                try named.map { (named) throws(CryptoFailure) in try id(of: name, named) }
            },
            marks: marks, contents: try contentChain.names(from: content(batch, row)),
            entitlements: entitlements, childOrder: order, dueOn: dueOn, pseudonyms: pseudonyms,
            claimant: try claimant(batch, row, person),
            claimantBefore: due == nil ? nil : try claimant(batch, row, person, yearsBefore: 1))
    }

    /// The names of one free check in every epoch, the one that is stored now last.
    private func checks(of links: [[UInt8]], _ order: Int) throws(CryptoFailure) -> [String] {
        try link.names(from: links).map { String(decoding: $0, as: UTF8.self) + "/\(order)" }
    }

    /// The link pseudonym of a person's number under each root: the later ones and all that leaves
    /// are made of them. Stays at home.
    private func linked(
        _ number: ArraySlice<UInt8>, _ subject: ElementDictionary.Subject, _ batch: RecordBatch,
        _ row: Int
    ) throws(CryptoFailure) -> [[UInt8]] {
        var code: String?
        if let field = subject.idType,
            case .code(let list) = batch.dictionary.elements[field].kind,
            case .code(let place) = batch.value(row, field).expose()
        {
            code = list.codes[place].code
        }
        return try link.pseudonyms(
            of: number, as: Identification.source(of: number, document: code))
    }

    /// A citizen's number is one in whatever document it stands: household registers and driving
    /// licences bear it too. Others are told apart by the kind of document.
    private static func source(
        of number: ArraySlice<UInt8>, document code: String?
    ) -> PseudonymDomain.Source {
        guard !IDNumber.isFormed(number), let code else { return .residentID }
        return .document(code: code)
    }

    /// `Record@id`: programme, institution and the clinic's own case number (EXCHANGE 1).
    private func caseID(_ batch: RecordBatch, _ row: Int) throws(CryptoFailure) -> RecordID? {
        try caseID(of: batch.dictionary) { ordinal, text in
            let value = batch.value(row, ordinal)
            guard !value.isAbsent else { return }
            batch.arena.withUnsafeBufferPointer {
                batch.dictionary.elements[ordinal].appendText(of: value, arena: $0, to: &text)
            }
        }
    }

    /// - Parameter text: appends a field's text, nothing where there is none.
    private func caseID(
        of dictionary: ElementDictionary, text: (_ ordinal: Int, _ text: inout [UInt8]) -> Void
    ) throws(CryptoFailure) -> RecordID? {
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: dictionary.programme.utf8)
        for ordinal in dictionary.caseFields.key {
            buffer.append(0)
            let start = buffer.count
            text(ordinal, &buffer)
            guard buffer.count > start else { return nil }
        }
        return RecordID(Hex.encode(Array(try caseDigest.digest(buffer)[0..<16])))
    }

    /// The name of a record that is still being filled; `nil` where its key cannot be read.
    package func record(of draft: RecordDraft, _ row: Int) throws(CryptoFailure) -> RecordID? {
        let dictionary = draft.dictionary
        let named = try caseID(of: dictionary) { ordinal, text in
            text.append(contentsOf: draft.text(row, ordinal))
        }
        return try named.map { (named) throws(CryptoFailure) in
            try record(named, dictionary.followUp)
        }
    }

    /// The record of a case, or of the follow-up beside it.
    private func record(_ named: RecordID, _ followUp: FollowUp?) throws(CryptoFailure) -> RecordID
    {
        guard let followUp else { return named }
        return try id(of: followUp.name, named)
    }

    /// A follow-up is a record of its own beside its case's.
    private func id(of followUp: String, _ parent: RecordID) throws(CryptoFailure) -> RecordID {
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: parent.text.utf8)
        buffer.append(0)
        buffer.append(contentsOf: followUp.utf8)
        return RecordID(Hex.encode(Array(try caseDigest.digest(buffer)[0..<16])))
    }

    /// Whether a stored free check is that of a person, made anew from the number: an answer, and
    /// never a name.
    ///
    /// - Parameters:
    ///   - document: the code of its kind in CV02.01.101, where it is known.
    ///   - epoch: that of the stored name.
    package func isCheck(
        _ check: String, of number: [UInt8], document: String?, epoch: Int
    ) throws(CryptoFailure) -> Bool {
        let links = try link.pseudonyms(
            of: number, as: Identification.source(of: number[...], document: document))
        for name in try link.names(from: links, in: epoch)
        where check.hasPrefix(String(decoding: name, as: UTF8.self) + "/") { return true }
        return false
    }

    /// A stored free check as it is called now, made of the number alone; `nil` where it is not
    /// that person's. The name stays at home.
    package func renewed(
        _ check: String, of number: [UInt8], document: String?, epoch: Int
    ) throws(CryptoFailure) -> String? {
        guard try isCheck(check, of: number, document: document, epoch: epoch),
            let newest = try link.names(
                from: link.pseudonyms(
                    of: number, as: Identification.source(of: number[...], document: document))
            ).last
        else { return nil }
        // The child order stands behind the pseudonym and stays.
        return String(decoding: newest, as: UTF8.self)
            + check.dropFirst(PseudonymDomain.characterCount)
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

    private func mark(_ memory: RememberedKey, _ batch: RecordBatch, _ row: Int)
        throws(CryptoFailure) -> KeyMark?
    {
        var day: Int32?
        if let on = memory.on {
            guard let date = RecordRow(batch: batch, row: row).day(on) else { return nil }
            day = date.daysSince1970
        }
        guard let key = try digest(of: memory.key, "key", memory, batch, row) else { return nil }
        var owner = ""
        if !memory.owner.isEmpty {
            guard let named = try digest(of: memory.owner, "owner", memory, batch, row) else {
                return nil
            }
            owner = named
        }
        return KeyMark(memory: memory.name, key: key, owner: owner, day: day)
    }

    /// A keyed digest of some fields, hex; `nil` where one of them is empty.
    private func digest(
        of fields: [Int], _ use: String, _ memory: RememberedKey, _ batch: RecordBatch, _ row: Int
    ) throws(CryptoFailure) -> String? {
        buffer.removeAll(keepingCapacity: true)
        for text in [use, memory.name] {
            buffer.append(contentsOf: text.utf8)
            buffer.append(0)
        }
        for ordinal in fields {
            let value = batch.value(row, ordinal)
            guard value.isResult else { return nil }
            batch.arena.withUnsafeBufferPointer {
                batch.dictionary.elements[ordinal].appendText(of: value, arena: $0, to: &buffer)
            }
            buffer.append(0)
        }
        return Hex.encode(Array(try caseDigest.digest(buffer)[0..<16]))
    }

    private func content(_ batch: RecordBatch, _ row: Int) throws(CryptoFailure) -> [UInt8] {
        buffer.removeAll(keepingCapacity: true)
        batch.appendCanonical(row: row, to: &buffer)
        return Array(try contentDigest.digest(buffer)[0..<16])
    }

    private func claimant(
        _ batch: RecordBatch, _ row: Int, _ links: [[UInt8]]?, yearsBefore years: Int = 0
    ) throws(CryptoFailure) -> String? {
        guard let links, let day = batch.servedOn(row) else { return nil }
        return try settlementName(of: links, in: day.parts.year - years)
    }

    /// The name by which the ledger knows a person in one year (`out/settle-YYYY`).
    private func settlementName(of links: [[UInt8]], in year: Int) throws(CryptoFailure)
        -> String
    {
        let domain: PseudonymDomain
        if let kept = settlement[year] {
            domain = kept
        } else {
            domain = try PseudonymDomain(
                suite: keys.suite, root: keys.settlementRoot(of: year),
                domain: "out/settle-\(year)", epoch: 1, source: .linkPseudonym)
            settlement[year] = domain
        }
        return String(
            decoding: try domain.pseudonym(of: link.settled(links, in: year)), as: UTF8.self)
    }

    /// What the rows of a list say, in keyed names only.
    ///
    /// - Parameter list: what the batch's rows are; its dictionary is the batch's.
    package func identify(_ batch: RecordBatch, listedIn list: CountedList)
        throws(CryptoFailure) -> [ListedRow]
    {
        var rows: [ListedRow] = []
        rows.reserveCapacity(batch.count)
        for row in 0..<batch.count { rows.append(try listed(batch, row, list)) }
        return rows
    }

    private func listed(_ batch: RecordBatch, _ row: Int, _ list: CountedList)
        throws(CryptoFailure) -> ListedRow
    {
        let subject = batch.dictionary.subjects[list.person]
        guard case .text(let number) = batch.value(row, subject.idNumber).expose() else {
            return .incomplete(field: subject.idNumber)
        }
        guard case .text(let range) = batch.value(row, list.division).expose() else {
            return .incomplete(field: list.division)
        }
        var year: Int?
        for field in list.years where year == nil {
            switch batch.value(row, field).expose() {
            case .integer(let number): year = Int(number)
            case .date(let day): year = day.parts.year
            default: break
            }
        }
        guard let year else { return .incomplete(field: list.years[0]) }
        var isRemoved = false
        if let state = list.state, case .code(let code) = batch.value(row, state.field).expose() {
            isRemoved = code == state.removed
        }
        let place = batch.arena[range]
        let links = try linked(batch.arena[number], subject, batch, row)
        return .complete(
            ListedPerson(
                year: year,
                // Nobody is found by a village's few rows: what is counted is the township.
                division: String(decoding: place.prefix(9), as: UTF8.self),
                place: try partName("place", Array(place)),
                person: try settlementName(of: links, in: year), isRemoved: isRemoved))
    }
}
