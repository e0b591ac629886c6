import Records

/// A place in a JSON text that moves on over just what is expected there.
///
/// Strings have no escapes and numbers no fraction; anything else is `Unusual`. The bytes must stay
/// where they are as long as it is used, and be valid UTF-8.
struct WrittenText {
    typealias Unusual = WrittenFact.Unusual

    /// A value whose text is likely to come again.
    struct Repeated<Value> {
        fileprivate var start = 0
        fileprivate var count = 0
        fileprivate var value: Value?
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var place = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    /// Whether just this comes next; then it lies behind.
    mutating func takes(_ expected: StaticString) -> Bool {
        let count = expected.utf8CodeUnitCount
        guard bytes.count - place >= count else { return false }
        let start = expected.utf8Start
        for offset in 0..<count where bytes[place + offset] != start[offset] { return false }
        place += count
        return true
    }

    mutating func take(_ expected: StaticString) throws(Unusual) {
        guard takes(expected) else { throw Unusual() }
    }

    /// A string, in its quotes.
    mutating func string() throws(Unusual) -> String {
        String(decoding: try quoted(), as: UTF8.self)
    }

    private mutating func quoted() throws(Unusual) -> UnsafeBufferPointer<UInt8> {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { throw Unusual() }
        var end = place + 1
        while end < bytes.count {
            switch bytes[end] {
            case UInt8(ascii: "\""):
                defer { place = end + 1 }
                return UnsafeBufferPointer(rebasing: bytes[(place + 1)..<end])
            case UInt8(ascii: "\\"), 0..<0x20: throw Unusual()
            default: end += 1
            }
        }
        throw Unusual()
    }

    /// A whole number of at most 18 digits, without zeros before it.
    mutating func number() throws(Unusual) -> Int {
        let isNegative = takes("-")
        let start = place
        var number = 0
        while place < bytes.count, case let digit = bytes[place] &- 0x30, digit < 10 {
            guard place - start < 18 else { throw Unusual() }
            number = number * 10 + Int(digit)
            place += 1
        }
        guard place > start, bytes[start] != 0x30 || place == start + 1 else { throw Unusual() }
        return isNegative ? -number : number
    }

    mutating func flag() throws(Unusual) -> Bool {
        if takes("true") { return true }
        try take("false")
        return false
    }

    /// `"yyyy-MM-dd"`.
    mutating func day() throws(Unusual) -> CalendarDate {
        guard let day = CalendarDate(iso: try quoted()) else {
            throw Unusual()
        }
        return day
    }

    /// The value, where its text comes again; then it lies behind.
    mutating func takes<Value>(_ repeated: Repeated<Value>) -> Value? {
        guard let value = repeated.value, bytes.count - place >= repeated.count else { return nil }
        for offset in 0..<repeated.count
        where bytes[place + offset] != bytes[repeated.start + offset] { return nil }
        place += repeated.count
        return value
    }

    /// What was just read from `start` on. Its text must end itself, as strings and objects do.
    func remembered<Value>(_ value: Value, from start: Int) -> Repeated<Value> {
        Repeated(start: start, count: place - start, value: value)
    }
}
