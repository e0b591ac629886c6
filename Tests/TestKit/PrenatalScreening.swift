package import Definitions
import Foundation
package import Mappings
import Records
package import Validation

/// The repository's programme of prenatal screening and the register's mapping, read once for all
/// tests of a run.
package struct PrenatalScreening: Sendable {
    package let dictionary: ElementDictionary
    package let rules: RuleSet
    package let mapping: Mapping
    /// The example county's institutions and what each may do.
    package let qualified: QualifiedInstitutions
    private let designated: CodeList

    private static let shared = Result { () throws(DefinitionError) in try PrenatalScreening() }

    package static func loaded() throws -> PrenatalScreening { try shared.get() }

    private static let folder = "prenatal-screening"

    private init() throws(DefinitionError) {
        let folder = Project.mappings + "/" + PrenatalScreening.folder
        var programme = try Section(path: folder + "/programme.yaml")
        dictionary = try ElementDictionary(&programme) { name throws(DefinitionError) in
            try Preconception.list(
                Project.table("codes/\(name)", of: PrenatalScreening.folder), name)
        }
        rules = try RuleSet(&programme, dictionary: dictionary)
        mapping = try PrenatalScreening.mapping("from-mch-register", dictionary)
        let list = Project.root + "/samples/site/qualified.csv"
        qualified = try QualifiedInstitutions(
            text: try PrenatalScreening.text(at: list), shownAs: list)
        designated = try Preconception.list(
            Project.root + "/samples/site/designated.csv", "designated")
    }

    /// A mapping of the programme by its file's name without ending.
    package static func mapping(_ name: String, _ dictionary: ElementDictionary)
        throws(DefinitionError) -> Mapping
    {
        var section = try Section(path: "\(Project.mappings)/\(folder)/\(name).yaml")
        return try Mapping(&section, dictionary: dictionary) { name throws(DefinitionError) in
            let path = Project.table(name, of: folder)
            return try WordTable(name: name, text: text(at: path), shownAs: path)
        }
    }

    private static func text(at path: String) throws(DefinitionError) -> String {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw DefinitionError(file: path, problem: Wording(zh: "没有", en: "missing"))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The mapping's columns, each once.
    package var header: [String] {
        mapping.columns.reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }

    /// Reads records as the register's CSV would bring them.
    ///
    /// - Parameter without: columns that the file does not have; only optional ones.
    package func read(_ pregnancies: [CleanPregnancy], without: Set<String> = []) throws
        -> RecordBatch
    {
        let header = header.filter { !without.contains($0) }
        return try mapping.bound(to: header, acceptsInvented: true)
            .apply(to: try SourceBatch(header: header, rows: pregnancies.map(\.cells)))
    }

    /// Records that passed the rules on one record; their fates and all findings.
    package func examine(
        _ pregnancies: [CleanPregnancy], arrivedOn day: String = "2017-02-28",
        without: Set<String> = []
    ) throws -> ExaminedBatch {
        guard let day = CalendarDate(iso: day) else { throw NoSuchColumn(name: day) }
        var isMapped = Array(repeating: false, count: dictionary.count)
        for rule in mapping.rules {
            if case .column(let name) = rule.origin, without.contains(name) { continue }
            isMapped[rule.ordinal] = true
        }
        return rules.examine(
            try read(pregnancies, without: without),
            RuleContext(
                arrivedOn: day, designated: designated, qualified: qualified,
                isMapped: isMapped))
    }

    /// Records through all rules, those over the rows of an item included; each is a case of its
    /// own that nobody has seen before.
    package func check(_ pregnancies: [CleanPregnancy]) throws -> DecidedBatch {
        var entitlements = NothingIsTaken()
        var watch = rules.watch
        return rules.decide(
            try examine(pregnancies), standing: pregnancies.map { _ in .due },
            entitlements: &entitlements, watch: &watch)
    }
}

/// The programme has no entitlement that is decided at intake: a second test is sent and not paid.
private struct NothingIsTaken: EntitlementRegister {
    func isTaken(row: Int) -> Bool { false }
    func isInForce(row: Int) -> Bool { false }
    mutating func take(row: Int) {}
}
