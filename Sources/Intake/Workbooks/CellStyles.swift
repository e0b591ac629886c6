internal import LibXML

/// What a number format makes of a cell's number: the number itself, or what people see as a day
/// or a time.
enum NumberMeaning: Sendable {
    case number
    /// Year, month and day.
    case date
    /// Year and month without a day: which day it was nobody said.
    case month
    /// Hours and minutes without a day.
    case time
    case dateTime
}

/// The number formats of a workbook's cells (part 1, clauses 18.8.30 and 18.8.31).
struct CellStyles: Sendable {
    private var meanings: [NumberMeaning] = [.number]

    init() {}

    /// - Parameter root: the element `styleSheet`.
    init(_ root: XMLTree.Element) {
        var codes: [Int: String] = [:]
        for format in root.child("numFmts")?.children(named: "numFmt") ?? [] {
            guard let id = format.attribute("numFmtId").flatMap({ Int($0) }) else { continue }
            codes[id] = format.attribute("formatCode")
        }
        let formats = root.child("cellXfs")?.children(named: "xf") ?? []
        guard !formats.isEmpty else { return }
        meanings = formats.map { format in
            let id = format.attribute("numFmtId").flatMap { Int($0) } ?? 0
            return codes[id].map(CellStyles.meaning(of:)) ?? CellStyles.builtIn(id)
        }
    }

    /// What the style of this number makes of a number; `nil` where there is no such style.
    func meaning(_ style: Int) -> NumberMeaning? {
        meanings.indices.contains(style) ? meanings[style] : nil
    }

    /// The formats that every program knows by number; 27 to 36 and 50 to 58 as in Chinese ones.
    static func builtIn(_ id: Int) -> NumberMeaning {
        switch id {
        case 14...16, 28...31, 51, 53, 54, 58: .date
        case 17, 27, 36, 50, 52, 57: .month
        case 18...21, 32...35, 45, 47, 55, 56: .time
        case 22: .dateTime
        default: .number
        }
    }

    /// Reads a format code: what stands in quotation marks and brackets, or behind a backslash, is
    /// shown as it is; of several sections the first is that of positive numbers.
    static func meaning(of code: String) -> NumberMeaning {
        if code.lowercased() == "general" { return .number }
        var (hasYear, hasMonth, hasDay, hasClock) = (false, false, false, false)
        var rest = code.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }[...]
        scan: while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: ";"): break scan
            case UInt8(ascii: "\\"), UInt8(ascii: "_"), UInt8(ascii: "*"): _ = rest.popFirst()
            case UInt8(ascii: "\""):
                while let inside = rest.popFirst(), inside != UInt8(ascii: "\"") {}
            case UInt8(ascii: "["):
                let inside = rest.prefix { $0 != UInt8(ascii: "]") }
                rest = rest.dropFirst(inside.count + 1)
                // Hours, minutes and seconds that passed are a length of time, no time of day.
                if let unit = inside.first, inside.allSatisfy({ $0 == unit }),
                    "hms".utf8.contains(unit)
                {
                    return .number
                }
            case UInt8(ascii: "0"), UInt8(ascii: "#"), UInt8(ascii: "?"):
                // Digits stand in a date's format only behind its seconds.
                if !hasClock { return .number }
            case UInt8(ascii: "e") where [0x2B, 0x2D].contains(rest.first): return .number
            case UInt8(ascii: "y"), UInt8(ascii: "e"): hasYear = true
            case UInt8(ascii: "m"): hasMonth = true
            case UInt8(ascii: "d"): hasDay = true
            case UInt8(ascii: "h"), UInt8(ascii: "s"): hasClock = true
            default: break
            }
        }
        if hasDay { return hasClock ? .dateTime : .date }
        if hasYear { return hasClock ? .dateTime : .month }
        if hasClock { return .time }
        // A month alone is a name such as `mmm` of a day that is not shown.
        return hasMonth ? .month : .number
    }
}
