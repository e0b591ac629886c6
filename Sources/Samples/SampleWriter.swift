import Foundation
package import Mappings
import Records

/// Writes a sample row by row, with its truth (样例生成): the file a clinic would export, and what must
/// become of each of its rows. Memory does not grow with the number of couples.
///
/// It is driven by a mapping: a changed header or word table needs no code.
package struct SampleWriter {
    let request: SampleRequest
    private let headerRow: Int
    let world: InventedWorld
    let layout: RowLayout
    private let cells: CellDefects
    private let schedule: DefectSchedule
    let cases: CaseSchedule
    private let encoder: TextEncoder

    /// - Throws: `SampleFailure` where the request cannot be met, or the mapping asks for a code
    ///   that
    ///   the generator cannot write.
    package init(_ request: SampleRequest, mapping: Mapping) throws(SampleFailure) {
        try request.checked()
        self.request = request
        headerRow = mapping.options.headerRow
        let encoder = try TextEncoder(request.encoding)
        self.encoder = encoder
        world = try InventedWorld(request, mapping: mapping, encoder: encoder)
        layout = try RowLayout(mapping, world, encoder)
        let cells = CellDefects(
            layout, request: request, isEncodingDeclared: mapping.options.encoding != "auto",
            encoder: encoder)
        self.cells = cells
        self.cases = SampleWriter.cases(request, layout)
        schedule = DefectSchedule(
            seed: request.seed, fraction: request.defectFraction,
            available: Defect.allCases.filter(cells.canShow), cases: self.cases)
    }

    /// Writes the file and its truth to two sinks, in blocks of about 128 KiB.
    ///
    /// - Parameters:
    ///   - rows: takes bytes of the file, in the encoding asked for.
    ///   - truth: takes UTF-8 of the truth file.
    /// - Throws: what the sinks throw, and `SampleFailure.encoding`.
    package func write(rows: ([UInt8]) throws -> Void, truth: ([UInt8]) throws -> Void) throws
        -> SampleSummary
    {
        var file = EncodedBlock(encoder, isWorkbook: request.encoding == .xlsx)
        var line: [UInt8] = []
        return try SampleFiles.write(
            request.couples, below: layout.headerLine, atRow: headerRow, in: &file,
            rows: rows, truth: truth
        ) { row, file in
            line.removeAll(keepingCapacity: true)
            let made = make(row: row, into: &line)
            if let raw = made.raw {
                file.append(line[..<raw.place])
                try file.append(undecoded: raw.bytes)
                file.append(line[raw.place...])
            } else {
                file.append(line)
            }
            return made.truth
        }
    }

    /// Writes `NAME.csv` or `NAME.xlsx`, `NAME.truth.csv` and `NAME.truth.json`.
    ///
    /// - Parameter path: of the file itself; an ending is replaced for the other two.
    package func write(to path: String) throws -> SampleSummary {
        try SampleFiles.write(to: path, write)
    }

    typealias MadeRow = (truth: SampleTruth, raw: (place: Int, bytes: [UInt8])?)

    /// Makes one row, and knows what must become of it.
    private func make(row: Int, into line: inout [UInt8]) -> MadeRow {
        if let item = cases.item(row: row) { return make(item, row: row, into: &line) }
        var random = RandomStream(seed: request.seed, couple: row, .damage)
        var defect = schedule.defect(row: row)
        var couple = invent(row: row, defect)
        if let wanted = defect, !wanted.apply(to: couple, &random) {
            defect = nil
            couple = invent(row: row, nil)
        }
        let change = defect.flatMap { cells.change(for: $0, &random) }
        // A copy is one to the last byte, so it takes the spellings of its original too.
        let original = defect == .identicalCopy ? couple.number : row
        var spelling = RandomStream(seed: request.seed, couple: original, .spelling)
        let place = layout.append(couple, &spelling, change: change, to: &line)
        let truth = truth(row: row, couple, defect)
        if let place, case .bytes(_, let bytes) = change { return (truth, (place, bytes)) }
        return (truth, nil)
    }

    func invent(row: Int, _ defect: Defect?) -> InventedCouple {
        let back = defect?.repeats?.rowsBack ?? 0
        let number = row - back
        var wish = defect?.wish ?? CoupleWish()
        // What was withheld of her is missing where the risk of both is accounted for.
        if request.isWhole, defect == .husbandConsentOnly { wish.isPlain = true }
        wish.latestDay = request.lastDay.adding(days: -fitting(schedule.daysNeeded(after: number)))
        let couple = InventedCouple(number: number, wish: wish, world: world)
        if let later = defect?.repeats?.daysLater, later > 0 {
            couple.fileDate = world.workingDay(
                from: couple.fileDate.adding(days: fitting(later)))
            couple.fileNumber = row + 1
        }
        return couple
    }

    /// Days between two checks of a couple, fewer where the sample covers only a short time.
    private func fitting(_ days: Int) -> Int {
        min(days, Int(request.lastDay.daysSince1970 - request.firstDay.daysSince1970) / 2)
    }

    private func truth(row: Int, _ couple: InventedCouple, _ defect: Defect?) -> SampleTruth {
        var note = defect?.rawValue ?? ""
        if let back = defect?.repeats?.rowsBack { note += " of row \(headerRow + 1 + row - back)" }
        return truth(row: row, couple, defect?.expectation ?? Expectation(.sent, []), note: note)
    }

    func truth(
        row: Int, _ couple: InventedCouple, _ expected: Expectation, note: String
    ) -> SampleTruth {
        let isSettled = expected.isPaid && couple.fileDate >= request.payment.startsOn
        return SampleTruth(
            row: headerRow + 1 + row, fate: expected.fate, codes: expected.codes,
            institution: couple.institution.code, month: couple.fileDate.month,
            amounts: isSettled ? request.payment.perCouple : PayerAmounts(), note: note)
    }
}
