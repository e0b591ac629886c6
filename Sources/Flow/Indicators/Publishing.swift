import Evidence
package import Programmes
package import Records
import Storage

/// How a table of indicators leaves the county (指标公布).
///
/// Two tables of one period, a case apart, tell of that case whatever either of them hides. So a
/// period is published when it is over, and only once: the counts of the first time are in the
/// ledger, and the same period gives the same cells ever after.
extension Closing {
    /// What may leave of a period.
    package struct Publication: Sendable {
        package let indicators: Indicators
        package let cells: SmallCells
        /// When the counts were first published; `nil` where that is now.
        package let first: Timestamp?
        /// Whether the books of today say otherwise, which stays in the county.
        package let differs: Bool
    }

    /// Publishes the counts of a year, or gives what was published of it. What somebody states and
    /// was not stated before is added.
    ///
    /// - Parameters:
    ///   - found: as the books are now.
    ///   - stated: figures by the names of the programme's file.
    /// - Throws: `PublishingFailure` for a year that is not over, `StorageFailure`,
    ///   `DecodingError`, `EncodingError`.
    package func publish(
        _ found: Indicators, _ file: IndicatorFile, stated: [String: Int], by person: String
    ) async throws -> Publication {
        let now = site.clock()
        guard found.year < now.day.parts.year else {
            throw PublishingFailure(place: "--year \(found.year)")
        }
        let programme = part.name
        let fresh = Fact.Published(
            programme: programme, year: found.year, smallest: file.smallest,
            lines: found.lines.map(Fact.Published.Line.init), by: person)
        return try await database.write { transaction in
            let entries = try Ledger().entries(of: "published", in: transaction).filter { entry in
                guard case .published(let fact) = entry.fact else { return false }
                return fact.programme == programme && fact.year == found.year
            }
            var kept = fresh
            if case .published(let last) = entries.last?.fact {
                kept = last.completed(by: stated, file, person)
            }
            if entries.last.map({ $0.fact.published?.lines != kept.lines }) ?? true {
                try Ledger().append([.published(kept)], at: now, in: transaction)
            }
            return Publication(
                indicators: Indicators(kept), cells: SmallCells(smallest: kept.smallest),
                first: entries.first?.at,
                differs: kept.lines != fresh.lines || kept.smallest != fresh.smallest)
        }
    }
}

extension Fact {
    fileprivate var published: Published? {
        if case .published(let fact) = self { fact } else { nil }
    }
}

extension Fact.Published {
    /// The same counts, with what nobody had stated yet.
    fileprivate func completed(
        by stated: [String: Int], _ file: IndicatorFile, _ person: String
    ) -> Fact.Published {
        func value(_ known: Int?, _ measure: IndicatorFile.Measure?) -> Int? {
            guard known == nil, case .stated(let name) = measure else { return known }
            return stated[name]
        }
        let lines = lines.map { line in
            let indicator = file.indicators.first { $0.name == line.name }
            return Line(
                name: line.name, title: line.title, unit: line.unit,
                part: value(line.part, indicator?.numerator),
                whole: value(line.whole, indicator?.denominator), goal: line.goal,
                places: line.places)
        }
        return Fact.Published(
            programme: programme, year: year, smallest: smallest, lines: lines, by: person)
    }
}

extension Fact.Published.Line {
    fileprivate init(_ line: Indicators.Line) {
        self.init(
            name: line.name, title: line.title, unit: line.unit, part: line.part,
            whole: line.whole, goal: line.goal,
            places: line.places.map { .init(name: $0.name, part: $0.part, whole: $0.whole) })
    }
}

extension Indicators {
    /// As they were published.
    fileprivate init(_ fact: Fact.Published) {
        self.init(
            year: fact.year,
            lines: fact.lines.map { line in
                Line(
                    name: line.name, title: line.title, unit: line.unit, part: line.part,
                    whole: line.whole, goal: line.goal,
                    places: line.places.map {
                        .init(name: $0.name, part: $0.part, whole: $0.whole)
                    },
                    missing: [])
            })
    }
}

/// A period whose counts may still grow is not published (期间未结束).
package struct PublishingFailure: ExplainedFailure {
    package let place: String?
    package var detail: String? { nil }
    package var entry: CodeEntry { PublishingFailure.code }

    static let code = CodeEntry(
        "E-PUBLISH-OPEN",
        what: Wording(
            zh: "这一年还没有结束：两张前后相差一例的表，会把那一例说出来。没有写表。",
            en:
                "The year is not over: two tables a case apart would tell of that case. No table was "
                + "written."),
        next: Wording(
            zh: "年度结束后再写；县里自己看，不用 --out。",
            en: "Write it when the year is over; the county itself looks without --out."))
}
