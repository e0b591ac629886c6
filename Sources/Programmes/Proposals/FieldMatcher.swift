import Definitions
import Mappings
import Records

/// Finds the field that a column's header means, and never guesses between two (列与字段的对应).
///
/// Names count as the same when letters and digits are, whatever their width, case, spaces, signs
/// and unit. Known names are: the dictionary's Chinese and English title, its name and number, the
/// aliases of `aliases.csv`, and the columns of the mappings that the programme has.
package struct FieldMatcher: Sendable {
    /// How sure it is; the surer is the smaller.
    package enum Likeness: Int, Sendable, Comparable, Encodable {
        /// The name itself.
        case same
        /// Of a header that says it in Chinese and in Latin letters, one half is known.
        case half
        /// One or two characters more or fewer: a person looks at it.
        case near

        package static func < (left: Likeness, right: Likeness) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// What a header may mean: one field, several that are equally likely, or none.
    package struct Finding: Sendable, Equatable {
        /// Ordinals, in the dictionary's order.
        package let fields: [Int]
        package let likeness: Likeness
    }

    /// A name may differ by so many characters, of which none is replaced by another: 抗原 is not
    /// 抗体. Shorter names than `shortest` must be the same.
    package static let mostDifference = 2
    /// The shortest name that another may be near to, in characters.
    package static let shortest = 4

    private let dictionary: ElementDictionary
    private let units: Set<String>
    /// Fields by a name without the person.
    private var names: [String: Set<Int>] = [:]
    /// Fields by a whole column's name, person included.
    private var columns: [String: Set<Int>] = [:]
    /// Folded words that say whose a column is, the longest first, and the dictionary's own word.
    private let persons: [(subject: Int, word: String, title: String)]

    /// Compiles a programme's names.
    package init(of programme: Programme) {
        self.init(
            dictionary: programme.dictionary, aliases: programme.aliases,
            // Parts and follow-ups are of one person: their 姓名 need not say whose it is. A list
            // has fields of its own.
            mappings: programme.mappings.map(\.mapping).filter {
                $0.part == nil && $0.dictionary.followUp == nil && $0.dictionary.list == nil
            })
    }

    init(dictionary: ElementDictionary, aliases: FieldAliases, mappings: [Mapping]) {
        self.dictionary = dictionary
        units = Set(dictionary.elements.compactMap(\.unit).map(ColumnName.folded))
        persons = aliases.persons.map { subject, alias in
            let title = ColumnName.folded(dictionary.subjects[subject].title.zh)
            return (subject, ColumnName.folded(alias), title)
        }.sorted { $0.word.count > $1.word.count }
        for element in dictionary.elements {
            if case .month = element.kind { continue }
            for name in [
                element.title.zh, element.title.en, element.wireName, element.number,
            ] {
                names[ColumnName.folded(name), default: []].insert(element.ordinal)
            }
        }
        for (ordinal, alias) in aliases.fields {
            names[ColumnName.folded(alias), default: []].insert(ordinal)
        }
        for mapping in mappings {
            for rule in mapping.rules {
                guard let column = rule.column else { continue }
                columns[ColumnName.folded(column), default: []].insert(rule.ordinal)
            }
        }
        names[""] = nil
        columns[""] = nil
    }

    /// What a header may mean; `nil` where nothing is like it. Under a merged head (孕妇信息/姓名) the
    /// whole name goes first, then the head may say whose it is, then the name stands alone.
    package func find(_ header: String) -> Finding? {
        let whole = found(header)
        let parts = header.split(separator: "/").map(String.init)
        guard parts.count > 1, whole?.likeness != .same, let own = parts.last else { return whole }
        let others = [parts.suffix(2).joined(), own].map(found)
        return others.compactMap { $0 }.first { $0.likeness == .same }
            ?? whole ?? others.compactMap { $0 }.first
    }

    private func found(_ header: String) -> Finding? {
        let name = ColumnName(header, units: units)
        for text in [name.whole, name.text] {
            for reading in readings(of: text) where reading.subject == nil {
                if let found = columns[reading.name] { return finding(found, .same) }
            }
        }
        // The brackets may hold a part of the name: 户口所在地（省）.
        for text in [name.whole, name.text] {
            if let found = same(text) { return found }
        }
        return half(name.text) ?? near(name.text)
    }

    private func finding(_ fields: Set<Int>, _ likeness: Likeness) -> Finding? {
        fields.isEmpty ? nil : Finding(fields: fields.sorted(), likeness: likeness)
    }

    /// The name as it stands, then without each word that says whose it is, and with the
    /// dictionary's own word for that person: some of the family's fields bear it in their names.
    private func readings(of text: String) -> [(subject: Int?, name: String)] {
        var readings: [(subject: Int?, name: String)] = [(nil, text)]
        for (subject, word, title) in persons where text.count > word.count {
            let isBefore = text.hasPrefix(word)
            guard isBefore || text.hasSuffix(word) else { continue }
            let rest = isBefore ? text.dropFirst(word.count) : text.dropLast(word.count)
            readings.append((nil, title + rest))
            readings.append((subject, String(rest)))
        }
        return readings
    }

    /// The fields of a name that the header's person has; all where it names none.
    private func fields(_ name: String, of subject: Int?) -> Set<Int> {
        (names[name] ?? []).filter { isOf(subject, $0) }
    }

    /// A whole header's readings, as `readings(of:)` gives a name's.
    func readings(ofHeader header: String) -> [(subject: Int?, name: String)] {
        readings(of: ColumnName(header, units: units).whole)
    }

    /// The unit that a header names.
    func unit(of header: String) -> String? { ColumnName(header, units: units).unit }

    func isOf(_ subject: Int?, _ ordinal: Int) -> Bool {
        subject == nil || dictionary.subject(of: dictionary.elements[ordinal]) == subject
    }

    private func same(_ text: String) -> Finding? {
        for reading in readings(of: text) {
            let found = fields(reading.name, of: reading.subject)
            if !found.isEmpty { return finding(found, .same) }
            for halves in ColumnName.halves(of: reading.name) {
                let both = fields(halves.0, of: reading.subject)
                    .intersection(fields(halves.1, of: reading.subject))
                if !both.isEmpty { return finding(both, .same) }
            }
        }
        return nil
    }

    /// One half of a name is known: the other says nothing, or names another field.
    private func half(_ text: String) -> Finding? {
        var found: Set<Int> = []
        for reading in readings(of: text) {
            for halves in ColumnName.halves(of: reading.name) {
                found.formUnion(fields(halves.0, of: reading.subject))
                found.formUnion(fields(halves.1, of: reading.subject))
            }
        }
        return finding(found, .half)
    }

    private func near(_ text: String) -> Finding? {
        var least = FieldMatcher.mostDifference
        var found: Set<Int> = []
        for reading in readings(of: text) {
            for (name, ordinals) in names {
                let fields = ordinals.filter { isOf(reading.subject, $0) }
                guard !fields.isEmpty,
                    let difference = FieldMatcher.difference(reading.name, name),
                    difference <= least
                else { continue }
                if difference < least { found = [] }
                least = difference
                found.formUnion(fields)
            }
        }
        return finding(found, .near)
    }

    /// How many characters the longer name has more, all others being the same and in one order;
    /// `nil` where the names differ otherwise or by more than is allowed.
    static func difference(_ one: String, _ other: String) -> Int? {
        let (short, long) = one.count < other.count ? (one, other) : (other, one)
        let difference = long.count - short.count
        guard difference > 0, difference <= mostDifference, short.count >= shortest else {
            return nil
        }
        var rest = Substring(short)
        for character in long {
            if rest.first == character {
                rest.removeFirst()
            } else if character.isASCII || turning.contains(character) {
                return nil
            }
        }
        return rest.isEmpty ? difference : nil
    }

    /// Characters that make another thing of a name: not, before and after, whose relative.
    private static let turning = Set("不非未无否免前后末初再复父母子女男妻夫兄弟姐妹")
}
