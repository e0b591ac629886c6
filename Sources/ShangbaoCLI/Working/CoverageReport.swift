import Programmes
import Records

/// A mapping's coverage for people.
struct CoverageReport {
    private let coverage: MappingCoverage
    /// So many lines of a list, unless all are asked for.
    private let most: Int

    init(_ coverage: MappingCoverage, isWhole: Bool) {
        self.coverage = coverage
        most = isWhole ? .max : 20
    }

    func show(_ output: Output) {
        let (covered, all) = coverage.mandatory
        let percent = all == 0 ? 100 : covered * 100 / all
        output.line(
            "\(coverage.mapping)：必填字段 \(covered)/\(all)（\(percent)%），读 \(coverage.columns) 列",
            "\(coverage.mapping): \(covered) of \(all) mandatory fields (\(percent)%), "
                + "reads \(coverage.columns) columns")
        var table = Columns([
            (said("表单", "form"), .left), (said("必填", "mandatory"), .right),
            (said("有来源", "covered"), .right),
        ])
        for share in coverage.shares {
            table.add([share.place.said, "\(share.mandatory)", "\(share.covered)"])
        }
        output.table(table)
        fields(output, coverage.unset.filter(\.isRequired), "必填而没有来源：", "Mandatory, unset:")
        let optional = coverage.unset.filter { !$0.isRequired }
        if most == .max {
            fields(output, optional, "选填而没有来源：", "Optional, unset:")
        } else if !optional.isEmpty {
            output.line(
                "选填而没有来源：\(optional.count) 个（--all 列出）",
                "Optional, unset: \(optional.count) (--all lists them)")
        }
        if !coverage.constants.isEmpty {
            output.line("固定值：", "One value for all rows:")
            var table = Columns(sides: [.left, .left])
            for constant in coverage.constants { table.add([constant.field, constant.value]) }
            output.table(table)
        }
        if let file = coverage.file { show(file, output) }
    }

    private func fields(
        _ output: Output, _ fields: [MappingCoverage.Field], _ zh: String, _ en: String
    ) {
        guard !fields.isEmpty else { return }
        output.line(zh, en)
        var table = Columns(sides: [.left, .left, .left])
        for field in fields.prefix(most) {
            table.add([field.field, field.title.said, field.place.said])
        }
        output.table(table)
        if fields.count > most {
            output.line("  …… 另有 \(fields.count - most) 个", "  … and \(fields.count - most) more")
        }
    }

    private func show(_ file: MappingCoverage.FileFit, _ output: Output) {
        output.line()
        let rows = Figure.grouped(file.rows)
        output.line("文件：\(rows) 行", "The file: \(rows) rows")
        for (columns, zh, en) in [
            (file.missing, "缺少的列（整份拒收）：", "Missing (the file is refused): "),
            (file.missingOptional, "缺少的可省略列：", "Missing, and may be: "),
            (file.unused, "没有用到的列：", "Unused columns: "),
            (file.ignored, "按 ignore 不读的列：", "Ignored by name: "),
        ] where !columns.isEmpty {
            let shown = columns.prefix(most).joined(separator: said("、", ", "))
            let more = columns.count > most ? " … +\(columns.count - most)" : ""
            output.paragraph(said(zh, en) + shown + more)
        }
        let part = file.fill.filter { $0.filled < file.rows }
        guard !part.isEmpty || most == .max else {
            return output.line("读取的列每行都有内容", "Every column that is read is filled in every row")
        }
        let isWhole = most == .max
        output.line(
            isWhole ? "各列填了几行：" : "不是每行都填的列：",
            isWhole ? "Rows filled, by column:" : "Columns that some rows leave empty:")
        var table = Columns(sides: [.left, .right, .left])
        for fill in (isWhole ? file.fill : part).sorted(by: { $0.filled < $1.filled })
            .prefix(most)
        {
            table.add([fill.column, Figure.grouped(fill.filled), fill.field])
        }
        output.table(table)
        if !isWhole, part.count > most {
            output.line("  …… 另有 \(part.count - most) 列", "  … and \(part.count - most) more")
        }
    }
}
