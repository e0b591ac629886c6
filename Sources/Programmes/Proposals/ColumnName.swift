import Foundation

/// A column's header made comparable (列名): full width, case, spaces, signs and a unit do not count.
struct ColumnName {
    /// Letters and digits of the header without its unit.
    let text: String
    /// The same with what stands in the last brackets, where that is no unit.
    let whole: String

    /// - Parameter units: the units that the programme knows, folded.
    init(_ header: String, units: Set<String>) {
        let plain = ColumnName.compatible(header)
        whole = ColumnName.folded(plain)
        var rest = plain
        if let (name, bracketed) = ColumnName.bracketed(plain),
            ColumnName.isUnit(bracketed, units)
        {
            rest = name
        }
        text = ColumnName.withoutUnit(ColumnName.folded(rest), units)
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

    /// `乙肝表面抗原hbsag` → `乙肝表面抗原`, `hbsag`: Chinese and Latin letters that say one thing twice,
    /// in either order; `nil` where they are mixed or only of one kind.
    static func halves(of text: String) -> (chinese: String, latin: String)? {
        let isLatin = text.map(\.isASCII)
        let changes = zip(isLatin, isLatin.dropFirst()).count { $0 != $1 }
        guard changes == 1 else { return nil }
        let (chinese, latin) = (text.filter { !$0.isASCII }, text.filter(\.isASCII))
        return (chinese, latin)
    }
}
