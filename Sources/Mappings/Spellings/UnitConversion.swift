import Definitions

/// From the clinic's unit to the field's (单位换算): one factor, exact, rounded half up to the places
/// that the mapping states.
struct UnitConversion: Sendable {
    /// The factor as a fraction: the value times `numerator` over `denominator`.
    private let numerator: Int128
    private let denominator: Int128
    /// Decimals of the result.
    let places: Int
    /// As the mapping writes it.
    let text: String

    private static let mostDigits = 9

    /// Reads `multiply` or `divide` with `places`; `nil` where neither is there: the unit is the
    /// field's own.
    init?(_ section: inout Section, fieldPlaces: Int) throws(DefinitionError) {
        let multiply = try section.optionalText("multiply")
        let divide = try section.optionalText("divide")
        let places = try section.integer("places")
        guard let text = multiply ?? divide else {
            guard places == nil else {
                throw section.error(
                    at: "places", "写 places 时还要写 multiply 或 divide。",
                    "places needs multiply or divide.")
            }
            return nil
        }
        guard multiply == nil || divide == nil else {
            throw section.error("multiply 与 divide 只能写一项。", "Only one of multiply and divide.")
        }
        let key = multiply == nil ? "divide" : "multiply"
        guard let factor = try? WrittenNumber(Array(text.utf8)[...], decimalComma: false),
            factor.bound == .none, factor.digits > 0, factor.places <= UnitConversion.mostDigits,
            factor.digits < 1_000_000_000_000
        else {
            throw section.error(at: key, "系数应为正数，如 “18.0”。", "A factor is positive, like 18.0.")
        }
        self.places = places ?? fieldPlaces
        guard (0...fieldPlaces).contains(self.places) else {
            throw section.error(
                at: "places", "该字段最多 \(fieldPlaces) 位小数。",
                "The field has at most \(fieldPlaces) decimals.")
        }
        let scale = WrittenNumber.power(factor.places)
        self.text = "\(key): \"\(text)\", places: \(self.places)"
        numerator = multiply == nil ? scale : Int128(factor.digits)
        denominator = multiply == nil ? Int128(factor.digits) : scale
    }

    /// The number in the field's unit; halves go away from zero.
    func converted(_ number: WrittenNumber) -> WrittenNumber? {
        let top = Int128(number.digits) * numerator * WrittenNumber.power(places)
        let bottom = denominator * WrittenNumber.power(number.places)
        let rounded = (2 * top.magnitude + bottom.magnitude) / (2 * bottom.magnitude)
        guard let digits = Int64(exactly: rounded) else { return nil }
        var result = number
        result.digits = top < 0 ? -digits : digits
        result.places = places
        return result
    }
}
