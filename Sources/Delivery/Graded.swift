import Evidence

/// A record's state, and how much what it rests on can be relied on.
///
/// A signed answer takes the place of what rests on unsigned ones, and those never change what is
/// signed: so the order in which both come is all one.
struct Graded: Equatable {
    var state: ItemState
    /// `nil` for signed receipts.
    var grade: AnswerGrade?

    private static let settled: Set<ItemState> = [.accepted, .rejected, .reversed, .disputed]
    private static let final: Set<Verdict> = [.accepted, .rejected, .reversed]

    /// What is known once this verdict is known too.
    func joined(with verdict: Verdict, _ other: AnswerGrade?) -> Graded {
        guard Graded.settled.contains(state) else {
            let after = state.joined(with: verdict)
            return Graded(state: after, grade: after == state ? grade : other)
        }
        switch (grade, other) {
        case (nil, .unsigned): return self
        case (.unsigned, nil):
            guard Graded.final.contains(verdict) else { return self }
            return Graded(state: ItemState.open.joined(with: verdict), grade: nil)
        case (nil, nil), (.unsigned, .unsigned):
            return Graded(state: state.joined(with: verdict), grade: grade)
        }
    }

    /// Whether an unsigned verdict says otherwise than what is signed.
    func overrules(_ verdict: Verdict, _ other: AnswerGrade?) -> Bool {
        guard grade == nil, other == .unsigned, Graded.settled.contains(state) else { return false }
        return Graded.final.contains(verdict) && state.joined(with: verdict) != state
    }
}

extension Verdict {
    /// A list of results is how the platform stood that day: what was accepted and is returned in a
    /// later one contradicts the earlier one, whatever code stands there. Only a signed receipt
    /// takes an acceptance back.
    func said(_ grade: AnswerGrade?) -> Verdict {
        self == .reversed && grade == .unsigned ? .rejected : self
    }
}
