/// A typed value of a record. Anyone may know its kind; its content takes an `expose()`.
///
/// It never prints its content, since it may end up in a log line; text lies in the arena of its
/// batch, so a value is sixteen bytes and copying one allocates nothing.
package struct Value: Sendable {
    package enum Kind: UInt8, Sendable {
        case absent, notDone, text, code, integer, decimal, date, month, flag, codes, dateTime, risk
    }

    /// The content, for the few places that must see it.
    package enum Content: Sendable {
        case absent
        /// The clinic wrote that it was not done (未查): present, and not a result.
        case notDone
        /// Offset and count of UTF-8 bytes in the batch's arena.
        case text(Range<Int>)
        /// Ordinal in the element's code list.
        case code(Int)
        case integer(Int64)
        /// Scaled by ten to the power of the element's places.
        case decimal(Int64)
        case date(CalendarDate)
        case month(CalendarMonth)
        case flag(Bool)
        /// Several codes of the element's list, a bit each by its ordinal.
        case codes(UInt64)
        case dateTime(CalendarMinute)
        case risk(ScreeningRisk)
    }

    package let kind: Kind
    private let payload: Int64

    private init(_ kind: Kind, _ payload: Int64) {
        self.kind = kind
        self.payload = payload
    }

    package static let absent = Value(.absent, 0)
    package static let notDone = Value(.notDone, 0)

    /// Text by its range in the batch's arena.
    package static func text(_ range: Range<Int>) -> Value {
        Value(.text, Int64(range.lowerBound) << 32 | Int64(range.count))
    }

    /// A code by its ordinal in the list.
    package static func code(_ ordinal: Int) -> Value { Value(.code, Int64(ordinal)) }

    /// A whole number.
    package static func integer(_ number: Int64) -> Value { Value(.integer, number) }

    /// A number scaled by ten to the power of the field's places.
    package static func decimal(_ scaled: Int64) -> Value { Value(.decimal, scaled) }

    /// A day.
    package static func date(_ date: CalendarDate) -> Value {
        Value(.date, Int64(date.daysSince1970))
    }

    /// A month.
    package static func month(_ month: CalendarMonth) -> Value {
        Value(.month, Int64(month.year * 12 + month.month - 1))
    }

    /// Yes or no.
    package static func flag(_ flag: Bool) -> Value { Value(.flag, flag ? 1 : 0) }

    /// Several codes of one list, a bit each by its ordinal; never none.
    package static func codes(_ bits: UInt64) -> Value {
        Value(.codes, Int64(bitPattern: bits))
    }

    /// A day with its time.
    package static func dateTime(_ minute: CalendarMinute) -> Value {
        Value(.dateTime, minute.minutesSince1970)
    }

    /// A screening risk of 1/N.
    package static func risk(_ risk: ScreeningRisk) -> Value {
        Value(.risk, Int64(risk.denominator) << 2 | Int64(risk.comparator.rawValue))
    }

    package var isAbsent: Bool { kind == .absent }

    /// Whether there is something to write.
    package var isResult: Bool { kind != .absent && kind != .notDone }

    /// The content. Every place that calls this is listed in the house's tests.
    package func expose() -> Content {
        switch kind {
        case .absent: .absent
        case .notDone: .notDone
        case .text:
            .text(Int(payload >> 32)..<Int(payload >> 32) + Int(payload & 0xFFFF_FFFF))
        case .code: .code(Int(payload))
        case .integer: .integer(payload)
        case .decimal: .decimal(payload)
        case .date: .date(CalendarDate(daysSince1970: Int32(payload)))
        case .month: .month(CalendarMonth(year: Int(payload) / 12, month: Int(payload) % 12 + 1))
        case .flag: .flag(payload != 0)
        case .codes: .codes(UInt64(bitPattern: payload))
        case .dateTime: .dateTime(CalendarMinute(minutesSince1970: payload))
        case .risk:
            .risk(
                ScreeningRisk(
                    ScreeningRisk.Comparator(rawValue: UInt8(payload & 3)) ?? .equal,
                    denominator: Int(payload >> 2)))
        }
    }
}

extension Value: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind alone.
    package var description: String { "<\(kind)>" }
    package var debugDescription: String { description }
    /// Empty, so that no dump shows the content.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
