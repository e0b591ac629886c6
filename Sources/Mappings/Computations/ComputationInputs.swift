import Definitions
import Records

/// The values that computations read: those of one row.
struct ComputationInputs {
    /// What came out.
    enum Result: Equatable {
        /// Something that it is made of is not there.
        case unknown
        case whole(Int64)
        case tenths(Int64)
        case day(CalendarDate)
    }

    /// What a field becomes.
    enum Filling {
        case unknown
        case value(Value)
        /// The field's kind does not allow it: what it is made of cannot be right.
        case outOfRange
    }

    let values: UnsafeBufferPointer<Value>
    /// Where the row begins in them.
    let base: Int

    func result(of computation: Computation, as kind: ElementKind) -> Filling {
        switch (compute(computation), kind) {
        case (.unknown, _): .unknown
        case (.whole(let number), .integer(let least, let most)):
            least <= number && number <= most ? .value(.integer(number)) : .outOfRange
        case (.tenths(let number), .decimal(_, let least, let most)):
            least <= number && number <= most ? .value(.decimal(number)) : .outOfRange
        case (.day(let day), _): .value(.date(day))
        default: .unknown
        }
    }

    private func compute(_ computation: Computation) -> Result {
        switch computation {
        case .age(let born, let on):
            withDays(born, on) { .whole(Int64($0.completedYears(to: $1))) }
        case .ageInTenths(let born, let on): withDays(born, on) { .tenths(Ages.tenths($0, on: $1)) }
        case .monthsBetween(let from, let to):
            withDays(from, to) { .whole(Int64($0.completedMonths(to: $1))) }
        case .daysBetween(let from, let to):
            withDays(from, to) { .whole(Int64($1.daysSince1970 - $0.daysSince1970)) }
        case .addDays(let to, let days): day(to).map { .day($0.adding(days: days)) } ?? .unknown
        case .bodyMassIndex(let height, let weight):
            BodyMassIndex.tenths(height: tenths(height), weight: tenths(weight))
                .map { .tenths($0) } ?? .unknown
        case .dueDate(let period, let dating):
            isByPeriod(dating)
                ? day(period).map { .day($0.adding(days: Computation.daysOfPregnancy)) } ?? .unknown
                : .unknown
        case .gestationalDays(let on, let period, let due, let dating):
            if isByPeriod(dating) {
                withDays(period, on) { .whole(Int64($1.daysSince1970 - $0.daysSince1970)) }
            } else {
                withDays(due, on) {
                    .whole(
                        Int64(Computation.daysOfPregnancy)
                            - Int64($0.daysSince1970 - $1.daysSince1970))
                }
            }
        }
    }

    private func withDays(
        _ first: Int, _ second: Int, _ then: (CalendarDate, CalendarDate) -> Result
    )
        -> Result
    {
        guard let first = day(first), let second = day(second) else { return .unknown }
        return then(first, second)
    }

    /// Whether the last period dates the pregnancy: so where the file names no method.
    private func isByPeriod(_ dating: Computation.Dating) -> Bool {
        guard let method = dating.method,
            case .code(let code) = values[base + method].expose()
        else { return true }
        return dating.periodCodes >> UInt64(code) & 1 == 1
    }

    private func day(_ ordinal: Int) -> CalendarDate? {
        switch values[base + ordinal].expose() {
        case .date(let date): date
        case .dateTime(let minute): minute.day
        default: nil
        }
    }

    private func tenths(_ ordinal: Int) -> Int64? {
        if case .decimal(let number) = values[base + ordinal].expose() { number } else { nil }
    }
}
