package import Definitions
import Foundation
package import Mappings
package import Records
package import Validation

/// The repository's own programme and clinic mapping, read once for all tests of a run.
package struct Preconception: Sendable {
    package let dictionary: ElementDictionary
    package let rules: RuleSet
    package let mapping: Mapping
    /// Its follow-ups by name.
    package let followUps: [String: FollowUpRecords]
    /// The layouts of its counted lists, each with the list's dictionary.
    package let lists: [(dictionary: ElementDictionary, mapping: Mapping)]
    /// The example county's designated institutions.
    package let designated: CodeList

    private static let shared = Result { () throws(DefinitionError) in try Preconception() }

    package static func loaded() throws -> Preconception { try shared.get() }

    private init() throws(DefinitionError) {
        let folder = Project.mappings + "/preconception"
        var programme = try Section(path: folder + "/programme.yaml")
        dictionary = try ElementDictionary(&programme) { name throws(DefinitionError) in
            try Preconception.list(Project.table("codes/\(name)", of: "preconception"), name)
        }
        rules = try RuleSet(&programme, dictionary: dictionary)
        mapping = try Preconception.mapping("from-county-csv", dictionary)
        var followUps: [String: FollowUpRecords] = [:]
        for var section in try programme.sections("followUps") {
            let seen = try dictionary.followUp(&section)
            guard let followUp = seen.followUp else { continue }
            let name = followUp.name == "earlyFollowUp" ? "early" : "outcome"
            followUps[followUp.name] = FollowUpRecords(
                dictionary: seen, rules: try RuleSet(&section, dictionary: seen),
                mapping: try Preconception.mapping("from-\(name)-follow-up", seen))
        }
        self.followUps = followUps
        var lists: [(dictionary: ElementDictionary, mapping: Mapping)] = []
        for var section in try programme.sections("lists") {
            let list = try dictionary.list(&section) { name throws(DefinitionError) in
                try Preconception.list(Project.table("codes/\(name)", of: "preconception"), name)
            }
            let mapping = try Preconception.mapping("from-village-list", list)
            lists.append((list, mapping))
        }
        self.lists = lists
        designated = try Preconception.list(
            Project.root + "/samples/site/designated.csv", "designated")
    }

    /// A mapping of the programme by its file's name without ending.
    private static func mapping(_ name: String, _ dictionary: ElementDictionary)
        throws(DefinitionError) -> Mapping
    {
        var section = try Section(path: "\(Project.mappings)/preconception/\(name).yaml")
        return try Mapping(&section, dictionary: dictionary) { name throws(DefinitionError) in
            let path = Project.table(name, of: "preconception")
            return try WordTable(
                name: name, text: try Preconception.text(at: path), shownAs: path)
        }
    }

    /// A list of codes of the repository.
    package static func list(_ path: String, _ name: String) throws(DefinitionError) -> CodeList {
        try CodeList(name: name, text: text(at: path), shownAs: path)
    }

    private static func text(at path: String) throws(DefinitionError) -> String {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw DefinitionError(file: path, problem: Wording(zh: "没有", en: "missing"))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The columns that a file must have, each once.
    package var header: [String] { header(for: []) }

    /// Those columns, and of the optional ones those that a couple writes into.
    package func header(for couples: [CleanCouple]) -> [String] {
        let written = Set(couples.flatMap(\.cells.keys))
        var names: [String] = []
        for rule in mapping.rules {
            guard case .column(let name) = rule.origin, !names.contains(name),
                !rule.isOptional || written.contains(name)
            else { continue }
            names.append(name)
        }
        return names
    }

    /// Reads couples as the county's CSV would bring them.
    package func read(_ couples: [CleanCouple], acceptsInvented: Bool = true) throws -> RecordBatch
    {
        let header = header(for: couples)
        let bound = try mapping.bound(to: header, acceptsInvented: acceptsInvented)
        return bound.apply(to: try SourceBatch(header: header, couples: couples))
    }

    /// What rules may know besides a record, on a day of arrival; the couples say which of the
    /// optional columns their file has.
    package func context(arrivedOn day: String = "2012-03-31", for couples: [CleanCouple] = [])
        throws -> RuleContext
    {
        guard let day = CalendarDate(iso: day) else { throw NoSuchColumn(name: day) }
        let bound = try mapping.bound(to: header(for: couples), acceptsInvented: true)
        return RuleContext(arrivedOn: day, designated: designated, isMapped: bound.isMapped)
    }

    /// Couples that passed the rules on one record; their fates and all findings.
    package func examine(_ couples: [CleanCouple], arrivedOn day: String = "2012-03-31") throws
        -> ExaminedBatch
    {
        rules.examine(try read(couples), try context(arrivedOn: day, for: couples))
    }

    /// Couples through all rules, each a case of its own that nobody has seen before.
    package func check(_ couples: [CleanCouple]) throws -> DecidedBatch {
        var entitlements = NobodyHadOne()
        return rules.decide(
            try examine(couples), standing: couples.map { _ in .due },
            entitlements: &entitlements)
    }
}

/// Every free check is the first.
private struct NobodyHadOne: EntitlementRegister {
    func isTaken(row: Int) -> Bool { false }
    func isInForce(row: Int) -> Bool { false }
    mutating func take(row: Int) {}
}

/// A test names a column that the mapping does not read.
package struct NoSuchColumn: Error {
    package let name: String

    package init(name: String) {
        self.name = name
    }
}

extension SourceBatch {
    /// One row a couple, as a reader would hand them over; row 1 is the header.
    package init(header: [String], couples: [CleanCouple]) throws(NoSuchColumn) {
        try self.init(header: header, rows: couples.map(\.cells))
    }

    /// Rows of text by column, as a reader would hand them over; row 1 is the header.
    package init(header: [String], rows: [[String: String]]) throws(NoSuchColumn) {
        var bytes: [UInt8] = []
        var cells: [Range<UInt32>] = []
        var places: [RowPlace] = []
        let known = Set(header)
        for (index, row) in rows.enumerated() {
            for name in row.keys where !known.contains(name) {
                throw NoSuchColumn(name: name)
            }
            let first = bytes.count
            for column in header {
                let start = UInt32(bytes.count)
                bytes.append(contentsOf: (row[column] ?? "").utf8)
                cells.append(start..<UInt32(bytes.count))
            }
            places.append(RowPlace(row: index + 2, raw: first..<bytes.count))
        }
        self.init(
            bytes: bytes, cells: cells, columnCount: header.count, places: places,
            unreadable: [])
    }
}

extension RecordBatch {
    /// A field's text as the wire would write it, or `nil` where there is none.
    package func text(_ field: String, row: Int = 0) throws -> String? {
        guard let ordinal = dictionary.ordinal(of: field) else { throw NoSuchColumn(name: field) }
        let value = value(row, ordinal)
        guard value.isResult else { return nil }
        var bytes: [UInt8] = []
        arena.withUnsafeBufferPointer {
            dictionary.elements[ordinal].appendText(of: value, arena: $0, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What reading a row noticed.
    package func findings(row: Int = 0) -> [Finding] {
        findings.filter { $0.row == row }.map(\.finding)
    }
}
