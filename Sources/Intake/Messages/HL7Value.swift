internal import Records

/// Where a value stands within its segment, and how it is read.
struct HL7Value {
    let field: Int
    var repetition = HL7Path.Repetition.unsaid
    var component: Int?
    var subcomponent: Int?

    init(field: Int, component: Int) {
        self.field = field
        self.component = component
    }

    init(field: Int, repetition: HL7Path.Repetition, component: Int) {
        self.field = field
        self.repetition = repetition
        self.component = component
    }

    init(_ path: HL7Path) {
        field = path.field
        repetition = path.repetition
        component = path.component
        subcomponent = path.subcomponent
    }

    /// The value as it stands, still escaped; `nil` where the segment has none.
    ///
    /// - Parameter isHeader: of MSH, FHS and BHS the first field is the separator itself.
    func range(
        in text: [UInt8], _ segment: Range<Int>, isHeader: Bool, _ marks: HL7Marks
    ) -> Range<Int>? {
        if isHeader, field == 1 { return segment.lowerBound + 3..<segment.lowerBound + 4 }
        guard
            let whole = HL7Value.part(
                field + (isHeader ? 0 : 1), of: segment, in: text, by: marks.field)
        else { return nil }
        // What parts the values is not parted itself.
        if isHeader, field == 2 { return whole }
        guard let repeated = repeated(in: text, whole, marks) else { return nil }
        guard let component else {
            return HL7Value.trimmed(repeated, in: text, of: marks.component)
        }
        guard let found = HL7Value.part(component, of: repeated, in: text, by: marks.component)
        else { return nil }
        guard let mark = marks.subcomponent else { return subcomponent ?? 1 == 1 ? found : nil }
        guard let subcomponent else { return HL7Value.trimmed(found, in: text, of: mark) }
        return HL7Value.part(subcomponent, of: found, in: text, by: mark)
    }

    private func repeated(
        in text: [UInt8], _ whole: Range<Int>, _ marks: HL7Marks
    ) -> Range<Int>? {
        switch repetition {
        case .unsaid:
            component == nil
                ? HL7Value.trimmed(whole, in: text, of: marks.repetition)
                : HL7Value.part(1, of: whole, in: text, by: marks.repetition)
        case .number(let number):
            HL7Value.part(number, of: whole, in: text, by: marks.repetition)
        case .identifier(let type):
            identified(type, in: text, whole, marks)
        }
    }

    private func identified(
        _ type: String, in text: [UInt8], _ whole: Range<Int>, _ marks: HL7Marks
    ) -> Range<Int>? {
        var number = 1
        while let part = HL7Value.part(number, of: whole, in: text, by: marks.repetition) {
            if let found = HL7Value.part(5, of: part, in: text, by: marks.component),
                text[found].elementsEqual(type.utf8)
            {
                return part
            }
            number += 1
        }
        return nil
    }

    /// The part of this number, from 1.
    private static func part(
        _ number: Int, of range: Range<Int>, in text: [UInt8], by mark: UInt8
    ) -> Range<Int>? {
        var start = range.lowerBound
        for _ in 1..<number {
            guard let next = text[start..<range.upperBound].firstIndex(of: mark) else { return nil }
            start = next + 1
        }
        let end = text[start..<range.upperBound].firstIndex(of: mark) ?? range.upperBound
        return start..<end
    }

    /// Marks at the end part nothing from nothing (section 2.5.3).
    private static func trimmed(_ range: Range<Int>, in text: [UInt8], of mark: UInt8) -> Range<Int>
    {
        var end = range.upperBound
        while end > range.lowerBound, text[end - 1] == mark { end -= 1 }
        return range.lowerBound..<end
    }
}

/// Takes back what was escaped in a value (HL7 2.5.1, section 2.7).
enum HL7Escape {
    /// Appends a value as people wrote it; the explicit nothing `""` is appended as nothing.
    ///
    /// - Returns: `false` where an escape is not known, or stands for bytes that are no text: the
    ///   value is appended as it stands then.
    /// - Throws: `E-IO`, see `HL7Charset`.
    static func append(
        _ value: ArraySlice<UInt8>, of message: HL7Message, to cells: inout [UInt8]
    ) throws(ReadFailure) -> Bool {
        guard let mark = message.marks.escape, let first = value.firstIndex(of: mark) else {
            if !value.elementsEqual("\"\"".utf8) { cells.append(contentsOf: value) }
            return true
        }
        let before = cells.count
        cells.append(contentsOf: value[..<first])
        var rest = value[first...]
        while let byte = rest.popFirst() {
            guard byte == mark, let end = rest.firstIndex(of: mark) else {
                cells.append(byte)
                continue
            }
            guard let text = try meaning(of: rest[..<end], in: message) else {
                cells.removeSubrange(before...)
                cells.append(contentsOf: value)
                return false
            }
            cells.append(contentsOf: text)
            rest = rest[(end + 1)...]
        }
        return true
    }

    private static func meaning(
        of escape: ArraySlice<UInt8>, in message: HL7Message
    ) throws(ReadFailure) -> [UInt8]? {
        let marks = message.marks
        guard let first = escape.first else { return nil }
        if escape.count == 1 {
            switch first {
            case UInt8(ascii: "F"): return [marks.field]
            case UInt8(ascii: "S"): return [marks.component]
            case UInt8(ascii: "R"): return [marks.repetition]
            case UInt8(ascii: "T"): return marks.subcomponent.map { [$0] } ?? []
            case UInt8(ascii: "E"): return marks.escape.map { [$0] } ?? []
            // Highlighting begins and ends.
            case UInt8(ascii: "H"), UInt8(ascii: "N"): return []
            default: return nil
            }
        }
        switch first {
        case UInt8(ascii: "X"):
            guard let bytes = hexadecimal(escape.dropFirst()) else { return nil }
            return try message.charset.decoded(bytes[...])
        case UInt8(ascii: "."): return formatting(escape.dropFirst())
        default: return nil
        }
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        let values = digits.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard values.count == digits.count else { return nil }
        return stride(from: 0, to: values.count, by: 2).map {
            UInt8(values[$0] << 4 | values[$0 + 1])
        }
    }

    /// Commands of formatted text: a line break is kept, what only moves text about is not.
    private static func formatting(_ command: ArraySlice<UInt8>) -> [UInt8]? {
        switch String(decoding: command.prefix(2), as: UTF8.self) {
        case "br", "sp", "ce": [0x0A]
        case "sk": [0x20]
        case "fi", "nf", "in", "ti": []
        default: nil
        }
    }
}
