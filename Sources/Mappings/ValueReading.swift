import Definitions
import Records

/// Turns cells into values, one after the other, with buffers that are used again.
///
/// Parse, do not validate: what comes out has its kind; what cannot be read is a finding.
struct ValueReading {
    /// UTF-8 text of all text values so far.
    var arena: [UInt8] = []
    private let dates: [DateForm]
    private let empty: ByteTable
    private let notDone: ByteTable
    private let acceptsInvented: Bool
    private var cell = CellText()
    private var finding: Finding?

    init(dates: [DateForm], empty: ByteTable, notDone: ByteTable, acceptsInvented: Bool) {
        self.dates = dates
        self.empty = empty
        self.notDone = notDone
        self.acceptsInvented = acceptsInvented
    }

    /// The finding of the last cell, once.
    mutating func takeFinding() -> Finding? {
        defer { finding = nil }
        return finding
    }

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ rule: FieldRule, _ element: Element)
        -> Value
    {
        switch element.kind {
        case .text(let max), .address(let max):
            return text(bytes, most: max, isName: false, element)
        case .personName(let max):
            return text(bytes, most: max, isName: true, element)
        default:
            break
        }
        cell.fold(bytes)
        guard !cell.bytes.isEmpty else { return .absent }
        if case .set(let list) = element.kind { return set(list, rule, element) }
        if let words = rule.words {
            guard let word = words.ordinal(of: cell.bytes) else {
                return refuse(MappingCodes.unknownCode, element)
            }
            return rule.wordValues[word]
        }
        if cell.bytes.withUnsafeBufferPointer({ empty.number(of: $0) }) != nil { return .absent }
        if cell.bytes.withUnsafeBufferPointer({ notDone.number(of: $0) }) != nil { return .notDone }
        switch element.kind {
        case .code(let list):
            return list.ordinal(of: cell.bytes).map { .code($0) }
                ?? refuse(MappingCodes.unknownCode, element)
        case .division(let list): return division(list, element)
        case .idNumber: return idNumber(element)
        case .phone: return phone(element)
        case .institution: return institution(element)
        case .integer(let least, let most):
            return number(places: 0, least, most, element) { .integer($0) }
        case .decimal(let places, let least, let most):
            return number(places: places, least, most, element) { .decimal($0) }
        case .date: return date(element)
        case .flag: return flag(element)
        case .dateTime: return dateTime(element)
        case .risk: return risk(element)
        case .text, .personName, .address, .month, .set: return .absent
        }
    }

    private mutating func refuse(_ entry: CodeEntry, _ element: Element) -> Value {
        finding = Finding(code: entry.code, effect: .quarantined, field: element.name)
        return .absent
    }

    private mutating func warn(_ entry: CodeEntry, _ element: Element) {
        finding = Finding(code: entry.code, effect: .warning, field: element.name)
    }

    /// Puts the cell's bytes into the arena.
    private mutating func store() -> Value {
        let start = arena.count
        arena.append(contentsOf: cell.bytes)
        return .text(start..<arena.count)
    }

    private mutating func text(
        _ bytes: UnsafeBufferPointer<UInt8>, most: Int, isName: Bool, _ element: Element
    ) -> Value {
        cell.compose(bytes, isName: isName)
        guard !cell.bytes.isEmpty,
            cell.bytes.withUnsafeBufferPointer({ empty.number(of: $0) }) == nil
        else { return .absent }
        var scalars = 0
        for byte in cell.bytes {
            if byte < 0x20 || byte == 0x7F { return refuse(MappingCodes.controlCharacter, element) }
            if byte & 0xC0 != 0x80 { scalars += 1 }
        }
        guard scalars <= most else { return refuse(MappingCodes.tooLong, element) }
        return store()
    }

    /// GB 11643 in its normal form (PRIVACY 3.3): no spaces or hyphens, upper case, 18 characters.
    private mutating func idNumber(_ element: Element) -> Value {
        if cell.bytes.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "+") }) {
            return refuse(MappingCodes.excelNumber, element)
        }
        let wasFolded = cell.wasFolded
        cell.dropSeparators()
        let wasLower = cell.upperCase()
        let digits = cell.bytes.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        if cell.bytes.count == 15, digits {
            cell.replace(with: IDNumber.upgraded(cell.bytes))
            guard IDNumber.isValid(cell.bytes, acceptsInvented: acceptsInvented) else {
                return refuse(MappingCodes.idNumber, element)
            }
            warn(MappingCodes.upgradedIDNumber, element)
            return store()
        }
        guard IDNumber.isValid(cell.bytes, acceptsInvented: acceptsInvented) else {
            // Excel keeps fifteen digits of a number and writes zeros for the rest.
            let cut =
                cell.bytes.count == 18 && digits && cell.bytes.suffix(3).allSatisfy { $0 == 0x30 }
            return refuse(cut ? MappingCodes.excelNumber : MappingCodes.idNumber, element)
        }
        if wasFolded || wasLower { warn(MappingCodes.respelledIDNumber, element) }
        return store()
    }

    private mutating func phone(_ element: Element) -> Value {
        cell.dropSeparators()
        for prefix in ["+86", "0086"] where cell.bytes.starts(with: prefix.utf8) {
            cell.replace(with: Array(cell.bytes.dropFirst(prefix.utf8.count)))
        }
        let bytes = cell.bytes
        guard bytes.count == 11, bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), bytes[0] == 0x31,
            bytes[1] >= 0x33 || (acceptsInvented && bytes.starts(with: "120".utf8))
        else { return refuse(MappingCodes.phone, element) }
        return store()
    }

    private mutating func institution(_ element: Element) -> Value {
        cell.dropSeparators()
        _ = cell.upperCase()
        guard InstitutionCode.isValid(cell.bytes) else {
            return refuse(MappingCodes.institution, element)
        }
        return store()
    }

    /// 6, 9 or 12 digits whose first six the list knows.
    private mutating func division(_ list: CodeList, _ element: Element) -> Value {
        let bytes = cell.bytes
        guard [6, 9, 12].contains(bytes.count), bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            list.ordinal(of: bytes) ?? list.ordinal(of: Array(bytes[0..<6])) != nil
        else { return refuse(MappingCodes.division, element) }
        return store()
    }

    private mutating func date(_ element: Element) -> Value {
        for form in dates {
            if let day = form.date(of: cell.bytes) { return .date(day) }
        }
        return refuse(MappingCodes.date, element)
    }

    /// A day with a time behind it, `8:00` or `08:00:00`; a day alone is midnight.
    private mutating func dateTime(_ element: Element) -> Value {
        let bytes = cell.bytes
        let gap = bytes.firstIndex { $0 == 0x20 || $0 == UInt8(ascii: "T") } ?? bytes.endIndex
        let day = Array(bytes[..<gap])
        for form in dates {
            guard let date = form.date(of: day) else { continue }
            guard gap < bytes.endIndex else {
                return .dateTime(CalendarMinute(day: date, minuteOfDay: 0))
            }
            guard let minute = ClockTime.minuteOfDay(bytes[(gap + 1)...]) else { break }
            return .dateTime(CalendarMinute(day: date, minuteOfDay: minute))
        }
        return refuse(MappingCodes.date, element)
    }

    private mutating func risk(_ element: Element) -> Value {
        RiskText.risk(of: cell.bytes).map { .risk($0) } ?? refuse(MappingCodes.risk, element)
    }

    /// Several codes or words with a mark between them; one that is not known refuses the cell.
    private mutating func set(_ list: CodeList, _ rule: FieldRule, _ element: Element) -> Value {
        let whole = cell.bytes
        // 无 may be an answer of the list: its words go first.
        let isWord = rule.words?.ordinal(of: whole) != nil
        if !isWord, empty.number(of: whole) != nil { return .absent }
        if !isWord, notDone.number(of: whole) != nil { return .notDone }
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

    private mutating func flag(_ element: Element) -> Value {
        switch cell.bytes {
        case Array("true".utf8), [0x31]: .flag(true)
        case Array("false".utf8), [0x30]: .flag(false)
        default: refuse(MappingCodes.unknownCode, element)
        }
    }

    /// A plain decimal number, exact; more places than the field has are refused unless zero.
    private mutating func number(
        places: Int, _ least: Int64, _ most: Int64, _ element: Element, _ make: (Int64) -> Value
    ) -> Value {
        var scaled: Int64 = 0
        var fraction: Int?
        var digits = 0
        let isNegative = least < 0 && cell.bytes.first == UInt8(ascii: "-")
        for byte in isNegative ? cell.bytes.dropFirst() : cell.bytes[...] {
            if byte == UInt8(ascii: "."), fraction == nil, digits > 0 {
                fraction = 0
                continue
            }
            guard byte >= 0x30, byte <= 0x39, digits < 15 else {
                return refuse(MappingCodes.number, element)
            }
            if let already = fraction {
                if already == places {
                    guard byte == 0x30 else { return refuse(MappingCodes.places, element) }
                    continue
                }
                fraction = already + 1
            }
            scaled = scaled * 10 + Int64(byte - 0x30)
            digits += 1
        }
        guard digits > 0, cell.bytes.last != UInt8(ascii: ".") else {
            return refuse(MappingCodes.number, element)
        }
        for _ in (fraction ?? 0)..<places { scaled *= 10 }
        if isNegative { scaled = -scaled }
        guard scaled >= least, scaled <= most else { return refuse(MappingCodes.range, element) }
        return make(scaled)
    }
}

extension CodeList {
    /// The ordinal of a code given as bytes.
    func ordinal(of bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBufferPointer { ordinal(of: $0) }
    }
}

extension ByteTable {
    /// The number of a key given as bytes.
    func number(of key: [UInt8]) -> Int? {
        key.withUnsafeBufferPointer { number(of: $0) }
    }
}
