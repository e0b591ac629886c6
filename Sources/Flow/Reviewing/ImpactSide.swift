import Definitions
import Mappings
import Privacy
import Programmes
import Records
import Validation

/// One version of a mapping as it judges rows.
struct ImpactSide {
    /// What it makes of one row.
    struct Outcome {
        let state: ImpactState
        let identity: Identity
        /// By the field's name what would leave of it, if it goes out.
        let leaving: [String: [UInt8]]

        /// What leaves otherwise in another outcome of the same row.
        func changes(to other: Outcome) -> [String: Impact.Change] {
            var changes: [String: Impact.Change] = [:]
            for name in Set(leaving.keys).union(other.leaving.keys) {
                switch (leaving[name], other.leaving[name]) {
                case (nil, _?): changes[name] = .gained
                case (_?, nil): changes[name] = .lost
                case (let was, let now) where was != now: changes[name] = .changed
                default: break
                }
            }
            return changes
        }
    }

    private let file: MappingFile
    private let arrival: Arrival
    private let parts: CaseParts?
    private var bound: BoundMapping?
    private var watch: ItemWatch
    private var decisions = PreviewDecisions()

    /// Throws `DefinitionError`.
    init(_ file: MappingFile, _ arrival: Arrival) throws {
        self.file = file
        self.arrival = arrival
        parts = try CaseParts(
            file, in: arrival.kit.programme, acceptsInvented: arrival.kit.acceptsInvented)
        watch = arrival.kit.programme.rules(for: file.mapping.dictionary).watch
    }

    /// Begins an item with these columns. Throws `HeaderFailure`.
    mutating func begin(_ header: [String]) throws {
        bound = try file.mapping.bound(
            to: header, acceptsInvented: arrival.kit.acceptsInvented)
        decisions.beginItem()
        watch = arrival.kit.programme.rules(for: file.mapping.dictionary).watch
    }

    /// Judges rows of the item. Throws `CryptoFailure`, `StorageFailure`.
    mutating func look(at source: SourceBatch, arrivedOn day: CalendarDate) async throws
        -> [Outcome]
    {
        guard let bound else { return [] }
        let desk = arrival.desks[0]
        let examined = try await desk.examine(
            source, by: bound, arrival.kit.context(for: bound, parts, arrivedOn: day),
            joining: parts, from: arrival.shelf(desk))
        decisions.begin(examined.identities)
        let decided = arrival.kit.programme.rules(for: bound.mapping.dictionary).decide(
            examined.batch, standing: decisions.standings, entitlements: &decisions,
            watch: &watch)
        let batch = decided.checked.batch
        return decided.outcomes.indices.map { row in
            let outcome = decided.outcomes[row]
            let identity = examined.identities[row]
            let blocking = outcome.findings.filter { $0.effect != .warning }.map(\.code)
            let state = ImpactState(
                outcome.fate, blocking: Set(blocking), codes: Set(outcome.findings.map(\.code)),
                record: Preview.record(outcome, batch, row, identity))
            let goes = [.sent, .unchanged].contains(state.fate)
            return Outcome(
                state: state, identity: identity, leaving: goes ? leaving(batch, row) : [:])
        }
    }

    private func leaving(_ batch: RecordBatch, _ row: Int) -> [String: [UInt8]] {
        var texts: [String: [UInt8]] = [:]
        for element in batch.dictionary.elements where batch.dictionary.sends(element) {
            let value = batch.value(row, element.ordinal)
            guard !value.isAbsent else { continue }
            var bytes: [UInt8] = []
            batch.arena.withUnsafeBufferPointer { arena in
                element.appendText(of: value, arena: arena, to: &bytes)
            }
            texts[element.name] = bytes
        }
        return texts
    }
}

extension ElementDictionary {
    /// Whether a field leaves at all: what a follow-up does not hold stays here.
    fileprivate func sends(_ element: Element) -> Bool {
        if case .drop = element.protection { return false }
        return followUp?.holds[element.ordinal] ?? true
    }
}
