import Definitions
package import Programmes
package import Records
package import Settlements

/// The indicators of a programme in one year (考核指标): figures of the books and lists, and what
/// somebody states.
package struct Indicators: Sendable {
    /// One institution, or one township of a list.
    package struct Place: Sendable, Hashable {
        package let name: String
        package let part: Int
        package let whole: Int

        package init(name: String, part: Int, whole: Int) {
            self.name = name
            self.part = part
            self.whole = whole
        }
    }

    package struct Line: Sendable {
        package let name: String
        package let title: Wording
        package let unit: Wording
        /// `nil` where somebody must state it and did not.
        package let part: Int?
        package let whole: Int?
        /// Per cent; `nil` where none is set for the year.
        package let goal: Int?
        /// Where both numbers are known by place.
        package let places: [Place]
        /// Names of figures that nobody stated.
        package let missing: [String]

        /// The share in tenths of a percent, half up; `nil` where a number is missing or 0.
        package var perMille: Int? {
            guard let part, let whole else { return nil }
            return Coverage.perMille(part, of: whole)
        }

        /// Whether the goal is met, by the whole numbers and not by the rounded share.
        package var isMet: Bool? {
            guard let part, let whole, whole > 0, let goal else { return nil }
            return part * 100 >= goal * whole
        }
    }

    package let year: Int
    /// In the order of the file.
    package let lines: [Line]

    init(year: Int, lines: [Line]) {
        self.year = year
        self.lines = lines
    }

    /// - Parameters:
    ///   - followUps: records that are no checks.
    ///   - stated: figures by their names.
    package init(
        _ file: IndicatorFile, year: Int, book: CaseBook, coverages: [Coverage],
        followUps: Set<String>, stated: [String: Int]
    ) {
        self.year = year
        func figure(_ measure: IndicatorFile.Measure) -> Figure {
            switch measure {
            case .stated(let name): return Figure(stated[name], missing: name)
            case .list(let list, let isChecked):
                let found = coverages.first { $0.list == list && $0.year == year }
                let places = found?.places.map {
                    ($0.division, isChecked ? $0.checked : $0.planned)
                }
                return Figure(places ?? [], kind: "list")
            case .records(let standing, let services, let isOnce, let isLocal):
                let counts = RecordCounts(
                    RecordCounts.Question(
                        year: year, isAccepted: standing != .taken,
                        isComplete: standing == .complete, services: services,
                        except: followUps, isOnce: isOnce, isLocal: isLocal), in: book)
                return Figure(
                    counts.byInstitution.map { ($0.key, $0.value) }, kind: "records",
                    total: counts.total)
            }
        }
        lines = file.indicators.map { indicator in
            let (part, whole) = (figure(indicator.numerator), figure(indicator.denominator))
            return Line(
                name: indicator.name, title: indicator.title, unit: indicator.unit,
                part: part.total, whole: whole.total, goal: indicator.goal(in: year),
                places: part.places(beside: whole), missing: part.missing + whole.missing)
        }
    }

    /// One number, and where it comes from.
    private struct Figure {
        let total: Int?
        let missing: [String]
        private let kind: String
        private let byPlace: [String: Int]

        init(_ stated: Int?, missing name: String) {
            total = stated
            missing = stated == nil ? [name] : []
            kind = "stated"
            byPlace = [:]
        }

        init(_ places: [(String, Int)], kind: String, total: Int? = nil) {
            self.total = total ?? places.reduce(0) { $0 + $1.1 }
            missing = []
            self.kind = kind
            byPlace = Dictionary(places) { $0 + $1 }
        }

        func places(beside whole: Figure) -> [Place] {
            guard kind == whole.kind, kind != "stated" else { return [] }
            return Set(byPlace.keys).union(whole.byPlace.keys).sorted().map {
                Place(name: $0, part: byPlace[$0] ?? 0, whole: whole.byPlace[$0] ?? 0)
            }
        }
    }
}

/// What of a table may leave the county (小格子不出县): a count of a few people may be somebody.
package struct SmallCells: Sendable {
    /// A cell from 1 to below it is not shown.
    package let smallest: Int

    package init(smallest: Int) {
        self.smallest = smallest
    }

    /// Whether a share may be shown: neither those in it, nor those not in it, nor all are few.
    package func shows(part: Int, whole: Int) -> Bool {
        ![part, whole - part, whole].contains { $0 > 0 && $0 < smallest }
    }

    /// The places of which nothing may be shown, in none of several tables beside their totals.
    ///
    /// A place that one table hides is hidden in all, since they can be held against each other;
    /// and the hidden ones of a table are several and together not few, since their sum follows
    /// from its total: the smallest of the others are hidden with them.
    package func hidden(in tables: [[Indicators.Place]]) -> Set<String> {
        var hidden: Set<String> = []
        for place in tables.joined() where !shows(part: place.part, whole: place.whole) {
            hidden.insert(place.name)
        }
        var isSettled = false
        while !isSettled {
            isSettled = true
            for table in tables {
                guard let next = givenAway(by: table, hidden) else { continue }
                hidden.insert(next)
                isSettled = false
            }
        }
        return hidden
    }

    /// The place that must be hidden too, lest the hidden ones follow from a table's total; `nil`
    /// where they do not, or where all are hidden.
    private func givenAway(by table: [Indicators.Place], _ hidden: Set<String>) -> String? {
        let counted = table.filter { $0.whole > 0 || $0.part > 0 }
        let gone = counted.filter { hidden.contains($0.name) }
        guard !gone.isEmpty else { return nil }
        let (part, whole) = (
            gone.reduce(0) { $0 + $1.part }, gone.reduce(0) { $0 + $1.whole }
        )
        guard gone.count == 1 || !shows(part: part, whole: whole) else { return nil }
        return counted.filter { !hidden.contains($0.name) }
            .min { ($0.whole, $0.name) < ($1.whole, $1.name) }?.name
    }
}

extension Closing {
    /// The indicators of a year; `nil` for a programme that has none.
    ///
    /// Throws `DefinitionError`, `StorageFailure`.
    ///
    /// - Parameter stated: figures by the names of the programme's file.
    package func indicators(
        year: Int, stated: [String: Int]
    ) async throws -> (found: Indicators, file: IndicatorFile)? {
        guard let file = try IndicatorFile.read(of: part.programme) else { return nil }
        let book = try await book()
        return (
            Indicators(
                file, year: year, book: book,
                coverages: try await coverages(book, year: year),
                followUps: Set(
                    part.programme.followUps.compactMap(\.dictionary.followUp?.name)),
                stated: stated), file
        )
    }
}
