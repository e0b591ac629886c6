import Evidence
package import Records

/// The tie-out taken apart (账目下钻): from a year to institutions, months and days, and to the
/// clinic's file and row.
package struct BookDrill: Sendable, Encodable {
    /// How deep one looks; each part is a step further down.
    package struct Scope: Sendable, Hashable {
        package let year: Int
        package let institution: String?
        package let month: CalendarMonth?
        /// One item alone, of a programme that pays for several.
        package let service: String?
        package let standing: BalanceClass?

        package init(
            year: Int, institution: String? = nil, month: CalendarMonth? = nil,
            service: String? = nil, standing: BalanceClass? = nil
        ) {
            self.year = year
            self.institution = institution
            self.month = month
            self.service = service
            self.standing = standing
        }

        fileprivate func contains(_ cell: PeriodCell, _ service: String?) -> Bool {
            guard self.service == nil || self.service == service else { return false }
            let isOfYear = month.map { cell.month == $0 } ?? (cell.month?.year == year)
            return isOfYear && (institution.map { cell.institution == $0 } ?? true)
        }
    }

    /// One institution, month or day, and the versions in it by class.
    package struct Group: Sendable, Encodable, Hashable {
        /// The institution's code, the month or the day; `nil` for a day that is not known.
        package let name: String?
        package let taken: Int
        package let counts: [String: Int]

        package subscript(standing: BalanceClass) -> Int { counts[standing.rawValue] ?? 0 }
    }

    /// One version, or a row whose case is unknown.
    package struct Row: Sendable, Encodable, Hashable {
        package let institution: String
        package let day: String?
        /// The clinic's file, and the row in it as Excel counts.
        package let file: String?
        package let row: Int?
        package let record: RecordID?
        package let version: Int
        /// Of a programme that pays for several services.
        package let service: String?
        package let standing: BalanceClass
        package let codes: [String]
    }

    package let groups: [Group]
    /// Only where a class is asked for.
    package let rows: [Row]

    /// - Parameter fileName: what the clinic called an item, which the ledger does not tell.
    package init(
        _ book: CaseBook, _ scope: Scope, fileName: (IntakeID) -> String? = { _ in nil }
    ) {
        var tally: [String?: [BalanceClass: Int]] = [:]
        var rows: [Row] = []
        func add(
            _ row: @autoclosure () -> Row, _ cell: PeriodCell, _ day: CalendarDate?,
            _ service: String?, _ standing: BalanceClass
        ) {
            guard scope.contains(cell, service) else { return }
            let name =
                scope.month != nil && scope.institution != nil
                ? day?.description
                : scope.institution != nil ? cell.month?.description : cell.institution
            tally[name, default: [:]][standing, default: 0] += 1
            if scope.standing == standing { rows.append(row()) }
        }
        for (record, versions) in book.cases {
            for (version, standing) in zip(versions, book.standings(of: versions)) {
                let cell = version.cell
                add(
                    Row(record, version, standing, fileName), cell, version.sent?.servedOn,
                    version.service, standing)
            }
        }
        for row in book.looseRows {
            add(Row(row, fileName), row.cell, nil, row.traits?.service, row.fate)
        }
        groups = tally.map { name, counts in
            Group(
                name: name, taken: counts.values.reduce(0, +),
                counts: Dictionary(
                    uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) }))
        }.sorted { ($0.name ?? "~") < ($1.name ?? "~") }
        self.rows = rows.sorted {
            ($0.institution, $0.day ?? "~", $0.file ?? "", $0.row ?? 0, $0.version)
                < ($1.institution, $1.day ?? "~", $1.file ?? "", $1.row ?? 0, $1.version)
        }
    }
}

extension BookDrill.Row {
    fileprivate init(
        _ record: RecordID, _ version: CaseVersion, _ standing: BalanceClass,
        _ fileName: (IntakeID) -> String?
    ) {
        institution = version.cell.institution ?? ""
        day = version.sent?.servedOn.description
        file = version.source.flatMap { fileName($0.intake) ?? $0.intake.text }
        row = version.source?.row
        self.record = record
        self.version = version.number
        service = version.service
        self.standing = standing
        codes =
            (version.isDisputed ? [Discrepancy.Kind.disputed.rawValue] : [])
            + [version.verdict?.code].compactMap { $0 }
            + (version.sent == nil ? version.kept?.codes ?? [] : [])
    }

    fileprivate init(_ row: KeptEntry, _ fileName: (IntakeID) -> String?) {
        institution = row.cell.institution ?? ""
        day = nil
        file = fileName(row.intake) ?? row.intake.text
        self.row = row.row
        record = nil
        version = 0
        service = row.traits?.service
        standing = row.fate
        codes = row.codes
    }
}
