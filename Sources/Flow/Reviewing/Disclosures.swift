import Definitions
import Delivery
import Evidence
import LibCrypto
import LibZlib
import Mappings
package import Privacy
import Programmes
package import Records
package import Storage
import Submissions

/// What left the county in a period (披露报告): how many submissions and records, under which mapping
/// and whose approval, and of which field how many. Counts alone: no value is opened.
package struct Disclosures: Sendable, Encodable {
    /// What left under one mapping's content and one approval.
    package struct Line: Sendable, Encodable {
        package let programme: String
        package let profile: String
        /// `name@version`; empty where no decision in the folder names this content.
        package let mapping: String
        /// Of the mapping's content, SHA-256 hex.
        package let content: String
        /// Of the decision, SHA-256 hex; empty where none was needed (rehearsal, earlier releases).
        package let approval: String
        package let approver: String
        package internal(set) var submissions = 0
        /// Records that hold data.
        package internal(set) var records = 0
        /// Records that only take one back: no data.
        package internal(set) var withdrawals = 0
        /// Submissions that were handed to a person who types them, not sent.
        package internal(set) var handedOut = 0
    }

    /// One field, over all records that left.
    package struct Field: Sendable, Encodable {
        package let programme: String
        package let name: String
        package let number: String
        package let title: Wording
        /// The subject or form, the title, and the name after it: `女方 子宫包块（wife.wUterusMass）`.
        package let shown: String
        package let privacyClass: String
        package let technique: ReviewSheet.Technique
        /// Records that said something of it.
        package internal(set) var records: Int
    }

    package let from: String
    package let through: String
    package internal(set) var lines: [Line] = []
    package internal(set) var fields: [Field] = []
    /// Submissions whose bytes are not kept any more: their records count, their fields do not.
    package internal(set) var withoutBytes = 0
    package let environment: String

    init(from: CalendarDate, through: CalendarDate, environment: String) {
        self.from = from.description
        self.through = through.description
        self.environment = environment
    }
}

extension Site {
    /// What left in a period, both days included, by when it first went on the wire or was handed
    /// out.
    ///
    /// - Throws: `StorageFailure`, `DefinitionError`, `CryptoFailure`, `PackingFailure`.
    package func disclosures(
        from: CalendarDate, through: CalendarDate, in database: any SteadyDatabase
    ) async throws -> Disclosures {
        let outbox = try Exchange(site: self, database: database).outbox
        let decisions = try decisions()
        let site = self
        return try await database.read { transaction in
            var book = DisclosureBook(
                Disclosures(
                    from: from, through: through,
                    environment: site.configuration.environment.rawValue), decisions)
            let left = try DisclosureBook.left(from: from, through: through, in: transaction)
            for part in site.programmes {
                let reading = SubmissionReading(dictionary: part.programme.dictionary)
                var counts = [Int](repeating: 0, count: part.programme.dictionary.count)
                for item in left where item.fact.programme == part.name {
                    book.add(item)
                    guard let parcel = try outbox.parcel(of: item.fact.submission, in: transaction)
                    else {
                        book.report.withoutBytes += 1
                        continue
                    }
                    let document = try Gzip.decompress(
                        parcel.wire, limit: part.profile.mostBytes)
                    for ordinal in try reading.stated(in: document) { counts[ordinal] += 1 }
                }
                book.add(counts, of: part)
            }
            return book.report
        }
    }

    /// All genuine decisions on the mappings of this site's programmes, by their digest.
    private func decisions() throws -> [String: Approval] {
        let store = try approvals()
        var found: [String: Approval] = [:]
        for part in programmes {
            for file in part.programme.mappings {
                for signed in store.genuine(mapping: file.mapping.name) {
                    found[signed.approval.digest] = signed.approval
                }
            }
        }
        return found
    }
}

/// Adds up what left.
private struct DisclosureBook {
    struct Item: Sendable {
        let fact: Fact.Enqueued
        let isHandedOut: Bool
    }

    var report: Disclosures
    private let decisions: [String: Approval]

    init(_ report: Disclosures, _ decisions: [String: Approval]) {
        self.report = report
        self.decisions = decisions
    }

    /// Submissions that left in a period, in the order in which they were queued.
    static func left(
        from: CalendarDate, through: CalendarDate, in transaction: any Transaction
    ) throws -> [Item] {
        var queued: [Fact.Enqueued] = []
        var first: [SubmissionID: (day: CalendarDate, isHandedOut: Bool)] = [:]
        try Ledger().facts(in: transaction) { entry in
            switch entry.fact {
            case .enqueued(let fact): queued.append(fact)
            case .onWire(let fact) where first[fact.submission] == nil:
                first[fact.submission] = (entry.at.day, false)
            case .handedOut(let fact):
                for submission in fact.submissions {
                    first[submission] = (first[submission]?.day ?? entry.at.day, true)
                }
            default: break
            }
        }
        return queued.compactMap { fact in
            guard let way = first[fact.submission], (from...through).contains(way.day) else {
                return nil
            }
            return Item(fact: fact, isHandedOut: way.isHandedOut)
        }
    }

    mutating func add(_ item: Item) {
        let (fact, approval) = (item.fact, item.fact.approval ?? "")
        let decision = decisions[approval]
        var index = report.lines.firstIndex {
            $0.programme == fact.programme && $0.content == fact.mappingDigest
                && $0.approval == approval && $0.profile == fact.profile
        }
        if index == nil {
            report.lines.append(
                Disclosures.Line(
                    programme: fact.programme, profile: fact.profile,
                    mapping: decision?.mapping ?? "", content: fact.mappingDigest,
                    approval: approval, approver: decision?.approver ?? ""))
            index = report.lines.count - 1
        }
        guard let index else { return }
        let withdrawals = fact.records.count { $0.action == .withdraw }
        report.lines[index].submissions += 1
        report.lines[index].withdrawals += withdrawals
        report.lines[index].records += fact.records.count - withdrawals
        if item.isHandedOut { report.lines[index].handedOut += 1 }
    }

    mutating func add(_ counts: [Int], of part: SiteProgramme) {
        for element in part.programme.dictionary.elements where counts[element.ordinal] > 0 {
            report.fields.append(
                Disclosures.Field(
                    programme: part.name, name: element.name, number: element.number,
                    title: element.title, shown: part.programme.dictionary.titled(element.name),
                    privacyClass: element.privacyClass.rawValue,
                    technique: ReviewSheet.Technique(of: element),
                    records: counts[element.ordinal]))
        }
    }
}
