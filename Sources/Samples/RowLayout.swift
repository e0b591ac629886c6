import Definitions
import Mappings
import Records

/// What one cell of a row says instead of what the couple's file says.
enum CellChange {
    /// Another text: UTF-8, not quoted yet.
    case text(column: Int, [UInt8])
    /// Bytes behind the cell's text that no encoding has.
    case bytes(column: Int, [UInt8])
    /// The row ends after so many columns.
    case end(columns: Int)
}

/// The columns of a file as a mapping reads them (列安排), compiled.
struct RowLayout {
    /// The mapping's columns in order, then the remark, which nobody reads.
    let header: [String]
    let plans: [CellPlan]
    let hasRemark: Bool
    private let quoting: CellQuoting
    private let dates: [DateSpelling]
    private let rules: [FieldRule]

    static let remark = "备注"

    init(_ mapping: Mapping, _ world: InventedWorld, _ encoder: TextEncoder) throws(SampleFailure) {
        guard let delimiter = mapping.options.delimiter.utf8.first else {
            throw .mapping(field: "delimiter", problem: mapping.options.delimiter)
        }
        let isWorkbook = world.request.encoding == .xlsx
        quoting = isWorkbook ? .cells : CellQuoting(delimiter: delimiter)
        var dates: [DateSpelling] = []
        for name in world.request.dateSpellings { dates.append(try DateSpelling(name: name)) }
        guard !dates.isEmpty else { throw .request("date spellings: at least one") }
        self.dates = dates
        var header: [String] = []
        var plans: [CellPlan] = []
        var rules: [FieldRule] = []
        for rule in mapping.rules {
            // A column that fills two fields stands in the file once.
            guard case .column(let name) = rule.origin, !header.contains(name),
                world.request.isWhole || !rule.isOptional
            else { continue }
            header.append(name)
            rules.append(rule)
            plans.append(
                try CellPlan(
                    rule, dictionary: mapping.dictionary, world, quoting, encoder))
        }
        hasRemark = mapping.ignored.contains(RowLayout.remark)
        if hasRemark { header.append(RowLayout.remark) }
        self.header = header
        self.plans = plans
        self.rules = rules
    }

    /// The column that a field is read from.
    func column(of field: String) -> Int? { plans.firstIndex { $0.element.name == field } }

    /// How a column's field is filled.
    func rule(at column: Int) -> FieldRule { rules[column] }

    /// The header line with its line end, UTF-8.
    var headerLine: [UInt8] { quoting.line(header) }

    private static let remarks = ["无特殊", "已电话通知领取报告", "随访中"].map { Array($0.utf8) }

    /// Appends a couple's row with its line end, UTF-8.
    ///
    /// - Parameters:
    ///   - random: the couple's stream for spellings.
    ///   - texts: what cells say instead, by column: UTF-8, not quoted yet.
    /// - Returns: where undecodable bytes go, counted from the start of `line`.
    func append(
        _ couple: InventedCouple, _ random: inout RandomStream, change: CellChange?,
        texts: [Int: [UInt8]] = [:], to line: inout [UInt8]
    ) -> Int? {
        var rawPlace: Int?
        for column in header.indices {
            if case .end(let columns) = change, column == columns { break }
            if column > 0 { line.append(quoting.delimiter) }
            let start = line.count
            if column < plans.count {
                plans[column].append(couple, &random, dates, quoting, to: &line)
            } else if random.below(20) == 0 {
                quoting.append(random.pick(RowLayout.remarks), to: &line)
            }
            if let text = texts[column] {
                line.removeSubrange(start...)
                quoting.append(text, to: &line)
            }
            switch change {
            case .text(column, let text):
                line.removeSubrange(start...)
                quoting.append(text, to: &line)
            case .bytes(column, _): rawPlace = line.count
            default: break
            }
        }
        line.append(contentsOf: CellQuoting.lineEnd)
        return rawPlace
    }

    /// What a cell of a case holds: UTF-8, not quoted yet; `nil` where the clinic has no word.
    func text(_ said: Said, at column: Int, _ couple: InventedCouple) -> [UInt8]? {
        switch said {
        case .text(let text): Array(text.utf8)
        case .code(let code): word(code, at: column)
        case .yes: word(rules[column].words == nil ? "1" : "true", at: column)
        case .no: word(rules[column].words == nil ? "0" : "false", at: column)
        case .nothing: []
        case .day(let days): spelled(couple.fileDate.adding(days: days))
        case .later(let months, let days):
            spelled(couple.fileDate.adding(months: months).adding(days: days))
        }
    }

    private func word(_ code: String, at column: Int) -> [UInt8]? {
        CellPlan.spellings(of: code, rules[column]).first.map { Array($0.utf8) }
    }

    private func spelled(_ day: CalendarDate) -> [UInt8] {
        var bytes: [UInt8] = []
        dates[0].append(day, to: &bytes)
        return bytes
    }
}
