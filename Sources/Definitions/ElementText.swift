package import Records

extension Element {
    /// Appends a value as the wire writes it, before escaping: UTF-8, empty for an absent value.
    ///
    /// - Parameter arena: the batch's text, where text values lie.
    package func appendText(
        of value: Value, arena: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]
    ) {
        switch value.expose() {
        case .absent, .notDone: break
        case .text(let range): bytes.append(contentsOf: arena[range])
        case .code(let code):
            if case .code(let list) = kind { bytes.append(contentsOf: list.codes[code].bytes) }
        case .integer(let number): Element.append(number, places: 0, to: &bytes)
        case .decimal(let scaled):
            if case .decimal(let places, _, _) = kind {
                Element.append(scaled, places: places, to: &bytes)
            }
        case .date(let date): date.append(to: &bytes)
        case .month(let month): bytes.append(contentsOf: month.description.utf8)
        case .flag(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        }
    }

    /// Appends a scaled number with exactly `places` decimals.
    private static func append(_ scaled: Int64, places: Int, to bytes: inout [UInt8]) {
        if scaled < 0 { bytes.append(UInt8(ascii: "-")) }
        var digits: [UInt8] = []
        var rest = scaled.magnitude
        repeat {
            digits.append(0x30 + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        while digits.count <= places { digits.append(0x30) }
        for (index, digit) in digits.enumerated().reversed() {
            bytes.append(digit)
            if index == places, places > 0 { bytes.append(UInt8(ascii: ".")) }
        }
    }
}
