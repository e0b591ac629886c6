import Flow
import Records

/// The indicators of a year as a page of bars (指标图): what may leave the county, and no more. No
/// script, nothing from elsewhere; each bar has its number beside it, so that colour says nothing
/// alone.
struct IndicatorChart {
    private static let width = 560
    private static let left = 210
    private let page: IndicatorPage
    private let cells: SmallCells
    private let title: String
    private let hidden: Set<String>

    init(_ page: IndicatorPage, _ cells: SmallCells, programme: Wording) {
        self.page = page
        self.cells = cells
        title = "\(programme.zh) \(page.year) 年考核指标"
        hidden = page.hidden(by: cells)
    }

    var html: String {
        """
        <!DOCTYPE html>
        <html lang="zh-CN"><head><meta charset="utf-8"><title>\(escape(title))</title>
        <style>
        body { font: 15px/1.5 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2em auto;
               max-width: 60em; color: #222; }
        h1 { font-size: 1.4em; } h2 { font-size: 1.1em; margin: 1.6em 0 .2em; }
        p { margin: .2em 0; color: #555; } svg { display: block; width: 100%; height: auto; }
        text { font: 13px "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; fill: #222; }
        .part { fill: #2b6cb0; } .place { fill: #90b4d8; } .rest { fill: #edf0f3; }
        .goal { stroke: #b03a2e; stroke-width: 2; stroke-dasharray: 4 3; }
        </style></head><body>
        <h1>\(escape(title))</h1>
        <p>虚线是目标；数字是分子 / 分母。少于 \(cells.smallest) 的格子和能由合计倒算的不显示（*）。
        The dashed line is the goal; cells below \(cells.smallest), and what a total gives away, are
        hidden (*).</p>
        \(page.lines.map(section).joined())</body></html>

        """
    }

    private func section(_ line: IndicatorPage.Line) -> String {
        let goal = line.goal.map { "，目标 goal ≥ \($0)%" } ?? ""
        var text = "<h2>\(escape(line.title.zh))　\(escape(line.title.en))</h2>\n"
        guard let part = line.part, let whole = line.whole else {
            let names = line.missing.joined(separator: ", ")
            return text + "<p>没有数：\(escape(names))　No figures.</p>\n"
        }
        let isShown = cells.shows(part: part, whole: whole)
        let met = isShown ? line.isMet.map { $0 ? "　✓ 达标 met" : "　✗ 未达标 not met" } ?? "" : ""
        text += "<p>单位 \(escape(line.unit.zh)) \(escape(line.unit.en))\(goal)\(met)</p>\n"
        var bars = [Bar(name: "全县 · county", part: part, whole: whole, isShown: isShown)]
        bars += line.places.map {
            Bar(
                name: $0.name, part: $0.part, whole: $0.whole, isShown: !hidden.contains($0.name))
        }
        return text + svg(bars, goal: line.goal)
    }

    private struct Bar {
        let name: String
        let part: Int
        let whole: Int
        let isShown: Bool
    }

    private func svg(_ bars: [Bar], goal: Int?) -> String {
        let (width, left) = (IndicatorChart.width, IndicatorChart.left)
        let height = bars.count * 26 + 4
        var text = "<svg viewBox=\"0 0 \(left + width + 190) \(height)\" role=\"img\">\n"
        for (number, bar) in bars.enumerated() {
            let top = number * 26 + 4
            let perMille = min(1000, Coverage.perMille(bar.part, of: bar.whole) ?? 0)
            text += "<text x=\"0\" y=\"\(top + 15)\">\(escape(bar.name))</text>"
            text += rectangle("rest", left, top, width)
            let mark = number == 0 ? "part" : "place"
            if bar.isShown { text += rectangle(mark, left, top, width * perMille / 1000) }
            let share = IndicatorPage.share(Coverage.perMille(bar.part, of: bar.whole))
            let words = bar.isShown ? "\(share)　\(bar.part) / \(bar.whole)" : "*"
            text += "<text x=\"\(left + width + 10)\" y=\"\(top + 15)\">\(words)</text>\n"
        }
        if let goal {
            let x = left + width * goal / 100
            text += "<line class=\"goal\" x1=\"\(x)\" x2=\"\(x)\" y1=\"0\" "
            text += "y2=\"\(height)\"/>\n"
        }
        return text + "</svg>\n"
    }

    private func rectangle(_ mark: String, _ x: Int, _ y: Int, _ width: Int) -> String {
        "<rect class=\"\(mark)\" x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"20\"/>"
    }

    private func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
