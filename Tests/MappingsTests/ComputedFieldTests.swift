import Definitions
import Mappings
import Records
import Testing

/// DOMAIN 2.6 and 3.1: fields that follow from others.
struct ComputedFieldTests {
    private func clinic() throws -> SmallClinic {
        try SmallClinic(
            [
                "field: birthDate, kind: date", "field: since, kind: date",
                "field: height, kind: decimal, places: 1, min: 0, max: 999",
                "field: weight, kind: decimal, places: 1, min: 0, max: 999",
                "field: lmp, kind: date", "field: method, kind: code, list: method",
                "field: sampleTime, kind: dateTime",
                "field: gaDays, required: true, kind: integer, min: 0, max: 310, unit: d,"
                    + " computed: { gestationalDays: { on: sampleTime, period: lmp, due: edd,"
                    + " method: method, byPeriod: [\"1\"] } }",
                "field: age, kind: integer, min: 10, max: 100,"
                    + " computed: { age: { born: birthDate, on: on } }",
                "field: ageAtEdd, required: true, kind: decimal, places: 1, min: 10, max: 60,"
                    + " computed: { ageInTenths: { born: birthDate, on: edd } }",
                "field: edd, kind: date, computed: { dueDate: { period: lmp, method: method,"
                    + " byPeriod: [\"1\"] } }",
                "field: months, kind: integer, min: 0, max: 999,"
                    + " computed: { monthsBetween: { from: since, to: on } }",
                "field: days, kind: integer, min: 0, max: 999,"
                    + " computed: { daysBetween: { from: since, to: sampleTime } }",
                "field: due, kind: date, computed: { addDays: { to: lmp, days: 280 } }",
                "field: bmi, kind: decimal, places: 1, min: 12, max: 50,"
                    + " computed: { bodyMassIndex: { height: height, weight: weight } }",
            ],
            [
                "field: woman.birthDate, from: 生日", "field: woman.since, from: 起",
                "field: woman.height, from: 身高", "field: woman.weight, from: 体重",
                "field: woman.lmp, from: 末次", "field: woman.method, from: 方法",
                "field: woman.sampleTime, from: 采血", "field: woman.edd, from: 预产期",
                "field: woman.age, from: 年龄",
            ])
    }

    @Test(arguments: [
        ("1986-03-15", "2012-03-14", "25"), ("1986-03-15", "2012-03-15", "26"),
        ("1992-02-29", "2012-02-28", "19"), ("1992-02-29", "2012-02-29", "20"),
        ("1992-02-29", "2013-02-28", "20"), ("1992-02-29", "2013-03-01", "21"),
        // Born in a year with daylight saving; a day has no hour.
        ("1988-06-01", "2012-06-01", "24"),
    ])
    func `age is in completed years on the service day`(
        _ born: String, _ on: String, _ expected: String
    ) throws {
        #expect(try clinic().read(["生日": born, "日": on])["age"] == expected)
    }

    @Test func `what the clinic wrote stays, and what cannot be read is not replaced`() throws {
        let row = ["生日": "1986-03-15", "日": "2012-03-15"]
        #expect(try clinic().read(row.merging(["年龄": "27"]) { $1 })["age"] == "27")
        #expect(try clinic().read(row.merging(["年龄": "x"]) { $1 })["age"] == "V-NUMBER!")
        #expect(try clinic().read(row.merging(["年龄": "未查"]) { $1 })["age"] == nil)
        #expect(try clinic().read(row.merging(["年龄": "/"]) { $1 })["age"] == "26")
        #expect(try clinic().read(["生日": "1986-03-15"])["age"] == nil)
        #expect(try clinic().read(["生日": "x", "日": "2012-03-15"])["age"] == nil)
    }

    @Test(arguments: [
        ("2011-09-01", "2012-03-01", "6"), ("2011-09-02", "2012-03-01", "5"),
        ("2011-08-31", "2012-02-29", "5"), ("2012-03-01", "2012-03-01", "0"),
        ("2012-03-02", "2012-03-01", ""),
    ])
    func `residence is in whole months`(_ from: String, _ to: String, _ expected: String) throws {
        // What cannot be is left empty where the field is not mandatory.
        #expect(try clinic().read(["起": from, "日": to])["months"] ?? "" == expected)
    }

    /// Worked out by hand: 60.5/1.605² = 23.486, 53.1/1.5² = 23.6, 61.2/1.6² = 23.906,
    /// 55.2/1.6² = 21.5625, 58.5/1.5² = 26, 72/1.2² = 50.
    @Test(arguments: [
        ("160.5", "60.5", "23.5"), ("150", "53.1", "23.6"), ("160", "61.2", "23.9"),
        ("160", "55.2", "21.6"), ("150", "58.5", "26.0"), ("120", "72", "50.0"),
        // 23.45 and 23.55 exactly: half up.
        ("200", "93.8", "23.5"), ("200", "94.2", "23.6"), ("200", "93.7", "23.4"),
        ("120", "72.1", nil), ("0", "60", nil), ("", "60", nil), ("160", "", nil),
    ])
    func `body mass index is rounded half up to one place`(
        _ height: String, _ weight: String, _ expected: String?
    ) throws {
        #expect(try clinic().read(["身高": height, "体重": weight])["bmi"] == expected)
    }

    /// The vectors of DOMAIN 3.1 for a last period on 2016-03-01.
    @Test(arguments: [
        ("2016-06-14", "105"), ("2016-06-13", "104"), ("2016-07-25", "146"), ("2016-07-26", "147"),
        ("2016-05-24", "84"), ("2016-05-23", "83"), ("2016-08-08", "160"), ("2016-08-09", "161"),
        ("2016-05-17", "77"), ("2016-06-06", "97"), ("2016-03-01", "0"),
        ("2016-02-29", "V-COMPUTED!"),
    ])
    func `gestational age by the last period`(_ sample: String, _ expected: String) throws {
        for method in ["1", ""] {
            let row = try clinic().read([
                "末次": "2016-03-01", "采血": sample + " 8:00", "方法": method,
            ])
            #expect(row["gaDays"] == expected)
            #expect(row["edd"] == "2016-12-06")
            #expect(row["due"] == "2016-12-06")
        }
    }

    @Test func `gestational age by ultrasound or transfer goes by the due date given`() throws {
        let row = ["末次": "2016-03-01", "采血": "2016-06-14 8:00", "方法": "2"]
        let found = try clinic().read(row.merging(["预产期": "2016-12-13"]) { $1 })
        // The due date is a week later than by the period.
        #expect(found["gaDays"] == "98" && found["edd"] == "2016-12-13")
        // Without one, nothing is guessed from the period.
        let without = try clinic().read(row)
        #expect(without["gaDays"] == nil && without["edd"] == nil && without["ageAtEdd"] == nil)
    }

    @Test(arguments: [
        ("1981-12-06", "35.0"), ("1981-12-07", "34.9"), ("1981-12-05", "35.0"),
        ("1986-12-06", "30.0"), ("1986-06-06", "30.5"), ("1986-06-07", "30.4"),
        ("1992-02-29", "24.7"), ("2016-01-01", "V-COMPUTED!"),
    ])
    func `age on the due day has tenths that are never rounded up`(
        _ born: String, _ expected: String
    ) throws {
        let found = try clinic().read(["末次": "2016-03-01", "生日": born])
        #expect(found["ageAtEdd"] == expected)
    }

    @Test func `days between a day and a time`() throws {
        let found = try clinic().read(["起": "2016-02-28", "采血": "2016-03-01 23:59"])
        #expect(found["days"] == "2")
    }

    @Test(arguments: [
        ("computed: { years: { born: on } }", "known: age, ageInTenths"),
        ("computed: { age: { born: on, on: on }, addDays: { to: on, days: 1 } }", "Exactly one"),
        ("computed: { age: { born: no, on: on } }", "no field no"),
        ("computed: { age: { born: on } }", "on is missing"),
        ("computed: { age: { born: name, on: on } }", "name is of a kind"),
        ("computed: { age: { born: on, on: on, at: on } }", "Unknown key at"),
        ("computed: { addDays: { to: on, days: 1 } }", "cannot hold"),
        ("computed: { daysBetween: { from: on, to: on } }, kind2: x", "Unknown key kind2"),
        (
            "computed: { gestationalDays: { on: on, period: on, due: on, method: idType } }",
            "byPeriod names no code"
        ),
        (
            "computed: { gestationalDays: { on: on, period: on, due: on, method: idType,"
                + " byPeriod: [\"55\"] } }", "has no 55"
        ),
    ])
    func `a wrong computation is refused`(_ key: String, _ says: String) {
        let error = #expect(throws: DefinitionError.self) {
            try SmallClinic(["field: x, kind: integer, \(key)"], [])
        }
        #expect(error?.problem.en.contains(says) == true, "\(String(describing: error))")
    }

    @Test func `a circle is refused`() {
        let error = #expect(throws: DefinitionError.self) {
            try SmallClinic(
                [
                    "field: a, kind: date, computed: { addDays: { to: b, days: 1 } }",
                    "field: b, kind: date, computed: { addDays: { to: a, days: 1 } }",
                ], [])
        }
        #expect(error?.problem.en.contains("circle") == true)
    }
}
