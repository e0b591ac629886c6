import Evidence
import Records
import Validation

/// What became of a record, or would become of it, under one side of a comparison.
struct ImpactState {
    let fate: Fate
    let codes: Set<String>
    /// Those that keep it here.
    let blocking: Set<String>
    /// What settlement would know of it; `nil` for one that does not go out.
    let record: SubmittedRecord?
    /// Whether the nation has it, or is to get it.
    let isOut: Bool

    /// Findings that are no matter of the mapping: what waits for an answer goes by itself.
    private static let waiting: Set = ["H-WAITING", "H-CASE"]

    /// - Parameters:
    ///   - blocking: the codes that keep a row here; a row that only waits counts as queued.
    ///   - codes: all of its codes.
    init(
        _ fate: Fate, blocking: Set<String>, codes: Set<String>, record: SubmittedRecord?,
        isOut: Bool? = nil
    ) {
        let onlyWaits =
            fate == .held && !blocking.isEmpty && blocking.isSubset(of: ImpactState.waiting)
        self.fate = onlyWaits ? .sent : fate
        self.blocking = onlyWaits ? [] : blocking
        self.codes = codes.subtracting(ImpactState.waiting)
        self.record = self.fate == .sent ? record : nil
        self.isOut = isOut ?? (self.fate == .sent)
    }

    /// Whether the row says nothing new of its record: another row of it counts.
    var isRepeat: Bool { [.unchanged, .superseded].contains(fate) }

    /// A row that was known before the period.
    static let known = ImpactState(
        .unchanged, blocking: [], codes: [], record: nil, isOut: true)

    /// As this row would be judged beside rows that are gone.
    ///
    /// - Parameters:
    ///   - then: what was written down of it.
    ///   - codes: those that other rows decide.
    func beside(_ then: ImpactState, othersDecide codes: Set<String>) -> ImpactState {
        if fate == .sent, !then.blocking.isEmpty, then.blocking.isSubset(of: codes) { return then }
        return ImpactState(
            fate, blocking: blocking, codes: self.codes.union(then.codes.intersection(codes)),
            record: record, isOut: isOut)
    }
}
