import ArgumentParser
import Definitions
import Flow
import Foundation
import Programmes
import Records
import Settlements
import Storage

/// What a programme is measured by in a year.
struct IndicatorsCommand: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "indicators",
            abstract: said(
                "考核指标：覆盖率、知晓率、筛查率、随访率。", "Coverage, awareness, follow-ups, against goals."),
            discussion: said(
                "分子、分母和目标写在项目的 indicators.yaml。账上没有的数用 --figure 给出。--out 写出的表可以出县："
                    + "小格子和能倒算出来的不显示；年度结束后才能写，数从第一次起固定。",
                "Numerators, denominators and goals stand in the programme's indicators.yaml. State "
                    + "by --figure what is in no book. The table of --out may leave the county: "
                    + "small cells, and what a total would give away, are left out; it is written when "
                    + "the year is over, and its counts are those of the first time."))
    }

    @Option(help: ArgumentHelp(said("年度。", "The year.")), transform: programmeYear)
    var year: Int

    @Option(help: ArgumentHelp(said("项目（默认第一个）。", "The programme; the first if absent.")))
    var programme: String?

    @Option(
        help: ArgumentHelp(
            said("账上没有的数，如 surveyed=300；可写几次。", "What is in no book, as surveyed=300; any times."),
            valueName: "name=number"))
    var figure: [String] = []

    @Option(
        help: ArgumentHelp(
            said("写成可以出县的 CSV，或 .html 图表。", "Write a CSV, or charts as .html, for outside.")))
    var out: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let part = try site.programme(named: programme)
        let stated = try figures()
        func look(_ database: any SteadyDatabase) async throws -> Looked? {
            let closing = Closing(
                site: site, part, database: database,
                exchange: try Exchange(site: site, database: database))
            let found = try await closing.indicators(year: year, stated: stated)
            guard let found else { return nil }
            for name in stated.keys.sorted() where found.file.stated[name] == nil {
                throw CommandFailure(
                    .usage, place: "--figure",
                    detail: found.file.stated.keys.sorted().joined(separator: ", "))
            }
            guard out != nil else { return Looked(found: found.found, file: found.file) }
            let publication = try await closing.publish(
                found.found, found.file, stated: stated, by: NSUserName())
            return Looked(found: found.found, file: found.file, publication: publication)
        }
        let looked =
            out == nil
            ? try await site.withView(look)
            : try await site.withDatabase(.guest) { try await look($0) }
        guard let looked else {
            output.line("这个项目没有 indicators.yaml。", "The programme has no indicators.yaml.")
            return .done
        }
        let page = IndicatorPage(looked.found)
        try output.give(page)
        page.show(looked.file, output)
        if let out, let publication = looked.publication {
            try write(publication, to: Places.absolute(out), part.programme.dictionary.title)
            say(publication, out, output)
        }
        return .done
    }

    /// What the books say, and what of it is published.
    private struct Looked {
        let found: Indicators
        let file: IndicatorFile
        var publication: Closing.Publication?
    }

    private func write(
        _ publication: Closing.Publication, to path: String, _ title: Wording
    ) throws {
        let page = IndicatorPage(publication.indicators)
        let isChart = path.lowercased().hasSuffix(".html")
        try Places.write(
            isChart
                ? IndicatorChart(page, publication.cells, programme: title).html
                : page.table(publication.cells), to: path)
    }

    private func say(_ publication: Closing.Publication, _ out: String, _ output: Output) {
        let smallest = publication.cells.smallest
        output.line(
            "✓ \(Places.shown(Places.absolute(out)))（少于 \(smallest) 的格子不显示）",
            "✓ \(Places.shown(Places.absolute(out))) (cells below \(smallest) are hidden)")
        guard let first = publication.first else {
            return output.line(
                "\(year) 年的数从此固定：以后再写，还是这些数。",
                "The counts of \(year) are fixed from now on: written again, they are the same.")
        }
        output.line(
            "照 \(first.day) 首次公布的数" + (publication.differs ? "；账上现在不同的不再公布。" : "。"),
            "As first published on \(first.day)"
                + (publication.differs ? "; what the books say otherwise now stays here." : "."))
    }

    private func figures() throws(CommandFailure) -> [String: Int] {
        var stated: [String: Int] = [:]
        for text in figure {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let number = Int(parts[1]), number >= 0 else {
                throw CommandFailure(.usage, place: "--figure", detail: "name=number")
            }
            stated[parts[0]] = number
        }
        return stated
    }
}

/// The indicators of a year, for people and programs, and as a table that may leave the county.
struct IndicatorPage: Encodable {
    struct Place: Encodable {
        let name: String
        let part: Int
        let whole: Int
    }

    struct Line: Encodable {
        let name: String
        let title: Wording
        let unit: Wording
        let part: Int?
        let whole: Int?
        let perMille: Int?
        /// Per cent.
        let goal: Int?
        let isMet: Bool?
        let missing: [String]
        let places: [Place]
    }

    let year: Int
    let lines: [Line]

    init(_ found: Indicators) {
        year = found.year
        lines = found.lines.map { line in
            Line(
                name: line.name, title: line.title, unit: line.unit, part: line.part,
                whole: line.whole, perMille: line.perMille, goal: line.goal, isMet: line.isMet,
                missing: line.missing,
                places: line.places.map { Place(name: $0.name, part: $0.part, whole: $0.whole) })
        }
    }

    func show(_ file: IndicatorFile, _ output: Output) {
        var table = Columns([
            (said("指标", "indicator"), .left), (said("分子", "part"), .right),
            (said("分母", "of"), .right), (said("单位", "unit"), .left), (said("率", "share"), .right),
            (said("目标", "goal"), .right), (said("达标", "met"), .left),
        ])
        for line in lines {
            table.add([
                line.title.said, line.part.map(Figure.grouped) ?? "—",
                line.whole.map(Figure.grouped) ?? "—", line.unit.said,
                IndicatorPage.share(line.perMille), line.goal.map { "≥\($0)%" } ?? "",
                line.isMet.map { $0 ? "✓" : "✗" } ?? "",
            ])
        }
        output.table(table)
        for name in Set(lines.flatMap(\.missing)).sorted() {
            let title = file.stated[name] ?? Wording(zh: name, en: name)
            output.line(
                "  \(title.zh)账上没有：--figure \(name)=数",
                "  \(title.en): in no book, so state it: --figure \(name)=NUMBER")
        }
    }

    /// UTF-8 with its mark, so that Excel reads it; what may not leave is `*`.
    func table(_ cells: SmallCells) -> String {
        var rows = [
            ["year", "indicator", "指标", "place", "part", "whole", "percent", "goal", "met"]
        ]
        func row(_ line: Line, _ place: String, _ part: Int, _ whole: Int, _ isShown: Bool) {
            let share = Coverage.perMille(part, of: whole).map(IndicatorPage.tenths) ?? ""
            var cells = ["\(year)", line.name, line.title.zh, place]
            cells += isShown ? ["\(part)", "\(whole)", share] : ["*", "*", "*"]
            // A goal is the county's.
            let isCounty = place.isEmpty
            cells.append(isCounty ? line.goal.map(String.init) ?? "" : "")
            let met = line.isMet.map { $0 ? "yes" : "no" } ?? ""
            cells.append(isCounty && isShown ? met : "")
            rows.append(cells)
        }
        let hidden = hidden(by: cells)
        for line in lines {
            guard let part = line.part, let whole = line.whole else { continue }
            row(line, "", part, whole, cells.shows(part: part, whole: whole))
            for place in line.places {
                row(line, place.name, place.part, place.whole, !hidden.contains(place.name))
            }
        }
        return "\u{FEFF}" + rows.map(SheetCell.row).joined()
    }

    /// Places of which nothing may leave.
    func hidden(by cells: SmallCells) -> Set<String> {
        Set(
            cells.hidden(
                in: lines.map { line in
                    line.places.map {
                        Indicators.Place(name: $0.name, part: $0.part, whole: $0.whole)
                    }
                }))
    }

    static func share(_ perMille: Int?) -> String {
        perMille.map { tenths($0) + "%" } ?? "—"
    }

    static func tenths(_ perMille: Int) -> String { "\(perMille / 10).\(perMille % 10)" }
}
