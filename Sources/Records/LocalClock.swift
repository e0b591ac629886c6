extension Timestamp {
    /// The minute of the clock on the wall in Asia/Shanghai (北京时间) in which this instant lies.
    ///
    /// By the fixed offset of eight hours: the host's own time zone and its summer time change
    /// nothing.
    package var minute: CalendarMinute {
        let seconds =
            microseconds >= 0 ? microseconds / 1_000_000 : (microseconds - 999_999) / 1_000_000
        let local = seconds + Timestamp.shanghaiOffsetSeconds
        return CalendarMinute(minutesSince1970: local >= 0 ? local / 60 : (local - 59) / 60)
    }

    /// The instant at which a minute of the clock in Asia/Shanghai begins.
    package init(_ minute: CalendarMinute) {
        self.init(
            microseconds: (minute.minutesSince1970 * 60 - Timestamp.shanghaiOffsetSeconds)
                * 1_000_000)
    }
}

extension CalendarMinute {
    /// This minute moved by whole minutes.
    package func adding(minutes: Int) -> CalendarMinute {
        CalendarMinute(minutesSince1970: minutesSince1970 + Int64(minutes))
    }
}

extension CalendarMinute: CustomStringConvertible {
    /// `yyyy-MM-dd HH:mm`.
    package var description: String {
        var bytes: [UInt8] = []
        day.append(to: &bytes)
        bytes.append(UInt8(ascii: " "))
        CalendarDate.append(minuteOfDay / 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        CalendarDate.append(minuteOfDay % 60, digits: 2, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension CalendarMonth {
    /// This month moved by whole months; negative goes back.
    package func adding(months: Int) -> CalendarMonth {
        let number = year * 12 + month - 1 + months
        return CalendarMonth(year: number / 12, month: number % 12 + 1)
    }
}
