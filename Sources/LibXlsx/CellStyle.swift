/// How a cell looks (单元格格式).
package struct CellStyle: Hashable, Sendable {
    package enum Side: Hashable, Sendable { case left, center, right }

    package var side: Side
    package var isBold: Bool
    /// A thin line around it.
    package var hasBorder: Bool
    /// Long text goes on in a second line.
    package var wraps: Bool
    /// Points.
    package var size: Double
    /// How a number is shown, as spreadsheets write it, e.g. `#,##0.00`.
    package var numberFormat: String?
    /// A light grey ground, for heads.
    package var isShaded: Bool

    package init(
        _ side: Side = .left, isBold: Bool = false, hasBorder: Bool = true, wraps: Bool = true,
        size: Double = 10, numberFormat: String? = nil, isShaded: Bool = false
    ) {
        self.side = side
        self.isBold = isBold
        self.hasBorder = hasBorder
        self.wraps = wraps
        self.size = size
        self.numberFormat = numberFormat
        self.isShaded = isShaded
    }
}
