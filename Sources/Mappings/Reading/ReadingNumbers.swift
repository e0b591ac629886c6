import Definitions
import Records

/// Reading numbers: the plain spelling first, every other by `WrittenNumber`.
extension ValueReading {
    /// A plain decimal number, exact; more places than the field has are refused unless zero.
    mutating func number(
        places: Int, _ least: Int64, _ most: Int64, _ rule: FieldRule, _ element: Element,
        _ make: (Int64) -> Value
    ) -> Value {
        if let spelling = rule.spelling {
            return written(places, least, most, spelling, element, make)
        }
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
                return written(places, least, most, nil, element, make)
            }
            if let already = fraction {
                if already == places {
                    guard byte == 0x30 else {
                        return written(places, least, most, nil, element, make)
                    }
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
        guard scaled >= least, scaled <= most else {
            let value = refuse(MappingCodes.range, element)
            // Kept for the rules, which may see another unit in it; the finding keeps it at home.
            return abs(scaled) <= ValueReading.mostKept ? make(scaled) : value
        }
        return make(scaled)
    }

    /// Of an implausible number as much is kept as rules can reckon with.
    private static let mostKept: Int64 = 1_000_000_000

    /// A number in any spelling that is taken, in the unit that the mapping or the row names.
    private mutating func written(
        _ places: Int, _ least: Int64, _ most: Int64, _ spelling: CellSpelling?,
        _ element: Element, _ make: (Int64) -> Value
    ) -> Value {
        if spelling?.weeksAndDays == true { return weeks(least, most, element) }
        let number: WrittenNumber
        do {
            number = try WrittenNumber(
                cell.bytes[...], decimalComma: spelling?.decimalComma ?? false)
        } catch {
            switch error {
            case .notANumber: return refuse(MappingCodes.number, element)
            case .comma: return refuse(MappingCodes.comma, element)
            case .scientific: return refuse(MappingCodes.scientific, element)
            }
        }
        // A sign before a number that cannot be negative is a slip of the pen, not a range.
        guard number.digits >= 0 || least < 0 else { return refuse(MappingCodes.number, element) }
        guard number.bound == .none || spelling?.takesBounds ?? true else {
            return refuse(MappingCodes.bound, element)
        }
        let conversion: UnitConversion?
        switch spelling?.unit {
        case nil: conversion = nil
        case .same(let fixed): conversion = fixed
        case .named(_, let table, let conversions):
            guard let place = table.number(of: unit.bytes) else {
                return refuse(MappingCodes.unit, element)
            }
            conversion = conversions[place]
        }
        guard let inUnit = conversion.map({ $0.converted(number) }) ?? number else {
            return refuse(MappingCodes.range, element)
        }
        guard let scaled = inUnit.scaled(to: places) else {
            // Outside the bounds whatever its decimals say: rules may see another unit in it.
            if let whole = inUnit.cut(to: places), whole < least || whole > most {
                let value = refuse(MappingCodes.range, element)
                return abs(whole) <= ValueReading.mostKept ? make(whole) : value
            }
            return refuse(MappingCodes.places, element)
        }
        guard scaled >= least, scaled <= most else { return refuse(MappingCodes.range, element) }
        if number.bound != .none {
            warn(MappingCodes.bound, element)
        } else if number.isScientific {
            warn(MappingCodes.scientific, element)
        }
        return make(scaled)
    }

    /// Days of pregnancy, or its whole weeks where the field counts weeks.
    private mutating func weeks(_ least: Int64, _ most: Int64, _ element: Element) -> Value {
        guard let days = WeeksText.days(of: cell.bytes) else {
            return refuse(MappingCodes.weeks, element)
        }
        let number = Int64(element.unit == "wk" ? days / 7 : days)
        guard number >= least, number <= most else { return refuse(MappingCodes.range, element) }
        return .integer(number)
    }
}
