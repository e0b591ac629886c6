import Definitions
import Records

/// In which unit a field's numbers stand: in one for the whole column, or in the one that another
/// column names on every row, as laboratory systems export them.
enum UnitReading: Sendable {
    /// `nil`: the numbers are in the field's unit already.
    case same(UnitConversion?)
    /// The header of the column that names it, and for each spelling what to do.
    case named(column: String, ByteTable, [UnitConversion?])

    /// Reads `unit` with `convert`, or `unitFrom` with `units`; `nil` where none of them is there.
    init?(
        _ section: inout Section, _ element: Element,
        words open: (String) throws(DefinitionError) -> WordTable
    ) throws(DefinitionError) {
        let unit = try section.optionalText("unit")
        let column = try section.optionalText("unitFrom")
        let convert = try section.optionalSection("convert")
        let table = try section.sections("units")
        guard unit != nil || column != nil else {
            guard convert == nil, table.isEmpty else {
                throw section.error(
                    "convert 要写 unit，units 要写 unitFrom。",
                    "convert needs unit, and units needs unitFrom.")
            }
            return nil
        }
        guard let places = element.kind.places else {
            throw section.error(
                "“\(element.name)” 不是数值字段。", "\(element.name) is no field of numbers.")
        }
        guard unit == nil || column == nil, column == nil || convert == nil,
            unit == nil || table.isEmpty
        else {
            throw section.error(
                "unit（配 convert）与 unitFrom（配 units）只能选一种。",
                "Either unit with convert, or unitFrom with units.")
        }
        let names = UnitNames(try open(UnitNames.table))
        if let column {
            self = try UnitReading.named(column, table, element, places, names, section)
        } else {
            self = try UnitReading.same(unit ?? "", convert, element, places, names, section)
        }
    }

    private static func same(
        _ unit: String, _ convert: Section?, _ element: Element, _ places: Int,
        _ names: UnitNames, _ section: Section
    ) throws(DefinitionError) -> UnitReading {
        let isOwn = element.unit.map { names.name(of: $0) } == names.name(of: unit)
        guard var convert else {
            guard isOwn else {
                throw section.error(
                    at: "unit", "单位与字段的不同，要写 convert。",
                    "This is not the field's unit: it needs convert.")
            }
            return .same(nil)
        }
        let conversion = try UnitConversion(&convert, fieldPlaces: places)
        try convert.finish()
        guard !isOwn, conversion != nil else {
            throw section.error(
                at: "convert", "convert 应有 multiply 或 divide，且单位与字段的不同。",
                "convert has multiply or divide, and the unit is not the field's.")
        }
        return .same(conversion)
    }

    private static func named(
        _ column: String, _ table: [Section], _ element: Element, _ places: Int,
        _ names: UnitNames, _ section: Section
    ) throws(DefinitionError) -> UnitReading {
        var keys: [(key: [UInt8], number: Int)] = []
        var conversions: [UnitConversion?] = []
        var known: Set<String> = []
        for var line in table {
            let unit = try line.text("unit")
            let name = names.name(of: unit)
            guard known.insert(name).inserted else {
                throw line.error(at: "unit", "单位出现两次。", "The unit stands twice.")
            }
            let conversion = try UnitConversion(&line, fieldPlaces: places)
            try line.finish()
            let isOwn = element.unit.map { names.name(of: $0) } == name
            guard isOwn == (conversion == nil) else {
                throw line.error(
                    at: "unit", "字段自己的单位不写系数，其他单位要写。",
                    "The field's own unit has no factor; every other has one.")
            }
            keys += names.spellings(of: unit).map { ($0, conversions.count) }
            conversions.append(conversion)
        }
        if let own = element.unit, !known.contains(names.name(of: own)) {
            keys += names.spellings(of: own).map { ($0, conversions.count) }
            conversions.append(nil)
        }
        guard !conversions.isEmpty else {
            throw section.error("“units” 至少要有一个单位。", "units needs at least one unit.")
        }
        return .named(column: column, ByteTable(keys), conversions)
    }
}

extension FieldRule {
    /// How this line's file brings a unit to the field's own, as a mapping would write it:
    /// `divide: "18.0", places: 2`; `nil` where it says nothing of that unit.
    package func conversion(from unit: String) -> String? {
        guard case .named(_, let units, let conversions) = spelling?.unit else { return nil }
        var cell = CellText()
        cell.fold(unit)
        return cell.bytes.withUnsafeBufferPointer { units.number(of: $0) }
            .flatMap { conversions[$0]?.text }
    }
}

extension ElementKind {
    /// Whether the field holds a number.
    package var isNumber: Bool { places != nil }

    /// Decimals of a field of numbers; `nil` for other kinds.
    var places: Int? {
        switch self {
        case .integer: 0
        case .decimal(let places, _, _): places
        default: nil
        }
    }
}
