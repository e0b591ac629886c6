import Evidence
package import Records

/// What the clinics count themselves (机构自报数), the last word of each month.
package struct SourceCounts: Sendable {
    private struct Key: Hashable {
        let institution: String
        let month: CalendarMonth
        let service: String?
    }

    private var counts: [Key: Fact.Counted] = [:]

    /// What a clinic says beside what came from it.
    package struct Line: Sendable, Codable, Hashable {
        package let institution: String
        package let month: CalendarMonth
        package let service: String?
        /// Cases by the clinic's own word; `nil` where it said nothing.
        package let source: Int?
        /// Cases that came, whatever became of them; one that was withdrawn is none.
        package let here: Int
        /// Of them those in force on the national side.
        package let accepted: Int

        package var difference: Int? { source.map { here - $0 } }
    }

    mutating func add(_ counted: Fact.Counted) {
        counts[
            Key(
                institution: counted.institution, month: counted.month, service: counted.service)
        ] = counted
    }

    /// The months of a year, each beside what our books have; also months of which nothing was
    /// said, where the institution counts at all.
    package func lines(_ book: CaseBook, year: Int) -> [Line] {
        let mine = Set(counts.keys.filter { $0.month.year == year })
        guard !mine.isEmpty else { return [] }
        let counting = Set(mine.map(\.institution))
        let here = here(book, year: year, counting: counting)
        let unsaid = here.keys.filter { key in
            key.service == nil
                && !mine.contains {
                    $0.institution == key.institution && $0.month == key.month
                }
        }
        return mine.union(unsaid).map { key in
            Line(
                institution: key.institution, month: key.month, service: key.service,
                source: counts[key]?.count, here: here[key]?.all ?? 0,
                accepted: here[key]?.accepted ?? 0)
        }.sorted {
            ($0.institution, $0.month, $0.service ?? "") < (
                $1.institution, $1.month, $1.service ?? ""
            )
        }
    }

    /// Cases that came, and of them those in force, by cell and by service.
    private func here(
        _ book: CaseBook, year: Int, counting: Set<String>
    ) -> [Key: (all: Int, accepted: Int)] {
        let shelf = book.shelf
        var numbers: [OwnCell: (all: Int, accepted: Int)] = [:]
        for record in 0..<UInt32(shelf.newest.count) {
            var (own, newest): (OwnCell?, BalanceClass?) = (nil, nil)
            var isAccepted = false
            shelf.eachStanding(of: record) { version, standing in
                if newest == nil { newest = standing }
                isAccepted = isAccepted || standing == .accepted
                let cell = shelf.cell(of: version)
                if own == nil, cell.isKnown {
                    own = OwnCell(cell: cell, service: shelf.service(of: version))
                }
            }
            guard let own, Int(own.cell.year) == year, newest != .withdrawn else { continue }
            numbers[own, default: (0, 0)].all += 1
            numbers[own, default: (0, 0)].accepted += isAccepted ? 1 : 0
        }
        var here: [Key: (all: Int, accepted: Int)] = [:]
        for (own, count) in numbers {
            let cell = shelf.cell(own.cell)
            guard let institution = cell.institution, let month = cell.month,
                counting.contains(institution)
            else { continue }
            for service in Set([nil, own.service]) {
                let key = Key(institution: institution, month: month, service: service)
                here[key, default: (0, 0)].all += count.all
                here[key, default: (0, 0)].accepted += count.accepted
            }
        }
        return here
    }

    private struct OwnCell: Hashable {
        let cell: CellNote
        let service: String?
    }

    /// Where a clinic counts more or fewer than came from it.
    package func discrepancies(_ book: CaseBook, year: Int) -> [Discrepancy] {
        lines(book, year: year).compactMap { line in
            guard let source = line.source, source != line.here else { return nil }
            return Discrepancy(line, source: source)
        }
    }
}
