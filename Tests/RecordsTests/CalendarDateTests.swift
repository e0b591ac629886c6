import Foundation
import Records
import Testing

struct CalendarDateTests {
    private func day(_ text: String) throws -> CalendarDate {
        try #require(CalendarDate(iso: text))
    }

    /// Days that others published: Unix time, Excel's serial of DOMAIN 5.3, Rata Die, Julian days.
    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-01-01", 10_957), ("2038-01-19", 24_855),
        ("2016-03-01", 42_430 - 25_569), ("1582-10-15", -141_427), ("0001-01-01", -719_162),
        ("9999-12-31", 2_932_896),
    ])
    func `a day counts from 1970 as published`(_ text: String, _ days: Int) throws {
        let date = try day(text)
        #expect(date.daysSince1970 == Int32(days))
        #expect(date.description == text)
    }

    @Test func `every day of two centuries follows the one before`() throws {
        var date = try day("1880-01-01")
        let last = try day("2105-12-31")
        var lengths: [String: Int] = [:]
        while date <= last {
            let (year, month, number) = date.parts
            #expect(CalendarDate(year: year, month: month, day: number) == date)
            lengths["\(year)-\(month)", default: 0] += 1
            #expect(lengths["\(year)-\(month)"] == number)
            date = date.adding(days: 1)
        }
        // A leap year has 366 days: divisible by 4, but for 1900 and 2100.
        for year in 1880...2105 {
            let isLong = year % 4 == 0 && year != 1900 && year != 2100
            let count = (1...12).reduce(0) { $0 + (lengths["\(year)-\($1)"] ?? 0) }
            #expect(count == (isLong ? 366 : 365), "\(year)")
        }
    }

    @Test(arguments: [
        "1990-02-29", "1900-02-29", "2012-02-30", "2012-04-31", "2012-13-01", "2012-00-01",
        "2012-01-00", "0000-00-00", "0000-01-01", "2012-3-1", "2012/03/01", " 2012-03-01",
        "2012-03-01 ", "2012-03-01T", "２０１２-03-01", "+012-03-01", "",
    ])
    func `what is no day of the calendar is none`(_ text: String) {
        #expect(CalendarDate(iso: text) == nil)
    }

    @Test(arguments: ["1992-02-29", "2000-02-29", "2012-02-29"])
    func `leap days are days`(_ text: String) throws {
        #expect(try day(text).description == text)
    }

    /// DOMAIN 2.6: age is completed years at the service date.
    @Test(arguments: [
        ("1986-03-15", "2012-03-14", 25), ("1986-03-15", "2012-03-15", 26),
        ("1992-02-29", "2012-02-28", 19), ("1992-02-29", "2012-02-29", 20),
        ("1992-02-29", "2013-02-28", 20), ("1992-02-29", "2013-03-01", 21),
        ("2012-03-01", "2012-03-01", 0),
    ])
    func `a person has completed so many years`(_ born: String, _ on: String, _ years: Int) throws {
        #expect(try day(born).completedYears(to: day(on)) == years)
    }

    /// DOMAIN 0.4 on R-02: the same day of the month counts as a full month.
    @Test(arguments: [
        ("2011-09-01", "2012-03-01", 6), ("2011-09-02", "2012-03-01", 5),
        ("2011-08-31", "2012-02-29", 5), ("2012-03-01", "2012-02-29", -1),
        ("2012-03-01", "2014-03-01", 24),
    ])
    func `months are full on the same day`(_ from: String, _ to: String, _ months: Int) throws {
        #expect(try day(from).completedMonths(to: day(to)) == months)
    }

    @Test func `days and months are ordered, and a day knows its month`() throws {
        #expect(try day("2011-12-31") < day("2012-01-01"))
        let month = try day("2012-02-29").month
        #expect(month.description == "2012-02")
        #expect(month.firstDay == CalendarDate(iso: "2012-02-01"))
        #expect(CalendarMonth(iso: "2012-02") == month)
        #expect(CalendarMonth(iso: "2011-12") ?? month < month)
        #expect(CalendarMonth(iso: "2012-13") == nil)
        #expect(CalendarMonth(iso: "2012-2") == nil)
    }

    @Test func `days and months are coded as their text`() throws {
        struct Pair: Codable, Equatable {
            let day: CalendarDate
            let month: CalendarMonth
        }
        let text = #"{"day":"2012-02-29","month":"2012-02"}"#
        let pair = try JSONDecoder().decode(Pair.self, from: Data(text.utf8))
        #expect(pair.day == CalendarDate(year: 2012, month: 2, day: 29))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(pair), as: UTF8.self) == text)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(
                Pair.self, from: Data(#"{"day":"2011-02-29","month":"2012-02"}"#.utf8))
        }
    }
}
