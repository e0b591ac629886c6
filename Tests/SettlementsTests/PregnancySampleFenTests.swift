import Foundation
import Records
import Samples
import Settlements
import TestKit
import Testing
import Validation

/// The truth file's money of invented pregnancies, beside what the closing of a year says when the
/// nation accepts every record that was sent: row by row and fen by fen.
struct PregnancySampleFenTests {
    private struct Answer {
        let row: Int
        let fate: String
        let institution: String
        let area: String
        let month: String
        /// Of person, city, district, county and nobody named, in fen.
        let fen: [Int64]
        let isPaid: Bool
    }

    private let records: [[String: String]]
    private let answers: [Answer]
    private let summary: PregnancySummary

    init() throws {
        var file: [UInt8] = []
        var truth: [UInt8] = []
        let days = PregnancyWriter.defaultDays
        let request = SampleRequest(
            couples: 2000, seed: 34, defectFraction: 0.2, encoding: .utf8, firstDay: days.first,
            lastDay: days.last)
        let mapping = try PrenatalScreening.loaded().mapping
        summary = try PregnancyWriter(request, mapping: mapping)
            .write(rows: { file += $0 }, truth: { truth += $0 })
        let rows = PregnancySampleFenTests.rows(String(decoding: file, as: UTF8.self))
        let header = try #require(rows.first)
        records = rows.dropFirst().map { cells in
            Dictionary(uniqueKeysWithValues: zip(header, cells))
        }
        answers = String(decoding: truth, as: UTF8.self).split(separator: "\n").dropFirst().map {
            let cells = $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Answer(
                row: Int(cells[0]) ?? 0, fate: cells[1], institution: cells[3], area: cells[4],
                month: cells[5], fen: cells[7...11].map { Int64($0) ?? -1 },
                isPaid: cells[7...11].contains { $0 != "0" })
        }
    }

    /// RFC 4180 with commas and CRLF.
    private static func rows(_ text: String) -> [[String]] {
        var rows: [[String]] = [[]]
        var cell = ""
        var isQuoted = false
        for character in text {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                rows[rows.count - 1].append(cell)
                cell = ""
            case "\r\n" where !isQuoted:
                rows[rows.count - 1].append(cell)
                cell = ""
                rows.append([])
            default: cell.append(character)
            }
        }
        return rows.dropLast()
    }

    /// The day of a cell such as `2016/6/14 08:05`.
    private static func day(_ cell: String?) -> CalendarDate? {
        let parts = (cell ?? "").split(separator: " ").first?
            .split { $0 == "-" || $0 == "/" }.compactMap { Int($0) }
        guard let parts, parts.count == 3 else { return nil }
        return CalendarDate(year: parts[0], month: parts[1], day: parts[2])
    }

    /// What would be sent of an area, each with the traits that its record has by the rules.
    private func sent(_ area: String) throws -> [SubmittedRecord] {
        let chosen = answers.indices.filter {
            answers[$0].fate == "sent" && answers[$0].area == area
        }
        let outcomes = try PrenatalScreening.loaded().examine(
            chosen.map { CleanPregnancy().with(records[$0]) }, arrivedOn: "2018-01-31"
        ).outcomes
        return try zip(chosen, outcomes).map { place, outcome in
            #expect(outcome.fate == .sent, "row \(answers[place].row)")
            let record = records[place]
            return SubmittedRecord(
                record: RecordID("row-\(answers[place].row)"), version: 1, action: .submit,
                institution: answers[place].institution,
                servedOn: try #require(PregnancySampleFenTests.day(record["采血时间"])),
                traits: outcome.traits, claimant: record["证件号码"],
                childOrder: Int(try #require(record["孕次"])),
                dueOn: PregnancySampleFenTests.day(record["预产期"]))
        }
    }

    /// What a preview says of each row: the same judgement, row by row.
    @Test(arguments: ["990101", "990229"])
    func `each row is worth what the truth file says of it`(_ area: String) throws {
        let records = try sent(area)
        let rule = try FundingScheme(
            text: String(
                contentsOfFile: Project.mappings + "/funding/liaocheng-2016.yaml", encoding: .utf8),
            shownAs: "liaocheng-2016.yaml")
        let told = answers.filter { $0.fate == "sent" && $0.area == area }
        try #require(told.count == records.count)
        let payers = ["person", "city", "district", "county", "unassigned"]
        var paid = 0
        for (answer, worth) in zip(told, rule.worth(of: records, division: area)) {
            let fen = payers.map { payer in
                worth.filter { $0.key.hasPrefix(payer + ".") }.values.reduce(0, +)
            }
            // The areas' parameters are those of 2016.
            guard answer.month.hasPrefix("2016") else { continue }
            #expect(fen == answer.fen, "row \(answer.row)")
            if fen.contains(where: { $0 > 0 }) { paid += 1 }
        }
        #expect(paid > 100)
    }

    @Test(arguments: ["990101", "990229"])
    func `an area settles the rows and the fen that the truth file says`(_ area: String) throws {
        var book = SampleBook(programme: "prenatal-screening")
        book.accept(try sent(area))
        let text = try String(
            contentsOfFile: Project.mappings + "/funding/liaocheng-2016.yaml", encoding: .utf8)
        let closing = try SampleScreening.closing(book, text, division: area)
        let told = answers.filter { $0.area == area && $0.isPaid && $0.month.hasPrefix("2016") }
        #expect(told.count > 100)
        #expect(
            Set(closing.paid.map(\.record.record.text)) == Set(told.map { "row-\($0.row)" }))
        var fen: [String: Int64] = [:]
        // A line is one payer's part of one service, e.g. `city.nipt`.
        for line in closing.statement.payers {
            fen[line.payer.split(separator: ".")[0].description, default: 0] += line.totalFen.fen
        }
        let settled = summary.settled.filter { $0.area == area && $0.month.year == 2016 }
        func sum(_ part: (ScreeningAmounts) -> Money) -> Int64 {
            settled.reduce(0) { $0 + part($1.amounts).fen }
        }
        #expect(fen["person", default: 0] == sum(\.person))
        #expect(fen["city", default: 0] == sum(\.city))
        #expect(fen["district", default: 0] == sum(\.district))
        #expect(fen["county", default: 0] == sum(\.county))
        #expect(fen["unassigned", default: 0] == sum(\.unassigned))
        #expect(settled.reduce(0) { $0 + $1.tests } == told.count)
    }
}
