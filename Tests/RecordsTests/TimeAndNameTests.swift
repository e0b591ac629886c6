import Records
import Testing

struct TimestampTests {
    /// 2012-03-05T14:00:04Z, the `created` of EXCHANGE 1's example.
    private let example = Timestamp(microseconds: 1_330_956_004_000_000)

    @Test func `an instant is written with Shanghai's offset`() {
        #expect(example.dateTime == "2012-03-05T22:00:04+08:00")
        #expect(Timestamp(microseconds: 0).dateTime == "1970-01-01T08:00:00+08:00")
        #expect(Timestamp(microseconds: -1).dateTime == "1970-01-01T07:59:59+08:00")
        #expect(Timestamp(microseconds: 999_999).dateTime == "1970-01-01T08:00:00+08:00")
    }

    @Test func `what was written is read again, and nothing else is`() {
        for second in [-1, 0, 59, 86_399, 1_330_956_004, 4_102_444_799] as [Int64] {
            let moment = Timestamp(microseconds: second * 1_000_000)
            #expect(Timestamp(dateTime: moment.dateTime) == moment)
        }
        for text in [
            "", "2012-03-05", "2012-03-05T22:00:04", "2012-03-05T22:00:04Z",
            "2012-03-05T22:00:04+09:00", "2012-03-05T24:00:00+08:00", "2012-03-05T22:60:04+08:00",
            "2012-02-30T22:00:04+08:00", "2012-03-05T22:00:04.5+08:00", "2012-03-05T2:00:004+08:00",
            "2012-03-05T+2:00:04+08:00", "2012-03-05T99999999999999999999:0:0+08:00",
        ] { #expect(Timestamp(dateTime: text) == nil, "\(text)") }
    }

    @Test func `Shanghai's day begins at four in the afternoon of Greenwich`() {
        let lastMoment = Timestamp(microseconds: (16 * 3600) * 1_000_000 - 1)
        #expect(lastMoment.day.description == "1970-01-01")
        #expect(Timestamp(microseconds: 16 * 3_600_000_000).day.description == "1970-01-02")
        #expect(example.adding(seconds: 2 * 3600 - 5).day.description == "2012-03-05")
        #expect(example.adding(seconds: 2 * 3600 - 4).day.description == "2012-03-06")
    }

    @Test func `instants are ordered`() {
        #expect(example < example.adding(seconds: 1))
        #expect(example.adding(seconds: -1) < example)
    }
}

struct MoneyTests {
    /// DOMAIN 4.1 (a): 2,810 couples at 240 yuan are 674,400 yuan.
    @Test func `money is counted in fen and shown in yuan`() {
        #expect((Money(fen: 24_000) * 2_810).yuan == "674400.00")
        #expect((Money(fen: 72_000_000) - Money(fen: 67_440_000)).yuan == "45600.00")
        #expect((Money(fen: 3_648_000) + .zero).yuan == "36480.00")
        #expect(Money(fen: 5).yuan == "0.05")
        #expect(Money(fen: -5).yuan == "-0.05")
        #expect(Money(fen: -12_345).yuan == "-123.45")
        #expect(Money(fen: .min).yuan == "-92233720368547758.08")
        #expect(Money(fen: -1) < .zero)
    }
}

struct UUIDVersion7Tests {
    /// RFC 9562 appendix A.6: 2022-02-22 19:22:22 UTC, rand_a CC3, rand_b 18C4DC0C0C07398F.
    @Test func `the RFC's own example comes out`() {
        let moment = Timestamp(microseconds: 1_645_557_742_000_000)
        let random: [UInt8] = [0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F]
        let text = uuidVersion7(at: moment, random: random)
        #expect(text == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    }

    @Test func `version and variant stand whatever is drawn, and later ones sort later`() throws {
        let form = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        var before = ""
        for step in 0..<256 {
            let moment = Timestamp(microseconds: 1_330_956_004_000_000 + Int64(step) * 1000)
            let text = uuidVersion7(
                at: moment, random: Array(repeating: UInt8(step), count: 10))
            #expect(text.wholeMatch(of: form) != nil, "\(text)")
            #expect(text > before)
            before = text
        }
    }
}

struct ByteTableTests {
    private func number(_ table: ByteTable, _ text: String) -> Int? {
        Array(text.utf8).withUnsafeBufferPointer { table.number(of: $0) }
    }

    @Test func `a table finds what a dictionary finds`() {
        let keys = (0..<3_000).map { "\($0 * 7919 % 3_000)号" }
        let table = ByteTable(keys.enumerated().map { (key: Array($1.utf8), number: $0) })
        let expected = Dictionary(
            keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for number in 0..<4_000 {
            #expect(self.number(table, "\(number)号") == expected["\(number)号"])
        }
    }

    @Test func `a key that stands twice keeps its first number; an empty key is a key`() {
        let table = ByteTable([
            (key: Array("甲".utf8), number: 1), (key: Array("甲".utf8), number: 2),
            (key: [], number: 3),
        ])
        #expect(number(table, "甲") == 1)
        #expect(number(table, "") == 3)
        #expect(number(table, "乙") == nil)
        #expect(number(ByteTable([]), "甲") == nil)
    }
}
