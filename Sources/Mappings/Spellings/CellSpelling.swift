import Definitions
import Records

/// How a clinic spells one field's cells where that needs saying (写法选项); most lines of a mapping
/// say nothing and have none, so that the common way through a cell asks one question.
final class CellSpelling: Sendable {
    /// `1,5` is one and a half (小数点用逗号).
    let decimalComma: Bool
    /// Whether `<0.01` is taken as its bound, with a warning, or refused (检测限).
    let takesBounds: Bool
    let unit: UnitReading?
    /// Whether a number beside a result in words is passed over (`numbers: drop`).
    let dropsNumbers: Bool
    let bands: [ResultBand]
    /// `19+5` and its kin, in a field of days or of whole weeks (`reads: weeksAndDays`).
    let weeksAndDays: Bool

    private enum BoundChoice: String, CaseIterable { case take, refuse }
    private enum NumberChoice: String, CaseIterable { case drop, refuse }
    private enum Reading: String, CaseIterable { case weeksAndDays }

    /// The column whose cell names the unit, where there is one.
    var unitColumn: String? {
        if case .named(let column, _, _) = unit { column } else { nil }
    }

    /// Reads the keys of one line; `nil` where none of them is there.
    static func read(
        _ section: inout Section, _ element: Element,
        words open: (String) throws(DefinitionError) -> WordTable
    ) throws(DefinitionError) -> CellSpelling? {
        let spelling = try CellSpelling(&section, element, words: open)
        let isPlain =
            !spelling.decimalComma && spelling.takesBounds && spelling.unit == nil
            && !spelling.dropsNumbers && spelling.bands.isEmpty && !spelling.weeksAndDays
        return isPlain ? nil : spelling
    }

    private init(
        _ section: inout Section, _ element: Element,
        words open: (String) throws(DefinitionError) -> WordTable
    ) throws(DefinitionError) {
        let keys = Set(section.keys)
        decimalComma = try section.flag("decimalComma") ?? false
        takesBounds = try section.choice("bounds", of: BoundChoice.self) != .refuse
        unit = try UnitReading(&section, element, words: open)
        dropsNumbers = try section.choice("numbers", of: NumberChoice.self) == .drop
        bands = try ResultBand.all(&section, element)
        weeksAndDays = try section.choice("reads", of: Reading.self) == .weeksAndDays
        let isNumber = element.kind.places != nil
        for key in ["decimalComma", "bounds"] where keys.contains(key) && !isNumber {
            throw section.error(
                at: key, "“\(element.name)” 不是数值字段。", "\(element.name) is no field of numbers.")
        }
        if case .code = element.kind {
        } else if dropsNumbers {
            throw section.error(
                at: "numbers", "“\(element.name)” 不是代码字段。", "\(element.name) is no field of codes.")
        }
        guard weeksAndDays else { return }
        guard case .integer = element.kind, [nil, "d", "wk"].contains(element.unit) else {
            throw section.error(
                at: "reads", "weeksAndDays 只用于以天（d）或周（wk）计的整数字段。",
                "weeksAndDays is for whole numbers of days (d) or weeks (wk).")
        }
    }
}
