package import Records

/// What a list of codes says side by side (代码对比): in two sets of codes, and on two days.
package enum CodeComparison {
    /// A number that two sets both write, and mean different codes by (同数异义).
    package struct Conflict: Sendable, Hashable {
        package let number: String
        /// The code that each of the two means by it, by name.
        package let codes: [String]
    }

    /// The numbers that mean one thing in a set and another in the next, in the first one's order.
    package static func conflicts(in list: CodeList, _ first: String, _ second: String)
        -> [Conflict]
    {
        let others = list.crosswalk?.numbers(in: second) ?? []
        return (list.crosswalk?.numbers(in: first) ?? []).compactMap { number in
            guard let other = others.first(where: { $0.text == number.text }),
                other.ordinal != number.ordinal
            else { return nil }
            return Conflict(
                number: number.text,
                codes: [list.codes[number.ordinal].code, list.codes[other.ordinal].code])
        }
    }

    /// What became of a code between two days.
    package struct Change: Sendable {
        package enum Kind: String, Sendable, CaseIterable {
            /// In use on the later day only.
            case opened
            /// In use on the earlier day only.
            case closed
            /// In use on both, and means another thing.
            case renamed
        }

        package let kind: Kind
        package let code: String
        /// What it meant on the earlier and means on the later day.
        package let before: Wording?
        package let after: Wording?
        /// The first day of what is new, or the last of what was.
        package let day: CalendarDate?
        /// The code that took over from what closed.
        package let successor: String?
    }

    /// What changed in a list between two days, in the order of the codes in the file.
    package static func changes(in list: CodeList, from first: CalendarDate, to last: CalendarDate)
        -> [Change]
    {
        var seen: Set<String> = []
        var changes: [Change] = []
        for code in list.codes.map(\.code) where seen.insert(code).inserted {
            guard let ordinal = list.ordinal(of: code) else { continue }
            let before = list.entry(of: ordinal, on: first).map { list.codes[$0] }
            let after = list.entry(of: ordinal, on: last).map { list.codes[$0] }
            let kind: Change.Kind
            switch (before, after) {
            case (nil, _?): kind = .opened
            case (_?, nil): kind = .closed
            case (let before?, let after?) where before.label != after.label: kind = .renamed
            default: continue
            }
            changes.append(
                Change(
                    kind: kind, code: code, before: before?.label, after: after?.label,
                    day: kind == .closed ? before?.validTo : after?.validFrom,
                    successor: before?.successor))
        }
        return changes
    }
}
