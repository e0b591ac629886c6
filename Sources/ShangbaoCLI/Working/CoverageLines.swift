import Flow
import Records

/// What the lists count, and how many of them were checked: a line a year, or a table of townships.
struct CoverageLines {
    let coverages: [Coverage]
    let output: Output

    /// A line a year.
    func show() {
        for each in coverages {
            let (planned, checked) = (Figure.grouped(each.planned), Figure.grouped(each.checked))
            let share = CoverageLines.percent(each.perMille)
            output.line(
                "\(each.title.zh) \(each.year)：\(planned) \(each.counts.zh)，"
                    + "当年已检查 \(checked) \(each.counts.zh)（\(share)）",
                "\(each.title.en), \(each.year): \(planned) \(each.counts.en), "
                    + "\(checked) checked that year (\(share))")
        }
    }

    /// The same with a table by county or township, as the list has it.
    func showPlaces() {
        for each in coverages {
            output.line()
            CoverageLines(coverages: [each], output: output).show()
            var table = Columns([
                (said("区划", "division"), .left), (said("计划", "planned"), .right),
                (said("已检查", "checked"), .right), (said("覆盖率", "coverage"), .right),
            ])
            for place in each.places {
                table.add([
                    place.division, Figure.grouped(place.planned), Figure.grouped(place.checked),
                    CoverageLines.percent(place.perMille),
                ])
            }
            output.table(table)
        }
    }

    /// `66.7%`.
    private static func percent(_ perMille: Int?) -> String {
        perMille.map { "\($0 / 10).\($0 % 10)%" } ?? "—"
    }
}
