import Definitions
import Mappings
import Records

/// Chooses the table of words for a column by what is written there (用词对照表的选择).
struct WordChoice {
    enum Outcome {
        /// A table by its name, or the codes as they stand; how many different texts are read so.
        case table(String?, known: Int)
        /// Tables that know everything and say different things of it, as of 0 and 1.
        case several([String])
    }

    private let tables: [WordTable]
    /// For each field the tables that the programme's other mappings read it by.
    private let conventions: [Int: Set<String>]
    /// How many fields are read by a table in the programme's other mappings.
    private let uses: [String: Int]
    /// For each list of codes the tables by which the programme's other mappings read its fields.
    private let tablesOfLists: [String: Set<String>]

    /// The set of codes that the clinic is said to write, where that is known.
    private let codeSet: String?

    /// - Parameters:
    ///   - tables: all of `words/`, named as mappings name them.
    ///   - codeSet: whose numbers the clinic writes; its crosswalk goes before all tables.
    init(tables: [WordTable], mappings: [Mapping], codeSet: String?) {
        self.codeSet = codeSet
        self.tables = tables.sorted { $0.name < $1.name }
        var conventions: [Int: Set<String>] = [:]
        var uses: [String: Int] = [:]
        var tablesOfLists: [String: Set<String>] = [:]
        for mapping in mappings {
            for rule in mapping.rules {
                guard let name = rule.words?.name else { continue }
                conventions[rule.ordinal, default: []].insert(name)
                uses[name, default: 0] += 1
                let kind = mapping.dictionary.elements[rule.ordinal].kind
                tablesOfLists[WordChoice.list(of: kind), default: []].insert(name)
            }
        }
        self.conventions = conventions
        self.uses = uses
        self.tablesOfLists = tablesOfLists
    }

    /// Chooses for a field that holds codes or a flag.
    func choose(for element: Element, _ evidence: ColumnEvidence) -> Outcome {
        let isSet = if case .set = element.kind { true } else { false }
        if let crosswalk = crosswalk(for: element, evidence, isSet: isSet) { return crosswalk }
        let usable = usable(for: element.kind)
        let plain = plainCount(element.kind, evidence, isSet)
        guard evidence.count > 0 else {
            let usual = conventions[element.ordinal] ?? []
            let table = preferred(usable, for: element)?.name
            return .table(table.flatMap { usual.contains($0) ? $0 : nil }, known: 0)
        }
        let counts = usable.map { (table: $0, count: evidence.count(knownTo: $0, isSet: isSet)) }
        let most = counts.map(\.count).max() ?? 0
        if plain >= most, plain > 0 { return .table(nil, known: plain) }
        guard most > 0 else { return .table(nil, known: 0) }
        let best = counts.filter { $0.count == most }.map(\.table)
        let disagree = best.contains { one in
            best.contains { evidence.isReadOtherwise(by: one, than: $0) }
        }
        if disagree { return .several(best.map(\.name)) }
        return .table(preferred(best, for: element)?.name, known: most)
    }

    /// The numbers that the clinic's own set has for the field's list, with a table of words beside
    /// it where both together know more; `nil` where the set has none, or none is written.
    private func crosswalk(for element: Element, _ evidence: ColumnEvidence, isSet: Bool)
        -> Outcome?
    {
        guard let codeSet, evidence.count > 0,
            let crosswalk = WordTable(crosswalkOf: element.kind, in: codeSet)
        else { return nil }
        let alone = evidence.count(knownTo: crosswalk, isSet: isSet)
        guard alone > 0 else { return nil }
        if alone == evidence.count { return .table("crosswalk", known: alone) }
        let beside = usable(for: element.kind).compactMap { table -> (name: String, known: Int)? in
            guard case .table(let both) = WordTable.merged([crosswalk, table]) else { return nil }
            return (table.name, evidence.count(knownTo: both, isSet: isSet))
        }
        guard let best = beside.max(by: { $0.known < $1.known }), best.known > alone else {
            return .table("crosswalk", known: alone)
        }
        return .table("[crosswalk, \(best.name)]", known: best.known)
    }

    /// How many texts are codes already. A bare 1 or 0 is no flag by itself: in some systems 0
    /// means yes.
    private func plainCount(_ kind: ElementKind, _ evidence: ColumnEvidence, _ isSet: Bool) -> Int {
        switch kind {
        case .code(let list), .set(let list): evidence.count(knownTo: list, isSet: isSet)
        case .flag: evidence.count(among: ["true", "false"])
        default: 0
        }
    }

    /// The table that the other mappings read the field by, else the one they use most.
    private func preferred(_ tables: [WordTable], for element: Element) -> WordTable? {
        let usual = conventions[element.ordinal] ?? []
        func rank(_ table: WordTable) -> (Int, Int) {
            (usual.contains(table.name) ? 1 : 0, uses[table.name] ?? 0)
        }
        return tables.max { rank($0) < rank($1) }
    }

    /// The tables that a field may be read by. Lists of bare digits share codes by accident:
    /// where a list has tables of its own, no other is thought of.
    private func usable(for kind: ElementKind) -> [WordTable] {
        let fitting = tables.filter { WordChoice.fits($0, kind) }
        let own = tablesOfLists[WordChoice.list(of: kind)] ?? []
        let known = fitting.filter { own.contains($0.name) }
        return known.isEmpty ? fitting.filter { uses[$0.name] == nil } : known
    }

    /// The name of a kind's list; flags have one in common.
    private static func list(of kind: ElementKind) -> String {
        switch kind {
        case .code(let list), .set(let list), .division(let list): list.name
        default: kind.name
        }
    }

    /// Whether every code of the table is one of the field.
    private static func fits(_ table: WordTable, _ kind: ElementKind) -> Bool {
        table.words.allSatisfy { word in
            switch kind {
            case .code(let list), .set(let list): list.ordinal(of: word.code) != nil
            case .flag: word.code == "true" || word.code == "false"
            default: false
            }
        }
    }
}
