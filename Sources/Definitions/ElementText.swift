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
        case .text(let range):
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: arena[range]))
        case .code(let code):
            if case .code(let list) = kind { bytes.append(contentsOf: list.codes[code].bytes) }
        case .integer(let number): Element.append(number, places: 0, to: &bytes)
        case .decimal(let scaled):
            if case .decimal(let places, _, _) = kind {
                Element.append(scaled, places: places, to: &bytes)
            }
        case .date(let date): date.append(to: &bytes)
        case .month(let month): month.append(to: &bytes)
        case .flag(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .codes(let bits):
            if case .set(let list) = kind { Element.append(bits, of: list, to: &bytes) }
        case .dateTime(let minute): minute.append(to: &bytes)
        case .risk(let risk):
            bytes.append(contentsOf: risk.comparator.sign.utf8)
            Element.append(Int64(risk.denominator), places: 0, to: &bytes)
        }
    }

    /// Appends the codes of a set with a space between, in the order of the list.
    private static func append(_ bits: UInt64, of list: CodeList, to bytes: inout [UInt8]) {
        var isFirst = true
        for (ordinal, code) in list.codes.enumerated() where bits >> UInt64(ordinal) & 1 == 1 {
            if !isFirst { bytes.append(0x20) }
            isFirst = false
            bytes.append(contentsOf: code.bytes)
        }
    }

    /// Appends a scaled number with exactly `places` decimals (at most 18).
    private static func append(_ scaled: Int64, places: Int, to bytes: inout [UInt8]) {
        var digits: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { room in
            var start = room.count
            var rest = scaled.magnitude
            var written = 0
            repeat {
                if written == places, places > 0 {
                    start -= 1
                    room[start] = UInt8(ascii: ".")
                }
                start -= 1
                room[start] = 0x30 + UInt8(rest % 10)
                rest /= 10
                written += 1
            } while rest > 0 || written <= places
            if scaled < 0 {
                start -= 1
                room[start] = UInt8(ascii: "-")
            }
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[start...]))
        }
    }
}
