import LibXlsx
package import Records

/// Statements of several counties together (市级汇总): one programme, one year, the same months. Every
/// figure is a sum of theirs; nothing is reckoned anew.
package struct CombinedStatement: Sendable, Encodable {
    /// One county's part.
    package struct County: Sendable, Encodable, Hashable {
        package let division: String
        package let cases: Int
        package let persons: Int
        package let fen: Money
        /// What each payer bears, by the payer's name.
        package let payers: [String: Money]
        /// SHA-256 of its `settlement.json`, hex.
        package let statement: String
    }

    /// What two of the packs have both, and only one may.
    package struct Double: Sendable, Encodable, Hashable {
        package enum Kind: String, Sendable, Encodable {
            /// One case in two counties.
            case record
            /// One person and child order, where the counties' pseudonyms can be compared.
            case claim
            /// One receipt: it answers one county only.
            case receipt
        }

        package let kind: Kind
        package let value: String
        package let divisions: [String]
    }

    /// Why packs do not go together.
    package enum Failure: Error, Sendable, Equatable {
        /// Fewer than two.
        case few
        /// Another programme, year or last month than the first.
        case mixed(division: String)
        /// Two of the same county.
        case twice(division: String)
        /// A line of the pack cannot be read.
        case lines(division: String)
    }

    package let programme: String
    package let year: Int
    package let through: CalendarMonth?
    package let title: Wording
    package let unit: Wording
    package let counties: [County]
    /// Titles of all payers, by their names.
    package let payers: [String: Wording]
    package let totalCases: Int
    package let totalFen: Money
    package let doubles: [Double]

    /// Adds statements up.
    ///
    /// - Parameter packs: of each county the statement, the SHA-256 of its JSON, hex, and the bytes
    ///   of `ledger/leaves.jsonl`.
    package init(
        _ packs: [(statement: Statement, digest: String, leaves: [UInt8])]
    ) throws(Failure) {
        guard packs.count > 1 else { throw .few }
        let first = packs[0].statement
        var seen: Set<String> = []
        var used = UsedOnce()
        for pack in packs {
            let statement = pack.statement
            guard
                (statement.programme, statement.year) == (first.programme, first.year),
                statement.through == first.through
            else { throw .mixed(division: statement.division) }
            guard seen.insert(statement.division).inserted else {
                throw .twice(division: statement.division)
            }
            guard used.add(pack.leaves, of: statement.division) else {
                throw .lines(division: statement.division)
            }
        }
        programme = first.programme
        year = first.year
        through = first.through
        title = first.title
        unit = first.unit
        counties = packs.map { County($0.statement, digest: $0.digest) }
            .sorted { $0.division < $1.division }
        payers = packs.reduce(into: [:]) { payers, pack in
            for line in pack.statement.payers { payers[line.payer] = line.title }
        }
        totalCases = counties.reduce(0) { $0 + $1.cases }
        totalFen = counties.reduce(.zero) { $0 + $1.fen }
        doubles = used.doubles
    }
}

extension CombinedStatement.County {
    init(_ statement: Statement, digest: String) {
        division = statement.division
        cases = statement.totalCases
        persons = statement.lines.reduce(0) { $0 + $1.persons }
        fen = statement.totalFen
        payers = Dictionary(
            statement.payers.map { ($0.payer, $0.totalFen) }, uniquingKeysWith: { $0 + $1 })
        self.statement = digest
    }
}

/// What lines of different counties name, and only one county may.
private struct UsedOnce {
    private var owners: [CombinedStatement.Double.Kind: [String: Set<String>]] = [:]

    /// Adds a county's lines; false where one cannot be read.
    mutating func add(_ leaves: [UInt8], of division: String) -> Bool {
        for line in leaves.split(separator: 0x0A) {
            let leaf = LeafText(Array(line))
            guard let record = leaf.text("record"), let receipt = leaf.text("ack_sha256"),
                let claimant = leaf.text("pid"), let order = leaf.number("child_order"),
                let item = leaf.text("item")
            else { return false }
            owners[.record, default: [:]][record, default: []].insert(division)
            owners[.receipt, default: [:]][receipt, default: []].insert(division)
            guard !claimant.isEmpty else { continue }
            owners[.claim, default: [:]]["\(claimant) \(order) \(item)", default: []]
                .insert(division)
        }
        return true
    }

    var doubles: [CombinedStatement.Double] {
        owners.flatMap { kind, values in
            values.filter { $0.value.count > 1 }.map {
                CombinedStatement.Double(kind: kind, value: $0.key, divisions: $0.value.sorted())
            }
        }.sorted { ($0.kind.rawValue, $0.value) < ($1.kind.rawValue, $1.value) }
    }
}

// MARK: - Forms

extension CombinedStatement {
    private var payerNames: [String] { payers.keys.sorted() }

    private func rows() -> [[String]] {
        var rows = [
            ["区划", "数量（\(unit.zh)）", "人数（人）", "金额（元）"]
                + payerNames.map { "\(payers[$0]?.zh ?? $0)（元）" } + ["settlement.json SHA-256"]
        ]
        for county in counties {
            rows.append(
                [county.division, "\(county.cases)", "\(county.persons)", county.fen.yuan]
                    + payerNames.map { county.payers[$0]?.yuan ?? "" } + [county.statement])
        }
        rows.append(
            [
                "合计", "\(totalCases)", "\(counties.reduce(0) { $0 + $1.persons })", totalFen.yuan,
            ] + payerNames.map { borne(by: $0).yuan } + [""])
        return rows
    }

    /// What a payer bears in all counties.
    package func borne(by payer: String) -> Money {
        counties.reduce(.zero) { $0 + ($1.payers[payer] ?? .zero) }
    }

    /// RFC 4180, UTF-8 with the mark that Excel looks for, amounts in yuan.
    package func csv() -> [UInt8] {
        let rows = rows()
        var table = CSVTable(header: rows[0])
        for row in rows.dropFirst() { table.add(row) }
        return table.bytes
    }

    /// Writes a workbook to a new file. Throws `WorkbookFailure`.
    package func writeWorkbook(to path: String) throws {
        let book = try Workbook(path: path, madeAt: 86_400, title: title.zh)
        let names = payerNames
        let last = names.count + 4
        let widths = [14.0, 14, 12, 18] + names.map { _ in 18.0 } + [40]
        let sheet = try book.sheet("市级汇总", widths: widths)
        let period = through.map { "\(year) 年度（截至 \($0.month) 月）" } ?? "\(year) 年度"
        try sheet.merged(
            "\(title.zh)　\(period)　各区县汇总", from: (0, 0), to: (0, last),
            CellStyle(.center, isBold: true, hasBorder: false, size: 16))
        let heading = CellStyle(.center, isBold: true, isShaded: true)
        let money = CellStyle(.right, wraps: false, numberFormat: "#,##0.00")
        let count = CellStyle(.right, wraps: false, numberFormat: "#,##0")
        for (column, head) in rows()[0].enumerated() {
            try sheet.text(head, 1, column, heading)
        }
        func row(_ number: Int, _ name: String, _ figures: (Int, Int, Money), _ borne: [Money])
            throws
        {
            try sheet.text(name, number, 0, CellStyle(.left))
            try sheet.number(Swift.Double(figures.0), number, 1, count)
            try sheet.number(Swift.Double(figures.1), number, 2, count)
            for (column, fen) in ([figures.2] + borne).enumerated() {
                try sheet.number(Swift.Double(fen.fen) / 100, number, column + 3, money)
            }
        }
        for (place, county) in counties.enumerated() {
            try row(
                place + 2, county.division, (county.cases, county.persons, county.fen),
                names.map { county.payers[$0] ?? .zero })
            try sheet.text(county.statement, place + 2, last, CellStyle(.left))
        }
        let end = counties.count + 2
        let persons = counties.reduce(0) { $0 + $1.persons }
        try row(end, "合计", (totalCases, persons, totalFen), names.map { borne(by: $0) })
        try sheet.text("", end, last, CellStyle(.left))
        try sheet.merged(
            "人民币\(totalFen.capitals)", from: (end + 1, 0), to: (end + 1, last), CellStyle(.left))
        try book.close()
    }
}
