package import Delivery
package import Records
package import Schedules

/// How far a delivery may go.
package struct RoundLimits: Sendable {
    /// Whether another round may begin: false once the window has closed.
    package var mayGoOn: @Sendable () -> Bool = { true }
    /// Whether what is past its deadline is held; not while the clock may be wrong.
    package var expires = true

    package init() {}

    /// Until an instant, by a clock; without end where there is none.
    package init(until end: Timestamp?, by clock: @escaping Clock, expires: Bool) {
        if let end { mayGoOn = { clock() < end } }
        self.expires = expires
    }

    /// While the national side may be called, by a clock. Where a year's working days are unknown
    /// it may not: nobody guesses.
    package init(while times: OpenTimes, by clock: @escaping Clock, expires: Bool) {
        mayGoOn = { (try? times.isOpen(clock().minute)) ?? false }
        self.expires = expires
    }
}

extension Deadlines {
    /// Until when a parcel may be sent, by the service months of its records; `nil` where no
    /// deadline holds it, or where the calendar that it is counted by lacks the year.
    ///
    /// - Parameter programme: its folder.
    package func latestSend(of parcel: Parcel, programme: String) -> Timestamp? {
        guard !all.isEmpty else { return nil }
        let months = Set(parcel.records.map(\.servedOn.month))
        let minute = try? latestSend(
            of: months, programme: programme, at: parcel.created.minute)
        return minute.map { Timestamp($0) }
    }

    /// Whether records of a month are past the time until which they may be sent; false where no
    /// deadline holds them, or where the calendar that it is counted by lacks the year.
    ///
    /// - Parameter programme: its folder.
    package func isLate(_ month: CalendarMonth, programme: String, at now: Timestamp) -> Bool {
        all.contains { deadline in
            guard deadline.late == .hold, deadline.programme ?? programme == programme,
                let closing = try? deadline.closing(of: month, by: openTimes.calendar)
            else { return false }
            return closing.closes.adding(minutes: -Deadlines.marginMinutes) <= now.minute
        }
    }
}
