import Records

/// What a cell of a screening record says before it is spelled (答案): a code is the programme's own.
enum PregnancyAnswer: Sendable {
    /// As it stands in the file, right or wrong.
    case text(String)
    case code(String)
    /// Several codes of one list.
    case codes([String])
    case flag(Bool)
    /// Scaled by ten to the power of its places; may be negative.
    case number(Int64, places: Int)
    case day(CalendarDate)
    /// A day and the minute of it.
    case moment(CalendarDate, minute: Int)
    /// 1/N (筛查风险); beyond 50,000 it is written as a bound.
    case risk(Int)
}

/// A column of the register, and the words in which it says its codes.
struct PregnancyColumn {
    let field: String
    /// By code, the usual word first; flags are `true` and `false`.
    private let words: [String: [String]]
    private static let weights = [60, 20, 12, 8]
    private static let riskMarks = ["1:", "1/", "1："]
    private static let leastShownRisk = 50_000

    init(field: String, words: [String: [String]]) {
        self.field = field
        self.words = words
    }

    /// Appends the cell, UTF-8 and in quotes where it must be.
    func append(
        _ answer: PregnancyAnswer, _ random: inout RandomStream, _ dates: [DateSpelling],
        _ quoting: CellQuoting, to line: inout [UInt8]
    ) {
        switch answer {
        case .text(let text): quoting.append(text.utf8, to: &line)
        case .code(let code): quoting.append(word(code, &random).utf8, to: &line)
        case .codes(let codes):
            let text = codes.map { word($0, &random) }.joined(separator: "、")
            quoting.append(text.utf8, to: &line)
        case .flag(let flag): quoting.append(word(flag ? "true" : "false", &random).utf8, to: &line)
        case .number(let scaled, let places):
            if scaled < 0 { line.append(UInt8(ascii: "-")) }
            appendDecimal(abs(scaled), places: places, to: &line)
        case .day(let day): append(day, &random, dates, to: &line)
        case .moment(let day, let minute):
            // A time stands behind the computer's own spellings of a day only.
            append(day, &random, Array(dates.prefix(2)), to: &line)
            let clock = InventedIDNumber.padded(minute / 60, 2)
            line.append(contentsOf: " \(clock):\(InventedIDNumber.padded(minute % 60, 2))".utf8)
        case .risk(let denominator):
            let isBound = denominator > PregnancyColumn.leastShownRisk
            let shown = min(denominator, PregnancyColumn.leastShownRisk)
            let mark = isBound ? "<1/" : random.pick(PregnancyColumn.riskMarks)
            line.append(contentsOf: "\(mark)\(shown)".utf8)
        }
    }

    private func word(_ code: String, _ random: inout RandomStream) -> String {
        guard let known = words[code], let usual = known.first else { return code }
        guard known.count > 1 else { return usual }
        let weights = Array(PregnancyColumn.weights.prefix(known.count))
        return known[random.index(weights: weights)]
    }

    private func append(
        _ day: CalendarDate, _ random: inout RandomStream, _ dates: [DateSpelling],
        to line: inout [UInt8]
    ) {
        let isUsual = dates.count == 1 || random.below(10) < 7
        dates[isUsual ? 0 : 1 + random.below(dates.count - 1)].append(day, to: &line)
    }
}
