import Records
import Testing

struct ValueTests {
    /// Contents that would be seen in any text that showed them: 4711 and what holds it.
    private static let values: [Value] = [
        .text(4711..<4711 + 47), .code(4711), .integer(4711), .decimal(-4711),
        .date(CalendarDate(daysSince1970: 4711)),
        .month(CalendarMonth(year: 4711, month: 4)), .flag(true), .notDone, .absent,
    ]

    private struct Holder {
        let value: Value
        let list: [Value]
    }

    @Test func `no way of printing shows a value's content`() {
        for value in ValueTests.values {
            let holder = Holder(value: value, list: [value])
            var dumped = ""
            dump(holder, to: &dumped)
            let texts = [
                "\(value)", String(describing: value), String(reflecting: value),
                "\(Optional(value) as Any)", "\([value])", "\(["key": value])", "\(holder)",
                String(reflecting: holder), dumped,
            ]
            for text in texts {
                #expect(!text.contains("4711") && !text.contains("true"), "\(text)")
                #expect(!text.contains("1982") && !text.contains("payload"), "\(text)")
            }
            #expect(Mirror(reflecting: value).children.isEmpty)
        }
    }

    @Test func `what goes in comes out`() {
        func holds(_ value: Value, _ matches: (Value.Content) -> Bool) -> Bool {
            matches(value.expose())
        }
        let long = 1_000_000..<1_000_000 + 70_000
        #expect(holds(.text(long)) { if case .text(long) = $0 { true } else { false } })
        #expect(holds(.text(0..<0)) { if case .text(0..<0) = $0 { true } else { false } })
        #expect(holds(.code(57)) { if case .code(57) = $0 { true } else { false } })
        #expect(holds(.integer(.min)) { if case .integer(.min) = $0 { true } else { false } })
        #expect(holds(.decimal(-2_135)) { if case .decimal(-2_135) = $0 { true } else { false } })
        #expect(holds(.flag(false)) { if case .flag(false) = $0 { true } else { false } })
        let born = CalendarDate(daysSince1970: -32_000)
        #expect(holds(.date(born)) { if case .date(born) = $0 { true } else { false } })
        for month in 1...12 {
            let expected = CalendarMonth(year: 1986, month: month)
            #expect(
                holds(.month(expected)) { if case .month(expected) = $0 { true } else { false } })
        }
    }

    @Test func `absent and not done are no results, and only absent is absent`() {
        #expect(!Value.absent.isResult && Value.absent.isAbsent)
        #expect(!Value.notDone.isResult && !Value.notDone.isAbsent)
        #expect(Value.flag(false).isResult && !Value.flag(false).isAbsent)
        #expect(MemoryLayout<Value>.size <= 16)
    }
}
