import Definitions
import Foundation
import Records
import Schedules
import TestKit
import Testing

/// `2026-03-01 08:30` as a minute.
func at(_ text: String) -> CalendarMinute {
    let parts = text.split(separator: " ")
    let time = parts[1].split(separator: ":").compactMap { Int($0) }
    guard let day = CalendarDate(iso: String(parts[0])) else {
        preconditionFailure("\(text) is no day")
    }
    return CalendarMinute(day: day, minuteOfDay: time[0] * 60 + time[1])
}

func day(_ text: String) -> CalendarDate { at(text + " 00:00").day }

/// The calendar that is shipped.
let shipped: HolidayCalendar = {
    do {
        return try HolidayCalendar(folder: Project.mappings + "/calendars")
    } catch {
        preconditionFailure("\(error)")
    }
}()

/// The Gregorian calendar as another house reckons it.
struct Oracle {
    private let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .gmt
        return calendar
    }()

    /// Day, month and weekday (Sunday 0) of a day.
    func parts(_ day: CalendarDate) -> (day: Int, month: Int, weekday: Int, isLast: Bool) {
        let date = Date(timeIntervalSince1970: Double(day.daysSince1970) * 86_400)
        let parts = calendar.dateComponents([.day, .month, .weekday], from: date)
        let tomorrow = calendar.dateComponents([.day], from: date.addingTimeInterval(86_400))
        return (parts.day ?? 0, parts.month ?? 0, (parts.weekday ?? 1) - 1, tomorrow.day == 1)
    }
}

/// A small generator, the same on every machine.
struct Dice {
    var state: UInt64

    mutating func roll(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}
