import Definitions
import Records

/// Boxes of a form that a clinic stores one by one (勾选框): each stands for a code of the field's
/// list, and has a column of its own, or a character `0` or `1` of one cell.
struct TickedBoxes: Sendable {
    /// For each box the ordinal of its code.
    let ordinals: [Int]
    /// Whether the field holds several codes; else only one box may be ticked.
    let holdsSeveral: Bool

    /// The value that the ticked boxes make, a bit each by the box's place; `nil` where two boxes
    /// of a field that holds one code are ticked.
    func value(ofTicked ticked: UInt64) -> Value? {
        if ticked == 0 { return .absent }
        if !holdsSeveral {
            return ticked.nonzeroBitCount == 1
                ? .code(ordinals[ticked.trailingZeroBitCount]) : nil
        }
        var bits: UInt64 = 0
        for (box, ordinal) in ordinals.enumerated() where ticked >> UInt64(box) & 1 == 1 {
            bits |= 1 << UInt64(ordinal)
        }
        return .codes(bits)
    }
}

extension TickedBoxes {
    /// Reads `ticks: { COLUMN: CODE, … }`.
    init(ticks section: Section, for element: Element) throws(DefinitionError) {
        var section = section
        var codes: [String] = []
        for column in section.keys { codes.append(try section.text(column)) }
        try section.finish()
        self = try TickedBoxes(codes, for: element, section, at: nil)
    }

    /// Reads `bits: [CODE, …]` beside `from`; `nil` where it is not there.
    init?(bits section: inout Section, for element: Element) throws(DefinitionError) {
        let codes = try section.texts("bits")
        guard !codes.isEmpty else { return nil }
        guard case .set = element.kind else {
            throw section.error(
                at: "bits", "“\(element.name)” 不是多选字段。", "\(element.name) is no set.")
        }
        self = try TickedBoxes(codes, for: element, section, at: "bits")
    }

    private init(
        _ codes: [String], for element: Element, _ section: Section, at key: String?
    ) throws(DefinitionError) {
        guard case .code(let list) = element.kind.asSingle else {
            throw section.error(
                at: key, "“\(element.name)” 不是代码字段。", "\(element.name) holds no code.")
        }
        var ordinals: [Int] = []
        for code in codes {
            guard let ordinal = list.ordinal(of: code), !ordinals.contains(ordinal) else {
                throw section.error(
                    at: key, "代码 \(code) 不在 \(list.name) 中，或出现两次。",
                    "The code \(code) is not in \(list.name), or stands twice.")
            }
            ordinals.append(ordinal)
        }
        guard !ordinals.isEmpty, ordinals.count <= CodeList.mostInSet else {
            throw section.error(
                at: key, "应有 1 至 \(CodeList.mostInSet) 个框。",
                "There must be 1 to \(CodeList.mostInSet) boxes.")
        }
        self.ordinals = ordinals
        if case .set = element.kind { holdsSeveral = true } else { holdsSeveral = false }
    }
}

extension ValueReading {
    /// A row's boxes, each in its own cell. Without a table of words `1` is a tick; `0` and nothing
    /// are none.
    mutating func read(
        _ rule: FieldRule, _ element: Element, box: (Int) -> UnsafeBufferPointer<UInt8>
    ) -> Value {
        guard let boxes = rule.boxes else { return .absent }
        var ticked: UInt64 = 0
        for number in boxes.ordinals.indices {
            guard let isTicked = isTicked(box(number), rule) else {
                return refuse(MappingCodes.unknownCode, element)
            }
            if isTicked { ticked |= 1 << UInt64(number) }
        }
        return boxes.value(ofTicked: ticked) ?? refuse(MappingCodes.severalBoxes, element)
    }

    private mutating func isTicked(_ bytes: UnsafeBufferPointer<UInt8>, _ rule: FieldRule) -> Bool?
    {
        cell.fold(bytes)
        if cell.bytes.isEmpty { return false }
        guard let words = rule.words else {
            return cell.bytes == [0x31] ? true : cell.bytes == [0x30] ? false : nil
        }
        return words.ordinal(of: cell.bytes).map { rule.wordTicks[$0] }
    }

    /// The folded cell as a string of `0` and `1`, one for each box: a spreadsheet that took it for
    /// a number has cut its leading zeros, and what is left says nothing.
    mutating func bits(_ boxes: TickedBoxes, _ element: Element) -> Value {
        guard cell.bytes.count == boxes.ordinals.count else {
            return refuse(MappingCodes.bitString, element)
        }
        var ticked: UInt64 = 0
        for (box, byte) in cell.bytes.enumerated() {
            guard byte == 0x30 || byte == 0x31 else {
                return refuse(MappingCodes.bitString, element)
            }
            if byte == 0x31 { ticked |= 1 << UInt64(box) }
        }
        return boxes.value(ofTicked: ticked) ?? refuse(MappingCodes.severalBoxes, element)
    }
}

extension ElementKind {
    /// A field of several codes as one of a single code: what both have is the list.
    var asSingle: ElementKind {
        if case .set(let list) = self { .code(list) } else { self }
    }
}
