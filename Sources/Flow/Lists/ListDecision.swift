import Privacy
import Records
import Validation

/// What is known of a person whom some list named for a year.
struct ListedStanding: Sendable, Equatable {
    /// Counts for the year; not after she was taken off.
    var isCounted: Bool
    var place: String
    var division: String
    var source: String
    /// The file that named her last.
    var seenIn: String
}

/// What becomes of one row of a list.
struct ListOutcome: Sendable, Equatable {
    var fate: Fate
    var findings: [Finding]
}

/// Counts the rows of lists (计入名单): each person once a year, nobody taken off without a row that
/// says so. A value, without a database: preview and arrival decide alike.
struct ListDecision {
    let source: String
    /// The file in hand.
    let intake: String

    /// Decides one row.
    ///
    /// - Parameter standing: what is known of the person and year; changed by the row.
    func decide(_ listed: ListedPerson, _ standing: inout ListedStanding?) -> ListOutcome {
        guard var known = standing else {
            guard !listed.isRemoved else {
                return told(.unchanged, ListCodes.unlisted, .warning)
            }
            standing = fresh(listed)
            return ListOutcome(fate: .counted, findings: [])
        }
        let isSeenHere = known.seenIn == intake
        known.seenIn = intake
        defer { standing = known }
        if listed.isRemoved {
            guard known.isCounted else { return ListOutcome(fate: .unchanged, findings: []) }
            guard known.place == listed.place else {
                return told(.superseded, ListCodes.elsewhere, .superseded)
            }
            known.isCounted = false
            return ListOutcome(fate: .struckOff, findings: [])
        }
        guard known.isCounted else {
            known = fresh(listed)
            return told(.counted, ListCodes.again, .warning)
        }
        guard known.place == listed.place, known.source == source else {
            return told(.superseded, ListCodes.elsewhere, .superseded)
        }
        return isSeenHere
            ? told(.superseded, ListCodes.twice, .superseded)
            : ListOutcome(fate: .unchanged, findings: [])
    }

    private func fresh(_ listed: ListedPerson) -> ListedStanding {
        ListedStanding(
            isCounted: true, place: listed.place, division: listed.division, source: source,
            seenIn: intake)
    }

    private func told(_ fate: Fate, _ code: CodeEntry, _ effect: FindingEffect) -> ListOutcome {
        ListOutcome(fate: fate, findings: [Finding(code: code.code, effect: effect)])
    }
}

/// One year of one person, by which lists know her.
struct ListedKey: Hashable, Sendable {
    let year: Int
    let person: String

    init(_ listed: ListedPerson) {
        year = listed.year
        person = listed.person
    }
}
