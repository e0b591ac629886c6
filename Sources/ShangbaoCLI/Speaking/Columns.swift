/// A table for a terminal, aligned by what is seen, whatever the mix of scripts.
package struct Columns: Sendable {
    package enum Side: Sendable { case left, right }

    private let sides: [Side]
    private var rows: [[String]]
    private static let gap = 2

    /// - Parameter heads: title and side of each column; numbers stand on the right.
    package init(_ heads: [(title: String, side: Side)]) {
        sides = heads.map(\.side)
        rows = [heads.map(\.title)]
    }

    /// Columns without titles.
    package init(sides: [Side]) {
        self.sides = sides
        rows = []
    }

    /// - Parameter cells: as many as there are columns.
    package mutating func add(_ cells: [String]) {
        precondition(cells.count == sides.count, "a row has a cell for each column")
        rows.append(cells)
    }

    /// The lines. Where they would be wider than `width`, the last column is broken.
    package func lines(width: Int, indent: Int = 0) -> [String] {
        let widths = sides.indices.map { column in
            rows.map { DisplayWidth.of($0[column]) }.max() ?? 0
        }
        let before = widths.dropLast().reduce(indent) { $0 + $1 + Columns.gap }
        let room = max(20, width - before)
        let margin = String(repeating: " ", count: indent)
        let blank = String(repeating: " ", count: Columns.gap)
        return rows.flatMap { row -> [String] in
            var line = margin
            for column in sides.indices.dropLast() {
                line += DisplayWidth.padded(
                    row[column], to: widths[column], onLeft: sides[column] == .right)
                line += blank
            }
            guard let last = row.last, let side = sides.last, let widest = widths.last else {
                return [line]
            }
            if side == .right {
                return [
                    Columns.withoutEnd(line + DisplayWidth.padded(last, to: widest, onLeft: true))
                ]
            }
            let parts = DisplayWidth.lines(last, width: room)
            return parts.enumerated().map { number, part in
                let start = number == 0 ? line : String(repeating: " ", count: before)
                return Columns.withoutEnd(start + part)
            }
        }
    }

    private static func withoutEnd(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
