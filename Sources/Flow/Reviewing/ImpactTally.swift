import Definitions
import Privacy
import Records
import Validation

/// Both sides of a comparison, record by record: what became of each last.
struct ImpactTally {
    /// One row as both sides see it.
    struct Row {
        let item: Impact.Item
        let number: Int
        /// The record, or a name of the row's content where its key cannot be read.
        let name: String
        let before: ImpactState
        let after: ImpactState
        let changes: [String: Impact.Change]
        let isOtherContent: Bool
        /// A later version of the record went out, by a row that may be gone.
        var isOutElsewhere = false

        /// As it counts once every row was looked at: what went out by a row that nobody sees any
        /// more is known, and no matter of this one.
        fileprivate var settled: Row {
            guard isOutElsewhere else { return self }
            return Row(
                item: item, number: number, name: name, before: .known,
                after: after.fate == .sent ? .known : after, changes: [:], isOtherContent: false)
        }
    }

    /// Groups that are given.
    private static let mostGroups = 200
    /// Numbers of rows that a group names.
    private static let examples = 5

    private var records: [String: Row] = [:]
    /// In the order in which they came.
    private var order: [String] = []

    /// What is known of a record so far; `nil` before its first row.
    subscript(name: String) -> Row? { records[name] }

    /// Counts a row.
    ///
    /// - Returns: whether another row of the same record counts in its place.
    mutating func add(_ row: Row) -> Bool {
        guard let earlier = records[row.name] else {
            records[row.name] = row
            order.append(row.name)
            return false
        }
        // Nothing new on either side: the earlier row stands for this one.
        if row.before.isRepeat, row.after.isRepeat { return true }
        records[row.name] = Row(
            item: row.item, number: row.number, name: row.name,
            before: row.before.isRepeat ? earlier.before : row.before,
            after: row.after.isRepeat ? earlier.after : row.after, changes: row.changes,
            isOtherContent: row.isOtherContent)
        return true
    }

    /// What goes out of either side, for settlement to judge in the order of arrival.
    var submitted: (before: [SubmittedRecord], after: [SubmittedRecord]) {
        let settled = settled
        return (
            settled.compactMap(\.before.record), settled.compactMap(\.after.record)
        )
    }

    private var settled: [Row] { order.compactMap { records[$0]?.settled } }

    /// Writes the counts into a result.
    func count(into impact: inout Impact, _ dictionary: ElementDictionary) {
        var groups: [Impact.Group] = []
        var places: [GroupKey: Int] = [:]
        var fields: [String: [Impact.Change: Int]] = [:]
        for row in settled {
            impact.before.fates[row.before.fate.rawValue, default: 0] += 1
            impact.after.fates[row.after.fate.rawValue, default: 0] += 1
            if row.isNewlyFailing { impact.newlyFailing += 1 }
            if row.isNewlyPassing { impact.newlyPassing += 1 }
            let key = GroupKey(row)
            for (field, change) in key.changes {
                fields[field, default: [:]][change, default: 0] += 1
            }
            if key.isOtherContent { impact.otherContent += 1 }
            guard key.saysSomething else { continue }
            impact.changed += 1
            if let place = places[key] {
                groups[place].rows += 1
                if groups[place].examples.count < ImpactTally.examples {
                    groups[place].examples.append(row.number)
                }
            } else {
                places[key] = groups.count
                groups.append(key.group(first: row.number))
            }
        }
        let sorted = groups.enumerated().sorted {
            ($1.element.rows, $0.offset) < ($0.element.rows, $1.offset)
        }
        impact.groups = sorted.prefix(ImpactTally.mostGroups).map(\.element)
        impact.fields = dictionary.elements.compactMap { element in
            guard let counts = fields[element.name] else { return nil }
            return Impact.Field(
                name: element.name, technique: ReviewSheet.Technique(of: element),
                gained: counts[.gained] ?? 0, lost: counts[.lost] ?? 0,
                changed: counts[.changed] ?? 0)
        }.sorted { $0.records > $1.records }
    }
}

extension ImpactTally.Row {
    private static let passing: Set<Fate> = [.sent, .unchanged]

    var isNewlyFailing: Bool { before.isOut && !ImpactTally.Row.passing.contains(after.fate) }
    var isNewlyPassing: Bool { !before.isOut && after.fate == .sent }
    /// Whether it goes out on either side.
    var goesOut: Bool { before.fate == .sent && after.fate == .sent }
}

/// What happens to a row, whichever it is.
private struct GroupKey: Hashable {
    let item: Impact.Item
    let before: Fate
    let after: Fate
    let changes: [String: Impact.Change]
    let isOtherContent: Bool
    let newCodes: [String]
    let goneCodes: [String]

    init(_ row: ImpactTally.Row) {
        item = row.item
        before = row.before.fate
        after = row.after.fate
        changes = row.goesOut ? row.changes : [:]
        isOtherContent = row.goesOut && row.isOtherContent
        newCodes = row.after.codes.subtracting(row.before.codes).sorted()
        goneCodes = row.before.codes.subtracting(row.after.codes).sorted()
    }

    var saysSomething: Bool {
        before != after || !changes.isEmpty || isOtherContent || newCodes != goneCodes
    }

    func group(first row: Int) -> Impact.Group {
        Impact.Group(
            item: item, before: before, after: after, fields: changes,
            isOtherContent: isOtherContent, newCodes: newCodes, goneCodes: goneCodes, rows: 1,
            examples: [row])
    }
}
