internal import LibXML

/// The texts that cells share (part 1, clause 18.4), one after the other in one block of UTF-8.
final class SharedStrings {
    private(set) var bytes: [UInt8] = []
    private var ends: [UInt32] = []
    /// Numbers of texts that hold a character that is no text of a record.
    private var faulty: Set<Int> = []

    /// What a county's workbook never has.
    private static let mostBytes = 64 << 20
    private static let mostStrings = 4 << 20

    /// Reads the part.
    ///
    /// - Throws: `E-WORKBOOK`, `E-EXPANDS`, `E-IO`, `E-CHANGED`.
    func read(_ part: consuming XMLPart) throws(ReadFailure) {
        var (isPhonetic, isText) = (false, false)
        while true {
            switch try part.next() {
            case .opened:
                if part.pull.depth == 1, !part.pull.isNamed("sst") { throw part.broken("no sst") }
                // Readings beside Chinese characters repeat what stands there.
                if part.pull.depth == 3 { isPhonetic = part.pull.isNamed("rPh") }
                isText = part.pull.depth > 2 && !isPhonetic && part.pull.isNamed("t")
            case .text:
                if isText { bytes.append(contentsOf: part.pull.text) }
                guard bytes.count <= SharedStrings.mostBytes else {
                    throw .expands(place: part.place, detail: "\(part.part.entry.name)")
                }
            case .closed:
                isText = false
                if part.pull.depth == 1, part.pull.isNamed("si") { try endString(part) }
            case .ended: return
            case .hungry: break
            }
        }
    }

    private func endString(_ part: borrowing XMLPart) throws(ReadFailure) {
        guard ends.count < SharedStrings.mostStrings else {
            throw .expands(place: part.place, detail: "\(part.part.entry.name)")
        }
        let start = ends.last.map(Int.init) ?? 0
        CellText.resolveEscapes(in: &bytes, from: start)
        if CellText.isFaulty(bytes[start...]) { faulty.insert(ends.count) }
        ends.append(UInt32(bytes.count))
    }

    /// The text of a number from 0; `nil` where there is none.
    func range(_ number: Int) -> Range<Int>? {
        guard ends.indices.contains(number) else { return nil }
        return (number == 0 ? 0 : Int(ends[number - 1]))..<Int(ends[number])
    }

    /// Whether a text holds what no record may hold.
    func isFaulty(_ number: Int) -> Bool { !faulty.isEmpty && faulty.contains(number) }
}
