import Definitions
import Delivery
import Evidence
import LibZlib
import Mappings
package import Privacy
import Programmes
package import Records
package import Storage
import Submissions

/// What left the county in a period (披露报告): how many submissions and records, to whom, under which
/// mapping and whose approval, and of which field how many. Counts alone: no value is opened.
///
/// It is told by what was decided and sent then, and by no definition of today that is another.
package struct Disclosures: Sendable, Encodable {
    /// What left under one mapping's content and one approval.
    package struct Line: Sendable, Encodable {
        package let programme: String
        package let profile: String
        /// As the submissions name him; empty where their bytes are gone and no decision says it.
        package let recipient: String
        /// `name@version`; empty where neither a decision nor a mapping of today has this content.
        package let mapping: String
        /// Of the mapping's content, SHA-256 hex; empty where no mapping made it (撤销).
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
        /// Submissions with data of which nobody can say any more what their fields were: neither
        /// the decision's sheet nor the mapping's content is there.
        package internal(set) var unknownFields = 0
    }

    /// One field, over all records that left with it treated so.
    package struct Field: Sendable, Encodable {
        package let programme: String
        package let name: String
        package let number: String
        package let title: Wording
        /// The subject or form, the title, and the name after it: `女方 子宫包块（wife.wUterusMass）`.
        package let shown: String
        package let privacyClass: String
        /// As the submissions themselves have it.
        package let technique: ReviewSheet.Technique
        /// Records that said something of it.
        package internal(set) var records: Int
    }

    package let from: String
    package let through: String
    package internal(set) var lines: [Line] = []
    /// By programme and number.
    package internal(set) var fields: [Field] = []
    /// Submissions whose bytes are not kept any more: their records count, their fields do not.
    package internal(set) var withoutBytes = 0
    package let environment: String

    /// What the classes of fields mean.
    package static let classes = Wording(
        zh: "类别：DI 直接标识　QI 准标识　SH 健康　SH+ 易受歧视　OP 业务",
        en: "Classes: DI direct identifiers, QI quasi-identifiers, SH health, SH+ may stigmatise, "
            + "OP operational")

    init(from: CalendarDate, through: CalendarDate, environment: String) {
        self.from = from.description
        self.through = through.description
        self.environment = environment
    }
}

extension Site {
    /// What left in a period, both days included, by when it first may have gone on the wire or was
    /// handed out; of all programmes, also those that the site's file does not name any more.
    ///
    /// - Throws: `StorageFailure`, `DefinitionError`, `PackingFailure`, `DecodingError`.
    package func disclosures(
        from: CalendarDate, through: CalendarDate, in database: any SteadyDatabase
    ) async throws -> Disclosures {
        let outbox = try Exchange(site: self, database: database).outbox
        let site = self
        return try await database.read { transaction in
            let left = try Site.left(from: from, through: through, in: transaction)
            var book = DisclosureBook(
                Disclosures(
                    from: from, through: through,
                    environment: site.configuration.environment.rawValue),
                DisclosedFields(site, decisions: Set(left.compactMap(\.fact.approval))))
            for item in left {
                let parcel = try outbox.parcel(of: item.fact.submission, in: transaction)
                let stated = try parcel.map {
                    try StatedFields(Gzip.decompress($0.wire, limit: $0.byteCount))
                }
                book.add(item, stated)
            }
            return book.finished()
        }
    }

    /// Submissions that left in a period, in the order in which they were queued.
    private static func left(
        from: CalendarDate, through: CalendarDate, in transaction: any Transaction
    ) throws -> [DisclosureBook.Item] {
        var queued: [Fact.Enqueued] = []
        var departures = Departures()
        try Ledger().facts(in: transaction) { entry in
            if case .enqueued(let fact) = entry.fact { queued.append(fact) }
            departures.add(entry)
        }
        return queued.compactMap { fact in
            guard let way = departures.way(of: fact.submission),
                (from...through).contains(way.day)
            else { return nil }
            return DisclosureBook.Item(fact: fact, isHandedOut: way.isHandedOut)
        }
    }
}

/// Adds up what left.
private struct DisclosureBook {
    struct Item: Sendable {
        let fact: Fact.Enqueued
        let isHandedOut: Bool
    }

    private struct Key: Hashable {
        let programme: String
        let name: String
        let technique: ReviewSheet.Technique
    }

    private var report: Disclosures
    private let known: DisclosedFields
    private var fields: [Key: Disclosures.Field] = [:]

    init(_ report: Disclosures, _ known: DisclosedFields) {
        self.report = report
        self.known = known
    }

    /// - Parameter stated: what the submission's bytes say; `nil` where they are not kept.
    mutating func add(_ item: Item, _ stated: StatedFields?) {
        let fact = item.fact
        let line = lineIndex(of: fact, to: stated?.recipient)
        let withdrawals = fact.records.count { $0.action == .withdraw }
        report.lines[line].submissions += 1
        report.lines[line].withdrawals += withdrawals
        report.lines[line].records += fact.records.count - withdrawals
        if item.isHandedOut { report.lines[line].handedOut += 1 }
        guard let stated else {
            report.withoutBytes += 1
            return
        }
        guard !stated.records.isEmpty else { return }
        guard let meanings = known.fields(of: fact) else {
            report.lines[line].unknownFields += 1
            return
        }
        for (field, records) in stated.records {
            let meant = meanings[field.path]
            add(field, meant, records, of: fact.programme)
        }
    }

    private mutating func add(
        _ field: StatedFields.Field, _ meant: DisclosedFields.Meaning?, _ records: Int,
        of programme: String
    ) {
        // The bytes say whether it was sealed; only the sheet knows a day from a month.
        let technique: ReviewSheet.Technique =
            field.isSealed ? .encrypt : meant?.technique == .month ? .month : .keep
        let name = meant?.name ?? field.path
        let key = Key(programme: programme, name: name, technique: technique)
        let empty = Disclosures.Field(
            programme: programme, name: name, number: meant?.number ?? "",
            title: meant?.title ?? Wording(zh: field.path, en: field.path),
            shown: meant?.shown ?? field.path, privacyClass: meant?.privacyClass ?? "",
            technique: technique, records: 0)
        fields[key, default: empty].records += records
    }

    private mutating func lineIndex(of fact: Fact.Enqueued, to recipient: String?) -> Int {
        let decision = fact.approval.flatMap { known.decisions[$0]?.approval }
        let line = Disclosures.Line(
            programme: fact.programme, profile: fact.profile,
            recipient: recipient ?? decision?.recipient?.name ?? "",
            mapping: known.mapping(of: fact), content: fact.mappingDigest,
            approval: fact.approval ?? "", approver: decision?.approver ?? "")
        let found = report.lines.firstIndex {
            $0.programme == line.programme && $0.content == line.content
                && $0.approval == line.approval && $0.profile == line.profile
                && $0.recipient == line.recipient
        }
        if let found { return found }
        report.lines.append(line)
        return report.lines.count - 1
    }

    func finished() -> Disclosures {
        var report = report
        report.fields = fields.values.sorted {
            ($0.programme, $0.number, $0.name, $0.technique.rawValue)
                < ($1.programme, $1.number, $1.name, $1.technique.rawValue)
        }
        return report
    }
}
