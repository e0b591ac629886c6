import Records
import Schedules

extension ScheduleRunner {
    /// Which of the runs that are due are run, and which are only written down: by what a schedule
    /// says of missed runs.
    struct Choice: Sendable {
        private(set) var runs: [(key: RunKey, cause: ScheduleBook.Cause)] = []
        private(set) var missed: [RunKey] = []

        /// - Parameters:
        ///   - due: in their order.
        ///   - interrupted: runs that a process died in, in their order.
        ///   - onTimeFrom: a run that was to begin after this moment was not missed.
        init(
            _ policy: Schedule.CatchUp, due: [UploadCalendar.Occurrence],
            interrupted: [ScheduleBook.Run], onTimeFrom: Timestamp
        ) {
            let keys = due.map {
                RunKey(schedule: $0.schedule, instant: Timestamp($0.nominal))
            }
            let broken = interrupted.map {
                RunKey(schedule: $0.schedule, instant: $0.instant)
            }
            func cause(_ index: Int) -> ScheduleBook.Cause {
                due[index].starts > onTimeFrom ? .calendar : .catchUp
            }
            let last = keys.count - 1
            switch policy {
            case .all:
                runs = broken.map { ($0, .catchUp) }
                for index in keys.indices { runs.append((keys[index], cause(index))) }
            case .once:
                missed = Array(keys.dropLast())
                if last >= 0 {
                    runs = [(keys[last], cause(last))]
                } else if let again = broken.last {
                    // The newest one is enough: what it left undone lies there still.
                    runs = [(again, .catchUp)]
                }
            case .none:
                let isOnTime = last >= 0 && cause(last) == .calendar
                missed = isOnTime ? Array(keys.dropLast()) : keys
                if isOnTime { runs = [(keys[last], .calendar)] }
            }
        }
    }
}
