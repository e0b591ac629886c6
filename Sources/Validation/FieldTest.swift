import Definitions
import Mappings
import Records

/// One plain question about one field (字段条件), as rules name it in lists: has it one of these
/// codes, lies it between two bounds, is it filled, does its text speak of something.
///
/// Never more than that: what combines questions is a rule with a name.
///
/// A class, so that asking it copies none of its lists.
final class FieldTest: Sendable {
    let ordinal: Int
    let name: String
    private let demand: Demand
    /// The person in whose part the field stands; `nil` for the family's.
    private let subject: Int?
    private let isSet: Bool

    private enum Demand: Sendable {
        /// One of these codes, a bit each by ordinal; of a set at least one.
        case among(UInt64)
        /// Another code than these; of a set none of them.
        case notAmong(UInt64)
        case flag(Bool)
        case number(ClosedRange<Int64>)
        /// Whole days since the day in another field.
        case days(ClosedRange<Int64>, since: Int)
        /// Filled, 未查 included.
        case present
        case absent
        case mentions(WordSearch)
        case omits(WordSearch)
    }

    /// Reads `field` and exactly one of `is`, `isNot`, `flag`, `present`, `mentions`, `omits`,
    /// or `min` and `max` (with `since`: days between two fields).
    init(_ section: inout Section, dictionary: ElementDictionary) throws(DefinitionError) {
        ordinal = try section.field("field", in: dictionary)
        let element = dictionary.elements[ordinal]
        name = element.name
        subject = dictionary.subject(of: element)
        isSet = element.isSet
        let codes = try section.codeBits("is", of: element)
        let others = try section.codeBits("isNot", of: element)
        let flag = try section.flag("flag")
        let present = try section.flag("present")
        let mentions = try section.words("mentions")
        let omits = try section.words("omits")
        let since = section.has("since") ? try section.field("since", in: dictionary) : nil
        let places = since == nil ? element.places : 0
        let bounds = try section.bounds("min", "max", places: places)
        let demands: [Demand] = [
            codes.map { .among($0) }, others.map { .notAmong($0) }, flag.map { .flag($0) },
            present.map { $0 ? .present : .absent }, mentions.map { .mentions($0) },
            omits.map { .omits($0) },
            bounds.map { range in since.map { .days(range, since: $0) } ?? .number(range) },
        ].compactMap { $0 }
        guard demands.count == 1 else {
            throw section.error(
                "应有且只有一个条件：is、isNot、flag、min/max、present、mentions、omits。",
                "Exactly one of is, isNot, flag, min/max, present, mentions, omits.")
        }
        demand = demands[0]
    }

    /// A test that asks only whether a field is filled.
    init(_ ordinal: Int, isPresent: Bool, dictionary: ElementDictionary) {
        self.ordinal = ordinal
        name = dictionary.elements[ordinal].name
        subject = dictionary.subject(of: dictionary.elements[ordinal])
        isSet = false
        demand = isPresent ? .present : .absent
    }

    /// The answer; `nil` where the record does not say: the field is empty, could not be read, is
    /// not in this source, or its person is not in the file.
    func holds(_ record: RecordRow, _ context: RuleContext) -> Bool? {
        switch demand {
        case .among(let wanted):
            return bits(record, context).map { $0 & wanted != 0 }
        case .notAmong(let others):
            return bits(record, context).map { $0 & others == 0 }
        case .flag(let wanted):
            return record.flag(ordinal).map { $0 == wanted }
        case .number(let range):
            return record.number(ordinal).map { range.contains($0) }
        case .days(let range, let since):
            guard let day = record.day(ordinal), let first = record.day(since) else { return nil }
            return range.contains(Int64(day.daysSince1970) - Int64(first.daysSince1970))
        case .present:
            return isFilled(record, context)
        case .absent:
            return isFilled(record, context).map { !$0 }
        case .mentions(let search):
            return record.text(ordinal).map { search.isFound(in: $0) }
        case .omits(let search):
            return record.text(ordinal).map { !search.isFound(in: $0) }
        }
    }

    private func isFilled(_ record: RecordRow, _ context: RuleContext) -> Bool? {
        if !record.value(ordinal).isAbsent { return true }
        guard context.isMapped[ordinal], subject.map(record.hasSubject) ?? true else { return nil }
        // What could not be read was written all the same, and has its finding already.
        return record.hasFinding(on: name) ? nil : false
    }

    /// The code as a bit, or the codes of a set; nothing ticked is an empty set.
    private func bits(_ record: RecordRow, _ context: RuleContext) -> UInt64? {
        if let code = record.code(ordinal) { return 1 << UInt64(code) }
        let codes = record.codes(ordinal)
        if codes != 0 { return codes }
        guard isSet, isFilled(record, context) == false else { return nil }
        return 0
    }
}
