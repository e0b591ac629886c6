import Definitions
import Intake
import Mappings
import Records

/// A spelling of dates for writing, e.g. `yyyy年M月d日`.
struct DateSpelling: Sendable {
    private enum Part {
        case year, month, day
        case mark([UInt8])
    }
    private let parts: [Part]
    private let isPadded: Bool

    /// - Throws: `SampleFailure.request` where the name lacks a part.
    init(name: String) throws(SampleFailure) {
        var parts: [Part] = []
        var rest = Substring(name)
        var found = 0
        while let character = rest.first {
            let run = rest.prefix { $0 == character }
            switch character {
            case "y": parts.append(.year)
            case "M": parts.append(.month)
            case "d": parts.append(.day)
            default: parts.append(.mark(Array(run.utf8)))
            }
            if "yMd".contains(character) { found += 1 }
            rest = rest.dropFirst(run.count)
        }
        guard found == 3 else { throw .request("date spelling: \(name)") }
        self.parts = parts
        // Without marks the width tells month from day; with hyphens it is the computer's habit.
        isPadded = name.contains("MM") || name.contains("-")
    }

    func append(_ date: CalendarDate, to bytes: inout [UInt8]) {
        let day = date.parts
        for part in parts {
            switch part {
            case .year: append(day.year, to: &bytes)
            case .month: append(day.month, to: &bytes)
            case .day: append(day.day, to: &bytes)
            case .mark(let mark): bytes.append(contentsOf: mark)
            }
        }
    }

    private func append(_ number: Int, to bytes: inout [UInt8]) {
        if isPadded, number < 10 { bytes.append(0x30) }
        appendDecimal(Int64(number), places: 0, to: &bytes)
    }
}

/// Appends a number scaled by ten to the power of `places`, with all its places; not negative.
func appendDecimal(_ scaled: Int64, places: Int, to bytes: inout [UInt8]) {
    let start = bytes.count
    var rest = max(0, scaled)
    var place = 0
    repeat {
        if place == places, places > 0 { bytes.append(UInt8(ascii: ".")) }
        bytes.append(0x30 + UInt8(rest % 10))
        rest /= 10
        place += 1
    } while rest > 0 || place <= places
    bytes[start...].reverse()
}

/// CSV quoting (RFC 4180) for one delimiter.
struct CellQuoting: Sendable {
    let delimiter: UInt8
    private let quotes: Bool

    /// No quotes at all, and a mark between cells that none of them holds: for a workbook, whose
    /// cells are parts of their own.
    static let cells = CellQuoting(delimiter: WorkbookBytes.cellMark, quotes: false)

    init(delimiter: UInt8, quotes: Bool = true) {
        self.delimiter = delimiter
        self.quotes = quotes
    }

    /// Appends a text, in quotes where a reader would otherwise misread it.
    func append(_ text: some Collection<UInt8>, to bytes: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        guard quotes,
            text.contains(where: { $0 == delimiter || $0 == quote || $0 == 0x0A || $0 == 0x0D })
        else {
            bytes.append(contentsOf: text)
            return
        }
        bytes.append(quote)
        for byte in text {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
    }

    /// A line of texts with its line end, UTF-8.
    func line(_ texts: [String]) -> [UInt8] {
        var line: [UInt8] = []
        for (place, text) in texts.enumerated() {
            if place > 0 { line.append(delimiter) }
            append(text.utf8, to: &line)
        }
        return line + CellQuoting.lineEnd
    }

    static let lineEnd = Array("\r\n".utf8)

    func quoted(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        append(text.utf8, to: &bytes)
        return bytes
    }
}
