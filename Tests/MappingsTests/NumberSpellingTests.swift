import Definitions
import Mappings
import Records
import Testing

/// DOMAIN 5.3, numbers: bounds, commas, a spreadsheet's notation, units and their factors.
struct NumberSpellingTests {
    private static let decimal = "field: value, kind: decimal, places: 2, min: \"-50\", max: 9999"

    private func clinic(
        _ keys: String = "", field: String = decimal, unit: String? = nil
    ) throws -> SmallClinic {
        try SmallClinic(
            [field + (unit.map { ", unit: \($0)" } ?? "")],
            ["field: woman.value, from: 值" + (keys.isEmpty ? "" : ", " + keys)])
    }

    @Test(arguments: [
        ("0.01", "0.01"), ("<0.01", "0.01 V-BOUND"), (">100", "100.00 V-BOUND"),
        ("＜０．０１", "0.01 V-BOUND"), ("≤0.5", "0.50 V-BOUND"), (">=2", "2.00 V-BOUND"),
        ("< 0.01", "0.01 V-BOUND"), ("<0.001", "V-PLACES!"), (">10000", "V-RANGE!"),
        ("<", "V-NUMBER!"), ("<<1", "V-NUMBER!"), ("-1.5", "-1.50"), ("<-1.5", "-1.50 V-BOUND"),
        ("1.2E3", "1200.00 V-SCIENTIFIC"), ("1.20E+03", "1200.00 V-SCIENTIFIC"),
        ("5e0", "5.00 V-SCIENTIFIC"), ("1.23E1", "V-SCIENTIFIC!"), ("5E-1", "V-SCIENTIFIC!"),
        ("1E99", "V-SCIENTIFIC!"), ("1E", "V-NUMBER!"), ("E3", "V-NUMBER!"),
        ("1,5", "V-COMMA!"), ("1，5", "V-COMMA!"), ("1,500", "V-COMMA!"),
        ("1,500.00", "V-COMMA!"), (",5", "V-NUMBER!"), ("a,5", "V-NUMBER!"),
        ("５．１２", "5.12"), ("5.120", "5.12"), ("5.123", "V-PLACES!"), ("/", ""), ("", ""),
    ])
    func `numbers without options`(_ cell: String, _ expected: String) throws {
        #expect(try clinic().read("值", cell, as: "value") == expected)
    }

    @Test(arguments: [
        ("1,5", "1.50"), ("1，5", "1.50"), ("15", "15.00"), ("1.5", "V-NUMBER!"),
        ("1,5,0", "V-COMMA!"), ("1.500,5", "V-COMMA!"), ("<0,5", "0.50 V-BOUND"),
    ])
    func `a comma is a decimal point where the mapping says so`(_ cell: String, _ expected: String)
        throws
    {
        #expect(try clinic("decimalComma: true").read("值", cell, as: "value") == expected)
    }

    @Test(arguments: [("<0.01", "V-BOUND!"), (">100", "V-BOUND!"), ("0.01", "0.01")])
    func `bounds are refused where the mapping says so`(_ cell: String, _ expected: String) throws {
        #expect(try clinic("bounds: refuse").read("值", cell, as: "value") == expected)
        #expect(try clinic("bounds: take").read("值", "<0.01", as: "value") == "0.01 V-BOUND")
    }

    /// The factors of DOMAIN 3.1 and 5.5: glucose ÷18, creatinine ×88.4, Hb ×10, uE3 ×3.467,
    /// AFP ×1.21. Each result was worked out by hand.
    @Test(arguments: [
        ("mmol/L", "mg/dL", "divide: \"18.0\", places: 2", "92", "5.11"),
        ("mmol/L", "mg/dL", "divide: \"18.0\", places: 2", "90", "5.00"),
        ("mmol/L", "mg/dl", "divide: \"18.0\", places: 1", "92", "5.10"),
        ("mmol/L", "mg/dL", "divide: \"18.0\"", "93.6", "5.20"),
        ("umol/L", "mg/dL", "multiply: \"88.4\", places: 1", "0.7", "61.90"),
        ("umol/L", "mg/dL", "multiply: \"88.4\", places: 0", "0.625", "55.00"),
        ("g/L", "g/dL", "multiply: \"10\"", "12.8", "128.00"),
        ("nmol/L", "ng/mL", "multiply: \"3.467\", places: 2", "1.5", "5.20"),
        ("ng/mL", "IU/mL", "multiply: \"1.21\", places: 2", "30.5", "36.91"),
        ("ng/mL", "U/mL", "multiply: \"1.21\", places: 2", "-30.5", "-36.91"),
        // Halves go away from zero: 0.25 × 10 = 2.5.
        ("g/L", "g/dL", "multiply: \"10\", places: 0", "0.25", "3.00"),
        ("g/L", "g/dL", "multiply: \"10\", places: 0", "-0.25", "-3.00"),
        ("g/L", "g/dL", "multiply: \"10\", places: 0", "0.249", "2.00"),
        ("mmol/L", "mg/dL", "divide: \"18.0\", places: 2", "<18", "1.00 V-BOUND"),
        ("g/L", "g/dL", "multiply: \"10\"", "1200", "V-RANGE!"),
    ])
    func `a column in another unit is converted exactly`(
        _ own: String, _ unit: String, _ convert: String, _ cell: String, _ expected: String
    ) throws {
        let clinic = try clinic("unit: \(unit), convert: { \(convert) }", unit: own)
        #expect(try clinic.read("值", cell, as: "value") == expected)
    }

    @Test(arguments: [
        ("uIU/mL", "2.13"), ("μIU/mL", "2.13"), ("µIU/ml", "2.13"), ("mIU/L", "2.13"),
        ("ulU/ml", "2.13"), ("ｕＩＵ/ｍＬ", "2.13"), (" uIU/mL ", "2.13"), ("ng/mL", "V-UNIT!"),
        ("pmol/L", "V-UNIT!"), ("", "V-UNIT!"), ("UIU", "V-UNIT!"),
    ])
    func `every spelling of a unit is known, and no other unit is`(
        _ unit: String, _ expected: String
    ) throws {
        let clinic = try SmallClinic(
            [NumberSpellingTests.decimal + ", unit: uIU/mL"],
            ["field: woman.value, from: 结果, unitFrom: 单位"])
        #expect(try clinic.read(["结果": "2.13", "单位": unit])["value"] == expected)
        #expect(try clinic.read(["结果": "", "单位": unit])["value"] == nil)
    }

    @Test(arguments: [
        ("5.12", "mmol/L", "5.12"), ("92", "mg/dL", "5.1"), ("92", "MG/DL", "5.1"),
        ("92", "g/L", "V-UNIT!"), ("1.2E2", "mg/dL", "6.7 V-SCIENTIFIC"),
    ])
    func `a row names its own unit`(_ value: String, _ unit: String, _ expected: String) throws {
        let clinic = try SmallClinic(
            [NumberSpellingTests.decimal + ", unit: mmol/L"],
            [
                "field: woman.value, from: 结果, unitFrom: 单位,"
                    + " units: [ { unit: mg/dL, divide: \"18.0\", places: 1 } ]"
            ])
        let found = try clinic.read(["结果": value, "单位": unit])["value"]
        // The field has two places; what was rounded to one ends in zero.
        #expect(found == (unit.lowercased() == "mg/dl" ? expected.withZero : expected))
    }

    @Test func `the column of units must be in the file where its numbers are`() throws {
        let mapping = try SmallClinic(
            [NumberSpellingTests.decimal + ", unit: g/L"],
            ["field: woman.value, from: 结果, unitFrom: 单位, optional: true"]
        ).mapping
        #expect(throws: Never.self) { try mapping.bound(to: ["名", "日"], acceptsInvented: true) }
        #expect(throws: (any Error).self) {
            try mapping.bound(to: ["名", "日", "结果"], acceptsInvented: true)
        }
    }

    @Test(arguments: [
        ("unit: mg/dL", "needs convert"), ("convert: { multiply: 2 }", "convert needs unit"),
        ("units: [ { unit: g/L } ]", "units needs unitFrom"),
        ("unit: mmol/L, convert: { multiply: 2 }", "the unit is not the field's"),
        ("unit: mg/dL, convert: { multiply: 2, divide: 2 }", "Only one of multiply"),
        ("unit: mg/dL, convert: { multiply: 0 }", "A factor is positive"),
        ("unit: mg/dL, convert: { multiply: x }", "A factor is positive"),
        ("unit: mg/dL, convert: { multiply: 2, places: 3 }", "at most 2 decimals"),
        ("unit: mg/dL, convert: { places: 1 }", "places needs multiply"),
        ("unit: mg/dL, convert: { multiply: 2, by: 3 }", "Unknown key by"),
        ("unit: mg/dL, unitFrom: 单位", "Either unit"),
        ("unitFrom: 单位, units: [ { unit: mg/dL } ]", "every other has one"),
        ("unitFrom: 单位, units: [ { unit: mmol/l, multiply: 2 } ]", "every other has one"),
        (
            "unitFrom: 单位, units: [ { unit: mg/dL, divide: 18 }, { unit: mg/dl, divide: 18 } ]",
            "stands twice"
        ),
        ("bounds: keep", "must be one of: take, refuse"), ("numbers: drop", "no field of codes"),
        ("reads: weeksAndDays", "whole numbers of days"),
        ("bands: [ { code: NEG } ]", "has no NEG"),
    ])
    func `a wrong option is refused`(_ keys: String, _ says: String) throws {
        let error = #expect(throws: DefinitionError.self) { try clinic(keys, unit: "mmol/L") }
        #expect(error?.problem.en.contains(says) == true, "\(String(describing: error))")
    }

    @Test(arguments: ["decimalComma: true", "bounds: take", "unit: g/L"])
    func `options of numbers stand in fields of numbers only`(_ keys: String) throws {
        let error = #expect(throws: DefinitionError.self) {
            try clinic(keys, field: "field: value, kind: date")
        }
        #expect(error?.problem.en.contains("no field of numbers") == true)
    }
}

extension String {
    /// The number with a zero behind its decimals, whatever follows.
    fileprivate var withZero: String {
        guard first?.isNumber == true else { return self }
        let parts = split(separator: " ", maxSplits: 1)
        return ([parts[0] + "0"] + parts.dropFirst()).joined(separator: " ")
    }
}
