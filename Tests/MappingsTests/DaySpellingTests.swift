import Testing

/// DOMAIN 5.3 and 3.1, days, times and weeks of pregnancy.
struct DaySpellingTests {
    private func clinic() throws -> SmallClinic {
        try SmallClinic(
            [
                "field: day, kind: date", "field: time, kind: dateTime",
                "field: days, kind: integer, min: 0, max: 300, unit: d",
                "field: weeks, kind: integer, min: 20, max: 45, unit: wk",
            ],
            [
                "field: woman.day, from: 某日", "field: woman.time, from: 某时",
                "field: woman.days, from: 孕周, reads: weeksAndDays",
                "field: woman.weeks, from: 分娩孕周, reads: weeksAndDays",
            ])
    }

    @Test(arguments: [
        ("20160301", "2016-03-01"), ("2016-03-01", "2016-03-01"), ("2016/3/1", "2016-03-01"),
        ("2016年3月1日", "2016-03-01"), ("2016.3.1", "2016-03-01"), ("42430", "2016-03-01"),
        ("42430.0", "2016-03-01"), ("４２４３０", "2016-03-01"), ("42429", "2016-02-29"),
        ("10000", "1927-05-18"), ("99999", "2173-10-13"), ("42430.5", "V-DATE!"),
        ("4243", "V-DATE!"), ("01234", "V-DATE!"), ("424300", "V-DATE!"), ("2016.03", "V-DATE!"),
        ("2016-03", "V-DATE!"), ("2016年3月", "V-DATE!"), ("2016", "V-DATE!"),
        ("2015-02-29", "V-DATE!"),
        // Days that mean that nothing was written, in every spelling.
        ("1900-01-01", ""), ("1900/1/1", ""), ("19000101", ""), ("1900-01-01 00:00:00", ""),
        ("0000-00-00", ""), ("0000-00-00 00:00:00", ""), ("00000000", ""), ("0000/0/0", ""),
        ("1900-01-02", "1900-01-02"), ("0000-00-01", "V-DATE!"),
    ])
    func `days`(_ cell: String, _ expected: String) throws {
        #expect(try clinic().read("某日", cell, as: "day") == expected)
    }

    @Test(arguments: [
        ("42430", "2016-03-01T00:00:00+08:00"), ("42430.5", "2016-03-01T12:00:00+08:00"),
        ("42430.354166667", "2016-03-01T08:30:00+08:00"),
        ("42430.9999999", "2016-03-02T00:00:00+08:00"), ("1900-01-01", ""),
        ("0000-00-00 00:00:00", ""), ("2016-3-1 8:30", "2016-03-01T08:30:00+08:00"),
        ("42430.", "V-DATE!"), ("42430.5.1", "V-DATE!"),
    ])
    func `days with times`(_ cell: String, _ expected: String) throws {
        #expect(try clinic().read("某时", cell, as: "time") == expected)
    }

    @Test(arguments: [
        ("19+5", "138"), ("19周5天", "138"), ("19w5d", "138"), ("19W+5D", "138"),
        ("19周+5天", "138"), ("19周+5", "138"), ("孕19周5天", "138"), ("19 周 5 天", "138"),
        ("１９＋５", "138"), ("19周", "133"), ("19w", "133"), ("138天", "138"), ("138d", "138"),
        ("0周6天", "6"), ("15+0", "105"), ("20+6", "146"), ("12+0", "84"), ("22+6", "160"),
        ("19+6", "139"), ("19+7", "V-WEEKS!"), ("19.5", "V-WEEKS!"), ("19.5周", "V-WEEKS!"),
        ("19", "V-WEEKS!"), ("138", "V-WEEKS!"), ("46周", "V-WEEKS!"), ("19+", "V-WEEKS!"),
        ("+5", "V-WEEKS!"), ("19-5", "V-WEEKS!"), ("19周5天余", "V-WEEKS!"), ("44周", "V-RANGE!"),
        ("/", ""), ("未查", ""),
    ])
    func `weeks and days become days`(_ cell: String, _ expected: String) throws {
        #expect(try clinic().read("孕周", cell, as: "days") == expected)
    }

    @Test(arguments: [
        ("39周", "39"), ("39+6", "39"), ("40+0", "40"), ("19+6", "V-RANGE!"), ("39", "V-WEEKS!"),
    ])
    func `a field of weeks takes the whole ones`(_ cell: String, _ expected: String) throws {
        #expect(try clinic().read("分娩孕周", cell, as: "weeks") == expected)
    }
}
