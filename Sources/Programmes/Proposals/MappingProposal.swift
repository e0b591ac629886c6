package import Definitions
import Foundation
package import Mappings
import Records

/// A clinic's mapping as it could be, made of a header and its first rows (映射草案). A person checks
/// every line of it; what cannot be told is left to the person and said.
package struct MappingProposal: Sendable {
    /// What the person says about the new mapping.
    package struct Request: Sendable {
        /// Its name without version, e.g. `renmin-csv`.
        package let name: String
        /// Whose codes the clinic writes; left open where the person does not say it.
        package let codeSet: String?
        /// The reader's name and its options as the mapping will write them.
        package let reads: String
        package let options: [(key: String, value: String)]

        package init(
            name: String, codeSet: String?, reads: String,
            options: [(key: String, value: String)]
        ) {
            self.name = name
            self.codeSet = codeSet
            self.reads = reads
            self.options = options
        }
    }

    package let request: Request
    /// In the order of the file; columns without a name are left out.
    package let columns: [ProposedColumn]
    /// Spellings of dates that the first rows show; the usual ones where there are no rows.
    package let dates: [String]
    /// Words for "nothing was written", and for "was not done", that the first rows show.
    package let empty: [String]
    package let notDone: [String]
    /// Fields that a complete file must have and that no column is like, by ordinal.
    package let missing: [Int]
    let programme: Programme

    /// Proposes a mapping.
    ///
    /// - Parameters:
    ///   - header: the column names.
    ///   - evidence: of each column what its first rows show.
    package init(
        _ request: Request, for programme: Programme, header: [String],
        evidence: [ColumnEvidence]
    ) throws(DefinitionError) {
        precondition(header.count == evidence.count, "each column has its evidence")
        self.request = request
        self.programme = programme
        let matcher = FieldMatcher(of: programme)
        let named = Array(zip(header, evidence)).filter { !$0.0.isEmpty }
        let findings = named.map { matcher.find($0.0) }
        let rivals = MappingProposal.rivals(named.map(\.0), findings)
        let mappings = programme.mappings.map(\.mapping)
        let passedOver = mappings.flatMap { $0.emptyWords + $0.notDoneWords }
        let tables = try programme.wordTables()
        let words = WordChoice(tables: tables, mappings: mappings, codeSet: request.codeSet)
        let units = UnitChoice(tables: tables, mappings: mappings)
        let dictionary = programme.dictionary
        let forms = MappingProposal.dates(named.map(\.1), findings, dictionary)
        dates = forms.map(\.name)
        let boxes = BoxMatcher(matcher, dictionary: dictionary, tables: tables)
            .boxes(of: named.map(\.0), named.map(\.1), findings)
        columns = named.indices.map { place in
            let (column, evidence) = named[place]
            if let box = boxes[place] {
                return ProposedColumn(
                    column: column, choice: .box(box.field, code: box.code), likeness: nil,
                    evidence: evidence, known: nil, spelling: nil)
            }
            var (choice, known) = MappingProposal.choice(
                findings[place], rivals[place], evidence, words, (forms, passedOver), dictionary)
            var spelling: String?
            if case .field(let ordinal, _) = choice {
                let unit = units.choose(
                    for: dictionary.elements[ordinal], matcher.unit(of: column))
                switch unit {
                case .none: break
                case .convert(let text): spelling = text
                case .unknown(let unit, let own):
                    choice = .undecided([ordinal], .unit(unit, own: own))
                }
            }
            return ProposedColumn(
                column: column, choice: choice, likeness: findings[place]?.likeness,
                evidence: evidence, known: known, spelling: spelling)
        }
        let free = columns.filter(\.isReadWithoutTable)
        empty = MappingProposal.seen(mappings.flatMap(\.emptyWords), in: free)
        notDone = MappingProposal.seen(mappings.flatMap(\.notDoneWords), in: free)
        let filled = Set(columns.flatMap(\.candidates))
        missing = dictionary.elements.filter { element in
            if case .month = element.kind { return false }
            return element.isRequired && !filled.contains(element.ordinal)
        }.map(\.ordinal)
    }

    /// For each column the others that are as like its field: then nobody has it. The surer column
    /// has it alone.
    private static func rivals(_ header: [String], _ findings: [FieldMatcher.Finding?])
        -> [Rivalry]
    {
        var claims: [Int: [Int]] = [:]
        for (place, finding) in findings.enumerated() {
            if let finding, finding.fields.count == 1 {
                claims[finding.fields[0], default: []].append(place)
            }
        }
        return findings.enumerated().map { place, finding in
            guard let finding, finding.fields.count == 1,
                let claimed = claims[finding.fields[0]], claimed.count > 1
            else { return .none }
            let best = claimed.compactMap { findings[$0]?.likeness }.min()
            let surest = claimed.filter { findings[$0]?.likeness == best }
            if surest == [place] { return .none }
            return .others(claimed.filter { $0 != place }.map { header[$0] })
        }
    }

    private enum Rivalry {
        case none
        case others([String])
    }

    private static func choice(
        _ finding: FieldMatcher.Finding?, _ rivalry: Rivalry, _ evidence: ColumnEvidence,
        _ words: WordChoice, _ dates: (forms: [DateForm], besides: [String]),
        _ dictionary: ElementDictionary
    ) -> (ProposedColumn.Choice, known: Int?) {
        guard let finding else { return (.unknown, nil) }
        guard finding.fields.count == 1 else {
            return (.undecided(finding.fields, .severalFields), nil)
        }
        if case .others(let names) = rivalry {
            return (.undecided(finding.fields, .rivals(names)), nil)
        }
        let element = dictionary.elements[finding.fields[0]]
        switch element.kind {
        case .code, .flag, .set:
            switch words.choose(for: element, evidence) {
            case .table(let table, let known):
                return (.field(element.ordinal, lookUp: table), known)
            case .several(let tables):
                return (.undecided(finding.fields, .severalTables(tables)), nil)
            }
        case .date:
            let known = evidence.count(readByAny: dates.forms, orAmong: dates.besides)
            return (.field(element.ordinal, lookUp: nil), known)
        case .dateTime:
            let forms = dates.forms + dates.forms.compactMap(\.withTime)
            let known = evidence.count(readByAny: forms, orAmong: dates.besides)
            return (.field(element.ordinal, lookUp: nil), known)
        default:
            return (.field(element.ordinal, lookUp: nil), nil)
        }
    }

    /// The usual spellings that read any day of the columns that hold days, and others that one of
    /// these cannot do without. Where a field holds the minute, a time behind the day is its own.
    private static func dates(
        _ evidence: [ColumnEvidence], _ findings: [FieldMatcher.Finding?],
        _ dictionary: ElementDictionary
    ) -> [DateForm] {
        var days: [ColumnEvidence] = []
        var moments: [ColumnEvidence] = []
        for (column, finding) in zip(evidence, findings) {
            guard let finding, finding.fields.count == 1 else { continue }
            switch dictionary.elements[finding.fields[0]].kind {
            case .date: days.append(column)
            case .dateTime: moments.append(column)
            default: break
            }
        }
        let usual = DateForm.usual.filter { form in
            days.contains { $0.count(readBy: form) > 0 }
                || moments.contains { $0.count(readBy: form.withTime ?? form) > 0 }
        }
        let others = DateForm.others.filter { form in
            days.contains { column in
                column.count(readByAny: DateForm.usual, orAmong: [])
                    < column.count(readByAny: DateForm.usual + [form], orAmong: [])
            }
        }
        let seen = usual + others
        return seen.isEmpty ? DateForm.usual : seen
    }

    /// The known words that occur in the columns; all of them where there are no rows to see.
    private static func seen(_ words: [String], in columns: [ProposedColumn]) -> [String] {
        var distinct: [String] = []
        for word in words where !distinct.contains(word) { distinct.append(word) }
        guard columns.contains(where: { $0.evidence.filled > 0 }) else { return distinct }
        return distinct.filter { word in
            columns.contains { !$0.evidence.words(among: [word]).isEmpty }
        }
    }
}

extension ProposedColumn {
    /// The field that the column fills, by ordinal.
    package var field: Int? {
        if case .field(let ordinal, _) = choice { ordinal } else { nil }
    }

    /// The fields that the column may fill: the one that it does, or those to choose from.
    var candidates: [Int] {
        switch choice {
        case .field(let ordinal, _): [ordinal]
        case .undecided(let ordinals, _): ordinals
        case .box(let ordinal, _): [ordinal]
        case .unknown: []
        }
    }

    /// Whether the column is read at all.
    var isRead: Bool {
        switch choice {
        case .field, .box: true
        case .undecided, .unknown: false
        }
    }

    /// Whether the column fills a field without a table of words.
    var isReadWithoutTable: Bool {
        if case .field(_, nil) = choice { true } else { false }
    }
}

extension Programme {
    /// All tables of words that its mappings may name, shared ones too, named as mappings name
    /// them. Throws `DefinitionError`.
    func wordTables() throws(DefinitionError) -> [WordTable] {
        let tables = try ProgrammeTables(folder: folder, shownAs: folderName)
        return try tables.names(in: "words").map { (name) throws(DefinitionError) in
            try tables.words("words/" + name)
        }
    }

    /// The file of a table below `mappings/`, e.g. `words/yes-no.csv` of a shared one.
    ///
    /// - Parameter name: as mappings name it, e.g. `words/yes-no`.
    package func file(ofTable name: String) -> String {
        TablePlace(name + ".csv", folder: folder, shownAs: folderName).shown
    }
}
