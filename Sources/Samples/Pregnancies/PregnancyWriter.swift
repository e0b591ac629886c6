import Definitions
package import Mappings
package import Records

/// Writes a register of prenatal screening row by row, with its truth (产前筛查样例): what an MCH
/// hospital would export, and what must become of each record. It is driven by a mapping's columns
/// and words; memory does not grow with the number of records.
package struct PregnancyWriter {
    private let request: SampleRequest
    private let headerRow: Int
    private let world: InventedWorld
    private let encoder: TextEncoder
    private let columns: [PregnancyColumn]
    private let header: [String]
    private let quoting: CellQuoting
    private let dates: [DateSpelling]
    private let schedule: PregnancySchedule

    /// The mapping's programme, as its folder names it.
    package static let programme = "prenatal-screening"
    /// The year 2016, the first of the scheme.
    package static let defaultDays = (
        first: CalendarDate(daysSince1970: 16_801), last: CalendarDate(daysSince1970: 17_166)
    )

    /// - Parameters:
    ///   - request: how many records, and in which bytes; its institutions, payment and optional
    ///     columns are those of couples and are not asked.
    ///   - mapping: whose columns and words are written.
    /// - Throws: `SampleFailure` where the request cannot be met.
    package init(_ request: SampleRequest, mapping: Mapping) throws(SampleFailure) {
        var request = request
        request.institutions = PregnancyInstitutions.all
        try request.checked()
        guard let delimiter = mapping.options.delimiter.utf8.first else {
            throw .mapping(field: "delimiter", problem: mapping.options.delimiter)
        }
        quoting =
            request.encoding == .xlsx ? .cells : CellQuoting(delimiter: delimiter)
        let encoder = try TextEncoder(request.encoding)
        self.encoder = encoder
        self.request = request
        headerRow = mapping.options.headerRow
        world = try InventedWorld(request, mapping: mapping, encoder: encoder)
        var dates: [DateSpelling] = []
        for name in request.dateSpellings { dates.append(try DateSpelling(name: name)) }
        guard !dates.isEmpty else { throw .request("date spellings: at least one") }
        self.dates = dates
        var columns: [PregnancyColumn] = []
        var header: [String] = []
        for rule in mapping.rules {
            guard case .column(let name) = rule.origin, !header.contains(name) else { continue }
            header.append(name)
            var words: [String: [String]] = [:]
            for word in rule.words?.words ?? [] where encoder.holds(word.word) {
                words[word.code, default: []].append(word.word)
            }
            columns.append(
                PregnancyColumn(
                    field: mapping.dictionary.elements[rule.ordinal].name,
                    words: words.mapValues { Array($0.prefix(4)) }))
        }
        self.columns = columns
        self.header = header
        schedule = PregnancySchedule(
            seed: request.seed, fraction: request.defectFraction,
            isWorkbook: request.encoding == .xlsx)
    }

    /// Writes the file and its truth to two sinks, in blocks of about 128 KiB.
    ///
    /// - Parameters:
    ///   - rows: takes bytes of the file, in the encoding asked for.
    ///   - truth: takes UTF-8 of the truth file.
    /// - Throws: what the sinks throw, and `SampleFailure.encoding`.
    package func write(rows: ([UInt8]) throws -> Void, truth: ([UInt8]) throws -> Void) throws
        -> PregnancySummary
    {
        var file = EncodedBlock(encoder, isWorkbook: request.encoding == .xlsx)
        return try SampleFiles.write(
            request.couples, below: quoting.line(header), atRow: headerRow, in: &file,
            rows: rows, truth: truth
        ) { row, file in
            let defect = schedule.defect(row: row)
            let pregnancy = invent(row: row, defect)
            file.append(line(of: pregnancy))
            return told(row: row, pregnancy, defect)
        }
    }

    /// Writes `NAME.csv`, `NAME.truth.csv` and `NAME.truth.json`.
    ///
    /// - Parameter path: of the file itself; an ending is replaced for the other two.
    package func write(to path: String) throws -> PregnancySummary {
        try SampleFiles.write(to: path, write)
    }

    private func invent(row: Int, _ defect: PregnancyDefect?) -> InventedPregnancy {
        var random = RandomStream(seed: request.seed, couple: row, .damage)
        let wish = defect?.wish ?? PregnancyWish()
        guard let defect, let repeats = defect.repeats else {
            let woman = InventedWoman(number: row, wish: wish, world: world)
            let made = InventedPregnancy(row: row, woman: woman, wish: wish, world: world)
            defect?.change(made, &random)
            return made
        }
        let earlier = row - repeats.rowsBack
        let made: InventedPregnancy
        switch repeats.kind {
        case .copy, .changed:
            made = invent(row: earlier, schedule.defect(row: earlier))
        case .test:
            let before = schedule.defect(row: earlier)?.wish ?? PregnancyWish()
            let woman = InventedWoman(number: earlier, wish: before, world: world)
            made = InventedPregnancy(
                row: row, woman: woman, later: repeats.daysLater, wish: wish, world: world)
        case .barcode:
            let woman = InventedWoman(number: row, wish: wish, world: world)
            made = InventedPregnancy(row: row, woman: woman, wish: wish, world: world)
            made["sampleBarcode"] = .text(InventedPregnancy.barcode(earlier))
        }
        defect.change(made, &random)
        return made
    }

    private func told(row: Int, _ pregnancy: InventedPregnancy, _ defect: PregnancyDefect?)
        -> PregnancyTruth
    {
        let place = headerRow + 1 + row
        let isPaid =
            (defect?.isPaid ?? true) && pregnancy.sampledOn >= PregnancyWriter.defaultDays.first
        var note = defect?.name ?? ""
        if let back = defect?.repeats?.rowsBack { note += " of row \(place - back)" }
        return PregnancyTruth(
            row: place, fate: defect?.fate ?? .sent, codes: defect?.codes ?? [],
            institution: pregnancy.institution, month: pregnancy.sampledOn.month,
            test: pregnancy.test,
            amounts: isPaid
                ? ScreeningAmounts.one(pregnancy.test, division: pregnancy.institution.division)
                : nil, note: note)
    }

    private func line(of pregnancy: InventedPregnancy) -> [UInt8] {
        var random = RandomStream(seed: request.seed, couple: pregnancy.spelledAs, .spelling)
        var line: [UInt8] = []
        for (place, column) in columns.prefix(pregnancy.columns ?? columns.count).enumerated() {
            if place > 0 { line.append(quoting.delimiter) }
            guard let answer = pregnancy[column.field] else { continue }
            column.append(answer, &random, dates, quoting, to: &line)
        }
        return line + CellQuoting.lineEnd
    }
}
