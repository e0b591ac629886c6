package import Definitions
package import Mappings
import Records
package import Validation

/// A follow-up of the preconception programme with its rules and the county's table of it.
package struct FollowUpRecords: Sendable {
    package let dictionary: ElementDictionary
    package let rules: RuleSet
    package let mapping: Mapping

    /// The clean follow-up with some fields written otherwise, past the rules that look at it.
    ///
    /// - Parameters:
    ///   - fields: by their names in the programme, codes as codes.
    ///   - designated: institutions of the county.
    package func examine(
        _ fields: [String: String], designated: CodeList, arrivedOn day: String = "2013-12-31"
    ) throws -> ExaminedBatch {
        let row = try clean.with(fields: fields, in: mapping)
        guard let day = CalendarDate(iso: day) else { throw NoSuchColumn(name: day) }
        let bound = try mapping.bound(to: header(for: row), acceptsInvented: true)
        return rules.examine(
            try read(row),
            RuleContext(arrivedOn: day, designated: designated, isMapped: bound.isMapped))
    }

    /// The clean follow-up of this sort.
    package var clean: CleanFollowUp { CleanFollowUp(of: dictionary.followUp?.name ?? "") }

    /// The columns that the table must have, and of the optional ones those that a row has.
    package func header(for row: CleanFollowUp) -> [String] {
        var names: [String] = []
        for rule in mapping.rules {
            guard case .column(let name) = rule.origin else { continue }
            if !rule.isOptional || row.cells[name] != nil { names.append(name) }
        }
        return names
    }

    /// Reads a row as the county's table would bring it.
    package func read(_ row: CleanFollowUp) throws -> RecordBatch {
        let header = header(for: row)
        return try mapping.bound(to: header, acceptsInvented: true)
            .apply(to: try SourceBatch(header: header, rows: [row.cells]))
    }
}

/// A follow-up of the clean couple's wife (随访), as the county's tables bring it.
package struct CleanFollowUp: Sendable {
    /// Text by the column's header; a column that is not here is not in the file.
    package private(set) var cells: [String: String]

    /// - Parameter record: `earlyFollowUp` or `outcomeFollowUp`.
    package init(of record: String, file: String = "DEMO-0001") {
        let own = record == "earlyFollowUp" ? CleanFollowUp.early : CleanFollowUp.outcome
        cells = CleanFollowUp.wife.merging(own) { _, new in new }
        cells["档案编号"] = file
    }

    /// The same follow-up with some cells written otherwise.
    package func with(_ changes: [String: String]) -> CleanFollowUp {
        var changed = self
        for (column, text) in changes { changed.cells[column] = text }
        return changed
    }

    /// The same with some fields written otherwise, by their names in the programme.
    package func with(fields: [String: String], in mapping: Mapping) throws(NoSuchColumn)
        -> CleanFollowUp
    {
        with(try mapping.cells(of: fields))
    }

    private static let wife = [
        "服务机构代码": "MA0000T1X99010111G1001", "知情同意书签署情况": "双方签署", "姓名": "样乙二", "证件类型": "身份证",
        "身份证号": "990101198603150022", "出生日期": "1986-03-15",
    ]
    private static let early = [
        "早孕随访结果": "未孕", "早孕随访日期": "2012-06-15", "早孕失访": "否", "早孕随访人员": "题医七",
    ]
    private static let outcome = [
        "妊娠结局随访结果": "未分娩", "妊娠结局随访日期": "2013-03-20", "妊娠结局失访": "否",
        "妊娠结局随访人员": "题医七",
    ]
}
