import Definitions
import Records

/// Reading results in words, several at once, or with a number beside them.
extension ValueReading {
    /// Several codes or words with a mark between them; one that is not known refuses the cell.
    mutating func set(_ list: CodeList, _ rule: FieldRule, _ element: Element) -> Value {
        let whole = cell.bytes
        // 无 may be an answer of the list: its words go first.
        let isWord = rule.words?.ordinal(of: whole) != nil
        if !isWord, empty.number(of: whole) != nil { return .absent }
        if !isWord, notDone.number(of: whole) != nil { return .notDone }
        if let boxes = rule.boxes { return self.bits(boxes, element) }
        var bits: UInt64 = 0
        for part in SetText.parts(of: whole) {
            let word = Array(part)
            if let words = rule.words {
                guard let number = words.ordinal(of: word) else {
                    return refuse(MappingCodes.unknownCode, element)
                }
                bits |= rule.wordBits[number]
            } else if let code = list.ordinal(of: word) {
                bits |= 1 << UInt64(code)
            } else {
                return refuse(MappingCodes.unknownCode, element)
            }
        }
        return bits == 0 ? .absent : .codes(bits)
    }

    /// A cell that no table knows as a whole: a word with a number or a sign beside it, or a number
    /// alone where the mapping says what it means.
    mutating func result(_ spelling: CellSpelling, _ rule: FieldRule, _ element: Element) -> Value {
        guard spelling.dropsNumbers || !spelling.bands.isEmpty, let text = ResultText(cell.bytes)
        else { return refuse(MappingCodes.unknownCode, element) }
        var found: Int?
        for word in text.words where found == nil { found = code(of: word, rule, element) }
        if let inner = text.second {
            let second = code(of: inner, rule, element)
            guard let found, let second else { return refuse(MappingCodes.unknownCode, element) }
            return found == second
                ? .code(found) : refuse(MappingCodes.contradiction, element)
        }
        guard let number = text.number, !spelling.bands.isEmpty else {
            return found.map { .code($0) } ?? refuse(MappingCodes.unknownCode, element)
        }
        guard found != nil || text.mayBeBare, let measured = spelling.bands.code(of: number)
        else { return refuse(MappingCodes.unknownCode, element) }
        guard found ?? measured == measured else {
            return refuse(MappingCodes.contradiction, element)
        }
        return .code(measured)
    }

    /// The ordinal of the code that a word means.
    private func code(of word: ArraySlice<UInt8>, _ rule: FieldRule, _ element: Element) -> Int? {
        guard case .code(let list) = element.kind else { return nil }
        guard let words = rule.words else { return list.ordinal(of: Array(word)) }
        return words.ordinal(of: Array(word)).flatMap { number in
            list.ordinal(of: words.words[number].code)
        }
    }
}
