import Foundation

/// A column's header made comparable (列名): full width, case, spaces, signs and a unit do not count.
struct ColumnName {
    /// Letters and digits of the header without its unit.
    let text: String
    /// The same with what stands in the last brackets, where that is no unit.
    let whole: String
    /// The unit in brackets or behind the name, as it is written there.
    let unit: String?

    /// - Parameter units: the units that the programme knows, folded.
    init(_ header: String, units: Set<String>) {
        let plain = ColumnName.compatible(header)
        whole = ColumnName.folded(plain)
        var rest = plain
        var unit: String?
        if let (name, bracketed) = ColumnName.bracketed(plain),
            ColumnName.isUnit(bracketed, units)
        {
            rest = name
            unit = ColumnName.bracketed(header.precomposedStringWithCompatibilityMapping)?.inner
                .trimmingCharacters(in: .whitespaces)
        }
        let folded = ColumnName.folded(rest)
        text = ColumnName.withoutUnit(folded, units)
        self.unit = unit ?? (text == folded ? nil : String(folded.dropFirst(text.count)))
    }

    /// Letters and digits alone, half-width, lower case.
    static func folded(_ text: String) -> String {
        String(compatible(text).filter { $0.isLetter || $0.isNumber })
    }

    private static func compatible(_ text: String) -> String {
        text.precomposedStringWithCompatibilityMapping.lowercased()
    }

    /// `血糖(mmol/l)` → `血糖`, `mmol/l`.
    private static func bracketed(_ text: String) -> (name: String, inner: String)? {
        let text = text.trimmingCharacters(in: .whitespaces)
        for (open, close) in [("(", ")"), ("[", "]"), ("【", "】"), ("〔", "〕")] {
            guard text.hasSuffix(close), let start = text.range(of: open, options: .backwards),
                start.lowerBound > text.startIndex
            else { continue }
            return (
                String(text[..<start.lowerBound]), String(text[start.upperBound...].dropLast())
            )
        }
        return nil
    }

    /// A unit is one that the programme knows, or has a sign that only units have.
    private static func isUnit(_ text: String, _ units: Set<String>) -> Bool {
        units.contains(folded(text)) || text.contains { "/%^×*".contains($0) }
            || spelledUnits.contains(text.filter { $0 != " " })
    }

    /// `身高cm` → `身高`: a unit in Latin letters behind another script.
    private static func withoutUnit(_ text: String, _ units: Set<String>) -> String {
        for unit in units where unit.count >= 2 && unit.allSatisfy(\.isASCII) {
            guard text.hasSuffix(unit) else { continue }
            let name = text.dropLast(unit.count)
            if let last = name.last, !last.isASCII { return String(name) }
        }
        return text
    }

    /// Units as people write them in brackets.
    private static let spelledUnits: Set<String> = [
        "岁", "周岁", "月", "天", "日", "次", "次数", "厘米", "公斤", "千克", "个", "克", "毫米", "年",
    ]

    /// `乙肝表面抗原hbsag` → `乙肝表面抗原`, `hbsag`: a name in Chinese, and Latin letters before or behind
    /// it that may say the same thing once more. Latin letters within the Chinese name stay in it.
    static func halves(of text: String) -> [(String, String)] {
        var halves: [(String, String)] = []
        let head = text.prefix(while: \.isASCII)
        let tail = text.reversed().prefix(while: \.isASCII).count
        if !head.isEmpty, head.count < text.count {
            halves.append((String(text.dropFirst(head.count)), String(head)))
        }
        if tail > 0, tail < text.count {
            halves.append((String(text.dropLast(tail)), String(text.suffix(tail))))
        }
        return halves
    }
}
