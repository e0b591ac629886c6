import Definitions
import Records

/// Turns cells into values, one after the other, with buffers that are used again.
///
/// Parse, do not validate: what comes out has its kind; what cannot be read is a finding. Each
/// group of kinds is an extension in a file of its own.
struct ValueReading {
    /// UTF-8 text of all text values so far.
    var arena: [UInt8] = []
    /// Whether the number that is read next is a resident card's, by its person's document.
    var isResidentCard = true
    let dates: [DateForm]
    let noDates: [SpelledDay]
    let empty: ByteTable
    let notDone: ByteTable
    let acceptsInvented: Bool
    /// The ordinal of the institution that served the case: its code goes into the wire's frame.
    let servingInstitution: Int
    /// Which fields name something by a number that is no quantity, by ordinal.
    let isIdentifier: [Bool]
    var cell = CellText()
    /// The unit that the row names for the number that is read next.
    private(set) var unit = CellText()
    private var finding: Finding?
    /// What stood in a cell that was refused, in the arena.
    private var refused = 0..<0

    init(_ mapping: Mapping, acceptsInvented: Bool) {
        dates = mapping.dates
        noDates = mapping.noDates
        empty = mapping.empty
        notDone = mapping.notDone
        servingInstitution = mapping.dictionary.caseFields.institution
        isIdentifier = mapping.isIdentifier
        self.acceptsInvented = acceptsInvented
    }

    /// What is said of a row that names another set of codes than its mapping's: every number in it
    /// would be read as what it does not mean.
    mutating func otherCodeSet(_ bytes: UnsafeBufferPointer<UInt8>, than codeSet: [UInt8])
        -> Finding?
    {
        cell.fold(bytes)
        return cell.bytes == codeSet
            ? nil : Finding(code: MappingCodes.codeSet.code, effect: .quarantined)
    }

    /// The finding of the last cell, once.
    mutating func takeFinding() -> Finding? {
        defer { finding = nil }
        return finding
    }

    /// Takes the cell that names the next number's unit.
    mutating func takeUnit(_ bytes: UnsafeBufferPointer<UInt8>) {
        unit.fold(bytes)
    }

    /// What stood in the last cell, in the arena, where it was refused; empty otherwise. Once.
    mutating func takeRefused() -> Range<Int> {
        defer { refused = 0..<0 }
        return refused
    }

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ rule: FieldRule, _ element: Element)
        -> Value
    {
        switch element.kind {
        case .text(let max, let isMasked):
            return text(bytes, most: max, isName: false, isMasked: isMasked, element)
        case .address(let max):
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
            let known = words.ordinal(of: cell.bytes)
            if case .division(let list) = element.kind {
                // Towns and villages are written by name or by code.
                if let known { cell.replace(with: Array(words.words[known].code.utf8)) }
                return division(list, element)
            }
            guard let word = known else {
                if let spelling = rule.spelling { return result(spelling, rule, element) }
                return refuse(MappingCodes.unknownCode, element)
            }
            return rule.wordValues[word]
        }
        if isStroke, element.isMeasured { return .notDone }
        if cell.bytes.withUnsafeBufferPointer({ empty.number(of: $0) }) != nil { return .absent }
        if cell.bytes.withUnsafeBufferPointer({ notDone.number(of: $0) }) != nil { return .notDone }
        switch element.kind {
        case .code(let list):
            if let code = list.ordinal(of: cell.bytes) { return .code(code) }
            if let spelling = rule.spelling { return result(spelling, rule, element) }
            return refuse(MappingCodes.unknownCode, element)
        case .division(let list): return division(list, element)
        case .idNumber: return isResidentCard ? idNumber(element) : documentNumber(element)
        case .phone(let landline): return phone(landline: landline, element)
        case .institution: return institution(element)
        case .integer(let least, let most):
            return number(places: 0, least, most, rule, element) { .integer($0) }
        case .decimal(let places, let least, let most):
            return number(places: places, least, most, rule, element) { .decimal($0) }
        case .date: return date(element)
        case .flag: return flag(element)
        case .dateTime: return dateTime(element)
        case .risk: return risk(element)
        case .karyotype(let most): return karyotype(most: most, element)
        case .text, .personName, .address, .month, .set: return .absent
        }
    }

    /// A stroke in the place of a result: the test was not done (未查).
    private var isStroke: Bool {
        switch cell.bytes.count {
        case 1: cell.bytes[0] == UInt8(ascii: "/") || cell.bytes[0] == UInt8(ascii: "-")
        case 2: cell.bytes == [0x2D, 0x2D]
        case 3, 6: ValueReading.strokes.contains(cell.bytes)
        default: false
        }
    }

    private static let strokes = ["—", "——", "―"].map { Array($0.utf8) }

    mutating func refuse(
        _ entry: CodeEntry, _ element: Element, as effect: FindingEffect = .quarantined
    ) -> Value {
        finding = Finding(code: entry.code, effect: effect, field: element.name)
        let start = arena.count
        arena.append(contentsOf: cell.bytes)
        refused = start..<arena.count
        return .absent
    }

    mutating func warn(_ entry: CodeEntry, _ element: Element) {
        finding = Finding(code: entry.code, effect: .warning, field: element.name)
    }

    /// Puts the cell's bytes into the arena.
    mutating func store() -> Value {
        let start = arena.count
        arena.append(contentsOf: cell.bytes)
        return .text(start..<arena.count)
    }

    private mutating func risk(_ element: Element) -> Value {
        RiskText.risk(of: cell.bytes).map { .risk($0) } ?? refuse(MappingCodes.risk, element)
    }

    private mutating func flag(_ element: Element) -> Value {
        switch cell.bytes {
        case Array("true".utf8), [0x31]: .flag(true)
        case Array("false".utf8), [0x30]: .flag(false)
        default: refuse(MappingCodes.unknownCode, element)
        }
    }
}

extension Element {
    /// Whether it is the result of a measurement; times and ages are counted, not measured.
    fileprivate var isMeasured: Bool {
        guard kind.places != nil, let unit else { return false }
        return !["a", "d", "wk", "mo", "h", "min"].contains(unit)
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
