import Definitions
import Mappings
import Privacy
import Programmes
import Records
import Settlements
import Validation

/// One version of a mapping as it judges rows.
struct ImpactSide {
    /// What it makes of one row.
    struct Outcome {
        let fate: Fate
        let codes: Set<String>
        /// By the field's name what would leave of it; empty for a row that would not go out.
        let leaving: [String: [UInt8]]
        /// Only what was written down when the row came: what left of it is not known.
        var isRecorded = false

        /// The fields that leave otherwise in another outcome of the same row, where both go out.
        func fields(differingFrom other: Outcome) -> [String] {
            guard !isRecorded, fate == .sent, other.fate == .sent else { return [] }
            return Set(leaving.keys).union(other.leaving.keys)
                .filter { leaving[$0] != other.leaving[$0] }.sorted()
        }
    }

    private let file: MappingFile
    private let arrival: Arrival
    private let parts: CaseParts?
    private var bound: BoundMapping?
    private var watch: ItemWatch
    private var decisions = PreviewDecisions()
    private var sent: [SubmittedRecord] = []

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
        return decided.outcomes.indices.map { row in
            let outcome = decided.outcomes[row]
            if outcome.fate == .sent,
                let record = Preview.record(
                    outcome, decided.checked.batch, row, examined.identities[row])
            {
                sent.append(record)
            }
            return Outcome(
                fate: outcome.fate, codes: Set(outcome.findings.map(\.code)),
                leaving: outcome.fate == .sent ? leaving(decided.checked.batch, row) : [:])
        }
    }

    private func leaving(_ batch: RecordBatch, _ row: Int) -> [String: [UInt8]] {
        var texts: [String: [UInt8]] = [:]
        for element in batch.dictionary.elements {
            let value = batch.value(row, element.ordinal)
            if case .drop = element.protection { continue }
            guard !value.isAbsent else { continue }
            var bytes: [UInt8] = []
            batch.arena.withUnsafeBufferPointer { arena in
                element.appendText(of: value, arena: arena, to: &bytes)
            }
            texts[element.name] = bytes
        }
        return texts
    }

    /// What all rows that went out would bring, in fen for each payer.
    func fen(by rule: FundingScheme, division: String) -> [String: Int64] {
        var total: [String: Int64] = [:]
        for worth in rule.worth(of: sent, division: division) {
            total.merge(worth, uniquingKeysWith: +)
        }
        return total
    }
}
