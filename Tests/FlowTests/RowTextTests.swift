import Flow
import Records
import Testing

/// Kept rows are read again beside one another, whatever each of them is.
struct RowTextTests {
    private func bytes(_ cells: String...) -> [UInt8] {
        Array(cells.joined(separator: "\u{1F}").utf8)
    }

    private func text(_ batch: SourceBatch, _ row: Int, _ column: Int) -> String {
        String(decoding: batch.bytes[batch.cell(row: row, column: column)], as: UTF8.self)
    }

    /// A row that nobody could read was kept as raw bytes: wherever it stands among others, it is
    /// unreadable, and the others are what they are.
    @Test(arguments: 0..<3)
    func `A row with another number of cells is unreadable, and the others are not`(_ place: Int) {
        var rows = [(number: 2, bytes: bytes("a", "b")), (number: 3, bytes: bytes("c", "d"))]
        rows.insert((number: 9, bytes: Array("e,f,g".utf8)), at: place)
        let batch = RowText.batch(of: rows, columns: 2)
        #expect(batch.places.map(\.row) == [2, 3] && batch.columnCount == 2)
        #expect((0..<2).map { text(batch, $0, 0) + text(batch, $0, 1) } == ["ab", "cd"])
        #expect(batch.unreadable.map(\.place.row) == [9])
        #expect(batch.unreadable.map(\.finding.code) == ["V-COLUMNS"])
        #expect(batch.unreadable.map(\.finding.effect) == [.quarantined])
    }

    @Test func `What ails a cell stays with its row when one before it is unreadable`() {
        let batch = RowText.batch(
            of: [
                (number: 2, bytes: bytes("a")), (number: 3, bytes: bytes("c", "#REF!\u{1E}V-CELL")),
            ], columns: 2)
        #expect(batch.spoiled.map(\.row) == [0] && batch.spoiled.map(\.column) == [1])
        #expect(batch.spoiled.map(\.code) == ["V-CELL"])
    }
}
