internal import LibXML

/// Reads a worksheet one row after the other (part 1, clause 18.3.1), with one row in memory.
struct SheetRows: ~Copyable {
    /// A cell that is not empty, or whose content cannot be told.
    struct Cell {
        /// From 0.
        let column: Int
        /// In `text`.
        let text: Range<Int>
        let fault: CellFault?
    }

    /// Merged cells, rows as Excel counts and columns from 0.
    struct Merge {
        let rows: ClosedRange<Int>
        let columns: ClosedRange<Int>
    }

    /// The cells of the row that was read last, by column.
    private(set) var cells: [Cell] = []
    /// UTF-8 of these cells.
    private(set) var text: [UInt8] = []
    /// The row is longer than allowed, and not all of its cells were kept.
    private(set) var isTooLong = false

    // What was seen so far, of the whole sheet once `next` has said `nil`.
    private(set) var hasFormulas = false
    private(set) var hasHidden = false
    private(set) var merges: [Merge] = []

    private var part: XMLPart
    private let workbook: Workbook
    private let rowBytes: Int
    private var row = 0
    private var isGivenAgain = false
    private var isInRows = false

    // The cell that is being read.
    private var column = -1
    private var style = 0
    private var kind = Kind.number
    private var value: [UInt8] = []
    private var hasValue = false
    private var hasFormula = false
    private var isValue = false
    /// Within readings of Chinese characters, which stand beside the text.
    private var isPhonetic = false

    private enum Kind { case number, shared, text, inline, truth, error, day }

    private static let lastRow = 1 << 20
    private static let lastColumn = 1 << 14
    private static let mostMerges = 100_000

    /// - Throws: `E-WORKBOOK`, `E-IO`, `E-CHANGED`.
    init(_ entry: ZipEntry, of workbook: Workbook, _ options: XLSXOptions) throws(ReadFailure) {
        part = try XMLPart(entry, of: workbook.archive.file)
        self.workbook = workbook
        rowBytes = options.rowBytes
    }

    /// The next row's number, `nil` after the last.
    ///
    /// - Throws: `E-WORKBOOK`, `E-EXPANDS`, `E-IO`, `E-CHANGED`.
    mutating func next() throws(ReadFailure) -> Int? {
        if isGivenAgain {
            isGivenAgain = false
            return row
        }
        while true {
            switch try part.next() {
            case .opened:
                switch part.pull.depth {
                case 1:
                    guard part.pull.isNamed("worksheet") else { throw part.broken("no worksheet") }
                case 2: isInRows = part.pull.isNamed("sheetData")
                case 3 where isInRows:
                    guard part.pull.isNamed("row") else { throw part.broken("no row") }
                    try readRow()
                    return row
                case 3: try noteAround()
                default: break
                }
            case .ended: return nil
            case .text, .closed, .hungry: break
            }
        }
    }

    /// Makes the next call of `next` say the same row once more.
    mutating func giveAgain() {
        isGivenAgain = true
    }

    /// What stands before and behind the rows.
    private mutating func noteAround() throws(ReadFailure) {
        if part.pull.isNamed("col"), isSet(part.pull.attribute("hidden")) { hasHidden = true }
        guard part.pull.isNamed("mergeCell"), merges.count < SheetRows.mostMerges else { return }
        let ends = (part.pull.attribute("ref") ?? .init(start: nil, count: 0))
            .split(separator: UInt8(ascii: ":"))
        let cells = ends.compactMap { SheetRows.reference($0[...]) }
        guard let first = cells.first, let last = cells.last, cells.count == ends.count,
            first.row <= last.row, first.column <= last.column
        else { throw part.broken("merged cells") }
        merges.append(
            Merge(rows: first.row...last.row, columns: first.column...last.column))
    }

    private mutating func readRow() throws(ReadFailure) {
        let number = try attributeNumber("r") ?? row + 1
        guard number > row, number <= SheetRows.lastRow else {
            throw part.broken("rows out of order")
        }
        row = number
        if isSet(part.pull.attribute("hidden")) { hasHidden = true }
        cells.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
        isTooLong = false
        column = -1
        while true {
            switch try part.next() {
            case .opened:
                switch part.pull.depth {
                case 4: try beginCell()
                case 5:
                    // Text within the cell is taken whatever its type says of it.
                    if part.pull.isNamed("is"), kind == .number || kind == .text { kind = .inline }
                    isValue = part.pull.isNamed("v") && value.isEmpty
                    if isValue { hasValue = true }
                    if part.pull.isNamed("f") {
                        hasFormula = true
                        hasFormulas = true
                    }
                // <is><t> or <is><r><t>; <rPh> holds readings.
                case 6 where kind == .inline: isValue = part.pull.isNamed("t")
                case 7 where kind == .inline && !isPhonetic: isValue = part.pull.isNamed("t")
                default: break
                }
                if part.pull.depth == 6 { isPhonetic = part.pull.isNamed("rPh") }
            case .text:
                if isValue, value.count <= rowBytes { value.append(contentsOf: part.pull.text) }
            case .closed:
                isValue = false
                if part.pull.depth == 3 { endCell() }
                if part.pull.depth == 2 { return }
            case .ended, .hungry: break
            }
        }
    }

    private mutating func beginCell() throws(ReadFailure) {
        guard part.pull.isNamed("c") else { throw part.broken("no cell") }
        var next = column + 1
        if let place = part.pull.attribute("r") {
            guard let cell = SheetRows.reference(place[...]), cell.row == row else {
                throw part.broken("a cell's place")
            }
            next = cell.column
        }
        guard next > column, next < SheetRows.lastColumn else {
            throw part.broken("cells out of order")
        }
        column = next
        style = try attributeNumber("s") ?? 0
        kind = try readKind()
        value.removeAll(keepingCapacity: true)
        (hasValue, hasFormula, isPhonetic) = (false, false, false)
    }

    private func readKind() throws(ReadFailure) -> Kind {
        guard let type = part.pull.attribute("t") else { return .number }
        switch (type.count, type.first) {
        case (1, UInt8(ascii: "s")): return .shared
        case (1, UInt8(ascii: "n")): return .number
        case (3, UInt8(ascii: "s")): return .text
        case (9, UInt8(ascii: "i")): return .inline
        case (1, UInt8(ascii: "b")): return .truth
        case (1, UInt8(ascii: "e")): return .error
        case (1, UInt8(ascii: "d")): return .day
        default: throw part.broken("a cell's type")
        }
    }

    private mutating func endCell() {
        let start = text.count
        guard start <= rowBytes else {
            isTooLong = true
            return
        }
        var fault: CellFault?
        // An empty text is a result, and no number at all is none.
        if hasFormula, value.isEmpty, !hasValue || kind != .text {
            fault = .noResult
        } else if !value.isEmpty {
            fault = appendValue()
        }
        guard text.count > start || fault != nil else { return }
        cells.append(Cell(column: column, text: start..<text.count, fault: fault))
    }

    /// Appends the cell's content to the row's text, or what stands there of a broken one.
    private mutating func appendValue() -> CellFault? {
        let start = text.count
        switch kind {
        case .shared:
            guard let number = SheetRows.number(value[...]),
                let range = workbook.strings.range(number)
            else { return .broken }
            text.append(contentsOf: workbook.strings.bytes[range])
            return workbook.strings.isFaulty(number) ? .text : nil
        case .text, .inline:
            text.append(contentsOf: value)
            CellText.resolveEscapes(in: &text, from: start)
            return CellText.isFaulty(text[start...]) ? .text : nil
        case .number:
            guard let meaning = workbook.styles.meaning(style) else { return .broken }
            let isNumber =
                meaning == .number
                ? CellText.appendNumber(value[...], to: &text)
                : CellText.appendSerial(
                    value[...], as: meaning, from1904: workbook.countsFrom1904, to: &text)
            return isNumber ? nil : .broken
        case .truth:
            guard value == [0x31] || value == [0x30] else { return .broken }
            text.append(contentsOf: value == [0x31] ? "TRUE".utf8 : "FALSE".utf8)
            return nil
        case .error:
            text.append(contentsOf: value)
            return .error
        case .day: return CellText.appendISODate(value[...], to: &text) ? nil : .broken
        }
    }

    // MARK: Attributes

    private func attributeNumber(_ name: StaticString) throws(ReadFailure) -> Int? {
        guard let bytes = part.pull.attribute(name) else { return nil }
        guard let number = SheetRows.number(bytes) else { throw part.broken("a number") }
        return number
    }

    private func isSet(_ value: UnsafeBufferPointer<UInt8>?) -> Bool {
        value.map { $0.elementsEqual("1".utf8) || $0.elementsEqual("true".utf8) } ?? false
    }

    private static func number(_ bytes: some Collection<UInt8>) -> Int? {
        guard (1...9).contains(bytes.count) else { return nil }
        var number = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        return number
    }

    /// `BC23` is row 23, column 54 from 0.
    private static func reference(
        _ bytes: Slice<UnsafeBufferPointer<UInt8>>
    ) -> (row: Int, column: Int)? {
        var column = 0
        var at = bytes.startIndex
        while at < bytes.endIndex, (0x41...0x5A).contains(bytes[at]), at - bytes.startIndex < 3 {
            column = column * 26 + Int(bytes[at] - 0x40)
            at += 1
        }
        guard column > 0, let row = number(bytes[at...]), row > 0 else { return nil }
        return (row, column - 1)
    }
}
